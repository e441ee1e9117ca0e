"""Complaints over the API: as posted, with their clocks and conditions, seen by those whom the law names."""

from typing import Any, Final

import httpx
import pytest

from credit.model.caller import Scope
from credit.model.party import PartyId
from tests.api.bodies import FINANCE, MARKET, A, B, Z, authority_of, organisation, project
from tests.api.conftest import Harness

LETTER: Final[dict[str, Any]] = {
    "complaint_no": "资财采投〔2026〕3号",
    "complainants": [A],
    "respondents": [Z],
    "project_no": None,
    "law": "procurement",
    "office": FINANCE,
    "filed_on": "2026-03-09",
    "received_on": "2026-03-10",
    "items": ["评标委员会对业绩证明材料的认定有误", "检测报告不符"],
    "participated": True,
}
WHERE: Final = "/v1/complaints/资财采投〔2026〕3号"
REJECTED: Final = {
    "kind": "decided",
    "on": "2026-04-21",
    "outcome": "rejected_unfounded",
    "items": [{"item": 1, "outcome": "rejected_unfounded"}, {"item": 2, "outcome": "rejected_unfounded"}],
    "doc_no": "资财采决〔2026〕3号",
}


@pytest.fixture(autouse=True)
async def parties(api: httpx.AsyncClient) -> None:
    for party in (A, B, Z):
        await api.put(f"/v1/parties/{party}", json=organisation(name=f"资阳{party[-1]}商贸有限公司"))


