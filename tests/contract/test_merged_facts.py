"""Facts and pages look through merges, nothing moves, and what was known before is answered as it was."""

import random
from decimal import Decimal
from typing import Final

import pytest

from credit.errors import IdentityConflict
from credit.model.facts import Facts
from credit.model.party import PartyId, PartyKind
from credit.model.statements import PartyStatement
from tests.contract.makers import (
    ADMIN,
    City,
    ban,
    bid,
    firm,
    identity_number,
    listing,
    org,
    penalty,
    person,
    project,
    tie,
)
from tests.contract.merging import BRANCH, HOLDS, LEADS, RENAMED, A, B, C, D, E, Merging, merge, undo
from tests.contract.test_touches import Town, town

__all__ = ["town"]
REG: Final = "reg:440301103097413"


def records_of(facts: Facts, party: str) -> list[str]:
    return [r.id for r in facts.dossiers[PartyId(party)].records]


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


# ── then and now ──────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────────


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
