"""What befell the records of a batch of import rows: planned row by row, written with the rest.

Lists tell of events by a column (移出日期); an amendment or a mistake is entered by a person, never by a row. What a
list of debarments tells otherwise than before is found out by comparing (`credit.registry.retold`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from credit.errors import FieldInvalid
from credit.model.caller import Caller
from credit.model.record import Event, EventKind, Record, RecordId
from credit.model.statements import EventStatement, Outcome, Written
from credit.ports import WriteUnit
from credit.registry.records import changes_of, new_event, told_event

_ENTERED_BY_HAND = frozenset({EventKind.AMENDED, EventKind.ENTERED_IN_ERROR})


@dataclass(slots=True)
class EventPlan:
    """The events that rows add: to records held, and to those that the same rows bring."""

    unit: WriteUnit
    caller: Caller
    new: list[tuple[Record, Event]] = field(default_factory=list[tuple[Record, Event]])
    by_record: dict[RecordId, tuple[Event, ...]] = field(default_factory=dict[RecordId, tuple[Event, ...]])

    def back_to(self, mark: int) -> None:
        """Take back what was planned since there were so many."""
        for record, event in self.new[mark:]:
            self.by_record[record.id] = tuple(e for e in self.by_record[record.id] if e is not event)
        del self.new[mark:]

    def take(self, record: Record, events: Sequence[EventStatement]) -> list[Outcome]:
        """Plan what a row says befell a record.

        Raises: Conflict, FieldInvalid.
        """
        if by_hand := [statement.kind for statement in events if statement.kind in _ENTERED_BY_HAND]:
            raise FieldInvalid(f"导入不能登记 {by_hand[0]}", f"an import enters no event {by_hand[0]}")
        return [self.add(record, statement) for statement in events]

    def seen(self, record: Record) -> Record:
        """Return a record with what is planned of it."""
        return replace(record, events=(*record.events, *self.by_record.get(record.id, ())))

    def add(self, record: Record, statement: EventStatement) -> Outcome:
        """Plan one event, of any kind.

        Raises: Conflict, FieldInvalid.
        """
        planned = self.by_record.get(record.id, ())
        changes = changes_of(record, statement)
        told = told_event(self.seen(record), statement, changes)
        if told is not None:
            return Outcome(told.id)
        event = new_event(self.caller, statement, changes, self.unit.next_tick())
        self.new.append((record, event))
        self.by_record[record.id] = (*planned, event)
        return Outcome(event.id, Written.CREATED)

    async def save(self) -> None:
        """Append the events; the records that they are on were saved before in this write."""
        amended = [(record.id, event) for record, event in self.new if event.kind is EventKind.AMENDED]
        rest = [(record.id, event) for record, event in self.new if event.kind is not EventKind.AMENDED]
        await self.unit.records.append_all(rest)
        for ident, event in amended:  # by it a record may become a ban, which what stands around its party must learn
            await self.unit.records.append(ident, event)

    def announce(self) -> None:
        """Put the events into the write's change event."""
        for record, event in self.new:
            self.unit.announce(f"record.{event.kind}", record.id, (record.party,))
