"""An import: look at every file, then parse and load batch by batch, and say how fresh the list is.

Headers and first rows of all files are looked at before anything is written: a file whose shape is not the source's
stops the run. Row bounds are judged at the end: what a short file holds is true all the same, but its list may not be
called complete. Nor may a list of which a row was rejected: whom the row names would pass for clean (DOMAIN R7). Only
rows that the source never tells in full (``expected_rejects`` of its TOML) leave no gap. A whole list is compared with
what is held: entries that it no longer tells are taken off (``importers.gone``), unless they are too many to be
believed, or a newer file told the list before. How old the list is by the sync is how old its files are, not when they
were run over. Rows carry their natural keys, so that a second run, or one after a kill, finds what is there unchanged.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

from credit.errors import CreditError, LayoutDrift
from credit.model.caller import Caller
from credit.model.project import SyncOutcome
from credit.model.record import Source
from credit.model.statements import LoadRow, Outcome, SyncStatement, Written
from importers.gone import Absences, Missed, Told, compare, take_off
from importers.pace import seldom_collected
from importers.rejects import REVIEW_SUFFIX, SUFFIX, RejectsFile
from importers.report import Progress, Report
from importers.rows import rows_of
from importers.snapshot import Snapshot, files_of, take_snapshot
from importers.source import Importer, Rejected, Row, SourceSpec, Taken
from importers.sources import importer_of


class Registry(Protocol):
    """What an import asks of the registry."""

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> Sequence[Outcome]:
        """Write rows, each whole or not at all; one outcome a row, in order."""
        ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> object:
        """Record how a run over a list ended."""
        ...


async def run(  # noqa: PLR0913 - where to write, as whom, and what to do besides
    source: str,
    path: Path,
    *,
    registry: Registry,
    caller: Caller,
    rejects_dir: Path,
    progress: Progress | None = None,
    absences: Absences | None = None,
    shrunk: bool = False,
) -> Report:
    """Import a file, or all files of a folder.

    Rows that cannot be taken go to files in ``rejects_dir``. With ``absences``, entries of a list that a whole run no
    longer tells are taken off; ``shrunk`` believes that it lost more than lists do. Raises: Unknown for the source,
    OSError for the path, and what the registry raises when it cannot write; the list's sync has then failed.
    """
    importer = importer_of(source)
    with Told() as told, seldom_collected():
        job = _Job(importer, registry, caller, rejects_dir, progress or _silent, told)
        try:
            files = await asyncio.to_thread(_inspect, importer.spec, path)
        except LayoutDrift as drift:
            return Report(drift=drift, sync=await job.synchronise(SyncOutcome.FAILED))
        except Exception as error:
            if not isinstance(error, OSError):  # a path that cannot be read is a slip of the pen, no fault of the list
                await job.fail()
            raise
        try:
            job.seen_at = min(f.snapshot.seen_at for f in files)
            for file in files:
                await job.load(file, about=sum(f.snapshot.lines for f in files))
            whole = not job.broken and importer.spec.is_whole(job.held, job.gaps)
            if whole and absences is not None:
                whole = await job.compare(absences, [f.snapshot for f in files], shrunk=shrunk)
        except Exception:  # a fault of ours too: what was being read is no whole list
            await job.fail()
            raise
        return job.report(await job.synchronise(SyncOutcome.COMPLETE if whole else SyncOutcome.FAILED))


@dataclass(frozen=True, slots=True)
class _File:
    """A file whose shape was looked at; the rows of the first one stay open, since they are read next."""

    snapshot: Snapshot
    opened: Iterator[Row | Rejected] | None


def _inspect(spec: SourceSpec, path: Path) -> list[_File]:
    """Look at the shape of every file.

    Raises: LayoutDrift, also where there is no file.
    """
    snapshots = [
        take_snapshot(file, latin=spec.latin)
        for file in files_of(path)
        if not file.name.endswith((SUFFIX, REVIEW_SUFFIX))
    ]
    if not snapshots:
        raise LayoutDrift(f"{path.name} 中没有文件", f"there is no file in {path.name}")
    first, *others = snapshots
    opened = rows_of(first, spec)
    for snapshot in others:
        rows_of(snapshot, spec)
    return [_File(first, opened), *(_File(other, None) for other in others)]


@dataclass(slots=True)
class _Job:
    """A run on its way: where it writes, and what it has counted."""

    importer: Importer
    registry: Registry
    caller: Caller
    rejects_dir: Path
    progress: Progress
    told: Told
    taken: int = 0
    unchanged: int = 0
    rejected: int = 0
    repaired: int = 0
    review: int = 0
    gaps: int = 0
    broken: bool = False
    seen_at: datetime | None = None
    missed: Missed | None = None
    gone: int = 0
    newer: datetime | None = None
    rejects: list[Path] = field(default_factory=list)
    reviews: list[Path] = field(default_factory=list)

    @property
    def held(self) -> int:
        """Rows that the registry holds now; a file of which all were rejected tells nothing of a list."""
        return self.taken + self.unchanged

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The bounds of its list's rows, where so many rows as it holds are not within them."""
        spec = self.importer.spec
        return (spec.min_rows, spec.max_rows) if spec.list is not None and not spec.is_whole(self.held, 0) else None

    @property
    def read(self) -> int:
        return self.taken + self.unchanged + self.rejected

    def report(self, sync: SyncOutcome | None = None) -> Report:
        return Report(
            self.read,
            self.taken,
            self.unchanged,
            self.rejected,
            self.repaired,
            self.review,
            rejects=tuple(self.rejects),
            reviews=tuple(self.reviews),
            sync=sync,
            missed=self.missed,
            gone=self.gone,
            newer=self.newer,
            bounds=self.bounds,
            seen_at=self.seen_at,
        )

    async def compare(self, absences: Absences, snapshots: Sequence[Snapshot], *, shrunk: bool) -> bool:
        """Take off its list what the run no longer tells.

        False where the list was seen in a newer state before, and where so much is gone that this looks like a part of
        it. Of several files the oldest says what was told since, the newest on which day it was gone.
        """
        spec = self.importer.spec
        if spec.list is None:
            return True
        newest = await absences.newest_seen(spec.list)
        if newest is not None and self.seen_at is not None and newest > self.seen_at:
            self.newer = newest
            return False
        oldest, last = (pick(snapshots, key=lambda file: file.fetched) for pick in (min, max))
        self.missed = await compare(spec, absences, self.told, told_by=oldest.fetched)
        if not shrunk and not self.missed.is_believed(spec):
            return False
        self.gone = await take_off(absences, self.caller, self.told, seen_at=last.fetched, snapshot=last.digest)
        return True

    async def load(self, file: _File, *, about: int) -> None:
        """Load one file; while a batch is written the next one is parsed."""
        feed = _Feed(file, self.importer)
        folder, spec = self.rejects_dir, self.importer.spec
        with (
            RejectsFile(folder, file.snapshot, spec) as rejects,
            RejectsFile(folder, file.snapshot, spec, suffix=REVIEW_SUFFIX) as reviews,
        ):
            batch = await asyncio.to_thread(feed.take)
            while batch:
                ahead = asyncio.create_task(asyncio.to_thread(feed.take))
                try:
                    refused, doubtful = await self._write(batch)
                finally:
                    batch = await ahead
                rejects.write(refused)
                reviews.write(doubtful)
                self.progress(self.report(), about)
            self.broken = self.broken or feed.broken
            self.rejects += [rejects.path] * rejects.made
            self.reviews += [reviews.path] * reviews.made

    async def _write(self, batch: Sequence[Taken | Rejected]) -> tuple[list[Rejected], list[Rejected]]:
        """Write the rows of a batch that parsed; return in order those that did not go in, and the doubts of others."""
        refused = [row for row in batch if isinstance(row, Rejected)]
        doubtful: list[Rejected] = []
        taken = [row for row in batch if isinstance(row, Taken)]
        outcomes: Sequence[Outcome] = ()
        if taken:
            outcomes = await self.registry.load(self.caller, [row.load for row in taken])
            self._note(outcomes)
        for row, outcome in zip(taken, outcomes, strict=True):
            if outcome.error is not None:
                refused.append(Rejected(row.load.row, row.raw, outcome.error.zh, outcome.error.en))
            else:
                self._count(row, outcome)
                doubtful += row.doubts
        self.rejected += len(refused)
        self.gaps += sum(map(self.importer.spec.is_gap, refused))
        self.review += len({doubt.row for doubt in doubtful})
        return sorted(refused, key=lambda reject: reject.row), doubtful

    def _note(self, outcomes: Sequence[Outcome]) -> None:
        if self.importer.spec.list is not None:
            self.told.add(record for outcome in outcomes for record in outcome.records)

    def _count(self, row: Taken, outcome: Outcome) -> None:
        self.repaired += row.repaired
        if outcome.written is Written.UNCHANGED:
            self.unchanged += 1
        else:
            self.taken += 1

    async def fail(self) -> None:
        """Record that the run over the source's list failed; where that is not taken, the list goes stale by itself."""
        with suppress(CreditError):
            await self.synchronise(SyncOutcome.FAILED)

    async def synchronise(self, outcome: SyncOutcome) -> SyncOutcome | None:
        """Record how the run over the source's list ended; None where the source is no list."""
        spec = self.importer.spec
        if spec.list is None:
            return None
        statement = SyncStatement(
            finished_at=datetime.now(UTC),
            outcome=outcome,
            records=self.held,
            silent=spec.silent,
            seen_at=self.seen_at,
        )
        await self.registry.synchronise(self.caller, spec.list, statement)
        return outcome


class _Feed:
    """The rows of a file, a batch at a time; where the file breaks off, a last reject says so."""

    def __init__(self, file: _File, importer: Importer) -> None:
        spec, snapshot = importer.spec, file.snapshot
        url = snapshot.url or spec.url
        source = Source(spec.title, url, snapshot.fetched_at, kind="feed", snapshot=snapshot.digest, list=spec.list)
        self._rows: Iterator[Taken | Rejected] = importer.parse(file.opened or rows_of(snapshot, spec), source)
        self._size = spec.batch
        self._last = 0
        self.broken = False

    def take(self) -> list[Taken | Rejected]:
        """Parse the next batch; empty at the end."""
        batch: list[Taken | Rejected] = []
        try:
            for row in islice(self._rows, self._size):
                batch.append(row)
                self._last = row.load.row if isinstance(row, Taken) else row.row
        except LayoutDrift as error:
            self.broken = True
            batch.append(Rejected(self._last + 1, {}, error.zh, error.en))
        return batch


def _silent(report: Report, about: int) -> None:
    """Show nothing."""
