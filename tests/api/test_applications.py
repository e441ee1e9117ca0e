"""Repair and objection: handed in by the party, decided by the record's authority, one fact with the record."""

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.acting import application, keys, post, problem, seen, there_and_back
from tests.api.bodies import MARKET, A, B, authority_of, organisation, penalty
from tests.api.conftest import Harness

GRANTED = {"kind": "granted", "on": "2026-08-10", "doc_no": "资财信修〔2026〕1号"}
REFUSED = {"kind": "refused", "on": "2026-08-10", "text": "理由不成立"}


@pytest.fixture
async def record(api: httpx.AsyncClient) -> str:
    for party in (A, B):
        assert (await api.put(f"/v1/parties/{party}", json=organisation())).status_code == 201
    return (await post(api, "/v1/penalties", penalty()))["id"]


async def kinds(api: httpx.AsyncClient, record: str) -> list[tuple[str, str]]:
    return [(e["kind"], e["on"]) for e in (await api.get(f"/v1/records/{record}")).json()["events"]]


@pytest.mark.parametrize("path", ["/v1/repairs", "/v1/objections"])
async def test_an_application_is_read_as_it_was_posted(api: httpx.AsyncClient, record: str, path: str) -> None:
    made = await there_and_back(api, path, application(record))
    assert (made["state"], made["open"]) == ("filed", True)
    event = await there_and_back(api, f"{path}/{made['id']}/events", {"kind": "accepted", "on": "2026-08-05"})
    assert (await api.get(f"{path}/{made['id']}")).json()["events"] == [event]


async def test_a_repair_granted_is_repaired_on_the_record(api: httpx.AsyncClient, record: str) -> None:
    made = await post(api, "/v1/repairs", application(record))
    assert await kinds(api, record) == []
    await post(api, f"/v1/repairs/{made['id']}/events", GRANTED)
    (event,) = (await api.get(f"/v1/records/{record}")).json()["events"]
    assert (event["kind"], event["on"], event["doc_no"], event["reason"]) == (
        "repaired", GRANTED["on"], GRANTED["doc_no"], made["id"],
    )  # fmt: skip
    assert (await api.post(f"/v1/repairs/{made['id']}/events", json=GRANTED)).status_code == 200
    assert len(await kinds(api, record)) == 1


async def test_a_repair_refused_leaves_the_record_as_it_is(api: httpx.AsyncClient, record: str) -> None:
    made = await post(api, "/v1/repairs", application(record))
    await post(api, f"/v1/repairs/{made['id']}/events", REFUSED)
    assert await kinds(api, record) == []
    assert await problem(api, f"/v1/repairs/{made['id']}/events", GRANTED) == (409, "matter_closed")


@pytest.mark.parametrize("decided", [GRANTED, REFUSED])
async def test_an_objection_is_opened_and_closed_on_the_record(
    api: httpx.AsyncClient, record: str, decided: dict[str, str]
) -> None:
    made = await post(api, "/v1/objections", application(record))
    assert await kinds(api, record) == [("objection_opened", "2026-08-03")]
    pending = (await api.get(f"/v1/records/{record}")).json()["pending"]
    assert pending == [{"id": made["id"], "kind": "objection", "since": "2026-08-03"}]
    await post(api, f"/v1/objections/{made['id']}/events", decided)
    assert await kinds(api, record) == [("objection_opened", "2026-08-03"), ("objection_closed", "2026-08-10")]
    assert (await api.get(f"/v1/records/{record}")).json()["pending"] == []


async def test_an_objection_told_on_the_record_before_is_the_same_fact(api: httpx.AsyncClient, record: str) -> None:
    told = {"kind": "objection_opened", "on": "2026-08-03", "reason": "来信"}
    await post(api, f"/v1/records/{record}/events", told)
    made = await post(api, "/v1/objections", application(record))
    assert await kinds(api, record) == [("objection_opened", "2026-08-03")]
    await post(api, f"/v1/records/{record}/events", {"kind": "objection_closed", "on": "2026-08-12"})
    shown = (await api.get(f"/v1/objections/{made['id']}")).json()
    assert (shown["state"], shown["open"], shown["decided_on"]) == ("closed", False, "2026-08-12")


