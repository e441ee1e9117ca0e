"""Fills a store with the country, through the registry as importers do, and tells how fast that went."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from statistics import median
from typing import Final

from bench import country
from credit.model.caller import Caller, Scope
from credit.model.project import SyncOutcome
from credit.model.statements import LoadRow, SyncStatement
from credit.wiring import Registry, Services

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


async def fill(services: Services, parties: int, day: date) -> list[Loaded]:
    """Write the country and a sync of every list.

    Raises:
        CreditError: a row was refused, or the store did not take it.
    """
    firms, leaders = _Loading("organisations (plain rows)", TARGET), _Loading("leaders: persons")
    led, ties = _Loading("leaders: 2 relations a row"), _Loading("owners, head offices: 1 relation")
    records = _Loading("penalties, listings (plain rows)", TARGET)
    for batch in _batches(country.organisations(parties)):
        await firms.write(services.registry, batch)
    for batch in _batches(country.leaders(parties)):
        ids = await leaders.write(services.registry, batch)
        rows = [country.led(row.row, leader) for row, leader in zip(batch, ids, strict=True)]
        await led.write(services.registry, rows)
    for batch in _batches(country.ties(parties)):
        await ties.write(services.registry, batch)
    for batch in _batches(country.records(parties, day)):
        await records.write(services.registry, batch)
    now = datetime.now(UTC)
    for number in range(1, LISTS + 1):
        synced = SyncStatement(finished_at=now, outcome=SyncOutcome.COMPLETE, records=0)
        await services.registry.synchronise(CALLER, f"L{number:02d}", synced)
    return [one.loaded() for one in (firms, leaders, led, ties, records)]


def _batches(rows: Iterator[LoadRow]) -> Iterator[list[LoadRow]]:
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
        began, used = time.perf_counter(), time.process_time()
        outcomes = await registry.load(CALLER, batch)
        took = time.perf_counter() - began
        self.cpu += time.process_time() - used
        for outcome in outcomes:
            if outcome.error is not None:
                raise outcome.error
        self.rows, self.seconds = self.rows + len(batch), self.seconds + took
        self.rates.append(len(batch) / took)
        return [outcome.id for outcome in outcomes]

    def loaded(self) -> Loaded:
        """Sum it up."""
        return Loaded(self.name, self.rows, self.seconds, self.cpu, self.rates, self.target)
