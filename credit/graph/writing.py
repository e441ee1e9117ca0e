"""The one door for writing: a transaction at its place in the order of writes."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from credit.errors import CreditError, StoreUnavailable
from credit.graph import mapping, schema
from credit.graph.bolt import Bolt, Transaction
from credit.graph.conflicts import insist
from credit.graph.evidence import GraphEvidenceWriter
from credit.graph.gate import Gate
from credit.graph.matters import GraphMatters
from credit.graph.merges import GraphMerges
from credit.graph.parties import GraphParties
from credit.graph.place import Place
from credit.graph.projects import GraphProjects
from credit.graph.queries import ledger
from credit.graph.records import GraphRecords
from credit.graph.unfinished import refusal
from credit.model.party import PartyId
from credit.ports import Doubt, Revisions, WriteUnit

T = TypeVar("T")


def _microseconds() -> int:
    return time.time_ns() // 1000


class GraphUnit:
    """`credit.ports.WriteUnit` over one transaction."""

    __slots__ = ("_lines", "_place", "_taken", "_tx", "evidence", "matters", "merges", "parties", "projects", "records")

    def __init__(self, tx: Transaction, place: Place) -> None:
        """Make the writers of one transaction."""
        self._tx = tx
        self._place = place
        self._taken = 0
        self._lines: list[dict[str, object]] = []
        self.parties = GraphParties(tx, place)
        self.records = GraphRecords(tx, place, self.parties)
        self.projects = GraphProjects(tx, place, self.parties)
        self.matters = GraphMatters.of(tx, place, self.parties)
        self.merges = GraphMerges(tx, place, self.parties)
        self.evidence = GraphEvidenceWriter(tx, place)

    @property
    def tick(self) -> int:
        """The write's place in the order of writes."""
        return self._place.tick

    def next_tick(self) -> int:
        """Take a place within this write: the first is ``tick``."""
        self._taken += 1
        self._place.last = max(self._place.last, self.tick + self._taken - 1)
        return self.tick + self._taken - 1

    def announce(self, kind: str, subject: str, parties: Sequence[PartyId]) -> None:
        """Add a line to the change event."""
        self._lines.append({"kind": kind, "subject": subject, "parties": list(parties)})

    async def close(self) -> None:
        """Write the change event and what the ledger says from now on."""
        place = self._place
        if self._lines:
            place.take_change()
        if not place.moved:
            return
        await self._tx.run(
            ledger.SET_LEDGER,
            tick=place.last,
            facts=place.seen,
            sources=place.sources,
            syncs=place.syncs,
            changes=place.changes,
            number=place.number,
            digest=place.digest,
            first=place.tick,
            lines=[mapping.json_text(self._lines)] if self._lines else [],
            links=place.links,
        )


@dataclass(frozen=True, slots=True)
class GraphWrites:
    """`credit.ports.Writes`: runs work again after a conflict, and once more when the server was gone and came back.

    A commit that was answered by silence may have happened: the work then runs again and must find what it left.
    """

    _bolt: Bolt
    _gate: Gate
    _revisions: Revisions
    _now: Callable[[], int] = _microseconds

    async def write(self, work: Callable[[WriteUnit], Awaitable[T]]) -> T:
        """Run ``work`` in one transaction; what it wrote is seen by every reader once this returns.

        Facts that anyone keeps of the parties that it touched are in doubt from before the commit, and known to be old
        when this returns.

        Raises: StoreUnavailable, StorageFull, WriteContended, and whatever ``work`` raises.
        """
        return await insist(lambda: self._bolt.outlive(lambda: self._once(work)))

    async def _once(self, work: Callable[[WriteUnit], Awaitable[T]]) -> T:
        async with self._bolt.needed(), self._gate.turn():
            async with self._bolt.transaction() as tx:
                place = await self._take_place(tx)
                unit = GraphUnit(tx, place)
                answer = await work(unit)
                await unit.close()
                doubt = await self._doubt(tx, place)
            if place.touched:
                await self._show(place.last, place.syncs)
            if doubt is not None:
                await self._revisions.release(doubt)
        # Also after a write that was marked, or wrote nothing: the table may be new, and an earlier run of this very
        # work may have taken the one before away.
        if await self._revisions.lapse(place.closed):
            await self._forget(place.closed)
        return answer

    async def _take_place(self, tx: Transaction) -> Place:
        """Take the next place in the order of writes, once all before it are seen."""
        (row,) = await tx.run(ledger.TAKE_LEDGER, now=self._now())
        *counters, writers = row
        if writers != schema.VERSION:
            raise _of_another_version(writers)
        place = Place.of(counters)
        if place.facts > place.horizon:  # the write before has committed, but not yet shown itself
            await self._show(place.facts, place.syncs)
        return place

    async def _doubt(self, tx: Transaction, place: Place) -> Doubt | None:
        """Put what the write touches in doubt; where that cannot be done, nothing kept may be believed any more."""
        if not place.stirs:
            return None
        doubt = await self._revisions.doubt(place.generation, place.touches, sources=place.sources is not None)
        if doubt is None and place.generation:
            place.closed = place.tick
            await tx.run(ledger.SET_GENERATION, generation="", closed=place.closed)
        return doubt

    async def _forget(self, closed: int) -> None:
        """Note that nobody believes the generation closed then any more, so that no other process waits for that."""
        with suppress(CreditError):  # the write is done, and others may well wait
            await self._bolt.put(ledger.FORGET_CLOSED, closed=closed)

    async def _show(self, tick: int, syncs: int) -> None:
        """Let readers see all up to a place; every write there is committed and wholly applied."""
        await self._bolt.put(ledger.RAISE_HORIZON, tick=tick, syncs=syncs)

    # ---------------------------------------------------------------- credit.ports.Generations

    async def current(self) -> str:
        """Return the generation of kept facts that counts."""
        ((generation,),) = await self._bolt.fetch_latest(ledger.MATCH_GENERATION)
        return generation

    async def change(self, before: str, after: str) -> bool:
        """Let another generation count from here on in the order of writes."""
        return await insist(lambda: self._bolt.outlive(lambda: self._change(before, after)))

    async def _change(self, before: str, after: str) -> bool:
        async with self._bolt.needed(), self._gate.turn(), self._bolt.transaction() as tx:
            place = await self._take_place(tx)
            if place.generation != before:
                return False
            await tx.run(ledger.SET_GENERATION, generation=after, closed=None if after else place.tick)
            return True


def _of_another_version(version: int) -> StoreUnavailable:
    if (why := refusal(version)) is not None:
        return why
    return StoreUnavailable(
        f"图数据库结构的版本为 {version}，本程序为 {schema.VERSION}，不能写入；请停止旧版本的全部进程，再启动新版本。",
        f"The graph's schema has version {version}, this program writes {schema.VERSION}: it must not write. "
        "Stop every process of the older version, then start the newer one",
    )
