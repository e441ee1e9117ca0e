"""Merging and undoing: who may, what is refused, what is said twice or at once, and whom the write names."""

import asyncio
import random
from dataclasses import replace

import pytest

from credit.errors import (
    Conflict,
    CreditCodesDiffer,
    CreditError,
    Denied,
    FieldInvalid,
    IdentityConflict,
    KindsDiffer,
    MergeUndone,
    PartyUnknown,
    Unknown,
)
from credit.model.facts import Facts
from credit.model.merge import MOST_ALIKE, Merge
from credit.model.party import PartyKind
from credit.model.statements import LoadRow, PartyStatement, Written
from credit.registry import Registry
from tests.contract.makers import (
    ADMIN,
    OFFICER,
    City,
    Sha,
    Twice,
    done,
    firm,
    identity_number,
    org,
    penalty,
    person,
    tie,
    written,
)
from tests.contract.merging import BRANCH, FOUND, HOLDS, A, B, C, D, Merging, merge, same, undo
from tests.contract.test_touches import Town, content, town

__all__ = ["town"]


async def held(city: City, merge_id: str) -> Merge:
    found = await city.store.merges.merge(merge_id)
    assert found is not None
    return found


async def test_a_merge_says_who_when_and_why(city: City) -> None:
    await city.firms(1, 2)
    made = await held(city, await merge(city, A, B))
    assert (made.keep, made.same_as, made.on, made.reason) == (A, B, FOUND, "经查为同一主体")
    assert (made.recorded_by, made.undone, made.nth) == (ADMIN.id, None, 1)
    assert made.tick == await city.known()


async def test_the_same_merge_again_changes_nothing_and_another_content_is_a_conflict(city: City) -> None:
    await city.firms(1, 2)
    first, again = [await city.registry.merge(ADMIN, same(A, B)) for _ in range(2)]
    assert written(first, again) == [Written.CREATED, Written.UNCHANGED]
    assert first.id == again.id
    assert isinstance((await city.registry.merge(ADMIN, same(A, B, "另一理由"))).error, Conflict)


async def test_an_undone_merge_says_so_and_may_be_made_anew(city: City) -> None:
    await city.firms(1, 2)
    first = await merge(city, A, B)
    await undo(city, first)
    ended = await held(city, first)
    assert ended.undone is not None
    assert (ended.undone.reason, ended.undone.recorded_by) == ("查无实据", ADMIN.id)
    second = done(await city.registry.merge(ADMIN, same(A, B, "另一理由")))[0].id
    assert second != first
    assert [m.id for m in await city.store.merges.page(before=None, limit=9)] == [second, first]


async def test_undoing_again_for_the_same_reason_changes_nothing_for_another_is_a_conflict(city: City) -> None:
    await city.firms(1, 2)
    made = await merge(city, A, B)
    outcomes = [await city.registry.undo_merge(ADMIN, made, reason=why) for why in ("误并", "误并", "另一理由")]
    assert written(*outcomes[:2]) == [Written.CORRECTED, Written.UNCHANGED]
    assert isinstance(outcomes[2].error, MergeUndone)
    assert isinstance((await city.registry.undo_merge(ADMIN, "mrg_none", reason="误并")).error, Unknown)


async def test_a_commit_that_silence_answered_merges_once(city: City) -> None:
    await city.firms(1, 2)
    registry = Registry(Twice(city.store.writes), Sha())
    made = done(await registry.merge(ADMIN, same(A, B)))[0].id
    done(await registry.undo_merge(ADMIN, made, reason="误并"))
    assert len(await city.store.merges.page(before=None, limit=9)) == 1


async def test_only_admin_merges_and_undoes(city: City) -> None:
    await city.firms(1, 2)
    assert isinstance((await city.registry.merge(OFFICER, same(A, B))).error, Denied)
    made = await merge(city, A, B)
    assert isinstance((await city.registry.undo_merge(OFFICER, made, reason="x")).error, Denied)


async def refused(city: City, keep: str, same_as: str) -> CreditError | None:
    return (await city.registry.merge(ADMIN, same(keep, same_as))).error


async def test_what_is_not_registered_or_one_entry_already_is_refused_with_its_place(city: City) -> None:
    await city.register(firm(1, id=org(1)))
    await city.firms(1, 2)
    unknown, other = await refused(city, A, C), await refused(city, C, A)
    assert isinstance(unknown, PartyUnknown)
    assert isinstance(other, PartyUnknown)
    assert (unknown.pointer, other.pointer) == ("/same_as", "/keep")
    assert isinstance(await refused(city, A, A), FieldInvalid)
    assert isinstance(await refused(city, A, org(1)), FieldInvalid)


async def test_a_person_is_no_organisation(city: City) -> None:
    await city.firms(1)
    (somebody,) = await city.register(person())
    assert isinstance(await refused(city, A, somebody), KindsDiffer)
    assert isinstance(await refused(city, somebody, A), KindsDiffer)


async def test_two_persons_with_numbers_of_their_own_are_two_also_through_a_third(city: City) -> None:
    one, two, bare = await city.register(
        person(identity_number=identity_number(1)), person(identity_number=identity_number(2)), person()
    )
    assert isinstance(await refused(city, one, two), IdentityConflict)
    await merge(city, one, bare)
    assert isinstance(await refused(city, two, bare), IdentityConflict)


async def told_number(city: City, who: str, number: int) -> CreditError | None:
    said = PartyStatement(id=who, kind=PartyKind.PERSON, identity_number=identity_number(number))
    return (await city.registry.register(ADMIN, [said]))[0].error


