"""Facts: all that bears on the parties asked about, as of one place in the order of writes, and no more."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final, LiteralString

import pytest

from credit.cache.shared import NoRevisions
from credit.errors import NumberAmbiguous
from credit.graph.mapping import RowUnreadable
from credit.graph.store import Store
from credit.model.facts import Facts
from credit.model.party import PartyId, PartyKind, RelationKind
from credit.model.project import SyncOutcome
from credit.model.record import EventKind
from credit.model.statements import PartyStatement
from tests.contract.makers import (
    ADMIN,
    MARKET,
    City,
    ban,
    bid,
    code,
    event,
    firm,
    listing,
    org,
    penalty,
    person,
    project,
    sync,
    tie,
)

A, B, C, D, E, F, G = (PartyId(code(n)) for n in range(1, 8))
EIGHT = datetime(2026, 6, 10, 0, 0, tzinfo=UTC)
LEADS, HOLDS, CONTROLS = RelationKind.UNIT_LEADER, RelationKind.SHAREHOLDER, RelationKind.CONTROLS
BRANCH, SUCCEEDS, RENAMED = RelationKind.BRANCH_OF, RelationKind.SUCCESSOR_OF, RelationKind.RENAMED_FROM


def records_of(facts: Facts, party: str) -> list[str]:
    return [r.id for r in facts.dossiers[PartyId(party)].records]


def ties_in(facts: Facts) -> set[tuple[str, str, str]]:
    return {(r.kind.value, r.source, r.target) for r in facts.relations}


# ── whom the question is about ─────────────────────────────────────────────────────────────────────────────────────


async def test_every_id_is_resolved_to_the_party_that_it_names(city: City) -> None:
    await city.firms(1)
    facts = await city.gather(A, org(1), B, "nonsense")
    assert facts.resolved == {A: A, org(1): A}
    assert set(facts.dossiers) == {A}


async def test_nothing_asked_is_nothing_found(city: City) -> None:
    assert (await city.gather()).dossiers == {}


async def test_a_dossier_holds_the_party_its_revision_and_its_records_oldest_first(city: City) -> None:
    await city.firms(1)
    ids = await city.record(penalty(A), listing(A))
    dossier = (await city.gather(A)).dossiers[A]
    held = await city.store.browser.party(A)
    assert held is not None
    assert (dossier.party, dossier.revision) == (held.party, held.revision)
    assert [r.id for r in dossier.records] == ids


async def test_records_come_with_their_events(city: City) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    await city.follow_up(record_id, event(EventKind.SUSPENDED))
    (record,) = (await city.gather(A)).dossiers[A].records
    assert [e.kind for e in record.events] == [EventKind.SUSPENDED]


async def test_many_ids_are_answered_at_once(city: City) -> None:
    await city.firms(*range(200))
    assert len((await city.gather(*(code(n) for n in range(1000)))).dossiers) == 200


# ── kin ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_former_and_later_registrations_come_with_their_records(city: City) -> None:
    await city.firms(1, 2, 3)
    await city.relate(tie(RENAMED, A, B), tie(RENAMED, C, A))
    old, new = await city.record(penalty(B), penalty(C))
    facts = await city.gather(A)
    assert (records_of(facts, B), records_of(facts, C)) == ([old], [new])
    assert ties_in(facts) == {("renamed_from", A, B), ("renamed_from", C, A)}


async def test_a_predecessor_comes_but_not_a_successor(city: City) -> None:
    await city.firms(1, 2, 3)
    await city.relate(tie(SUCCEEDS, A, B), tie(SUCCEEDS, C, A))
    facts = await city.gather(A)
    assert set(facts.dossiers) == {A, B}


async def test_a_branch_sees_its_head_office_and_the_sisters_that_have_records(city: City) -> None:
    await city.firms(1, 2, 3, 4)
    await city.relate(tie(BRANCH, A, D), tie(BRANCH, B, D), tie(BRANCH, C, D))
    (of_head, of_sister) = await city.record(penalty(D), penalty(B))
    facts = await city.gather(A)
    assert (records_of(facts, D), records_of(facts, B)) == ([of_head], [of_sister])
    assert C not in facts.dossiers


async def test_a_head_office_sees_its_branches_that_have_records(city: City) -> None:
    await city.firms(1, 2, 3)
    await city.relate(tie(BRANCH, B, A), tie(BRANCH, C, A))
    await city.record(penalty(B))
    assert set((await city.gather(A)).dossiers) == {A, B}


async def test_kin_are_followed_four_steps(city: City) -> None:
    await city.firms(*range(1, 8))
    await city.relate(*(tie(RENAMED, code(n), code(n + 1)) for n in range(1, 7)))
    assert set((await city.gather(A)).dossiers) == {A, B, C, D, E}


# ── leaders and owners ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_leaders_owners_controllers_and_managers_come_with_their_relations(city: City) -> None:
    await city.firms(1, 2, 3, 4)
    (leader,) = await city.register(person())
    await city.relate(
        tie(LEADS, leader, A),
        tie(HOLDS, B, A, share=Decimal("0.4")),
        tie(CONTROLS, C, A),
        tie(RelationKind.MANAGES, D, A),
    )
    facts = await city.gather(A)
    assert set(facts.dossiers) == {A, B, C, D, leader}
    assert {r.share for r in facts.relations if r.kind is HOLDS} == {Decimal("0.4")}
    assert len(facts.relations) == 4


async def test_of_owners_and_leaders_only_bans_and_entries_come(city: City) -> None:
    await city.firms(1, 2)
    (leader,) = await city.register(person())
    await city.relate(tie(HOLDS, B, A), tie(LEADS, leader, A))
    _, barred, of_leader = await city.record(penalty(B), ban(B), listing(leader))
    facts = await city.gather(A)
    assert (records_of(facts, B), records_of(facts, leader)) == ([barred], [of_leader])


async def test_other_banned_firms_of_a_leader_come(city: City) -> None:
    await city.firms(1, 2, 3)
    (leader,) = await city.register(person())
    await city.relate(tie(LEADS, leader, A), tie(LEADS, leader, B), tie(LEADS, leader, C))
    (barred, _) = await city.record(ban(B), penalty(C))
    facts = await city.gather(A)
    assert records_of(facts, B) == [barred]
    assert C not in facts.dossiers
    assert ("unit_leader", leader, B) in ties_in(facts)


@pytest.mark.parametrize(("name", "comes"), [("L01", True), ("L11", True), ("L03", False)])
async def test_a_firm_listed_among_the_banned_counts_as_banned(city: City, name: str, comes: bool) -> None:
    await city.firms(1, 2, 3)
    await city.relate(tie(HOLDS, C, A), tie(HOLDS, C, B))
    await city.record(listing(B, name))
    assert (B in (await city.gather(A)).dossiers) is comes


async def test_a_firm_whose_penalty_is_amended_to_a_ban_counts_as_banned(city: City) -> None:
    await city.firms(1, 2, 3)
    await city.relate(tie(HOLDS, C, A), tie(HOLDS, C, B))
    (record_id,) = await city.record(penalty(B))
    assert B not in (await city.gather(A)).dossiers
    await city.follow_up(record_id, event(EventKind.AMENDED, changes={"ban": {"scope": "procurement", "months": 6}}))
    assert records_of(await city.gather(A), B) == [record_id]


async def test_a_banned_firm_that_the_party_itself_holds_comes(city: City) -> None:
    await city.firms(1, 2, 3)
    await city.relate(tie(HOLDS, A, B), tie(HOLDS, A, C))
    await city.record(ban(B))
    assert set((await city.gather(A)).dossiers) == {A, B}


async def test_owners_of_owners_come_five_steps_up_without_their_records(city: City) -> None:
    await city.firms(*range(1, 8))
    await city.relate(*(tie(HOLDS, code(n + 1), code(n), share=Decimal("0.6")) for n in range(1, 7)))
    await city.record(ban(C))
    facts = await city.gather(A)
    assert set(facts.dossiers) == {A, B, C, D, E, F}
    assert len(facts.relations) == 5
    assert records_of(facts, C) == []


async def test_owners_in_a_ring_end(city: City) -> None:
    await city.firms(1, 2)
    await city.relate(tie(HOLDS, A, B), tie(HOLDS, B, A))
    assert len((await city.gather(A)).relations) == 2


async def test_the_owner_of_a_head_office_comes(city: City) -> None:
    await city.firms(1, 2, 3)
    await city.relate(tie(BRANCH, A, B), tie(HOLDS, C, B))
    assert ("shareholder", C, B) in ties_in(await city.gather(A))


async def test_relations_name_parties_by_their_ids_of_now(city: City) -> None:
    await city.register(firm(1, id=org(1)), firm(2))
    await city.relate(tie(HOLDS, B, org(1)))
    await city.firms(1)
    assert ties_in(await city.gather(A)) == {("shareholder", B, A)}


async def test_a_hub_does_not_blow_up_the_answer(city: City) -> None:
    await city.firms(*range(60))
    hub, held = code(0), [code(n) for n in range(1, 60)]
    await city.relate(*(tie(HOLDS, hub, h) for h in held), *(tie(BRANCH, h, hub) for h in held))
    await city.record(ban(held[7]))
    facts = await city.gather(held[0])
    assert set(facts.dossiers) == {held[0], hub, held[7]}


# ── what was known ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_facts_of_then_hold_nothing_learnt_later(city: City) -> None:
    await city.firms(1, 2)
    (record_id,) = await city.record(penalty(A))
    (relation_id,) = await city.relate(tie(HOLDS, B, A))
    await city.synchronise("L03", sync(EIGHT))
    then = await city.gather(A)
    await city.register(firm(1, name="资阳改名商贸有限公司"), firm(3))
    await city.follow_up(record_id, event())
    await city.record(penalty(A, "后来的号"))
    await city.registry.end_relation(ADMIN, relation_id, until=date(2026, 1, 1), reason=None)
    await city.relate(tie(CONTROLS, C, A))
    await city.synchronise("L03", sync(EIGHT + timedelta(hours=1), SyncOutcome.FAILED))
    again = await city.gather(A, known=then.known)
    assert (again.known, again.resolved, again.relations, again.syncs) == (
        then.known,
        then.resolved,
        then.relations,
        then.syncs,
    )
    assert {k: (d.party, d.records) for k, d in again.dossiers.items()} == {
        k: (d.party, d.records) for k, d in then.dossiers.items()
    }


async def test_an_id_learnt_later_named_nobody_then(city: City) -> None:
    await city.register(PartyStatement(id=org(1), kind=PartyKind.ORGANISATION, name="资阳旧码商贸有限公司"))
    await city.firms(2)
    (record_id,) = await city.record(penalty(org(1)))
    await city.relate(tie(HOLDS, org(1), B))
    then = await city.gather(A, org(1), B)
    await city.firms(1)
    now, again = await city.gather(A, org(1)), await city.gather(A, org(1), B, known=then.known)
    assert (now.resolved, records_of(now, A)) == ({A: A, org(1): A}, [record_id])
    assert (again.resolved, records_of(again, org(1))) == ({org(1): org(1), B: B}, [record_id])
    assert ties_in(again) == ties_in(then) == {("shareholder", org(1), B)}


async def test_a_party_is_not_registered_before_it_was(city: City) -> None:
    before = await city.known()
    await city.firms(1)
    facts = await city.gather(A, known=before)
    assert (facts.resolved, facts.dossiers) == ({}, {})


async def test_a_party_of_then_stands_under_its_id_of_then(city: City) -> None:
    await city.register(firm(1, id=org(1), name="旧名"))
    then = await city.known()
    await city.register(firm(1, name="新名"))
    facts = await city.gather(org(1), known=then)
    assert (facts.resolved, facts.dossiers[PartyId(org(1))].party.name) == ({org(1): org(1)}, "旧名")


async def test_a_correction_is_seen_from_its_own_place_on(city: City) -> None:
    await city.firms(1)
    places = [await city.known()]
    for name in ("乙", "丙"):
        await city.register(PartyStatement(id=A, name=name))
        places.append(await city.known())
    names = [(await city.gather(A, known=k)).dossiers[A].party.name for k in places]
    assert names == ["资阳1号商贸有限公司", "乙", "丙"]


async def test_a_place_still_to_come_is_now(city: City) -> None:
    await city.firms(1)
    assert (await city.gather(A, known=2**62)).known == await city.known()


# ── sources ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_of_each_list_only_the_last_sync_at_or_before_the_cut_off_comes(city: City) -> None:
    hours = [EIGHT + timedelta(hours=h) for h in range(4)]
    ids = await city.synchronise("L03", *(sync(h) for h in hours))
    (other,) = await city.synchronise("L01", sync(hours[0]))
    at_third = await city.gather(cut_off=hours[2])
    assert {s.id for s in at_third.syncs} == {ids[2], other}
    assert {s.id for s in (await city.gather()).syncs} == {ids[3], other}


async def test_a_list_whose_every_sync_is_later_than_the_cut_off_has_none(city: City) -> None:
    await city.synchronise("L03", sync(EIGHT))
    assert (await city.gather(cut_off=EIGHT - timedelta(seconds=1))).syncs == ()


async def test_a_sync_that_arrives_late_counts_by_when_it_finished(city: City) -> None:
    late, early = await city.synchronise("L03", sync(EIGHT + timedelta(hours=2)), sync(EIGHT))
    assert [s.id for s in (await city.gather()).syncs] == [late]
    assert [s.id for s in (await city.gather(cut_off=EIGHT)).syncs] == [early]


async def test_a_sync_learnt_after_the_place_asked_about_does_not_count(city: City) -> None:
    (first,) = await city.synchronise("L03", sync(EIGHT))
    known = await city.known()
    await city.synchronise("L03", sync(EIGHT + timedelta(hours=1)))
    assert [s.id for s in (await city.gather(known=known)).syncs] == [first]


async def test_a_reader_sees_the_syncs_that_another_process_wrote(city: City, store: Store) -> None:
    await city.gather()
    writer = City.over(Store.over(store.bolt, None, NoRevisions()))
    (written,) = await writer.synchronise("L03", sync(EIGHT))
    assert [s.id for s in (await city.gather()).syncs] == [written]


async def test_a_reader_forgets_the_syncs_of_a_graph_that_was_replaced(city: City) -> None:
    await city.synchronise("L03", sync(EIGHT))
    assert len((await city.gather()).syncs) == 1
    await city.store.bolt.put("MATCH (s:Sync) DELETE s")
    await city.store.bolt.put("MATCH (h:Horizon) SET h.epoch = 'another', h.syncs = 0")
    assert (await city.gather()).syncs == ()


# ── projects ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_project_comes_with_its_bids_and_their_members(city: City) -> None:
    await city.firms(1, 2, 3, 7)
    (leader,) = await city.register(person())
    await city.relate(tie(LEADS, leader, B))
    project_id = await city.open_project(project(G))
    bid_id = await city.bid(project_id, bid(B, C))
    facts = await city.gather(A, project_no="N5120012026000001")
    assert facts.project is not None
    assert (facts.project.id, [b.id for b in facts.recorded_bids]) == (project_id, [bid_id])
    assert set(facts.dossiers) == {A, B, C, leader}
    assert facts.resolved == {A: A}


async def test_a_project_is_also_named_by_its_id(city: City) -> None:
    await city.firms(7)
    project_id = await city.open_project(project(G))
    facts = await city.gather(project_no=project_id)
    assert facts.project is not None


async def test_an_unknown_project_is_none(city: City) -> None:
    assert (await city.gather(project_no="none")).project is None


async def test_a_bid_learnt_after_the_place_asked_about_does_not_count(city: City) -> None:
    await city.firms(1, 7)
    project_id = await city.open_project(project(G))
    known = await city.known()
    await city.bid(project_id, bid(A))
    facts = await city.gather(project_no=project_id, known=known)
    assert (facts.project is not None, facts.recorded_bids) == (True, ())


async def test_a_number_of_two_projects_is_ambiguous(city: City) -> None:
    await city.firms(7)
    await city.open_project(project(G))
    ((body, tick),) = await city.store.bolt.fetch("MATCH (r:Project) RETURN r.body, r.tick")
    await city.store.bolt.put(
        "MATCH (p:Party) CREATE (:Project {id: 'prj_2', natural: 'other', number: 'N5120012026000001', "
        "tick: $tick, revision: $tick, body: $body})-[:BOUGHT_BY]->(p)",
        tick=tick,
        body=body,
    )
    with pytest.raises(NumberAmbiguous):
        await city.gather(project_no="N5120012026000001")


# ── what cannot be read ────────────────────────────────────────────────────────────────────────────────────────────

SPOILT: Final[dict[str, LiteralString]] = {
    "state": "MATCH (p:Party) SET p.states = ['{}']",
    "state of another form": """MATCH (p:Party) SET p.states = ['{"tick":1,"party":{"name":"x"}}']""",
    "body": "MATCH (r:Record) SET r.body = 'x'",
    "body of another form": """MATCH (r:Record) SET r.body = '{"penalty":{},"source":{"name":"x"},"by":"x"}'""",
    "event": "MATCH (r:Record) SET r.events = ['{}']",
    "share": "MATCH ()-[r:SHAREHOLDER]->() SET r.share = 'half'",
    "since": "MATCH ()-[r:SHAREHOLDER]->() SET r.since = '2020'",
    "end": "MATCH ()-[r:SHAREHOLDER]->() SET r.ends = ['[]']",
}


@pytest.mark.parametrize("what", list(SPOILT))
async def test_a_row_that_cannot_be_read_is_never_taken_for_another(city: City, what: str) -> None:
    await city.firms(1, 2)
    await city.record(penalty(A, authority=MARKET))
    await city.relate(tie(HOLDS, B, A, share=Decimal("0.5"), since=date(2020, 1, 1)))
    await city.store.bolt.put(SPOILT[what])
    with pytest.raises(RowUnreadable):
        await city.gather(A)
