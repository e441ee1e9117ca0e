"""A statutory clock: the days it may run from, the act that stops it, and how it stands on a day.

Where the day that a period runs from is not exactly known, two last days are counted, the earliest and the latest it
can be: an act by the first is surely in time, one after the second surely late, and between them nobody can tell.
A period that accuses nobody (``Period.accuses``), and one that no law in force gave, is never late or overdue.

Law: 94号令 42; 民法典 201–203; DOMAIN §8 R2, R6, R9.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from credit.model.verdict import Citation, Reason
from credit.rules.periods import Period, Periods


class DeadlineKind(StrEnum):
    """What must be done, or over, by a day; in the order of a complaint's life."""

    QUESTION = "question"
    REPLY = "reply"
    COMPLAINT = "complaint"
    CORRECTION = "correction"
    ACCEPTANCE = "acceptance"
    DECISION = "decision"
    PAUSE = "pause"


class DeadlineState(StrEnum):
    """How a clock stands: not met and still running, met in time or late, not met and over, or nobody can tell."""

    OPEN = "open"
    IN_TIME = "in_time"
    LATE = "late"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


OFFICE: Final = frozenset({DeadlineKind.ACCEPTANCE, DeadlineKind.DECISION, DeadlineKind.PAUSE})
"""Clocks of the office; whether a purchaser replied, or a complainant came in time, is not for it to mend."""
NO_START: Final = Reason("起算日期没有记录", "the day it runs from is not recorded")
NO_LENGTH: Final = Reason("法律没有规定期限的长短", "no text fixes how long it is")
NO_CALENDAR: Final = Reason("所涉年度的工作日历尚未公布", "the calendar of a year it needs is not published")
NO_LAW: Final = Reason("当时没有生效的依据", "no text in force then fixes it")
UNSOURCED: Final = Reason("期限依据未经核实,不据以认定逾期", "its source is not verified: it makes nobody late")
UNSURE: Final = Reason("起算日期不能确定,不能认定是否逾期", "the day it runs from is not certain enough to tell")
IMPOSSIBLE: Final = Reason("事件的先后顺序不可能,请核对", "the order of the events is impossible: check them")


@dataclass(frozen=True, slots=True)
class Span:
    """The days one of which a period runs from; ``last`` None: nobody knows how late it may be."""

    first: date
    last: date | None

    @classmethod
    def on(cls, day: date | None) -> "Span | None":
        """The span of a day that is exactly known; None where it is not known at all."""
        return None if day is None else cls(day, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock to be judged.

    ``met_on`` is the act's day. ``not_before`` is the day before which the act is impossible; None: ``starts``.
    ``extra`` lengthens the period, at the least and at the most, in its unit; None: nobody knows by how much at the
    most. ``stopped_on`` is since when it stands still. ``excused``: a lapse cannot be laid to anyone. ``note`` says
    what is doubtful in the dates, ``late_note`` what may excuse a lapse and is not recorded.
    """

    kind: DeadlineKind
    rule: str
    starts: Span | None
    met_on: date | None = None
    not_before: date | None = None
    extra: tuple[int, int | None] = (0, 0)
    stopped_on: date | None = None
    excused: bool = False
    note: Reason | None = None
    late_note: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """How a clock stands on a day.

    ``from_`` is the day the period runs from, not counted itself, or the earliest it can be. ``due`` is its last day;
    None where it is unknown, or the clock stands still. ``mark`` says how well the rule is sourced, ``note`` why the
    answer is not plain.
    """

    kind: DeadlineKind
    from_: date | None
    due: date | None
    met_on: date | None
    state: DeadlineState
    rule: str
    citations: tuple[Citation, ...]
    mark: str
    question: str | None = None
    note: Reason | None = None


def judged(periods: Periods, clock: Clock, as_of: date) -> Deadline:
    """Tell how a clock stands at the end of a day."""
    period = periods.period(clock.rule)
    starts = clock.starts
    citations = periods.cite(period.citations, starts.first if starts else None)
    due, state, why = _standing(period, clock, as_of, in_force=bool(citations) or not period.citations)
    return Deadline(
        kind=clock.kind,
        from_=starts.first if starts else None,
        due=due,
        met_on=clock.met_on,
        state=state,
        rule=clock.rule,
        citations=citations,
        mark=period.mark,
        question=period.question,
        note=_note(clock, state, why),
    )


def _note(clock: Clock, state: DeadlineState, why: Reason | None) -> Reason | None:
    if state in {DeadlineState.LATE, DeadlineState.OVERDUE}:
        return clock.late_note
    return clock.note or why if why in {None, UNSURE, NO_START} else why


def _standing(
    period: Period, clock: Clock, as_of: date, *, in_force: bool
) -> tuple[date | None, DeadlineState, Reason | None]:
    """Return the last day, the state, and why it is not plain."""
    if period.length is None:
        return None, DeadlineState.UNKNOWN, NO_LENGTH
    if clock.starts is None:
        return None, DeadlineState.UNKNOWN, NO_START
    if not in_force:
        return None, DeadlineState.UNKNOWN, NO_LAW
    first, last = _last_days(period, clock, clock.starts)
    if first is None:
        return None, DeadlineState.UNKNOWN, NO_CALENDAR
    if clock.met_on and clock.met_on < (clock.not_before or clock.starts.first):
        return first if first == last else None, DeadlineState.UNKNOWN, IMPOSSIBLE
    return _compared(clock, (first, last), as_of, accuses=period.accuses)


def _last_days(period: Period, clock: Clock, starts: Span) -> tuple[date | None, date | None]:
    """The earliest and the latest last day; the latter None where it is open."""
    least, most = clock.extra
    first = period.last_day(starts.first, least)
    return first, None if starts.last is None or most is None else period.last_day(starts.last, most)


def _compared(
    clock: Clock, due: tuple[date, date | None], as_of: date, *, accuses: bool
) -> tuple[date | None, DeadlineState, Reason | None]:
    first, last = due
    stopped = None if clock.met_on else clock.stopped_on
    day = clock.met_on or as_of
    if day <= first:
        return None if stopped else first, DeadlineState.IN_TIME if clock.met_on else DeadlineState.OPEN, None
    if last is None or (stopped or day) <= last:
        return None, DeadlineState.UNKNOWN, UNSURE
    if clock.excused or not accuses:
        return last if first == last else None, DeadlineState.UNKNOWN, UNSURE if clock.excused else UNSOURCED
    return last, DeadlineState.LATE if clock.met_on else DeadlineState.OVERDUE, None
