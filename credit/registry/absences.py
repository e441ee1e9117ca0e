"""Entries that a list told whole no longer holds: taken off it, and put back when it tells them again.

Only what this very source told is compared with it: an entry that an authority recorded, or that another source told
first, stays until somebody records that it ended. An entry of a natural person that the published list masks was never
told, and is not missed either. Of a list of debarments an entry is the sanction itself: one that is gone is lifted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credit.model.caller import Caller
from credit.model.record import BACK, FEED, GONE, Event, EventKind, Listing, Record, RecordId, Source, file_of, found_in
from credit.model.statements import EventStatement, Written
from credit.model.when import When, legal_day
from credit.ports import FeedBrowser, Writes, WriteUnit
from credit.registry.aftermath import EventPlan

_OFF: Final = frozenset({EventKind.REMOVED, EventKind.LIFTED, EventKind.ANNULLED, EventKind.ENTERED_IN_ERROR})


@dataclass(frozen=True, slots=True)
class Absences:
    """What the registry holds of a list that a run over its source did not tell."""

    _writes: Writes
    _feeds: FeedBrowser

    async def entries(self, list_id: str, source: str, *, after: int, limit: int) -> Sequence[tuple[int, RecordId]]:
        """Read numbers and ids of the entries of a list that the source of a name told, past a number, oldest first.

        Raises: StoreUnavailable.
        """
        return await self._feeds.entries(list_id, source, after=after, limit=limit)

    async def newest_seen(self, list_id: str) -> datetime | None:
        """Tell as of when the newest run that told anything of a list saw it, whole or not; None where there was none.

        What that run told again keeps the source that told it first: an older file must take nothing off.
        Raises: StoreUnavailable.
        """
        return await self._feeds.newest_seen(list_id)

    async def standing(self, ids: Sequence[RecordId], *, told_by: datetime) -> Sequence[RecordId]:
        """Of these entries, name those that nothing took off the list, and that no file newer than ``told_by`` told.

        Raises: StoreUnavailable.
        """
        return [r.id for r in await self._feeds.records(ids) if _stands(r) and not _is_newer(r, told_by)]

    async def take_off(self, caller: Caller, ids: Sequence[RecordId], *, seen_at: datetime, snapshot: str) -> int:
        """Record that these entries were gone from the list as it was at an instant; tell of how many.

        ``snapshot``: the digest of the file without them. What an authority recorded meanwhile stands. The day is that
        of Shanghai: whoever asks about this very day is told to look (the contract's "a relief on the cut-off's own
        day").

        Raises: StoreUnavailable, WriteContended.
        """
        on = When(legal_day(seen_at))

        async def work(unit: WriteUnit) -> int:
            records = [r for r in await unit.records.by_ids(ids) if _stands(r)]
            plan = EventPlan(unit, caller)
            taken = [o.written for r in records for o in plan.take(r, [_gone(r, on, _number(r, snapshot, seen_at))])]
            await plan.save()
            plan.announce()
            return taken.count(Written.CREATED)

        return await self._writes.write(work)


def put_back(record: Record, told: Source) -> tuple[EventStatement, ...]:
    """Return the event by which an entry that an import found gone is on its list again; none where it is not gone.

    What an authority or a row itself took off stays off, and so does what a file older than the list without it tells.
    """
    gone, fetched = _taken_off(record), told.fetched
    if gone is None or gone.reason != GONE or told.kind != FEED or fetched is None:
        return ()
    again, (_, without) = legal_day(fetched), file_of(gone)
    if again < gone.on.day or (without is not None and fetched < without):
        return ()
    number = _number(record, told.snapshot or "", fetched)
    return (EventStatement(kind=EventKind.RESUMED, on=When(again), doc_no=number, reason=BACK),)


def _gone(record: Record, on: When, number: str) -> EventStatement:
    """Return the event by which an entry is off its list."""
    kind = EventKind.REMOVED if isinstance(record.content, Listing) else EventKind.LIFTED
    return EventStatement(kind=kind, on=on, doc_no=number, reason=GONE)


def _number(record: Record, snapshot: str, at: datetime) -> str:
    """Number an event by its file and its place among those before it: found once more that day, it is a new one."""
    return found_in(snapshot, at, sum(e.reason in {GONE, BACK} for e in record.events) + 1)


def _stands(record: Record) -> bool:
    """Whether an entry stands; a decision that a feed told is in the series of a list only where it is a debarment."""
    return record.source.kind == FEED and _taken_off(record) is None


def _taken_off(record: Record) -> Event | None:
    """Return the last event that took the record off, an authority's first; none where an import found it back since.

    An authority's ``resumed`` ends a stay: it says nothing of what stands on the list.
    """
    ended = [e for e in record.events if e.kind in _OFF]
    if not ended:
        return None
    last = max(ended, key=lambda e: (e.reason != GONE, e.on.start, e.tick))
    told = (e for e in record.events if e.kind is EventKind.RESUMED and e.reason == BACK)
    back = any((e.on.start, e.tick) >= (last.on.start, last.tick) for e in told)
    return None if back and last.reason == GONE else last


def _is_newer(record: Record, than: datetime) -> bool:
    """Whether a newer file told an entry, at first or again; of the latter only the day is known."""
    first = record.source.fetched
    again = any(e.reason == BACK and e.on.day > legal_day(than) for e in record.events)
    return again or (first is not None and first > than)
