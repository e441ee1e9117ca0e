"""Working days of the country: weekdays, less the holidays, with the weekend days that are worked instead.

The days come from the package ``chinesecalendar``, which follows the State Council's yearly notice. A year whose notice
it does not hold is unknown, never guessed from weekdays: every answer that would need one is None.

Law: 全国年节及纪念日放假办法; the State Council's notice of each year; 94号令 42 and 民法典 201, 203 (the opening day
is not counted; a last day that is a holiday moves to the day after it); DOMAIN §8 R6.
"""

from bisect import bisect_right
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from chinese_calendar.constants import holidays, workdays

from credit.rules.terms import moved

_FIXED: Final = ((1, 1), (10, 1))
"""Month and day of holidays of every year; a calendar that lacks one of them is no whole year's."""


def years_of(days_off: Collection[date]) -> frozenset[int]:
    """Return the years of which the holidays are held whole: both New Year's and National Day's are among them.

    >>> sorted(years_of({date(2026, 1, 1), date(2026, 10, 1), date(2027, 1, 1)}))
    [2026]
    """
    return frozenset(d.year for d in days_off if all(date(d.year, *fixed) in days_off for fixed in _FIXED))


def _worked(day: date) -> bool:
    return day in workdays or (day.isoweekday() <= 5 and day not in holidays)  # noqa: PLR2004 - Monday to Friday


def _worked_days(years: Collection[int]) -> tuple[date, ...]:
    starts = [date(year, 1, 1) for year in sorted(years)]
    days = (start + timedelta(n) for start in starts for n in range((date(start.year, 12, 31) - start).days + 1))
    return tuple(day for day in days if _worked(day))


YEARS: Final[frozenset[int]] = years_of(holidays)
"""The years whose calendar is held."""
_DAYS: Final[tuple[date, ...]] = _worked_days(YEARS)


def is_working_day(day: date) -> bool | None:
    """Tell whether a day is worked; None where its year has no published calendar.

    >>> is_working_day(date(2026, 2, 14)), is_working_day(date(2026, 10, 7)), is_working_day(date(2050, 3, 1))
    (True, False, None)
    """
    return _worked(day) if day.year in YEARS else None


def add_working_days(start: date, count: int) -> date | None:
    """Return the working day so many after a day, which is not counted itself; None where a calendar is missing.

    >>> add_working_days(date(2026, 6, 16), 7)
    datetime.date(2026, 6, 26)
    """
    if count < 0:
        msg = f"working days are counted forward: {count}"
        raise ValueError(msg)
    if count == 0:
        return start
    at = bisect_right(_DAYS, start) + count - 1
    return _DAYS[at] if at < len(_DAYS) and _held(moved(start, 1), _DAYS[at]) else None


def roll_forward(day: date) -> date | None:
    """Return the day itself if it is worked, else the next that is; None where a calendar is missing.

    >>> roll_forward(date(2026, 10, 1))
    datetime.date(2026, 10, 8)
    """
    return day if is_working_day(day) else add_working_days(day, 1) if day.year in YEARS else None


def working_days_between(start: date, end: date) -> int | None:
    """Count the working days after ``start`` up to ``end``, both as dates; none where ``end`` is not later.

    None where a calendar is missing.

    >>> working_days_between(date(2026, 9, 30), date(2026, 10, 12))
    4
    """
    if end <= start:
        return 0
    return bisect_right(_DAYS, end) - bisect_right(_DAYS, start) if _held(moved(start, 1), end) else None


def _held(first: date, last: date) -> bool:
    return all(year in YEARS for year in range(first.year, last.year + 1))