async def test_a_complaint_is_read_as_it_was_posted(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/complaints", json=LETTER)
    assert reply.status_code == 201, reply.text
    shown = (await api.get(reply.headers["location"])).json()
    assert shown == reply.json() == (await api.get(WHERE)).json()
    assert LETTER.items() <= shown.items()
    assert (shown["outcome"], shown["events"]) == ("pending", [])


async def test_the_same_complaint_in_other_writing_is_the_same(api: httpx.AsyncClient) -> None:
    told = {**LETTER, "complaint_no": "资财投〔2026〕1号", "project_no": "SC-[2026] 7"}
    first = await api.post("/v1/complaints", json=told)
    office = {**FINANCE, "name": "资阳市财 政局"}
    again = {**told, "complaint_no": "资财投[2026] 1号", "project_no": "SC-〔2026〕7", "office": office}
    reply = await api.post("/v1/complaints", json=again)
    assert (reply.status_code, reply.json()["id"]) == (200, first.json()["id"]), reply.text
    where, event = f"/v1/complaints/{first.json()['id']}/events", {"kind": "accepted", "on": "2026-03-20"}
    assert (await api.post(where, json={**event, "doc_no": "受字〔2026〕3号"})).status_code == 201
    assert (await api.post(where, json={**event, "doc_no": "受字(2026) 3号"})).status_code == 200


async def test_the_same_complaint_again_is_the_same_and_another_content_a_conflict(api: httpx.AsyncClient) -> None:
    first, again = [await api.post("/v1/complaints", json=LETTER) for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await api.post("/v1/complaints", json={**LETTER, "filed_on": "2026-03-08"})).status_code == 409


async def test_where_it_is_from_is_no_part_of_a_complaint(api: httpx.AsyncClient) -> None:
    first = await api.post("/v1/complaints", json=LETTER)
    told = await api.post("/v1/complaints", json={**LETTER, "source": {"name": "公告", "kind": "notice"}})
    assert (told.status_code, told.json()["id"]) == (200, first.json()["id"])


async def test_an_office_records_its_letter_whatever_a_notice_told_and_nothing_of_others_is_shown(
    api: httpx.AsyncClient, harness: Harness
) -> None:
    """94号令 has clocks for it from its receipt; whether it is the letter of the notice is for the count to doubt."""
    notice = {"complaint_no": REJECTED["doc_no"], "source": {"name": "公告", "kind": "notice"}, "project_no": "P1"}
    assert (await api.post("/v1/complaints", json={**LETTER, **notice})).status_code == 201
    key = await harness.key_of(Scope.RECORD, Scope.READ, authority=authority_of(FINANCE))
    async with harness.client(key) as office:
        own = await office.post("/v1/complaints", json={**LETTER, "project_no": "P1"})
        assert own.status_code == 201, own.text
        assert (await office.post(f"/v1/complaints/{own.json()['id']}/events", json=REJECTED)).status_code == 201
        assert (await office.get(f"/v1/complaints/{own.json()['id']}/deadlines")).json()["items"]


async def test_a_decision_is_shown_with_its_items(api: httpx.AsyncClient) -> None:
    await api.post("/v1/complaints", json=LETTER)
    reply = await api.post(f"{WHERE}/events", json=REJECTED)
    assert reply.status_code == 201, reply.text
    assert (await api.get(reply.headers["location"])).json() == reply.json()
    shown = (await api.get(WHERE)).json()
    assert shown["outcome"] == "rejected_unfounded"
    assert shown["outcomes"] == REJECTED["items"]
    assert [event["doc_no"] for event in shown["events"]] == ["资财采决〔2026〕3号"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"complainants": []},
        {"complainants": ["91512002MAF0000127"]},
        {"filed_on": "2026-02-30"},
        {"law": "civil"},
        {"items": [""]},
        {"amount": 1},
    ],
)
async def test_what_is_malformed_is_refused(api: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    assert (await api.post("/v1/complaints", json={**LETTER, **wrong})).status_code == 422


async def test_an_unregistered_complainant_is_named(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/complaints", json={**LETTER, "complainants": [A, "91512002MAF0010584"]})
    assert (reply.status_code, reply.json()["code"]) == (404, "party_unknown")
    assert reply.json()["errors"][0]["pointer"] == "/complainants/1"


async def test_an_item_that_does_not_exist_is_refused(api: httpx.AsyncClient) -> None:
    await api.post("/v1/complaints", json=LETTER)
    reply = await api.post(f"{WHERE}/events", json={**REJECTED, "items": [{"item": 3, "outcome": "upheld_effect"}]})
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/items/0/item")


async def test_an_impossible_life_is_shown_not_refused(api: httpx.AsyncClient) -> None:
    await api.post("/v1/complaints", json=LETTER)
    kinds = ("resumed", "withdrawn", "decided", "accepted")
    replies = [await api.post(f"{WHERE}/events", json={"kind": kind, "on": "2026-03-01"}) for kind in kinds]
    assert [reply.status_code for reply in replies] == [201] * 4
    clocks = (await api.get(f"{WHERE}/deadlines?as_of=2026-06-01")).json()
    assert "unknown" in {clock["state"] for clock in clocks["items"]}


async def test_clocks_are_told_with_their_law(api: httpx.AsyncClient) -> None:
    await api.post("/v1/complaints", json=LETTER)
    await api.post(f"{WHERE}/events", json={"kind": "accepted", "on": "2026-03-12"})
    clocks = (await api.get(f"{WHERE}/deadlines?as_of=2026-06-01")).json()
    assert (clocks["complaint_no"], clocks["as_of"]) == (LETTER["complaint_no"], "2026-06-01")
    (decision,) = [clock for clock in clocks["items"] if clock["kind"] == "decision"]
    assert (decision["from"], decision["state"]) == ("2026-03-10", "overdue")
    assert decision["citations"]


async def test_a_clock_of_what_is_not_held_is_counted(api: httpx.AsyncClient) -> None:
    asked = {"kind": "question", "stage": "result", "notice_on": "2026-06-15", "notice_working_days": 1,
             "acted_on": "2026-06-26", "as_of": "2026-06-30"}  # fmt: skip
    (clock,) = (await api.post("/v1/deadlines", json=asked)).json()["items"]
    assert (clock["due"], clock["state"]) == ("2026-06-26", "in_time")


async def test_a_day_that_is_none_is_refused(api: httpx.AsyncClient) -> None:
    await api.post("/v1/complaints", json=LETTER)
    reply = await api.get(f"{WHERE}/deadlines?as_of=2026-6-1")
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "#query/as_of")


async def test_what_was_never_challenged_is_not_met(api: httpx.AsyncClient) -> None:
    await api.post("/v1/complaints", json={**LETTER, "challenge_items": ["检测报告不符"]})
    points = (await api.get(f"{WHERE}/admissibility?as_of=2026-06-01")).json()["items"]
    assert {"not_met"} <= {point["state"] for point in points if point["items"] == [1]}
    assert all(point["citations"] for point in points)


async def test_the_ledger_as_of_a_day_leaves_out_what_was_filed_later(api: httpx.AsyncClient) -> None:
    for number, filed in enumerate(("2026-03-09", "2026-03-10")):
        await api.post("/v1/complaints", json={**LETTER, "complaint_no": f"{number}", "filed_on": filed})
    page = (await api.get("/v1/complaints?as_of=2026-03-09")).json()
    assert [one["complaint_no"] for one in page["items"]] == ["0"]


async def test_the_ledger_shows_what_is_overdue(api: httpx.AsyncClient) -> None:
    for number in range(3):
        await api.post("/v1/complaints", json={**LETTER, "complaint_no": f"{number}", "filed_on": "2026-03-09"})
    await api.post("/v1/complaints/1/events", json={**REJECTED, "on": "2026-03-20"})
    page = (await api.get("/v1/complaints?overdue=true&as_of=2026-06-01&limit=1")).json()
    rest = (await api.get(f"/v1/complaints?overdue=true&as_of=2026-06-01&after={page['next']}")).json()
    assert [one["complaint_no"] for one in (*page["items"], *rest["items"])] == ["2", "0"]


async def test_only_its_office_records_a_complaint(harness: Harness) -> None:
    key = await harness.key_of(Scope.RECORD, authority=authority_of(MARKET))
    async with harness.client(key) as other:
        reply = await other.post("/v1/complaints", json=LETTER)
    assert (reply.status_code, reply.json()["code"]) == (403, "not_your_authority")


async def test_a_complaint_is_seen_by_its_office_and_its_parties_alone(
    api: httpx.AsyncClient, harness: Harness
) -> None:
    await api.post("/v1/complaints", json=LETTER)
    keys = {
        "office": await harness.key_of(Scope.READ, authority=authority_of(FINANCE)),
        "complainant": await harness.key_of(Scope.SELF, party=PartyId(A)),
        "respondent": await harness.key_of(Scope.SELF, party=PartyId(Z)),
        "another firm": await harness.key_of(Scope.SELF, party=PartyId(B)),
        "another authority": await harness.key_of(Scope.READ, authority=authority_of(MARKET)),
        "a reader": await harness.key_of(Scope.READ),
    }
    seen: dict[str, int] = {}
    for who, key in keys.items():
        async with harness.client(key) as client:
            seen[who] = (await client.get(WHERE)).status_code
    assert seen == {
        "office": 200, "complainant": 200, "respondent": 200,
        "another firm": 404, "another authority": 404, "a reader": 404,
    }  # fmt: skip


async def test_a_complaint_of_a_recorded_project_is_tied_to_it(api: httpx.AsyncClient, harness: Harness) -> None:
    opened = (await api.post("/v1/projects", json=project(Z))).json()
    reply = await api.post("/v1/complaints", json={**LETTER, "project_no": opened["project_no"]})
    found = await harness.services.matters.about_projects([opened["id"]])
    assert [matter.id for matter in found] == [reply.json()["id"]]
