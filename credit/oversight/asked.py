"""A clock of what the registry does not hold, from the dates a caller gives (the contract's ``POST /v1/deadlines``).

Law: 采购法 52, 57; 条例 53 — when a supplier should have known: the procurement file's or the result's notice period
ended, the step of the procedure ended; 94号令 10, 11, 42.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from credit.model.complaint import ComplaintLaw
from credit.model.verdict import Reason
from credit.oversight.clocks import RULES
from credit.oversight.deadlines import NO_CALENDAR, Clock, Deadline, DeadlineKind, Span, judged
from credit.rules.periods import Periods
from credit.rules.workdays import add_working_days

_NO_PERIOD: Final = Reason(
    "未给出公告期限,自公告之日起算只能确定期内",
    "the notice period is not given: the notice's day can only show it in time",
)
_NOT_FROM_NOTICE: Final = Reason(
    "该期限不自公告或者通知之日起算,所给日期不足以计算",
    "this period does not run from a notice: the dates given are not enough",
)


class Stage(StrEnum):
    """What is questioned: the procurement file, a step of the procedure, the result."""

    DOCUMENT = "document"
    PROCESS = "process"
    RESULT = "result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The dates a caller gives.

    ``notice_on`` is the day of the notice; of a step of the procedure, its end; of a pause, the day it was ordered.
    ``notice_working_days`` is how long the notice runs, its own day not counted; None: not given.
    """

    kind: DeadlineKind
    stage: Stage | None = None
    notice_on: date | None = None
    notice_working_days: int | None = None
    acted_on: date | None = None
    law: ComplaintLaw = ComplaintLaw.PROCUREMENT


def asked_deadline(periods: Periods, asked: Asked, as_of: date) -> Deadline:
    """Tell how the clock asked about stands at the end of a day; ``unknown`` where the dates do not fix it."""
    starts, note = _starts(asked)
    clock = Clock(
        kind=asked.kind,
        rule=RULES[asked.law][asked.kind],
        starts=starts,
        met_on=asked.acted_on if asked.acted_on and asked.acted_on <= as_of else None,
        not_before=asked.notice_on if asked.kind is DeadlineKind.PAUSE else date.min,
        note=note,
    )
    return judged(periods, clock, as_of)


def _starts(asked: Asked) -> tuple[Span | None, Reason | None]:
    if asked.kind is DeadlineKind.PAUSE:
        return Span.on(asked.notice_on), None
    if asked.kind is not DeadlineKind.QUESTION:
        return None, _NOT_FROM_NOTICE
    if asked.notice_on is None or asked.stage is None:
        return None, None
    if asked.notice_working_days is None and asked.stage is not Stage.PROCESS:
        return Span(asked.notice_on, None), _NO_PERIOD
    end = add_working_days(asked.notice_on, asked.notice_working_days or 0)
    if end is None:
        return None, NO_CALENDAR
    return (Span(asked.notice_on, end) if asked.stage is Stage.PROCESS else Span.on(end)), None
