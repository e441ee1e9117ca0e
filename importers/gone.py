"""Entries of a list that a run over its whole source did not tell: counted first, then taken off.

What a run told is kept on disk while it runs, so that a list of millions takes no more memory than a short one.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Final, Protocol, Self

from credit.model.caller import Caller
from credit.model.record import RecordId
from importers.source import SourceSpec

_PAGE: Final = 5000
_AT_ONCE: Final = 500


class Absences(Protocol):
    """What a comparison asks of the registry (`credit.registry.absences.Absences`)."""

    async def entries(self, list_id: str, source: str, /, *, after: int, limit: int) -> Sequence[tuple[int, RecordId]]:
        """Numbers and ids of the entries of a list that a source told, past a number, oldest first."""
        ...

    async def newest_seen(self, list_id: str, /) -> datetime | None:
        """As of when the newest run that told anything of a list saw it; None without one."""
        ...

    async def standing(self, ids: Sequence[RecordId], /, *, told_by: datetime) -> Sequence[RecordId]:
        """Of these entries, those that stand and that no newer file told."""
        ...

    async def take_off(self, caller: Caller, ids: Sequence[RecordId], /, *, seen_at: datetime, snapshot: str) -> int:
        """Record that these entries were gone from the list as a file has it; tell of how many."""
        ...


@dataclass(frozen=True, slots=True)
class Missed:
    """Of the entries that the source told before and that stand (``held``), how many this run did not tell."""

    held: int
    missed: int

    def is_believed(self, spec: SourceSpec) -> bool:
        """Whether a list loses so many between two runs; more look like a file that is cut off."""
        return self.missed <= max(spec.may_lose_rows, spec.may_lose * self.held)


class Told:
    """The entries that a run told, on disk; for a block."""

    def __init__(self) -> None:
        # "" is a database in a file of its own, which ends with the connection.
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("CREATE TABLE told (id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._base.execute("CREATE TABLE missed (id TEXT NOT NULL)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def add(self, records: Iterable[RecordId]) -> None:
        """Keep that these were told."""
        self._base.executemany("INSERT OR IGNORE INTO told VALUES (?)", sorted((ident,) for ident in records))

    def absent(self, ids: Sequence[RecordId]) -> list[RecordId]:
        """Of these ids, those that were not told."""
        return [ident for ident in ids if not self._is_told(ident)]

    def miss(self, ids: Sequence[RecordId]) -> None:
        """Keep that these are missed."""
        self._base.executemany("INSERT INTO missed VALUES (?)", ((ident,) for ident in ids))

    def missed(self, after: int) -> Sequence[tuple[int, RecordId]]:
        """Read some hundreds of those that are missed, past a number, with their numbers."""
        found = self._base.execute("SELECT rowid, id FROM missed WHERE rowid > ? LIMIT ?", (after, _AT_ONCE))
        return [(row, RecordId(ident)) for row, ident in found.fetchall()]

    def _is_told(self, ident: str) -> bool:
        return self._base.execute("SELECT 1 FROM told WHERE id = ?", (ident,)).fetchone() is not None


async def compare(spec: SourceSpec, absences: Absences, told: Told, *, told_by: datetime) -> Missed:
    """Find the entries of the spec's list that stand and were not told; they are kept in ``told``.

    What a file newer than ``told_by`` told first is not among them.

    Raises: StoreUnavailable.
    """
    after = held = missed = 0
    while page := await absences.entries(spec.list or "", spec.title, after=after, limit=_PAGE):
        after = page[-1][0]
        absent = told.absent([ident for _, ident in page])
        for start in range(0, len(absent), _AT_ONCE):
            standing = await absences.standing(absent[start : start + _AT_ONCE], told_by=told_by)
            told.miss(standing)
            missed += len(standing)
        held += len(page) - len(absent)
    return Missed(held + missed, missed)


async def take_off(absences: Absences, caller: Caller, told: Told, *, seen_at: datetime, snapshot: str) -> int:
    """Take off the list what is missed, as of a file of an instant (its digest); tell how many entries that were.

    Raises: StoreUnavailable, WriteContended.
    """
    after = gone = 0
    while batch := told.missed(after):
        after = batch[-1][0]
        gone += await absences.take_off(caller, [ident for _, ident in batch], seen_at=seen_at, snapshot=snapshot)
    return gone
