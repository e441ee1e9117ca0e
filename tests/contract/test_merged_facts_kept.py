"""Kept facts of merged parties are the graph's in every process, at once."""

import random

import pytest

from credit.model.party import PartyId, RelationKind
from tests.contract.makers import ban, code, person, tie
from tests.contract.merging import Merging, merge, undo
from tests.contract.test_cached_facts import CUT_OFF, Kept, kept, patient, redis
from tests.contract.test_touches import Town, Watched

__all__ = ["kept", "patient", "redis"]
A, B, C = (PartyId(code(n)) for n in range(1, 4))


async def test_a_merge_and_its_undoing_are_seen_by_the_next_look_up_of_either_process(kept: Kept) -> None:
    await kept.city.firms(1, 2, 3)
    (leader,) = await kept.city.register(person())
    await kept.city.relate(tie(RelationKind.UNIT_LEADER, leader, A), tie(RelationKind.UNIT_LEADER, leader, C))
    await kept.city.record(ban(B))
    everybody = (A, B, C, leader)
    for party in everybody:
        assert await kept.is_the_graphs(party)
    made = await merge(kept.city, A, B)
    assert len((await kept.other.current(A, cut_off=CUT_OFF)).dossiers[A].records) == 1
    assert [d.records for d in (await kept.other.current(C, cut_off=CUT_OFF)).dossiers.values() if d.records]
    for party in everybody:
        assert await kept.is_the_graphs(party)
    await kept.city.record(ban(B, "另一号"))
    for party in everybody:
        assert await kept.is_the_graphs(party)
    await undo(kept.city, made)
    assert (await kept.other.current(A, cut_off=CUT_OFF)).dossiers[A].records == ()
    for party in everybody:
        assert await kept.is_the_graphs(party)


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_is_written_kept_facts_are_the_graphs(kept: Kept, seed: int) -> None:
    story = Merging(Town(kept.city, Watched(kept.city.store.writes)), random.Random(seed))
    await story.begin()
    for _ in range(20):
        await story.step()
        for party in story.chance.sample(story.everybody, 4):
            assert await kept.is_the_graphs(party)
