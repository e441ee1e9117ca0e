"""Proposals: made by what meets the count, answered by an officer, and of one kind with the decision."""

from typing import Any

import httpx
import pytest

from credit.model.caller import Scope
from credit.model.party import PartyId
from tests.api.bodies import FINANCE, A, B, authority_of, penalty
from tests.api.complaining import LISTING, OFFICES, merged, profile, registered, rejected
from tests.api.conftest import Harness


@pytest.fixture(autouse=True)
async def parties(api: httpx.AsyncClient) -> None:
    await registered(api)


async def test_the_letters_that_meet_the_trigger_make_one_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api, places=(0, 1))
    assert (await api.get("/v1/proposals")).json()["items"] == []
    await rejected(api, places=(2,))
    (proposal,) = (await api.get("/v1/proposals?state=open")).json()["items"]
    assert (proposal["party"], proposal["kind"], proposal["office"]["name"]) == (A, "list", "河北省财政厅")
    assert sorted(proposal["facts"]) == sorted((await profile(api))["window"]["complaints"])
    await profile(api)
    assert len((await api.get("/v1/proposals")).json()["items"]) == 1


async def test_a_fabricated_complaint_makes_a_proposal_of_a_ban(api: httpx.AsyncClient) -> None:
    await rejected(api, outcome="rejected_fabricated", places=(0,))
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    assert (proposal["kind"], proposal["state"]) == ("ban", "open")


