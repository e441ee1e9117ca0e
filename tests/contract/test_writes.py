"""The one door for writing: one order, whole or not at all, seen when it is acknowledged."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from credit.cache.shared import NoRevisions
from credit.errors import StoreUnavailable, WriteContended
from credit.graph import schema
from credit.graph.bolt import Bolt
from credit.graph.conflicts import ConflictError, TakenError
from credit.graph.embedded import Endpoint
from credit.graph.gate import Gate
from credit.graph.queries import ledger
from credit.graph.store import Store, open_store
from credit.graph.writing import GraphWrites
from credit.model.party import Party, PartyId, PartyKind
from credit.ports import Doubt, HeldParty, WriteUnit
from tests.contract.makers import City, code, firm

A, B = PartyId(code(1)), PartyId(code(2))


def party(party_id: PartyId, name: str = "某公司") -> Party:
    return Party(party_id, PartyKind.ORGANISATION, name)


async def save(unit: WriteUnit, party_id: PartyId, name: str = "某公司") -> int:
    held = await unit.parties.find([party_id])
    key = held[party_id].key if held else f"key of {party_id}"
    await unit.parties.save([(HeldParty(key, party(party_id, name), 0), [party_id])])
    return unit.tick


async def test_every_write_has_a_later_place_than_the_one_before(store: Store) -> None:
    ticks = [await store.writes.write(lambda u, n=n: save(u, A, str(n))) for n in range(5)]
    assert ticks == sorted(set(ticks))


async def test_places_grow_also_when_the_clock_goes_back(endpoint: Endpoint, store: Store, tmp_path: Path) -> None:
    first = await store.writes.write(lambda u: save(u, A))
    async with Bolt(endpoint) as other:
        slow = GraphWrites(other, Gate(tmp_path / "write.lock"), NoRevisions(), lambda: 5)
        assert await slow.write(lambda u: save(u, A, "另一名称")) == first + 1


async def test_what_is_written_is_seen_once_it_is_acknowledged(store: Store) -> None:
    tick = await store.writes.write(lambda u: save(u, A))
    held = await store.browser.party(A)
    assert held is not None
    assert held.revision == tick
    facts = await store.facts.gather([A], project_no=None, known=None, cut_off=None)
    assert (facts.known, list(facts.dossiers)) == (tick, [A])


async def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    async def fails(unit: WriteUnit) -> None:
        await save(unit, A)
        unit.announce("party.stated", A, [A])
        raise KeyError(A)

    with pytest.raises(KeyError):
        await store.writes.write(fails)
    assert await store.browser.party(A) is None
    assert await store.bolt.fetch("MATCH (c:Change) RETURN c.number") == []


async def test_work_sees_what_it_has_written_itself(store: Store) -> None:
    async def twice(unit: WriteUnit) -> str:
        await save(unit, A, "甲")
        held = await unit.parties.find([A])
        return held[A].party.name

    assert await store.writes.write(twice) == "甲"


async def test_nobody_sees_a_write_before_its_end(store: Store) -> None:
    async def looks(unit: WriteUnit) -> object:
        await save(unit, A)
        return await store.browser.party(A)

    assert await store.writes.write(looks) is None


async def test_fifty_writers_at_once_lose_nothing_and_share_no_place(store: Store) -> None:
    async def one(number: int) -> int:
        return await store.writes.write(lambda u: save(u, PartyId(code(number))))

    ticks = await asyncio.gather(*(one(n) for n in range(50)))
    assert len(set(ticks)) == 50
    facts = await store.facts.gather([code(n) for n in range(50)], project_no=None, known=None, cut_off=None)
    assert len(facts.dossiers) == 50


async def test_writers_of_two_processes_take_turns(endpoint: Endpoint, store: Store, tmp_path: Path) -> None:
    async with Bolt(endpoint) as other:
        writers = [store.writes, GraphWrites(other, Gate(tmp_path / "write.lock"), NoRevisions())]
        work = [w.write(lambda u, n=n: save(u, A, str(n))) for n, w in enumerate(writers * 10)]
        ticks = await asyncio.gather(*work)
    ((states,),) = await store.bolt.fetch("MATCH (p:Party) RETURN p.states")
    assert len(set(ticks)) == len(states) == 20


async def test_without_a_file_lock_the_engine_keeps_writers_apart(endpoint: Endpoint, store: Store) -> None:
    async with Bolt(endpoint) as one, Bolt(endpoint) as other:
        writers = [GraphWrites(one, Gate(), NoRevisions()), GraphWrites(other, Gate(), NoRevisions())]
        ticks = await asyncio.gather(*(w.write(lambda u, n=n: save(u, A, str(n))) for n, w in enumerate(writers * 4)))
    ((states,),) = await store.bolt.fetch("MATCH (p:Party) RETURN p.states")
    assert len(set(ticks)) == len(states) == 8


async def test_work_runs_again_after_a_conflict(store: Store) -> None:
    runs: list[int] = []

    async def unlucky(unit: WriteUnit) -> int:
        runs.append(unit.tick)
        if len(runs) < 3:
            raise ConflictError
        return await save(unit, A)

    assert await store.writes.write(unlucky) == runs[2]
    assert await store.browser.party(A) is not None


async def test_a_conflict_that_does_not_end_is_given_up(store: Store) -> None:
    async def hopeless(unit: WriteUnit) -> None:
        raise ConflictError

    with pytest.raises(WriteContended):
        await store.writes.write(hopeless)


async def test_a_taken_identifier_is_a_conflict_that_is_tried_again(store: Store) -> None:
    await store.writes.write(lambda u: save(u, A))
    runs: list[int] = []

    async def blind(unit: WriteUnit) -> int:
        runs.append(unit.tick)
        if len(runs) == 1:
            await unit.parties.save([(HeldParty("another key", party(A), 0), [A])])
            return 0
        return await save(unit, A, "乙")

    assert await store.writes.write(blind) == runs[1]


async def test_each_write_leaves_one_change_with_its_lines_numbered_without_gaps(city: City) -> None:
    await city.register(firm(1), firm(2))
    await city.register(firm(1))
    await city.register(firm(3))
    changes = await city.store.bolt.fetch("MATCH (c:Change) RETURN c.number, c.lines ORDER BY c.number")
    assert [number for number, _ in changes] == [1, 2]
    assert changes[0][1].count("party.stated") == 2
    assert code(3) in changes[1][1]


async def test_a_write_that_died_before_it_showed_itself_is_shown_by_the_next(store: Store) -> None:
    first = await store.writes.write(lambda u: save(u, A))
    await store.bolt.put("MATCH (h:Horizon {id: 'horizon'}) SET h.tick = 0")
    assert (await store.facts.gather([A], project_no=None, known=None, cut_off=None)).dossiers == {}

    async def nothing(unit: WriteUnit) -> None:
        pass

    await store.writes.write(nothing)
    facts = await store.facts.gather([A], project_no=None, known=None, cut_off=None)
    assert (facts.known, list(facts.dossiers)) == (first, [A])


async def test_a_write_that_died_before_it_showed_itself_is_shown_at_the_next_start(
    endpoint: Endpoint, store: Store, tmp_path: Path
) -> None:
    first = await store.writes.write(lambda u: save(u, A))
    await store.bolt.put("MATCH (h:Horizon {id: 'horizon'}) SET h.tick = 0")
    async with open_store(endpoint, revisions=NoRevisions(), lock=tmp_path / "write.lock") as again:
        assert (await again.facts.gather([A], project_no=None, known=None, cut_off=None)).known == first


async def test_facts_hold_nothing_of_a_write_that_is_not_wholly_visible(store: Store) -> None:
    first = await store.writes.write(lambda u: save(u, A, "甲"))
    second = await store.writes.write(lambda u: save(u, A, "乙"))
    await store.bolt.put("MATCH (h:Horizon {id: 'horizon'}) SET h.tick = $tick", tick=first)
    facts = await store.facts.gather([A], project_no=None, known=None, cut_off=None)
    assert facts.dossiers[A].party.name == "甲"
    assert facts.dossiers[A].revision != second


async def test_the_horizon_never_goes_back(store: Store) -> None:
    await store.writes.write(lambda u: save(u, A))
    (before,) = await store.bolt.fetch("MATCH (h:Horizon) RETURN h.tick, h.syncs")
    await store.bolt.put(ledger.RAISE_HORIZON, tick=5, syncs=0)
    assert [before] == await store.bolt.fetch("MATCH (h:Horizon) RETURN h.tick, h.syncs")


@dataclass
class Noted(NoRevisions):
    """A table that takes every mark, and notes for which closings a write waited before it was acknowledged."""

    lapses: list[int] = field(default_factory=list[int])

    async def doubt(self, generation: str, parties: Collection[str], *, sources: bool) -> Doubt | None:
        del parties, sources
        return Doubt(generation, 1, ())

    async def lapse(self, closed: int) -> bool:
        self.lapses.append(closed)
        return closed > 0


@pytest.fixture
async def noted(endpoint: Endpoint, store: Store, tmp_path: Path) -> AsyncIterator[tuple[GraphWrites, Noted]]:
    """A door for writing over a graph of which a generation of kept facts was taken away, and a new one opened."""
    await store.bolt.put("MATCH (h:Horizon {id: 'horizon'}) SET h.closed = 7, h.generation = 'new'")
    async with Bolt(endpoint) as other:
        noted = Noted()
        yield GraphWrites(other, Gate(tmp_path / "write.lock"), noted), noted


async def test_a_write_that_is_marked_in_a_new_generation_waits_until_the_one_before_is_forgotten(
    noted: tuple[GraphWrites, Noted],
) -> None:
    writes, revisions = noted
    await writes.write(lambda u: save(u, A))
    assert revisions.lapses == [7]


async def test_a_write_told_again_that_finds_all_written_waits_for_what_its_first_run_took_away(
    noted: tuple[GraphWrites, Noted],
) -> None:
    writes, revisions = noted

    async def nothing(unit: WriteUnit) -> None:
        pass

    await writes.write(nothing)
    assert revisions.lapses == [7]


async def test_a_closing_that_was_waited_for_once_is_not_waited_for_again(noted: tuple[GraphWrites, Noted]) -> None:
    writes, revisions = noted
    await writes.write(lambda u: save(u, A))
    await writes.write(lambda u: save(u, B))
    assert revisions.lapses == [7, 0]


async def test_a_write_that_cannot_be_marked_takes_the_generation_away_and_waits(
    endpoint: Endpoint, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.bolt.put("MATCH (h:Horizon {id: 'horizon'}) SET h.generation = 'new'")
    monkeypatch.setattr("credit.cache.shared.LAPSE", 0.2)
    loop = asyncio.get_running_loop()
    async with Bolt(endpoint) as other:
        writes = GraphWrites(other, Gate(tmp_path / "write.lock"), NoRevisions())
        before = loop.time()
        await writes.write(lambda u: save(u, A))
        assert loop.time() - before >= 0.2
        assert await writes.current() == ""


async def test_a_process_of_another_version_of_the_schema_writes_nothing(store: Store) -> None:
    for version in (schema.VERSION - 1, schema.VERSION + 1):
        await store.bolt.put("MATCH (s:Schema) SET s.writers = $version", version=version)
        try:
            with pytest.raises(StoreUnavailable, match=str(version)):
                await store.writes.write(lambda u: save(u, A))
        finally:
            await store.bolt.put("MATCH (s:Schema) SET s.writers = $version", version=schema.VERSION)
    assert await store.browser.party(A) is None


async def test_a_uniqueness_error_that_comes_again_and_again_is_a_fault_and_not_contention(store: Store) -> None:
    await store.writes.write(lambda u: save(u, A))
    runs: list[int] = []

    async def blind(unit: WriteUnit) -> None:
        runs.append(unit.tick)
        await unit.parties.save([(HeldParty("another key", party(A), 0), [A])])

    with pytest.raises(TakenError):
        await store.writes.write(blind)
    assert len(runs) == 3


async def test_a_cancelled_write_leaves_nothing_and_lets_the_next_in(store: Store) -> None:
    inside = asyncio.Event()

    async def hangs(unit: WriteUnit) -> None:
        await save(unit, A)
        inside.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(store.writes.write(hangs))
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.writes.write(lambda u: save(u, B))
    assert await store.browser.party(A) is None
    assert await store.browser.party(B) is not None
