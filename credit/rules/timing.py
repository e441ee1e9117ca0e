"""Where a dated fact stands against the cut-off.

A day without an hour covers the whole of it: a burden counts from its start, a relief on the cut-off's own day cannot
be placed. Where the document is silent on the cut-off, facts after the deadline's hour, or dated its day without one,
are doubtful too (DOMAIN §9 Q21; the contract's "Records" and "Checks").
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from credit.model.question import Activity
from credit.model.when import When, day_end, legal_day


class Timing(StrEnum):
    """``IN`` before the cut-off, ``SAME_DAY`` and ``SILENT`` cannot be placed, ``AFTER`` it."""

    IN = "in"
    SAME_DAY = "same_day"
    SILENT = "silent"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class CutOff:
    """The instant whose facts count (``at``), its legal day, and the deadline's instant."""

    at: datetime
    day: date
    deadline: datetime
    silent: bool

    @classmethod
    def of(cls, activity: Activity) -> "CutOff":
        """Take it from an activity; the end of the deadline's day where the document is silent."""
        at = activity.cut_off_at
        return cls(at, legal_day(at), activity.deadline, activity.cut_off is None)

    @property
    def deadline_day(self) -> date:
        """The deadline's legal day."""
        return legal_day(self.deadline)

    def burden(self, when: When) -> Timing:
        """Place a fact that weighs on the party."""
        if when.start > self.at:
            return Timing.AFTER
        if self.silent and (when.start > self.deadline or (when.at is None and when.day == self.deadline_day)):
            return Timing.SILENT
        return Timing.IN

    def relief(self, when: When) -> Timing:
        """Place a fact that frees the party."""
        end = when.at or day_end(when.day)
        if self.silent:
            if end <= self.deadline:
                return Timing.IN
            return Timing.AFTER if when.start > self.at else Timing.SILENT
        if when.at is not None:
            return Timing.IN if when.at <= self.at else Timing.AFTER
        if when.day == self.day:
            return Timing.SAME_DAY
        return Timing.IN if when.day < self.day else Timing.AFTER
