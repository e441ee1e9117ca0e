"""A source that is imported, how its last run here ended, and how its list stands where the catalogue knows of none."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from credit.model.project import SyncOutcome
from credit.model.verdict import Freshness
from importers.last_runs import Ended, LastRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source, the list that it synchronises if any, and how its last run here ended if any did."""

    source: str
    title: str
    title_en: str
    publisher: str
    publisher_en: str
    list: str | None
    last: LastRun | None

    def age(self, at: datetime) -> timedelta | None:
        """Tell how long ago what was run told its list; None where nothing was run."""
        return at - self.last.as_of if self.last is not None else None

    def status(self, at: datetime, allowed: timedelta) -> Freshness:
        """Tell how its list stands by the last run here, as lists of the catalogue do by their last sync."""
        if self.last is None:
            return Freshness.NEVER
        whole = self.last.sync is SyncOutcome.COMPLETE or (self.last.sync is None and self.last.ended is Ended.WHOLE)
        if not whole:
            return Freshness.FAILED
        return Freshness.STALE if at - self.last.as_of > allowed else Freshness.FRESH

    @property
    def aside(self) -> int:
        """Rows that its whole list is without, since it never tells them in full: of whom they name it says nothing."""
        last = self.last
        return last.counts.rejected if last and last.counts and last.sync is SyncOutcome.COMPLETE else 0
