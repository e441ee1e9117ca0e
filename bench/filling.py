"""Fills a store with the country, through the registry as importers do, and tells how fast that went."""

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from statistics import median
from typing import Final, TypeVar

from bench.country import Country, led_by
from credit.model.caller import Caller, Scope
from credit.model.project import SyncOutcome
from credit.model.statements import LoadRow, Outcome, ProjectStatement, SyncStatement
from credit.ports import Hasher, Writes, WriteUnit
from credit.registry import Registry
from credit.registry.parties import PartyPlan
from credit.registry.projects import open_project

T = TypeVar("T")
CALLER: Final = Caller("bench", "bench", frozenset({Scope.RECORD, Scope.ADMIN}))
BATCH: Final = 1000
"""Rows in one write, as importers have it."""
LISTS: Final = 28
TARGET: Final = 8_000.0
"""Plain records a second (DESIGN.md)."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows of one sort: how many, the seconds that writing took in all, rows a second of each batch.

    ``cpu`` is the seconds of processor time that our own process used, the store's not among them.
    """

    name: str
    rows: int
    seconds: float
    cpu: float
    rates: Sequence[float]
    target: float | None = None

    @property
    def rate(self) -> float:
        """Rows a second, the median of the batches."""
        return median(self.rates)


async def fill(writes: Writes, hasher: Hasher, country: Country) -> list[Loaded]:
    """Write the country; see `freshen`.

    Raises:
        CreditError: a row was refused, or the store did not take it.
    """
    registry = Registry(writes, hasher)
    firms, leaders = _Loading("organisations (plain rows)", TARGET), _Loading("leaders: persons")
    led, ties = _Loading("leaders: 2 relations a row"), _Loading("owners, head offices: 1 relation")
    records, opened = _Loading("penalties, listings (plain rows)", TARGET), _Loading("projects")
    for batch in _batches(country.organisations()):
        await firms.write(registry, batch)
    for batch in _batches(country.leaders()):
        ids = await leaders.write(registry, batch)
        rows = [led_by(row.row, leader) for row, leader in zip(batch, ids, strict=True)]
        await led.write(registry, rows)
    for batch in _batches(country.ties()):
        await ties.write(registry, batch)
    for batch in _batches(country.records()):
        await records.write(registry, batch)
    for projects in _batches(country.projects()):
        await opened.timed(len(projects), partial(_open, writes, hasher, projects))
    return [one.loaded() for one in (firms, leaders, led, ties, records, opened)]


async def freshen(writes: Writes, hasher: Hasher) -> None:
    """Write a sync of every list: then readers see all that an import by files brought, too."""
    registry, now = Registry(writes, hasher), datetime.now(UTC)
    for number in range(1, LISTS + 1):
        synced = SyncStatement(finished_at=now, outcome=SyncOutcome.COMPLETE, records=0)
        await registry.synchronise(CALLER, f"L{number:02d}", synced)


async def _open(writes: Writes, hasher: Hasher, statements: Sequence[ProjectStatement]) -> list[Outcome]:
    """Open projects in one write; the registry itself opens them one by one."""
    ids = {party for s in statements for party in (s.purchaser, s.agency) if party}

    async def work(unit: WriteUnit) -> list[Outcome]:
        plan = await PartyPlan.open(unit.parties, hasher, ids)
        return [await open_project(unit, plan, statement) for statement in statements]

    return await writes.write(work)


def _batches(rows: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


@dataclass(slots=True)
class _Loading:
    """The loading of one sort of rows, under way."""

    name: str
    target: float | None = None
    rows: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    rates: list[float] = field(default_factory=list[float])

    async def write(self, registry: Registry, batch: Sequence[LoadRow]) -> list[str]:
        """Write a batch and time it; return the id of each row's last part.

        Raises:
            CreditError: a row was refused, or the store did not take it.
        """
        return await self.timed(len(batch), partial(registry.load, CALLER, batch))

    async def timed(self, rows: int, work: Callable[[], Awaitable[Sequence[Outcome]]]) -> list[str]:
        """Time what writes so many rows; return their ids.

        Raises:
            CreditError: a row was refused, or the store did not take it.
        """
        began, used = time.perf_counter(), time.process_time()
        outcomes = await work()
        took = time.perf_counter() - began
        self.cpu += time.process_time() - used
        for outcome in outcomes:
            if outcome.error is not None:
                raise outcome.error
        self.rows, self.seconds = self.rows + rows, self.seconds + took
        self.rates.append(rows / took)
        return [outcome.id for outcome in outcomes]

    def loaded(self) -> Loaded:
        """Sum it up."""
        return Loaded(self.name, self.rows, self.seconds, self.cpu, self.rates, self.target)
