"""Writes the sample to the registry. Doing it again changes nothing; what a kill left undone is made good."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from credit.errors import Conflict
from credit.model.caller import Caller, Scope
from credit.model.statements import Outcome, RecordStatement, Written
from credit.sample.city import SOURCE, City
from credit.sample.stories import Held, Tender
from credit.wiring import Registry, Services

CALLER: Final = Caller("sample", "示例数据 · sample data", frozenset({Scope.RECORD, Scope.ADMIN}))

Told = Callable[[int], None]
"""Hears how many statements were written."""


@dataclass(slots=True)
class Tally:
    """How many statements were new, were held already, and were left because somebody has changed them since."""

    created: int = 0
    unchanged: int = 0
    changed_since: int = 0

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Add outcomes.

        Raises:
            CreditError: one was refused for another reason than that it is held otherwise.
        """
        for outcome in outcomes:
            if isinstance(outcome.error, Conflict):
                self.changed_since += 1
            elif outcome.error is not None:
                raise outcome.error
            elif outcome.written is Written.UNCHANGED:
                self.unchanged += 1
            else:
                self.created += 1


def size(city: City) -> int:
    """Count the statements of a sample."""
    events = sum(len(held.events) for held in city.records)
    bids = sum(len(tender.bids) for tender in city.tenders)
    parts = (city.firms, city.persons, city.relations, city.records, city.syncs, city.tenders)
    return sum(map(len, parts)) + events + bids


async def is_loaded(services: Services, city: City) -> bool:
    """Tell whether the last of the sample's statements is held, and so all of them.

    Raises:
        StoreUnavailable: the store cannot tell.
    """
    last = city.tenders[-1]
    held = await services.browser.project(last.project.project_no)
    return bool(held) and len(await services.browser.bids(held[0].id)) >= len(last.bids)


async def load(services: Services, city: City, *, told: Told = lambda _: None) -> Tally:
    """Write all statements of a sample; those that are held already stay unchanged.

    Raises:
        CreditError: the registry refused one, or the store did not take it.
    """
    tally = Tally()
    writing = _Writing(services.registry, tally, told)
    ids = await writing.parties(city)
    await writing.relations(city, ids)
    for held, record in zip(city.records, await writing.records(city, ids), strict=True):
        await writing.events(held, record)
    for name, sync in city.syncs:
        writing.done([await services.registry.synchronise(CALLER, name, sync)])
    for tender in city.tenders:
        await writing.tender(tender)
    return tally


@dataclass(frozen=True, slots=True)
class _Writing:
    """One run of writing, with what came of it so far."""

    registry: Registry
    tally: Tally
    told: Told

    def done(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """Count outcomes and tell how many they were."""
        self.tally.count(outcomes)
        self.told(len(outcomes))
        return outcomes

    async def parties(self, city: City) -> Mapping[str, str]:
        """Register all parties; return the ids that the registry gave to persons, by the sample's names for them."""
        self.done(await self.registry.register(CALLER, city.firms))
        outcomes = self.done(await self.registry.register(CALLER, [statement for _, statement in city.persons]))
        return {name: outcome.id for (name, _), outcome in zip(city.persons, outcomes, strict=True)}

    async def relations(self, city: City, ids: Mapping[str, str]) -> None:
        """Relate firms and persons."""
        statements = [
            replace(tie, source=ids.get(tie.source, tie.source), target=ids.get(tie.target, tie.target))
            for tie in city.relations
        ]
        self.done(await self.registry.relate(CALLER, statements))

    async def records(self, city: City, ids: Mapping[str, str]) -> Sequence[str]:
        """Record penalties and entries; return their ids in order."""
        statements = [
            RecordStatement(party=ids.get(held.party, held.party), content=held.content, source=SOURCE)
            for held in city.records
        ]
        return [outcome.id for outcome in self.done(await self.registry.record(CALLER, statements))]

    async def events(self, held: Held, record: str) -> None:
        """Say what happened to a record; one that is held otherwise has no id here, and its events stay as they are."""
        for event in held.events if record else ():
            self.done([await self.registry.follow_up(CALLER, record, event)])

    async def tender(self, tender: Tender) -> None:
        """Open a project and take its bids in."""
        outcome = self.done([await self.registry.open_project(CALLER, tender.project)])[0]
        for bid in tender.bids:
            self.done([await self.registry.bid(CALLER, outcome.id or tender.project.project_no, bid)])
