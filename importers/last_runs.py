"""How the last run over each source ended, one small file a source below ``DATA/imports``.

The registry knows of a list when it was synchronised, but neither what was rejected then, nor anything of sources that
are no list. What stands here is of this machine's runs alone; nothing but `credit sources` and the schedule read it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from pydantic import TypeAdapter, ValidationError

from credit.errors import CreditError
from credit.model.project import SyncOutcome
from importers.own_files import write_whole
from importers.run import Report

FOLDER: Final = "imports"


class Ended(StrEnum):
    """How a run ended: all went in; some rows did not, want a person, or make no whole list; it could not be done."""

    WHOLE = "whole"
    PARTLY = "partly"
    FAILED = "failed"

    @classmethod
    def of(cls, report: Report) -> "Ended":
        """Tell how a run ended; rows that went in are no whole list by that."""
        worst = max(report.exit_code, int(report.sync is SyncOutcome.FAILED))
        return list(cls)[worst]

    @property
    def exit_code(self) -> int:
        """Return 0, 1 or 2."""
        return list(Ended).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Rows that a run counted: ``read`` is ``taken + unchanged + rejected``; ``review`` are of those that went in."""

    read: int
    taken: int
    unchanged: int
    rejected: int
    review: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The last run over a source: ``at`` its end, ``place`` the file, folder or URL (without what opens it).

    ``counts`` is None where it ended before its rows were told; ``why_zh`` and ``why_en`` say why it failed, or why its
    list is not whole where its rows are not to blame. ``sync``: what was recorded of its list, None of what is no list;
    ``seen_at``: as of when what was run told its source.
    """

    source: str
    at: datetime
    place: str
    ended: Ended
    counts: Counts | None = None
    why_zh: str = ""
    why_en: str = ""
    sync: SyncOutcome | None = None
    seen_at: datetime | None = None

    @property
    def as_of(self) -> datetime:
        """The instant from which its age counts: a file does not grow younger by being run over late."""
        return self.at if self.seen_at is None else min(self.at, self.seen_at)

    @classmethod
    def of(cls, source: str, place: str, report: Report, *, at: datetime) -> Self:
        """Keep what a run reported."""
        ended = Ended.of(report)
        if report.drift is not None:
            return cls(source=source, at=at, place=place, ended=ended, why_zh=report.drift.zh, why_en=report.drift.en)
        counts = Counts(
            read=report.read,
            taken=report.taken,
            unchanged=report.unchanged,
            rejected=report.rejected,
            review=report.review,
        )
        zh, en = report.why_not_now or ("", "")
        return cls(
            source=source,
            at=at,
            place=place,
            ended=ended,
            counts=counts,
            why_zh=zh,
            why_en=en,
            sync=report.sync,
            seen_at=report.seen_at,
        )

    @classmethod
    def failed(cls, source: str, place: str, error: Exception, *, at: datetime) -> Self:
        """Keep that a run could not be done; of errors that are not ours only the kind is told."""
        told = (error.zh, error.en) if isinstance(error, CreditError) else (type(error).__name__,) * 2
        return cls(source=source, at=at, place=place, ended=Ended.FAILED, why_zh=told[0], why_en=told[1])


_FORM: Final = TypeAdapter(LastRun)


def keep(data: Path, last: LastRun) -> None:
    """Write how a run ended, in the place of the one before.

    Raises: OSError.
    """
    write_whole(_file(data, last.source), _FORM.dump_json(last, indent=2))


def last_run(data: Path, source: str) -> LastRun | None:
    """Read how the last run over a source ended; None where there was none, or the file cannot be read."""
    try:
        return _FORM.validate_json(_file(data, source).read_bytes())
    except (OSError, ValidationError):
        return None


def _file(data: Path, source: str) -> Path:
    return data / FOLDER / f"{source}.json"
