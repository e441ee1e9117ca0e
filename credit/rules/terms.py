"""Counting legal terms: months, years, and the day a window opens.

Law: 民法典 201–202 — the opening day is not counted; a term of months ends on the corresponding day, else on the
month's last day; a holiday never lengthens a penalty (DOMAIN §8 R2).
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from dateutil.relativedelta import relativedelta

DAY = timedelta(days=1)
_REMEMBERED: Final = 4_096
"""Days counted from: the records of a firm that has very many fall on the same few."""


def moved(day: date, days: int) -> date:
    """Return the day some days later, or earlier; beyond the calendar its first or last.

    >>> moved(date(2024, 2, 28), 1), moved(date.max, 1)
    (datetime.date(2024, 2, 29), datetime.date(9999, 12, 31))
    """
    try:
        return day + days * DAY
    except OverflowError:
        return date.max if days > 0 else date.min


@lru_cache(_REMEMBERED)
def add_months(day: date, months: int) -> date:
    """Return the corresponding day, else the month's last; ``date.max`` beyond the calendar.

    >>> add_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    try:
        return day + relativedelta(months=months)
    except (OverflowError, ValueError):
        return date.max


@lru_cache(_REMEMBERED)
def years_before(day: date, years: int) -> date:
    """Return the corresponding day some years back; ``date.min`` before the calendar."""
    try:
        return day - relativedelta(years=years)
    except (OverflowError, ValueError):
        return date.min


@lru_cache(_REMEMBERED)
def last_day_inside(decided: date, years: int) -> date:
    """Return the last reference day for which a decision surely lies within the years before it.

    >>> last_day_inside(date(2024, 8, 1), 3)
    datetime.date(2027, 7, 31)
    >>> last_day_inside(date.min, 3)
    datetime.date(3, 12, 31)
    """
    day = add_months(decided, 12 * years)
    while day.year > years and years_before(day, years) >= decided:
        day -= DAY
    return day
