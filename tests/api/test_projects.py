"""Sources, projects and bids, there and back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from credit.model.caller import Caller, Scope
from credit.model.party import PartyKind
from credit.model.project import SyncOutcome
from credit.model.statements import SyncStatement
from tests.api.bodies import A, B, Z, check, organisation, project
from tests.api.conftest import Harness

SEEN = "2026-01-15T08:00:00+08:00"
SYNC = {"finished_at": "2026-06-10T08:00:00+08:00", "outcome": "complete", "records": 1000}
BID = {"lot": "1", "members": [A, B], "lead": A, "price": "1700000.00", "result": "won",
       "signals": {"machine_code": "MC-1", "deposit_account": None, "ip": "203.0.113.9"}}  # fmt: skip


@pytest.fixture
async def opened(api: httpx.AsyncClient) -> dict[str, Any]:
    for party in (A, B, Z):
        await api.put(f"/v1/parties/{party}", json=organisation(name=f"资阳{party[-1]}商贸有限公司"))
    reply = await api.post("/v1/projects", json=project(Z))
    assert reply.status_code == 201, reply.text
    return reply.json()


def same_but_instants(body: Mapping[str, object], shown: Mapping[str, object], *instants: str) -> bool:
    return {k: v for k, v in body.items() if k not in instants}.items() <= shown.items()


async def test_a_sync_is_read_as_it_was_posted(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/sources/L03/syncs", json=SYNC)
    assert reply.status_code == 201
    assert (await api.get(reply.headers["location"])).json() == reply.json()
    assert (reply.json()["list"], reply.json()["finished_at"]) == ("L03", "2026-06-10T00:00:00Z")


async def test_a_sync_shows_whom_its_list_hides_and_as_of_when_it_was_seen(api: httpx.AsyncClient) -> None:
    plain = (await api.post("/v1/sources/L03/syncs", json=SYNC)).json()
    assert (plain["silent"], plain["seen_at"]) == ([], None)
    told = {**SYNC, "finished_at": "2026-06-11T08:00:00+08:00", "silent": ["person"], "seen_at": SEEN}
    shown = (await api.post("/v1/sources/L03/syncs", json=told)).json()
    assert (shown["silent"], shown["seen_at"]) == (["person"], "2026-01-15T00:00:00Z")
    assert (await api.get(f"/v1/sources/L03/syncs/{shown['id']}")).json() == shown


@pytest.mark.parametrize("wrong", [{"silent": ["ghost"]}, {"seen_at": "yesterday"}, {"silent": "person"}])
async def test_a_sync_that_cannot_be_read_is_refused(api: httpx.AsyncClient, wrong: Mapping[str, object]) -> None:
    assert (await api.post("/v1/sources/L03/syncs", json={**SYNC, **wrong})).status_code == 422


async def test_a_list_is_as_old_as_when_it_was_seen(harness: Harness, api: httpx.AsyncClient) -> None:
    now = harness.clock.now()
    told = {**SYNC, "finished_at": now.isoformat(), "seen_at": (now - timedelta(hours=73)).isoformat()}
    await api.post("/v1/sources/L03/syncs", json=told)
    (shown,) = [item for item in (await api.get("/v1/sources")).json()["items"] if item["list"] == "L03"]
    assert (shown["status"], shown["seen_at"] < shown["synced_at"]) == ("stale", True)
    assert "L03" in {one["list"] for one in (await api.get("/readyz")).json()["late_sources"]}
    text = (await api.get("/metrics")).text
    (age,) = [line for line in text.splitlines() if line.startswith('credit_source_age_seconds{list="L03"')]
    assert float(age.split()[-1]) >= 73 * 3600
    assert 'credit_source_fresh{list="L03",required="true"} 0.0' in text


async def test_what_a_person_recorded_after_a_failed_import_makes_no_list_speak_of_those_whom_it_hides(
    harness: Harness, api: httpx.AsyncClient
) -> None:
    """The failed import of a list that masks persons; then its complete sync, as an administrator records it."""
    party = (await api.post("/v1/parties", json={"kind": "person", "name": "欧阳试例", "roles": ["expert"]})).json()[
        "id"
    ]
    for name in ("L01", "L04"):
        await api.post(f"/v1/sources/{name}/syncs", json=SYNC)
    failed = SyncStatement(
        finished_at=datetime(2026, 6, 9, tzinfo=UTC), outcome=SyncOutcome.FAILED, records=9, silent=(PartyKind.PERSON,)
    )
    await harness.services.registry.synchronise(Caller("import", "导入", frozenset({Scope.ADMIN})), "L03", failed)
    assert (await api.post("/v1/sources/L03/syncs", json=SYNC)).json()["silent"] == ["person"]
    body = check(party)
    body["bids"][0]["role"] = "expert"
    found = (await api.post("/v1/checks", json=body)).json()["results"][0]
    assert (found["verdict"], "Q27" in {f["question"] for f in found["findings"]}) == ("review", True)
    open_ = {**SYNC, "finished_at": "2026-06-10T09:00:00+08:00", "silent": list[str]()}
    assert (await api.post("/v1/sources/L03/syncs", json=open_)).json()["silent"] == []
    found = (await api.post("/v1/checks", json=body)).json()["results"][0]
    assert (found["verdict"], "Q27" in {f["question"] for f in found["findings"]}) == ("eligible_with_flags", False)


async def test_the_same_sync_again_is_the_same(api: httpx.AsyncClient) -> None:
    first, again = [await api.post("/v1/sources/L03/syncs", json=SYNC) for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())


async def test_another_outcome_of_the_same_sync_is_a_conflict(api: httpx.AsyncClient) -> None:
    await api.post("/v1/sources/L03/syncs", json=SYNC)
    assert (await api.post("/v1/sources/L03/syncs", json={**SYNC, "outcome": "failed"})).status_code == 409


@pytest.mark.parametrize("list_id", ["L00", "L29", "L3", "l03", "x"])
async def test_there_are_lists_from_l01_to_l28(api: httpx.AsyncClient, list_id: str) -> None:
    assert (await api.post(f"/v1/sources/{list_id}/syncs", json=SYNC)).status_code == 422


async def test_a_sync_is_of_its_list(api: httpx.AsyncClient) -> None:
    sync = (await api.post("/v1/sources/L03/syncs", json=SYNC)).json()["id"]
    assert (await api.get(f"/v1/sources/L04/syncs/{sync}")).status_code == 404


async def test_a_run_that_is_said_to_end_later_makes_no_list_fresh_now(api: httpx.AsyncClient) -> None:
    """Verdicts leave it out until then."""
    await api.post("/v1/sources/L03/syncs", json={**SYNC, "finished_at": "2099-06-10T08:00:00+08:00"})
    page = (await api.get("/v1/sources")).json()
    assert {item["status"] for item in page["items"] if item["list"] == "L03"} == {"never"}


async def test_every_list_is_shown_with_how_fresh_it_is(api: httpx.AsyncClient) -> None:
    await api.post("/v1/sources/L03/syncs", json={**SYNC, "outcome": "failed"})
    page = (await api.get("/v1/sources")).json()
    status = {source["list"]: source["status"] for source in page["items"]}
    assert sorted(status) == [f"L{number:02}" for number in range(1, 29)]
    assert (status["L03"], status["L04"]) == ("failed", "never")
    assert page["next"] is None


async def test_a_project_is_read_as_it_was_posted(api: httpx.AsyncClient, opened: dict[str, Any]) -> None:
    assert same_but_instants(project(Z), opened, "deadline")
    for name in (opened["id"], opened["project_no"]):
        assert (await api.get(f"/v1/projects/{name}")).json() == opened


async def test_the_same_project_again_is_the_same(api: httpx.AsyncClient, opened: dict[str, Any]) -> None:
    again = await api.post("/v1/projects", json=project(Z))
    assert (again.status_code, again.json()) == (200, opened)


async def test_a_project_of_a_stranger_is_refused(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/projects", json=project(Z))
    assert (reply.status_code, reply.json()["code"]) == (404, "party_unknown")


async def test_a_bid_is_read_as_it_was_posted(api: httpx.AsyncClient, opened: dict[str, Any]) -> None:
    reply = await api.post(f"/v1/projects/{opened['project_no']}/bids", json=BID)
    assert reply.status_code == 201, reply.text
    shown = reply.json()
    assert same_but_instants(BID, shown, "signals")
    assert (await api.get(reply.headers["location"])).json() == shown
    page = (await api.get(f"/v1/projects/{opened['id']}/bids")).json()
    assert page == {"items": [shown], "next": None}


async def test_the_traces_of_a_bid_are_kept_as_hashes(api: httpx.AsyncClient, opened: dict[str, Any]) -> None:
    signals = (await api.post(f"/v1/projects/{opened['id']}/bids", json=BID)).json()["signals"]
    assert signals["deposit_account"] is None
    assert "MC-1" not in str(signals)
    assert "203.0.113.9" not in str(signals)


async def test_the_same_bid_again_is_the_same(api: httpx.AsyncClient, opened: dict[str, Any]) -> None:
    path = f"/v1/projects/{opened['id']}/bids"
    first, again = [await api.post(path, json=BID) for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())


async def test_a_bid_for_nothing_is_not_found(api: httpx.AsyncClient) -> None:
    assert (await api.post("/v1/projects/none/bids", json=BID)).status_code == 404
