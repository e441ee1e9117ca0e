"""Merges: nothing moves, facts look through them, and what was known before is answered as it was."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

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
from credit.graph.store import Store
from credit.model.facts import Facts
from credit.model.merge import MOST_ALIKE, Merge, MergeStatement
from credit.model.party import PartyId, PartyKind, RelationKind
from credit.model.statements import LoadRow, PartyStatement, Written
from credit.registry import Registry
from tests.contract.makers import (
    ADMIN,
    OFFICER,
    City,
    Sha,
    Twice,
    ban,
    bid,
    code,
    done,
    firm,
    identity_number,
    listing,
    org,
    penalty,
    person,
    project,
    tie,
    written,
)
from tests.contract.test_touches import Story, Town, Watched, content

A, B, C, D, E = (PartyId(code(n)) for n in range(1, 6))
LEADS, HOLDS, RENAMED = RelationKind.UNIT_LEADER, RelationKind.SHAREHOLDER, RelationKind.RENAMED_FROM
BRANCH: Final = RelationKind.BRANCH_OF
FOUND: Final = date(2026, 5, 6)
REG: Final = "reg:440301103097413"


def same(keep: str, same_as: str, reason: str = "经查为同一主体") -> MergeStatement:
    return MergeStatement(keep, same_as, FOUND, reason)


async def merge(city: City, keep: str, same_as: str) -> str:
    return done(await city.registry.merge(ADMIN, same(keep, same_as)))[0].id


async def undo(city: City, merge_id: str) -> None:
    done(await city.registry.undo_merge(ADMIN, merge_id, reason="查无实据"))


async def held(city: City, merge_id: str) -> Merge:
    found = await city.store.merges.merge(merge_id)
    assert found is not None
    return found


def records_of(facts: Facts, party: str) -> list[str]:
    return [r.id for r in facts.dossiers[PartyId(party)].records]


# ── the act ────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── facts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_under_either_id_facts_are_those_of_both_and_nothing_has_moved(city: City) -> None:
    await city.firms(1, 2)
    one, two = await city.record(penalty(A), penalty(B, "另一号"))
    await merge(city, A, B)
    for asked in (A, B):
        facts = await city.gather(asked)
        assert facts.resolved == {asked: A}
        assert set(facts.dossiers) == {A}
        assert [(r.id, r.party) for r in facts.dossiers[A].records] == [(one, A), (two, B)]
    assert (await city.gather(B)).named == {B: B}


async def test_the_names_of_both_are_names_of_the_party(city: City) -> None:
    await city.register(firm(1, name="甲公司", former_names=("甲厂",)), firm(2, name="乙公司", former_names=("乙厂",)))
    await merge(city, A, B)
    party = (await city.gather(B)).dossiers[A].party
    assert (party.name, set(party.former_names)) == ("甲公司", {"甲厂", "乙公司", "乙厂"})


async def test_chains_either_way_and_rings_end_in_one(city: City) -> None:
    await city.firms(1, 2, 3, 4)
    (record,) = await city.record(penalty(D))
    await merge(city, A, B)
    await merge(city, C, B)
    await merge(city, C, D)
    ring = await merge(city, B, C)
    for asked in (A, B, C, D):
        facts = await city.gather(asked)
        assert facts.resolved == {asked: C}
        assert records_of(facts, C) == [record]
    await undo(city, ring)
    assert (await city.gather(A)).resolved == {A: C}


async def test_undoing_a_link_of_a_chain_parts_what_it_joined_alone(city: City) -> None:
    await city.firms(1, 2, 3)
    await merge(city, A, B)
    middle = await merge(city, B, C)
    await undo(city, middle)
    assert (await city.gather(A, B, C)).resolved == {A: A, B: A, C: C}


async def test_a_leader_under_two_ids_is_one(city: City) -> None:
    await city.firms(1, 2)
    one, two = await city.register(person("王某某"), person("王某某"))
    await city.relate(tie(LEADS, one, A), tie(LEADS, two, B))
    (barred,) = await city.record(ban(B))
    assert B not in (await city.gather(A)).dossiers
    await merge(city, one, two)
    facts = await city.gather(A)
    assert records_of(facts, B) == [barred]
    assert {(r.source, r.target) for r in facts.relations} == {(one, A), (one, B)}
    assert {r.recorded_ends for r in facts.relations} == {(one, A), (two, B)}


async def test_a_ban_on_the_other_entry_of_a_leaders_firm_comes_be_it_older_or_newer(city: City) -> None:
    await city.firms(1, 2, 3)
    (leader,) = await city.register(person())
    await city.relate(tie(LEADS, leader, A), tie(LEADS, leader, B))
    (old,) = await city.record(ban(C))
    await merge(city, B, C)
    (new,) = await city.record(ban(C, "另一号"))
    assert records_of(await city.gather(A), B) == [old, new]


async def test_a_relation_told_after_the_merge_shows_the_ban_on_the_other_entry(city: City) -> None:
    await city.firms(1, 2, 3)
    (leader,) = await city.register(person())
    (barred,) = await city.record(ban(C))
    await merge(city, B, C)
    await city.relate(tie(LEADS, leader, A), tie(LEADS, leader, B))
    assert records_of(await city.gather(A), B) == [barred]


async def test_owners_are_followed_up_through_merges(city: City) -> None:
    await city.firms(1, 2, 3, 4, 5)
    half = Decimal("0.6")
    await city.relate(tie(HOLDS, B, A, share=half), tie(HOLDS, D, C, share=half), tie(HOLDS, E, C, share=half))
    await merge(city, B, C)
    facts = await city.gather(A)
    assert {(r.source, r.target) for r in facts.relations} == {(B, A), (D, B), (E, B)}


async def test_kin_are_followed_through_merges(city: City) -> None:
    await city.firms(1, 2, 3, 4, 5)
    await city.relate(tie(RENAMED, A, B), tie(RENAMED, C, D), tie(BRANCH, E, D))
    old, of_branch = await city.record(penalty(D), penalty(E, "另一号"))
    await merge(city, B, C)
    facts = await city.gather(A)
    assert (records_of(facts, D), records_of(facts, E)) == ([old], [of_branch])


async def test_a_branch_that_is_recorded_under_another_id_comes_with_its_records(city: City) -> None:
    await city.firms(1, 2, 3)
    await city.relate(tie(BRANCH, B, A))
    await merge(city, B, C)
    (record,) = await city.record(penalty(C))
    assert records_of(await city.gather(A), B) == [record]


async def test_a_relation_between_both_says_nothing(city: City) -> None:
    await city.firms(1, 2)
    await city.relate(tie(RENAMED, A, B))
    await merge(city, A, B)
    assert (await city.gather(A)).relations == ()


async def test_recorded_bids_name_the_party_that_is_kept(city: City) -> None:
    await city.firms(1, 2, 3, 4)
    opened = await city.open_project(project(C))
    await city.bid(opened, bid(B, D))
    await merge(city, A, B)
    facts = await city.gather(A, project_no=opened)
    assert [(b.members, b.lead) for b in facts.recorded_bids] == [((A, D), A)]


# ── then and now ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_before_a_merge_and_after_its_undoing_facts_are_what_they_were(city: City) -> None:
    await city.firms(1, 2)
    (one, two) = await city.record(penalty(A), ban(B))
    before = await city.known()
    made = await merge(city, A, B)
    between = await city.known()
    await undo(city, made)
    for known in (before, None):
        facts = await city.gather(A, B, known=known)
        assert facts.resolved == {A: A, B: B}
        assert (records_of(facts, A), records_of(facts, B)) == ([one], [two])
    facts = await city.gather(A, B, known=between)
    assert facts.resolved == {A: A, B: A}
    assert records_of(facts, A) == [one, two]


async def test_a_code_learnt_after_the_merge_is_the_partys(city: City) -> None:
    await city.register(firm(1, id=REG, name="资阳旧号商贸有限公司"), firm(2, id=org(2)))
    (old,) = await city.record(penalty(REG))
    await merge(city, org(2), REG)
    then = await city.known()
    await city.firms(2)
    now, again = await city.gather(B, REG), await city.gather(REG, org(2), known=then)
    assert (now.resolved, records_of(now, B)) == ({B: B, REG: B}, [old])
    assert (again.resolved, records_of(again, org(2))) == ({REG: org(2), org(2): org(2)}, [old])


async def test_a_number_of_fifteen_digits_and_a_later_code_become_one(city: City) -> None:
    await city.register(firm(1, id=REG), firm(1))
    (old,) = await city.record(ban(REG))
    assert records_of(await city.gather(A), A) == []
    await merge(city, A, REG)
    assert records_of(await city.gather(A), A) == [old]


async def test_a_credit_code_that_was_reassigned_keeps_its_records(city: City) -> None:
    await city.firms(1, 2)
    (old,) = await city.record(ban(A))
    await merge(city, B, A)
    facts = await city.gather(A)
    assert (facts.resolved, records_of(facts, B)) == ({A: B}, [old])


async def test_a_person_known_first_without_a_number_becomes_one_with_the_one_that_has_it(city: City) -> None:
    (bare,) = await city.register(person())
    (numbered,) = await city.register(person(identity_number=identity_number(1)))
    (entry,) = await city.record(listing(bare))
    clash = await city.registry.register(
        ADMIN, [PartyStatement(id=bare, kind=PartyKind.PERSON, identity_number=identity_number(1))]
    )
    assert isinstance(clash[0].error, IdentityConflict)
    await merge(city, numbered, bare)
    assert records_of(await city.gather(numbered), numbered) == [entry]


# ── who is named by the write ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def town(store: Store) -> Town:
    door = Watched(store.writes)
    return Town(City(store, Registry(door, Sha())), door)


async def test_a_merge_and_its_undoing_name_both_and_who_sees_them_from_now_on(town: Town) -> None:
    await town.city.firms(1, 2, 3, 4)
    await town.city.relate(tie(HOLDS, C, B), tie(BRANCH, A, D))
    made = await merge(town.city, A, B)
    assert await town.named(A, B, C, D)
    await undo(town.city, made)
    assert await town.named(A, B)
    await merge(town.city, B, A)
    assert await town.named(A, B)


@dataclass
class Merging(Story):
    """Random writes among which are merges and undoings."""

    merges: list[str] = field(default_factory=list[str])

    async def step(self) -> None:
        if self.chance.random() < 0.6:
            with suppress(CreditCodesDiffer):
                await super().step()
        elif self.merges and self.chance.random() < 0.4:
            await self.town.city.registry.undo_merge(ADMIN, self.chance.choice(self.merges), reason="误并")
        else:
            two = self.chance.sample(self.people if self.chance.random() < 0.3 else list(self.everybody[:-2]), 2)
            outcome = await self.town.city.registry.merge(ADMIN, same(*two))
            self.merges += [] if outcome.error else [outcome.id]


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


@pytest.mark.parametrize("seed", range(2))
async def test_facts_of_a_place_are_the_same_whatever_is_merged_and_undone_later(town: Town, seed: int) -> None:
    story = Merging(town, random.Random(seed))
    await story.begin()
    kept: list[tuple[str, Facts]] = []
    for _ in range(25):
        await story.step()
        asked = story.chance.choice(story.everybody)
        kept.append((asked, await town.city.gather(asked)))
    for asked, then in kept:
        again = await town.city.gather(asked, known=then.known)
        assert (again.resolved, again.same.items() >= then.same.items()) == (then.resolved, True)
        for party, dossier in then.dossiers.items():
            assert set(dossier.records) <= set(again.dossiers[party].records)
            assert again.dossiers[party].party == dossier.party
        assert set(then.relations) <= set(again.relations)


# ── what is shown ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_records_of_both_page_in_one_order(city: City) -> None:
    await city.firms(1, 2)
    ids = [(await city.record(penalty((A, B)[n % 2], f"第{n}号")))[0] for n in range(7)]
    made = await merge(city, A, B)
    for asked in (A, B):
        seen: list[str] = []
        before = None
        while page := await city.store.browser.records(asked, before=before, limit=3):
            assert len(page) <= 3
            seen += [record.id for record in page]
            before = page[-1].tick
        assert seen == ids[::-1]
    await undo(city, made)
    assert [r.id for r in await city.store.browser.records(B, before=None, limit=9)] == ids[1::2][::-1]


async def test_the_picture_shows_one_party_under_the_id_asked_for(city: City) -> None:
    await city.firms(1, 2, 3, 4)
    await city.relate(tie(HOLDS, C, A), tie(HOLDS, D, B))
    made = await merge(city, A, B)
    for asked in (A, B):
        parties, relations, truncated = await city.store.browser.neighbourhood(asked, depth=1, limit=9)
        assert ([parties[0].id, {p.id for p in parties}], truncated) == ([asked, {asked, C, D}], False)
        assert {(r.source, r.target) for r in relations} == {(C, asked), (D, asked)}
    parties, _, _ = await city.store.browser.neighbourhood(C, depth=2, limit=9)
    assert {p.id for p in parties} == {C, A, D}
    await undo(city, made)
    parties, _, _ = await city.store.browser.neighbourhood(A, depth=3, limit=9)
    assert {p.id for p in parties} == {A, C}


async def test_either_name_leads_to_the_kept_party_once(city: City) -> None:
    await city.register(firm(1, name="资阳云溪科技有限公司"), firm(2, name="资阳腾达商贸有限公司"))
    made = await merge(city, A, B)
    for name in ("资阳云溪科技有限公司", "资阳腾达商贸有限公司"):
        (found,) = await city.store.names.called(name)
        assert (found.id, found.former_names) == (A, ("资阳腾达商贸有限公司",))
    await undo(city, made)
    assert [p.id for p in await city.store.names.called("资阳腾达商贸有限公司")] == [B]


async def test_who_is_one_with_whom_is_told_the_kept_one_first(city: City) -> None:
    await city.firms(1, 2, 3)
    made = await merge(city, B, A)
    one = (await city.store.browser.alike([A, C]))[A]
    assert (one.own.id, one.kept.id, one.ids, one.others) == (A, B, (B, A), (B,))
    await undo(city, made)
    one = (await city.store.browser.alike([A]))[A]
    assert (one.kept.id, one.others) == (A, ())