async def test_a_declined_proposal_answers_its_letters(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    answer = {"accept": False, "reason": "投诉人已说明情况", "on": "2026-07-20"}
    reply = await api.post(f"/v1/proposals/{proposal['id']}/answer", json=answer)
    assert (reply.status_code, reply.json()["state"]) == (201, "declined")
    assert (await profile(api))["trigger"] == "not_met"
    assert (await profile(api, as_of="2026-07-10"))["trigger"] == "met"


async def test_an_answer_of_a_day_to_come_answers_its_letters_too(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    answer = {"accept": False, "reason": "投诉人已说明情况", "on": "2099-01-01"}
    assert (await api.post(f"/v1/proposals/{proposal['id']}/answer", json=answer)).status_code == 201
    await more(api, "D", kind="decided", on="2026-07-21", outcome="rejected_unfounded")
    assert [one["state"] for one in (await api.get("/v1/proposals")).json()["items"]] == ["declined"]
    assert [(await profile(api, as_of=on))["trigger"] for on in ("2026-08-01", "2099-01-01")] == ["met", "not_met"]


async def test_two_officers_get_one_outcome_and_one_conflict(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    where = f"/v1/proposals/{proposal['id']}/answer"
    answers = [{"accept": accept, "reason": "核实", "on": "2026-07-20"} for accept in (True, False)]
    first, second = [await api.post(where, json=answer) for answer in answers]
    assert (first.status_code, second.status_code, second.json()["code"]) == (201, 409, "matter_closed")


async def test_an_officer_of_another_office_does_not_answer(api: httpx.AsyncClient, harness: Harness) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    key = await harness.key_of(Scope.RECORD, authority=authority_of(FINANCE))
    async with harness.client(key) as other:
        reply = await other.post(
            f"/v1/proposals/{proposal['id']}/answer", json={"accept": True, "reason": "核实", "on": "2026-07-20"}
        )
    assert reply.status_code == 403


async def test_only_an_accepted_proposal_becomes_a_record_and_only_once(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    named = {**LISTING, "proposal": proposal["id"]}
    early = await api.post("/v1/listings", json=named)
    assert early.status_code == 409, early.text
    await api.post(
        f"/v1/proposals/{proposal['id']}/answer", json={"accept": True, "reason": "属实", "on": "2026-11-19"}
    )
    recorded = await api.post("/v1/listings", json=named)
    assert recorded.status_code == 201, recorded.text
    assert (await api.post("/v1/listings", json=named)).status_code == 200
    assert (await api.post("/v1/listings", json={**named, "doc_no": "另一文号"})).status_code == 409
    shown = (await api.get(f"/v1/proposals/{proposal['id']}")).json()
    assert (shown["state"], shown["events"][-1]["record"]) == ("recorded", recorded.json()["id"])


async def test_a_decision_that_names_another_partys_proposal_is_refused(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    reply = await api.post("/v1/penalties", json=penalty(party=B, proposal=proposal["id"]))
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/proposal")
    assert (await api.get(f"/v1/parties/{B}/records")).json()["items"] == []


async def test_a_proposal_whose_letters_are_reversed_lapses_and_cannot_be_accepted(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    await api.post(f"/v1/complaints/{A}-1/events", json={"kind": "reversed", "on": "2026-07-15"})
    (shown,) = (await api.get("/v1/proposals?state=lapsed")).json()["items"]
    assert shown["id"] == proposal["id"]
    answer = {"accept": True, "reason": "属实", "on": "2026-07-20"}
    assert (await api.post(f"/v1/proposals/{proposal['id']}/answer", json=answer)).status_code == 409


async def more(api: httpx.AsyncClient, number: str, **event: object) -> None:
    """A fourth letter of A, at the first office, to which something happens."""
    letter = {"complaint_no": number, "complainants": [A], "office": FINANCE, "filed_on": "2026-06-20",
              "items": [f"事项{number}"]}  # fmt: skip
    assert (await api.post("/v1/complaints", json=letter)).status_code == 201
    assert (await api.post(f"/v1/complaints/{number}/events", json=event)).status_code == 201


async def test_a_proposal_that_names_a_reversed_letter_gives_way_to_one_that_does_not(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (first,) = (await api.get("/v1/proposals")).json()["items"]
    await api.post(f"/v1/proposals/{first['id']}/answer", json={"accept": True, "reason": "属实", "on": "2026-07-20"})
    await more(api, "D", kind="decided", on="2026-07-21", outcome="rejected_unfounded")
    assert (await api.get(f"/v1/proposals/{first['id']}")).json()["state"] == "accepted"
    await api.post(f"/v1/complaints/{A}-0/events", json={"kind": "reversed", "on": "2026-08-03"})
    states = {one["state"]: one for one in (await api.get("/v1/proposals")).json()["items"]}
    assert sorted(states) == ["lapsed", "open"]
    wrong = set(first["facts"]) - set(states["open"]["facts"])
    assert (states["lapsed"]["id"], len(wrong), len(states["open"]["facts"])) == (first["id"], 1, 3)
    assert states["open"]["office"]["name"] == FINANCE["name"]


async def test_a_mistyped_year_ends_no_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await more(api, "D", kind="accepted", on="2062-06-25")
    (shown,) = (await api.get("/v1/proposals")).json()["items"]
    assert shown["state"] == "open"


@pytest.mark.parametrize(
    ("outcome", "path", "body"),
    [
        ("rejected_unfounded", "penalties", penalty(kinds=["bad_conduct_listing", "ban"])),
        ("rejected_unfounded", "listings", {**LISTING, "list": "L03"}),
        ("rejected_fabricated", "penalties", penalty(ban={**penalty()["ban"], "scope": "agency_work"})),
    ],
)
async def test_a_decision_of_another_kind_answers_no_proposal(
    api: httpx.AsyncClient, outcome: str, path: str, body: dict[str, Any]
) -> None:
    await rejected(api, outcome=outcome)
    found = (await api.get("/v1/proposals")).json()["items"]
    (proposal,) = [one for one in found if one["kind"] == ("list" if outcome == "rejected_unfounded" else "ban")]
    answer = {"accept": True, "reason": "属实", "on": "2026-11-19"}
    assert (await api.post(f"/v1/proposals/{proposal['id']}/answer", json=answer)).status_code == 201
    said = {**body, "party": A, "authority": proposal["office"], "proposal": proposal["id"]}
    reply = await api.post(f"/v1/{path}", json=said)
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/proposal")


async def test_a_declined_proposal_makes_room_for_what_was_met_meanwhile(api: httpx.AsyncClient) -> None:
    await rejected(api, outcome="rejected_fabricated", places=(0,))
    await rejected(api, places=(1, 2))
    kinds = {one["kind"]: one for one in (await api.get("/v1/proposals?state=open")).json()["items"]}
    assert sorted(kinds) == ["ban", "list"]


async def both(api: httpx.AsyncClient) -> tuple[str, str]:
    """The proposals of a ban and of a listing, where one of three letters without basis was fabricated."""
    await rejected(api, outcome="rejected_fabricated", places=(0,))
    await rejected(api, places=(1, 2))
    kinds = {one["kind"]: one["id"] for one in (await api.get("/v1/proposals?state=open")).json()["items"]}
    return kinds["ban"], kinds["list"]


async def answer(api: httpx.AsyncClient, proposal: str, *, accept: bool) -> None:
    said = {"accept": accept, "reason": "核实", "on": "2026-07-20"}
    assert (await api.post(f"/v1/proposals/{proposal}/answer", json=said)).status_code == 201


async def state_of(api: httpx.AsyncClient, proposal: str) -> str:
    return (await api.get(f"/v1/proposals/{proposal}")).json()["state"]


async def test_that_a_listing_was_declined_says_nothing_of_what_was_fabricated(api: httpx.AsyncClient) -> None:
    ban, listing = await both(api)
    await answer(api, ban, accept=True)
    await answer(api, listing, accept=False)
    assert (await state_of(api, ban), (await profile(api))["proposal"]) == ("accepted", "ban")
    said = penalty(proposal=ban, decided_on="2026-07-25", served_on="2026-07-25", published_on="2026-07-27")
    assert (await api.post("/v1/penalties", json=said)).status_code == 201


async def test_that_a_listing_was_recorded_leaves_the_ban_to_its_officer(api: httpx.AsyncClient) -> None:
    ban, listing = await both(api)
    await answer(api, listing, accept=True)
    assert (await api.post("/v1/listings", json={**LISTING, "proposal": listing})).status_code == 201
    assert (await state_of(api, ban), (await profile(api, as_of="2026-11-21"))["proposal"]) == ("open", "ban")
    await answer(api, ban, accept=True)


async def test_what_a_recorded_ban_has_answered_makes_no_second_record(api: httpx.AsyncClient) -> None:
    ban, listing = await both(api)
    await answer(api, ban, accept=True)
    await answer(api, listing, accept=True)
    said = penalty(proposal=ban, decided_on="2026-07-25", served_on="2026-07-25", published_on="2026-07-27")
    assert (await api.post("/v1/penalties", json=said)).status_code == 201
    assert (await state_of(api, ban), await state_of(api, listing)) == ("recorded", "lapsed")
    assert (await api.post("/v1/listings", json={**LISTING, "proposal": listing})).status_code == 409


async def test_a_decision_under_another_entry_of_the_party_answers_its_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api, places=(0, 1))
    await rejected(api, who=B, places=(2,))
    await merged(api, A, B)
    (proposal,) = (await api.get("/v1/proposals?state=open")).json()["items"]
    await answer(api, proposal["id"], accept=True)
    said = {**LISTING, "party": B, "authority": proposal["office"], "proposal": proposal["id"]}
    reply = await api.post("/v1/listings", json=said)
    assert (reply.status_code, await state_of(api, proposal["id"])) == (201, "recorded"), reply.text


async def test_another_offices_decision_does_not_answer_a_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    where = f"/v1/proposals/{proposal['id']}/answer"
    await api.post(where, json={"accept": True, "reason": "属实", "on": "2026-11-19"})
    reply = await api.post("/v1/listings", json={**LISTING, "authority": FINANCE, "proposal": proposal["id"]})
    assert (reply.status_code, reply.json()["code"]) == (403, "not_your_authority")
    ban = penalty(party=A, authority=OFFICES[2], kinds=["warning"], ban=None, fine=None, proposal=proposal["id"])
    assert (await api.post("/v1/penalties", json=ban)).status_code == 422


async def test_one_call_makes_one_record_of_a_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    where = f"/v1/proposals/{proposal['id']}/answer"
    await api.post(where, json={"accept": True, "reason": "属实", "on": "2026-11-19"})
    rows = [{**LISTING, "doc_no": f"冀财采〔2026〕{n}号", "proposal": proposal["id"]} for n in (1, 2)]
    answers = (await api.post("/v1/listings", json=rows)).json()["items"]
    assert [one["status"] for one in answers] == [201, 409]


async def test_the_party_sees_the_proposal_on_itself_and_others_do_not(
    api: httpx.AsyncClient, harness: Harness
) -> None:
    await rejected(api)
    for party, seen in ((A, 1), (B, 0)):
        async with harness.client(await harness.key_of(Scope.SELF, party=PartyId(party))) as client:
            assert len((await client.get("/v1/proposals")).json()["items"]) == seen