async def test_an_objection_is_closed_on_the_record_with_the_last_that_is_open(
    api: httpx.AsyncClient, record: str
) -> None:
    first = await post(api, "/v1/objections", application(record))
    second = await post(api, "/v1/objections", application(record, applied_on="2026-08-04"))
    await post(api, f"/v1/objections/{first['id']}/events", REFUSED)
    assert ("objection_closed", "2026-08-10") not in await kinds(api, record)
    await post(api, f"/v1/objections/{second['id']}/events", REFUSED)
    assert ("objection_closed", "2026-08-10") in await kinds(api, record)


async def test_the_clock_of_an_objection_runs_from_its_day(api: httpx.AsyncClient, record: str) -> None:
    made = await post(api, "/v1/objections", application(record))
    shown = (await api.get(f"/v1/objections/{made['id']}?as_of=2026-08-05")).json()["deadlines"]
    assert [(c["kind"], c["from"], c["due"], c["state"]) for c in shown] == [
        ("decision", "2026-08-03", "2026-08-12", "open")
    ]


async def test_what_more_was_asked_for_is_due_on_its_day(api: httpx.AsyncClient, record: str) -> None:
    made = await post(api, "/v1/repairs", application(record))
    asked = {"kind": "more_asked", "on": "2026-08-05", "due_on": "2026-08-20", "text": "补交承诺书"}
    await post(api, f"/v1/repairs/{made['id']}/events", asked)
    shown = (await api.get(f"/v1/repairs/{made['id']}?as_of=2026-08-06")).json()
    assert shown["state"] == "more_asked"
    assert [(c["kind"], c["due"], c["state"]) for c in shown["deadlines"]] == [
        ("decision", None, "unknown"), ("correction", "2026-08-20", "open"),
    ]  # fmt: skip


async def test_a_party_applies_about_its_own_records_alone(
    harness: Harness, api: httpx.AsyncClient, record: str
) -> None:
    other = (await post(api, "/v1/penalties", penalty(party=B, doc_no="二号")))["id"]
    async with harness.client(await harness.key_of(Scope.SELF, party=A)) as own:
        made = await there_and_back(own, "/v1/objections", application(record))
        reply = await own.post("/v1/objections", json=application(other, party=B))
        assert (reply.status_code, reply.json()["code"]) == (403, "scope_missing")
        reply = await own.post(f"/v1/objections/{made['id']}/events", json=GRANTED)
        assert (reply.status_code, reply.json()["code"]) == (403, "scope_missing")


async def test_an_application_is_about_a_record_on_the_party(api: httpx.AsyncClient, record: str) -> None:
    assert await problem(api, "/v1/repairs", application(record, party=B)) == (422, "field_invalid")
    assert await problem(api, "/v1/repairs", application("没有此号")) == (404, "not_found")


async def test_only_the_records_authority_applies_for_a_party_and_decides(
    harness: Harness, api: httpx.AsyncClient, record: str
) -> None:
    made = await post(api, "/v1/repairs", application(record))
    async with harness.client(await harness.key_of(Scope.RECORD, authority=authority_of(MARKET))) as other:
        assert await problem(other, "/v1/repairs", application(record)) == (403, "not_your_authority")
        assert await problem(other, f"/v1/repairs/{made['id']}/events", GRANTED) == (403, "not_your_authority")
    async with harness.client((await keys(harness))["office"]) as own:
        await post(own, f"/v1/repairs/{made['id']}/events", GRANTED)


async def test_an_application_is_shown_to_the_party_and_the_records_authority(
    harness: Harness, api: httpx.AsyncClient, record: str
) -> None:
    made = await post(api, "/v1/repairs", application(record))
    assert await seen(harness, f"/v1/repairs/{made['id']}") == {
        "office": 200, "other office": 404, "reader": 404, "party": 200, "admin": 200,
    }  # fmt: skip


async def test_a_repair_is_no_objection(api: httpx.AsyncClient, record: str) -> None:
    made = await post(api, "/v1/repairs", application(record))
    assert (await api.get(f"/v1/objections/{made['id']}")).status_code == 404
