"""Data of the first schema are brought into the form of the second: the same answers, found past the hubs."""

import pytest

from credit.errors import CreditError, StoreUnavailable
from credit.graph import schema
from credit.graph.queries import moves
from credit.graph.store import Store
from credit.model.party import PartyId, RelationKind
from credit.model.statements import Outcome, RecordStatement
from tests.contract.makers import ADMIN, City, ban, code, penalty, person, tie

A, B, C, HEAD = (PartyId(code(n)) for n in range(1, 5))


async def back_to_the_first(store: Store) -> None:
    """Take away what the second schema added, as if all had been written under the first."""
    await store.bolt.put("MATCH (:Party)-[r:SHOWN_FIRM|SHOWN_BRANCH]->(:Party) DELETE r")
    await store.bolt.put("MATCH (p:Party) REMOVE p.records")
    await store.bolt.put("MATCH (r:Record) REMOVE r.nth, r.place")
    await store.bolt.put("MATCH (:Caller)-[r:LISTED_IN]->() DELETE r")
    await store.bolt.put("MATCH (s:Schema) SET s.version = 1")


async def test_facts_and_records_are_the_same_after_a_migration(city: City) -> None:
    await city.firms(1, 2, 3, 4)
    (leader,) = await city.register(person())
    await city.relate(tie(RelationKind.UNIT_LEADER, leader, A), tie(RelationKind.UNIT_LEADER, leader, B))
    await city.relate(tie(RelationKind.BRANCH_OF, C, HEAD))
    await city.record(ban(B), penalty(C), *(penalty(A, f"资财采罚〔2026〕{n}0号") for n in range(1, 8)))
    facts = [await city.gather(party) for party in (A, HEAD)]
    pages = await city.store.browser.records(A, before=None, limit=3)
    await back_to_the_first(city.store)
    await schema.migrate(city.store.bolt)
    assert [await city.gather(party) for party in (A, HEAD)] == facts
    assert await city.store.browser.records(A, before=None, limit=3) == pages
    assert set(facts[0].dossiers) >= {A, B}
    assert set(facts[1].dossiers) >= {HEAD, C}


async def test_records_go_on_being_numbered_after_a_migration(city: City) -> None:
    await city.firms(1)
    await city.record(*(penalty(A, f"资财采罚〔2026〕{n}0号") for n in range(1, 4)))
    await back_to_the_first(city.store)
    await schema.migrate(city.store.bolt)
    await city.record(penalty(A, "资财采罚〔2026〕99号"))
    found = await city.store.browser.records(A, before=None, limit=9)
    assert [r.content.doc_no for r in found] == [
        "资财采罚〔2026〕99号",
        *(f"资财采罚〔2026〕{n}0号" for n in (3, 2, 1)),
    ]


async def test_a_migration_may_run_twice(city: City) -> None:
    await city.firms(1, 2)
    await city.relate(tie(RelationKind.BRANCH_OF, A, B))
    await city.record(penalty(A))
    for _ in range(2):
        await city.store.bolt.put("MATCH (s:Schema) SET s.version = 1")
        await schema.migrate(city.store.bolt)
    (row,) = await city.store.bolt.fetch("MATCH (:Party)-[r:SHOWN_BRANCH]->(:Party) RETURN count(r)")
    assert row == [1]


async def test_while_data_are_moved_no_process_of_the_version_before_writes(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it wrote behind the moves would never be brought into the new form, and a ban might not be found."""
    await city.firms(1, 2)
    (leader,) = await city.register(person())
    await city.relate(tie(RelationKind.UNIT_LEADER, leader, A), tie(RelationKind.UNIT_LEADER, leader, B))
    await city.store.bolt.put("MATCH (s:Schema) SET s.version = 2, s.writers = 2")
    monkeypatch.setattr("credit.graph.schema.VERSION", 2)
    await city.record(penalty(A))
    refused: list[CreditError] = []

    async def stopped(*_: object) -> None:
        monkeypatch.setattr("credit.graph.schema.VERSION", 2)
        refused.extend([o.error for o in await tried(city, ban(B)) if o.error is not None])
        monkeypatch.setattr("credit.graph.schema.VERSION", 3)

    step = schema.Step(3, moved=(moves.SHOW_FIRMS,))
    monkeypatch.setattr("credit.graph.schema.VERSION", 3)
    monkeypatch.setattr("credit.graph.schema.STEPS", (step,))
    monkeypatch.setattr("credit.graph.schema._move", stopped)
    await schema.migrate(city.store.bolt)
    assert [type(error) for error in refused] == [StoreUnavailable]


async def tried(city: City, *said: RecordStatement) -> list[Outcome]:
    """Record, with what refused the whole write as the outcome."""
    try:
        return await city.registry.record(ADMIN, said)
    except CreditError as error:
        return [Outcome(error=error)]


async def test_a_migration_takes_away_what_processes_of_the_version_before_have_kept(city: City) -> None:
    await city.store.bolt.put("MATCH (h:Horizon) SET h.generation = 'old'")
    await city.store.bolt.put("MATCH (s:Schema) SET s.version = 1")
    await schema.migrate(city.store.bolt)
    assert await city.store.writes.current() == ""
    ((closed,),) = await city.store.bolt.fetch("MATCH (h:Horizon) RETURN h.closed")
    assert closed > 0