async def test_an_entry_learns_no_number_where_another_one_of_the_person_has_one(city: City) -> None:
    bare, third = await city.register(person(), person())
    (numbered,) = await city.register(person(identity_number=identity_number(1)))
    made = await merge(city, bare, numbered)
    await merge(city, bare, third)
    for who in (bare, third):
        error = await told_number(city, who, 2)
        assert isinstance(error, IdentityConflict)
        assert error.pointer == "/identity_number"
        assert identity_number(2) not in f"{error.zh}{error.en}"
    assert await told_number(city, numbered, 3) is None
    await undo(city, made)
    assert await told_number(city, bare, 2) is None
    assert isinstance(await told_number(city, third, 4), IdentityConflict)


async def test_of_two_rows_that_number_one_person_twice_the_second_alone_is_refused(city: City) -> None:
    one, two = await city.register(person(), person())
    await merge(city, one, two)
    said = [
        PartyStatement(id=x, kind=PartyKind.PERSON, identity_number=identity_number(n))
        for n, x in enumerate((one, two), 1)
    ]
    rows = [
        LoadRow(row=1, parties=(said[0],)),
        LoadRow(row=2, parties=(firm(2), said[1])),
        LoadRow(row=3, parties=(firm(3),)),
    ]
    first, second, third = await city.registry.load(ADMIN, rows)
    assert (written(first), written(third)) == ([Written.CORRECTED], [Written.CREATED])
    assert isinstance(second.error, IdentityConflict)
    assert await city.store.browser.party(B) is None


async def test_a_row_that_was_taken_back_numbers_nobody(city: City) -> None:
    one, two = await city.register(person(), person())
    await merge(city, one, two)
    said = [
        PartyStatement(id=x, kind=PartyKind.PERSON, identity_number=identity_number(n))
        for n, x in enumerate((one, two), 1)
    ]
    rows = [LoadRow(row=1, parties=(said[0],), records=(penalty(A),)), LoadRow(row=2, parties=(said[1],))]
    first, second = await city.registry.load(ADMIN, rows)
    assert isinstance(first.error, PartyUnknown)
    assert written(second) == [Written.CORRECTED]


async def test_an_entry_learns_no_credit_code_where_another_one_of_the_party_has_another(city: City) -> None:
    await city.register(firm(1), firm(2, id=org(2)))
    made = await merge(city, A, org(2))
    (alone,) = await city.registry.register(ADMIN, [firm(2)])
    (mentioned,) = await city.registry.load(ADMIN, [LoadRow(row=1, parties=(firm(2, only_if_new=True),))])
    for outcome in (alone, mentioned):
        assert isinstance(outcome.error, CreditCodesDiffer)
        assert (A in outcome.error.en, B in outcome.error.en) == (True, True)
    await undo(city, made)
    assert written(*await city.registry.register(ADMIN, [firm(2)])) == [Written.CORRECTED]
    assert await refused(city, A, B) is None


async def test_of_two_credit_codes_both_have_to_be_named(city: City) -> None:
    await city.register(firm(1), firm(2), firm(3, id=org(3)))
    assert isinstance(await refused(city, org(1), B), CreditCodesDiffer)
    await merge(city, A, org(3))
    assert isinstance(await refused(city, B, org(3)), CreditCodesDiffer)
    assert await refused(city, B, A) is None


async def test_so_many_entries_are_one_party_and_no_more(city: City) -> None:
    ids = await city.register(*(person(f"王{n}") for n in range(MOST_ALIKE + 1)))
    for n, other in enumerate(ids[1:], 1):
        error = await refused(city, ids[0], other)
        assert (error is None) is (n < MOST_ALIKE), n


async def test_of_two_that_merge_the_same_otherwise_at_once_one_wins(city: City) -> None:
    await city.firms(1, 2)
    outcomes = await asyncio.gather(*(city.registry.merge(ADMIN, same(A, B, f"理由{n}")) for n in range(2)))
    assert [type(o.error) for o in outcomes if o.error] == [Conflict]
    (made,) = [o.id for o in outcomes if not o.error]
    undone = await asyncio.gather(*(city.registry.undo_merge(ADMIN, made, reason=f"理由{n}") for n in range(2)))
    assert [type(o.error) for o in undone if o.error] == [MergeUndone]


# ── who is named by the write ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_merge_and_its_undoing_name_both_and_who_sees_them_from_now_on(town: Town) -> None:
    await town.city.firms(1, 2, 3, 4)
    await town.city.relate(tie(HOLDS, C, B), tie(BRANCH, A, D))
    made = await merge(town.city, A, B)
    assert await town.named(A, B, C, D)
    await undo(town.city, made)
    assert await town.named(A, B)
    await merge(town.city, B, A)
    assert await town.named(A, B)


def settled(facts: Facts) -> object:
    """All that a verdict rests on, of those that may be found: without the last write of each."""
    return content(replace(facts, dossiers={p: replace(d, revision=0) for p, d in facts.dossiers.items()}))


@pytest.mark.parametrize("seed", range(4))
async def test_whenever_facts_change_one_of_the_parties_in_them_was_named(town: Town, seed: int) -> None:
    story = Merging(town, random.Random(seed))
    await story.begin()
    changed = 0
    for _ in range(25):
        before = {party: await town.city.gather(party) for party in story.everybody}
        town.door.keys = set()
        await story.step()
        for party, was in before.items():
            if settled(await town.city.gather(party)) != settled(was):
                changed += 1
                assert town.door.keys & set(was.keys), party
    assert changed > 25
