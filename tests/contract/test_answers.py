"""Decisions that may answer letters: found by their words for many parties at once, heeded where a feed brings them."""

from datetime import date

import pytest

from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintOutcome
from credit.model.matters import Proposal, ProposalEvent, ProposalEventKind, of_shape
from credit.model.merge import MergeStatement
from credit.model.party import PartyId
from credit.model.record import EventKind
from credit.model.statements import ComplaintInRow, LoadRow
from credit.oversight.answers import words_of_answers
from credit.registry import Registry
from credit.registry.complaints import Ledger
from credit.rules.thresholds import Thresholds
from credit.wiring import SystemClock
from tests.contract.makers import ADMIN, FINANCE, City, Sha, ban, code, done, event, listing, penalty

A, B, C = (PartyId(code(n)) for n in (1, 2, 3))
WORDS = words_of_answers(Thresholds.load())
COUNT = "十二个月内三次以上投诉查无实据"


@pytest.fixture
async def registry(city: City) -> Registry:
    await city.firms(1, 2, 3)
    return Registry(city.store.writes, Sha(), Ledger(Thresholds.load(), SystemClock()))


def letter(month: int) -> LoadRow:
    """A letter of A, decided as unfounded in its month."""
    content = Complaint(
        complaint_no=str(month),
        complainants=(A,),
        office=FINANCE,
        filed_on=date(2026, month, 9),
        items=(f"第{month}件",),
    )
    ruling = ComplaintEvent(
        kind=ComplaintEventKind.DECIDED, on=date(2026, month, 25), outcome=ComplaintOutcome.REJECTED_UNFOUNDED
    )
    return LoadRow(row=month, complaints=(ComplaintInRow(content=content, events=(ruling,)),))


def entry(party: PartyId = A, **said: object) -> LoadRow:
    content = {"listed_on": date(2026, 6, 1), "ground": COUNT, "authority": FINANCE, **said}
    return LoadRow(row=9, records=(listing(party, "L02", **content),))


async def what_became(city: City) -> list[list[ProposalEventKind]]:
    found = (await city.store.matters.concerning([A])).get(A, ())
    return [[e.kind for e in held.events] for held in of_shape(found, Proposal, ProposalEvent)]


async def test_records_are_found_by_their_words_or_those_of_their_events(city: City) -> None:
    await city.firms(1, 2, 3)
    entered = await city.record(listing(A, "L02"), listing(A, "L05"), ban(B), penalty(C), listing(C, "L03"))
    amended = event(EventKind.AMENDED, date(2026, 3, 1), changes={"list": "L02"})
    await city.follow_up(entered[4], amended)
    found = await city.store.matters.telling([A, B, C], WORDS)
    assert {party: [r.id for r in records] for party, records in found.items()} == {
        A: [entered[0]], B: [entered[2]], C: [entered[4]],
    }  # fmt: skip


async def test_records_of_every_entry_of_a_party_are_found_by_each(city: City) -> None:
    await city.firms(1, 2)
    entered = await city.record(listing(A, "L02"), listing(B, "L01"))
    done(await city.registry.merge(ADMIN, MergeStatement(keep=A, same_as=B, on=date(2026, 8, 1), reason="同一主体")))
    found = await city.store.matters.telling([A, B], WORDS)
    assert [{r.id for r in found[party]} for party in (A, B)] == [set(entered)] * 2


async def test_an_entry_that_a_feed_brings_ends_the_proposal_on_its_letters(registry: Registry, city: City) -> None:
    done(*await registry.load(ADMIN, [letter(2), letter(3), letter(4)]))
    assert await what_became(city) == [[]]
    done(*await registry.load(ADMIN, [entry(), entry(B)]))
    assert await what_became(city) == [[ProposalEventKind.LAPSED]]


async def test_letters_and_the_entry_on_them_in_one_batch_leave_nothing_open(registry: Registry, city: City) -> None:
    done(*await registry.load(ADMIN, [letter(2), letter(3), entry(), letter(4)]))
    assert await what_became(city) == []


async def test_an_entry_of_another_act_leaves_the_proposal_open(registry: Registry, city: City) -> None:
    done(*await registry.load(ADMIN, [letter(2), letter(3), letter(4), entry(ground="恶意串通")]))
    assert await what_became(city) == [[]]
