"""What a list of debarments tells otherwise than before: a ban that was extended or cut short, grounds that changed.

An entry keeps its number and its first day; with another content under them it is the same decision as it stands now,
and the record is amended as of the day of the file. What somebody amended by hand stays: only what the list itself told
before is compared with what it tells now. For a person is a file older than what is held, and a row that contradicts
another of its file: where that one's content was first told by this file, or both come in one batch of rows. Where a
border between batches lies between a row that repeats what an older file told and one that says otherwise, the latter
counts as a change.
"""

from dataclasses import replace
from datetime import datetime

from credit.errors import Conflict
from credit.model.naturalkey import normal
from credit.model.plain import to_plain
from credit.model.record import FEED, RETOLD, Event, EventKind, Listing, Penalty, Record, file_of, found_in
from credit.model.statements import EventStatement, RecordStatement
from credit.model.when import When, legal_day
from credit.registry.records import as_compared
from credit.rules.standing import amend


def is_retold(known: Record, said: RecordStatement) -> bool:
    """Whether a list of debarments tells again, perhaps otherwise, what it told itself."""
    return (
        said.source.list is not None
        and isinstance(said.content, Penalty)
        and known.source.kind == FEED
        and normal(known.source.name) == normal(said.source.name)
    )


def amendment(known: Record, said: RecordStatement) -> EventStatement | None:
    """Return the event by which a record becomes what its list tells now; None where it is that already.

    Raises: Conflict of what one file tells twice, of an older file, and of one that does not say how old it is.
    """
    own = sorted((e for e in known.events if _is_own(e)), key=lambda e: (e.on.start, e.tick))
    told = known.content
    for event in own:
        told = amend(told, event.changes)
    if as_compared(told) == as_compared(said.content):
        return None
    seen = said.source.fetched
    if seen is None or _is_told_by(known, own, said) or _is_older(known, own, seen):
        raise Conflict(
            "同一条目已按其他内容登记，而且不是由更早的名单登记",
            "another content is recorded of this entry, and not by an older file of its list",
            record=known.id,
        )
    return EventStatement(
        kind=EventKind.AMENDED,
        on=When(legal_day(seen)),
        doc_no=found_in(said.source.snapshot or "", seen, len(own) + 1),  # told once more that day, it is a new one
        reason=RETOLD,
        changes=_changes(told, said.content),
    )


def _is_own(event: Event) -> bool:
    return event.kind is EventKind.AMENDED and event.reason == RETOLD


def _is_told_by(known: Record, own: list[Event], said: RecordStatement) -> bool:
    """Whether it was the same file that told what is held."""
    teller = file_of(own[-1])[0] if own else known.source.snapshot
    return bool(teller) and teller == said.source.snapshot


def _is_older(known: Record, own: list[Event], seen: datetime) -> bool:
    first = known.source.fetched
    if not own or (first is not None and seen < first):
        return first is not None and seen < first
    told = file_of(own[-1])[1]
    return seen < told if told is not None else legal_day(seen) < own[-1].on.day


def _changes(told: Penalty | Listing, now: Penalty | Listing) -> dict[str, object]:
    before = to_plain(told)
    return {key: value for key, value in to_plain(replace(now, doc_no=told.doc_no)).items() if value != before[key]}
