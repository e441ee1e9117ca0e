"""Entries that name no proposal answer letters, and what was entered in error answers none: in every place alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import httpx
import pytest

from credit.graph.matters import GraphMatterBrowser
from credit.graph.store import Store
from credit.model.party import PartyId
from credit.model.record import Record
from credit.oversight.trigger import TriggerState
from credit.supervision import Wanted
from tests.api.bodies import A, B, penalty
from tests.api.complaining import LISTING, OFFICES, merged, profile, registered, rejected
from tests.api.conftest import Harness

ENTRY = {**LISTING, "listed_on": "2026-07-20"}


@pytest.fixture(autouse=True)
async def parties(api: httpx.AsyncClient) -> None:
    await registered(api)


async def entered(api: httpx.AsyncClient, **said: object) -> str:
    reply = await api.post("/v1/listings", json={**ENTRY, **said})
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


async def befell(api: httpx.AsyncClient, record: str, kind: str, on: str, **said: object) -> None:
    reply = await api.post(f"/v1/records/{record}/events", json={"kind": kind, "on": on, **said})
    assert reply.status_code == 201, reply.text


async def proposals(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    return (await api.get("/v1/proposals")).json()["items"]


async def accept(api: httpx.AsyncClient, who: str = A) -> str:
    """The id of the proposal on a party, which its officer accepts."""
    (proposal,) = [one for one in await proposals(api) if one["party"] == who]
    answer = {"accept": True, "reason": "属实", "on": "2026-07-19"}
    assert (await api.post(f"/v1/proposals/{proposal['id']}/answer", json=answer)).status_code == 201
    return str(proposal["id"])


async def recorded(api: httpx.AsyncClient, **said: object) -> tuple[str, str]:
    """A proposal that was accepted and became an entry: its id and the entry's."""
    accepted = await accept(api)
    return accepted, await entered(api, proposal=accepted, **said)


async def states(api: httpx.AsyncClient, as_of: str = "2026-08-01") -> tuple[str, list[str]]:
    """The trigger in A's profile, and the lists in which A stands."""
    listed: list[str] = []
    for state in ("met", "review"):
        page = (await api.get(f"/v1/complainants?trigger={state}&as_of={as_of}")).json()["items"]
        listed += [state for one in page if one["id"] == A]
    return (await profile(api, as_of=as_of))["trigger"], listed


async def test_an_entry_that_names_no_proposal_ends_the_trigger_and_the_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await entered(api)
    assert await states(api) == ("not_met", [])
    assert await states(api, "2026-07-19") == ("met", ["met"])
    assert [one["state"] for one in await proposals(api)] == ["lapsed"]


async def test_an_entry_that_came_before_the_letters_makes_that_nothing_is_proposed(api: httpx.AsyncClient) -> None:
    await entered(api)
    await rejected(api)
    assert (await states(api), await proposals(api)) == (("not_met", []), [])


