"""The writing use-cases: register, relate, record, follow up, synchronise, load.

Every write is one transaction with one place in the order of writes, and idempotent by its natural key: the same
statement again answers the same id and changes nothing, another content under the same key is a ``Conflict``.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from credit.errors import Refusal
from credit.model.caller import Caller
from credit.model.merge import MergeStatement
from credit.model.statements import (
    BidStatement,
    EventStatement,
    LoadRow,
    Outcome,
    PartyStatement,
    ProjectStatement,
    RecordStatement,
    RelationStatement,
    SyncStatement,
    Written,
)
from credit.ports import Hasher, Writes, WriteUnit
from credit.registry import load, merges, parties, projects, records, relations
from credit.registry.complaints import Ledger
from credit.registry.parties import PartyPlan
from credit.registry.wording import Words

__all__ = ["Registry"]


class Registry:
    """The one way in which facts enter the graph."""

    def __init__(self, writes: Writes, hasher: Hasher, ledger: Ledger | None = None) -> None:
        """Take the door for writing, what hashes personal data, and what follows from complaints that rows tell of."""
        self._writes = writes
        self._hasher = hasher
        self._ledger = ledger

    async def register(self, caller: Caller, statements: Sequence[PartyStatement]) -> list[Outcome]:
        """Register or correct parties, each for itself. Raises: StoreUnavailable, WriteContended (so for all below)."""
        del caller  # any key that may record may register; the API asks for the scope
        told = parties.lasting(statements)
        ids = parties.ids_of(told, self._hasher)

        async def work(unit: WriteUnit) -> list[Outcome]:
            plan = await PartyPlan.open(unit.parties, self._hasher, ids)
            await plan.look_through(unit.merges, told)
            outcomes = [_tried(lambda s=s: plan.state(s)) for s in told]
            await plan.save(unit.parties)
            for outcome in outcomes:
                if outcome.written is not Written.UNCHANGED:
                    unit.announce("party.stated", outcome.id, (plan.named(outcome.id).party.id,))
            return outcomes

        return await self._writes.write(work)

    async def relate(self, caller: Caller, statements: Sequence[RelationStatement]) -> list[Outcome]:
        """Record relations, each for itself."""
        rows = [LoadRow(row=n, relations=(s,)) for n, s in enumerate(statements)]
        return await self._load(caller, rows, retold=False)

    async def end_relation(self, caller: Caller, relation_id: str, *, until: date, reason: str | None) -> Outcome:
        """End a relation, or correct its end; ``until`` is exclusive."""
        del caller
        return await self._alone(lambda unit: relations.end_relation(unit, relation_id, until=until, reason=reason))

    async def merge(self, caller: Caller, statement: MergeStatement) -> Outcome:
        """Record that two entries are one party."""
        return await self._alone(lambda unit: merges.merge(unit, caller, statement, self._ledger))

    async def undo_merge(self, caller: Caller, merge_id: str, *, reason: str) -> Outcome:
        """Undo a merge."""
        return await self._alone(lambda unit: merges.undo(unit, caller, (merge_id, reason), self._ledger))

    async def part(self, caller: Caller, statement: MergeStatement) -> Outcome:
        """Record that two suspected twins are not one party."""
        return await self._alone(lambda unit: merges.part(unit, caller, statement))

    async def record(self, caller: Caller, statements: Sequence[RecordStatement]) -> list[Outcome]:
        """Record penalties and entries on lists, each for itself."""

        async def work(unit: WriteUnit) -> list[Outcome]:
            plan = await self._plan(unit, [s.party for s in statements])
            return await records.record_all(unit, caller, (plan, self._ledger), statements)

        return await self._writes.write(work)

    async def follow_up(self, caller: Caller, record: str, statement: EventStatement) -> Outcome:
        """Append an event to a record, named by its id or an unambiguous number."""
        return await self._alone(lambda unit: records.follow_up(unit, caller, (record, statement), self._ledger))

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement) -> Outcome:
        """Record that a run over a source ended."""
        return await self._alone(lambda unit: projects.synchronise(unit, caller, list_id, statement))

    async def open_project(self, caller: Caller, statement: ProjectStatement) -> Outcome:
        """Record a project."""
        del caller

        async def work(unit: WriteUnit) -> Outcome:
            plan = await self._plan(unit, [statement.purchaser, *filter(None, [statement.agency])])
            return await projects.open_project(unit, plan, statement)

        return await self._alone(work)

    async def bid(self, caller: Caller, project: str, statement: BidStatement) -> Outcome:
        """Record a bid in a project, named by its id or number."""
        del caller

        async def work(unit: WriteUnit) -> Outcome:
            plan = await self._plan(unit, [*statement.members, statement.lead])
            return await projects.record_bid(unit, plan, self._hasher, project, statement)

        return await self._alone(work)

    async def load(self, caller: Caller, rows: Sequence[LoadRow]) -> list[Outcome]:
        """Write a batch of import rows in one transaction, each whole or not at all."""
        told = [replace(row, parties=parties.lasting(row.parties)) for row in rows]
        return await self._load(caller, told, retold=True)

    async def _load(self, caller: Caller, rows: Sequence[LoadRow], *, retold: bool) -> list[Outcome]:
        words = Words(self._hasher, caller)
        ready, doing = [load.Ready.of(row, words) for row in rows], (self._hasher, self._ledger)
        return await self._writes.write(lambda unit: load.load(unit, caller, doing, ready, retold=retold))

    async def _plan(self, unit: WriteUnit, ids: Iterable[str]) -> PartyPlan:
        return await PartyPlan.open(unit.parties, self._hasher, ids)

    async def _alone(self, work: Callable[[WriteUnit], Awaitable[Outcome]]) -> Outcome:
        """Do one write; what is wrong with it is its outcome, as for the rows of a batch."""

        async def tried(unit: WriteUnit) -> Outcome:
            try:
                return await work(unit)
            except Refusal as error:
                return Outcome(error=error)

        return await self._writes.write(tried)


def _tried(work: Callable[[], Outcome]) -> Outcome:
    try:
        return work()
    except Refusal as error:
        return Outcome(error=error)