async def test_an_entry_that_does_not_say_is_for_a_person_in_profile_list_and_proposals(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await entered(api, ground=None)
    assert await states(api) == ("review", ["review"])
    assert [one["state"] for one in await proposals(api)] == ["open"]
    assert {one["question"] for one in (await profile(api))["letters"]} == {"Q2"}


DOUBTFUL: Final = (
    {"ground": None},
    {"ground": "扰乱政府采购秩序"},
    {"matched_by": "name"},
)
OTHER_ACTS: Final = (
    {"ground": "未报告资格变化", "basis": {"instrument": "政府采购法实施条例", "article": "72"}},
    {"ground": "条例72¶2：未报告资格变化"},
    {"ground": "《政府采购法实施条例》第七十二条第二款"},
)


@pytest.mark.parametrize("said", [*DOUBTFUL, *OTHER_ACTS])
async def test_an_entry_that_is_not_surely_for_the_letters_leaves_what_an_officer_accepted(
    api: httpx.AsyncClient, said: dict[str, Any]
) -> None:
    await rejected(api)
    accepted = await accept(api)
    await entered(api, authority=OFFICES[0], doc_no="资财采〔2026〕1号", **said)
    assert (await states(api))[0] == ("met" if said in OTHER_ACTS else "review")
    assert [one["state"] for one in await proposals(api)] == ["accepted"]
    entry = await entered(api, proposal=accepted)
    last = (await api.get(f"/v1/proposals/{accepted}")).json()
    assert (last["state"], last["events"][-1]["record"]) == ("recorded", entry)


async def test_a_doubt_on_a_fabricated_letter_leaves_the_ban_to_its_officer(api: httpx.AsyncClient) -> None:
    await rejected(api, outcome="rejected_fabricated", places=(2,))
    accepted = await accept(api)
    event = {"kind": "transferred", "on": "2026-07-02"}
    assert (await api.post(f"/v1/complaints/{A}-2/events", json=event)).status_code == 201
    assert (await profile(api))["proposal"] is None
    assert [(one["id"], one["state"]) for one in await proposals(api)] == [(accepted, "accepted")]


# ---------------------------------------------------------------- an entry that names its proposal only later


@pytest.mark.parametrize("ground", [LISTING["ground"], None])
async def test_an_entry_sent_again_with_its_proposal_is_the_record_of_it(
    api: httpx.AsyncClient, ground: str | None
) -> None:
    await rejected(api)
    accepted = await accept(api)
    entry = await entered(api, ground=ground)
    again = {**ENTRY, "ground": ground, "proposal": accepted}
    for _ in range(2):
        reply = await api.post("/v1/listings", json=again)
        assert (reply.status_code, reply.json()["id"]) == (200, entry)
    told = (await api.get(f"/v1/proposals/{accepted}")).json()
    named = [event["record"] for event in told["events"] if event["kind"] == "recorded"]
    assert (told["state"], named, await states(api)) == ("recorded", [entry], ("not_met", []))
    assert [one["state"] for one in await proposals(api)] == ["recorded"]


async def test_an_entry_that_named_its_proposal_late_and_was_a_mistake_lets_the_letters_be_proposed_upon_anew(
    api: httpx.AsyncClient,
) -> None:
    await rejected(api)
    accepted = await accept(api)
    entry = await entered(api)
    assert (await api.post("/v1/listings", json={**ENTRY, "proposal": accepted})).status_code == 200
    await befell(api, entry, "entered_in_error", "2026-07-25")
    assert {one["id"] == accepted: one["state"] for one in await proposals(api)} == {True: "lapsed", False: "open"}
    assert (await api.post("/v1/listings", json={**ENTRY, "proposal": accepted})).status_code == 200
    assert sorted(one["state"] for one in await proposals(api)) == ["lapsed", "open"]


async def test_an_entry_in_error_is_the_record_of_no_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    accepted = await accept(api)
    entry = await entered(api, ground=None)
    await befell(api, entry, "entered_in_error", "2026-07-25")
    reply = await api.post("/v1/listings", json={**ENTRY, "ground": None, "proposal": accepted})
    assert (reply.status_code, [one["state"] for one in await proposals(api)]) == (409, ["accepted"])


async def test_an_entry_held_answers_no_proposal_that_it_cannot_be_the_decision_on(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await rejected(api, who=B)
    first, other = [await accept(api, who) for who in (A, B)]
    await entered(api, ground=None)
    for proposal in (other, first, first):
        reply = await api.post("/v1/listings", json={**ENTRY, "ground": None, "proposal": proposal})
        assert reply.status_code == (409 if proposal == other else 200), reply.text
    elsewhere = {**ENTRY, "party": B, "authority": OFFICES[0]}
    assert (await api.post("/v1/listings", json=elsewhere)).status_code == 201
    assert (await api.post("/v1/listings", json={**elsewhere, "proposal": other})).status_code == 409


async def test_an_entry_held_does_not_bring_back_what_lapsed_for_a_reversal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    accepted = await accept(api)
    await entered(api, ground=None)
    await api.post(f"/v1/complaints/{A}-1/events", json={"kind": "reversed", "on": "2026-07-21"})
    assert [one["state"] for one in await proposals(api)] == ["lapsed"]
    assert (await api.post("/v1/listings", json={**ENTRY, "ground": None, "proposal": accepted})).status_code == 409


async def test_an_entry_held_is_the_record_of_no_proposal_that_nobody_accepted(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = await proposals(api)
    await entered(api, ground=None)
    reply = await api.post("/v1/listings", json={**ENTRY, "ground": None, "proposal": proposal["id"]})
    assert (reply.status_code, (await proposals(api))[0]["state"]) == (409, "open")


# ---------------------------------------------------------------- further entries


async def test_an_entry_for_collusion_leaves_trigger_and_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await entered(api, ground="与其他供应商恶意串通")
    assert await states(api) == ("met", ["met"])
    assert [one["state"] for one in await proposals(api)] == ["open"]


async def test_an_entry_of_a_later_day_answers_nothing_yet(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await entered(api, listed_on="2062-07-20")
    assert [one["state"] for one in await proposals(api)] == ["open"]


async def test_an_entry_in_error_lets_the_letters_be_proposed_upon_anew(api: httpx.AsyncClient) -> None:
    await rejected(api)
    entry = await entered(api)
    await befell(api, entry, "entered_in_error", "2026-07-25")
    assert await states(api) == ("met", ["met"])
    assert await states(api, "2026-07-24") == ("not_met", [])
    assert sorted(one["state"] for one in await proposals(api)) == ["lapsed", "open"]


async def test_an_amended_ground_is_looked_at_anew(api: httpx.AsyncClient) -> None:
    await rejected(api)
    entry = await entered(api)
    await befell(api, entry, "amended", "2026-07-25", changes={"ground": "恶意串通"})
    assert sorted(one["state"] for one in await proposals(api)) == ["lapsed", "open"]


async def test_an_entry_under_another_entry_of_the_party_answers_too(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await merged(api, A, B)
    await entered(api, party=B)
    assert await states(api) == ("not_met", [])
    assert [one["state"] for one in await proposals(api)] == ["lapsed"]


async def test_a_merge_with_one_that_is_listed_answers_its_letters(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await entered(api, party=B)
    assert await states(api) == ("met", ["met"])
    await merged(api, A, B)
    assert await states(api) == ("not_met", [])
    assert [one["state"] for one in await proposals(api)] == ["lapsed"]


async def test_a_decision_on_a_proposal_that_was_entered_in_error_can_be_recorded_anew(api: httpx.AsyncClient) -> None:
    await rejected(api)
    first, entry = await recorded(api)
    assert await states(api) == ("not_met", [])
    await befell(api, entry, "entered_in_error", "2026-07-25")
    by_state = {one["state"]: one for one in await proposals(api)}
    assert sorted(by_state) == ["lapsed", "open"]
    assert (by_state["lapsed"]["id"], by_state["open"]["facts"]) == (first, by_state["lapsed"]["facts"])
    assert (await states(api), await states(api, "2026-07-24")) == (("met", ["met"]), ("not_met", []))
    anew = by_state["open"]["id"]
    answer = {"accept": True, "reason": "属实", "on": "2026-07-26"}
    assert (await api.post(f"/v1/proposals/{anew}/answer", json=answer)).status_code == 201
    await entered(api, proposal=anew, listed_on="2026-07-28", doc_no="冀财采〔2026〕10号")
    assert (await api.get(f"/v1/proposals/{anew}")).json()["state"] == "recorded"
    assert await states(api) == ("not_met", [])


async def test_a_mistaken_decision_is_told_with_the_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    first, entry = await recorded(api)
    await befell(api, entry, "entered_in_error", "2026-07-25")
    last = (await api.get(f"/v1/proposals/{first}")).json()["events"][-1]
    assert (last["kind"], last["on"], last["record"]) == ("lapsed", "2026-07-25", entry)
    assert "登记有误" in last["reason"]


async def test_whether_an_annulled_decision_can_be_made_anew_is_for_a_person(api: httpx.AsyncClient) -> None:
    await rejected(api)
    first, entry = await recorded(api)
    await befell(api, entry, "annulled", "2026-07-25", by="河北省人民政府")
    assert await states(api) == ("review", ["review"])
    assert await states(api, "2026-07-24") == ("not_met", [])
    assert [(one["id"], one["state"]) for one in await proposals(api)] == [(first, "recorded")]


async def test_a_penalty_on_a_proposal_that_was_a_mistake_lets_the_ban_be_proposed_anew(api: httpx.AsyncClient) -> None:
    await rejected(api, outcome="rejected_fabricated", places=(2,))
    (proposal,) = await proposals(api)
    answer = {"accept": True, "reason": "属实", "on": "2026-07-19"}
    assert (await api.post(f"/v1/proposals/{proposal['id']}/answer", json=answer)).status_code == 201
    said = penalty(
        proposal=proposal["id"], authority=OFFICES[2], decided_on="2026-07-20", served_on="2026-07-20",
        published_on="2026-07-22",
    )  # fmt: skip
    reply = await api.post("/v1/penalties", json=said)
    assert reply.status_code == 201, reply.text
    assert (await profile(api))["proposal"] is None
    await befell(api, reply.json()["id"], "entered_in_error", "2026-07-25")
    assert (await profile(api))["proposal"] == "ban"
    assert sorted(one["state"] for one in await proposals(api)) == ["lapsed", "open"]


@dataclass(frozen=True, slots=True)
class Watched(GraphMatterBrowser):
    """Keeps of how many parties the records were asked for at once."""

    asked: list[int] = field(default_factory=list[int])

    async def telling(self, parties: Collection[PartyId], words: Collection[str]) -> Mapping[PartyId, Sequence[Record]]:
        self.asked.append(len(parties))
        return await GraphMatterBrowser.telling(self, parties, words)


async def test_the_entries_of_a_whole_page_are_read_at_once(
    api: httpx.AsyncClient, harness: Harness, store: Store
) -> None:
    await rejected(api)
    await rejected(api, who=B)
    await entered(api, party=B)
    watched = Watched.over(store.bolt)
    assert isinstance(watched, Watched)
    supervision = replace(harness.services.supervision, matters=watched)
    found, _ = await supervision.profiles(Wanted(trigger=TriggerState.MET), date(2026, 8, 1), before=None, limit=10)
    assert ([one.id for one in found], watched.asked) == ([A], [2])
