"""Legal days and instants.

A ``When`` is a day, or an instant where the hour matters. A day without an hour covers the whole of it: a burden
counts from its start, a relief that falls on the day asked about cannot be placed before or after the hour.

Law: all dates are read in Asia/Shanghai (DOMAIN §8 R1).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class When:
    """A legal day (``day``), with the aware instant where one is known (``at``)."""

    day: date
    at: datetime | None = None

    @classmethod
    def of(cls, value: date | datetime) -> Self:
        """Read a date, or an aware instant as the day it has in Shanghai."""
        if isinstance(value, datetime):
            try:
                return cls(value.astimezone(SHANGHAI).date(), value)
            except OverflowError as error:
                raise ValueError(f"{value} has no day in Shanghai") from error
        return cls(value)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-MM-DD`` or RFC 3339 with offset.

        >>> When.parse("2026-06-10").day
        datetime.date(2026, 6, 10)
        >>> When.parse("2026-06-10T23:30:00+00:00").day
        datetime.date(2026, 6, 11)
        """
        if _DAY.fullmatch(text):
            return cls(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            msg = f"an instant needs an offset: {text}"
            raise ValueError(msg)
        return cls.of(at)

    @property
    def start(self) -> datetime:
        """The first instant that it may mean."""
        return self.at or day_start(self.day)

    def __str__(self) -> str:
        return self.day.isoformat() if self.at is None else self.at.isoformat()


def day_start(day: date) -> datetime:
    """The first instant of a legal day."""
    return datetime.combine(day, time.min, SHANGHAI)


def day_end(day: date) -> datetime:
    """The last microsecond of a legal day."""
    return (
        day_start(day + timedelta(days=1)) - timedelta(microseconds=1)
        if day < date.max
        else datetime.combine(day, time.max, SHANGHAI)
    )


def legal_day(at: datetime) -> date:
    """The day an instant falls on in Shanghai."""
    return at.astimezone(SHANGHAI).date()


def from_tick(tick: int) -> datetime:
    """The aware instant (UTC) of a place in the order of writes (microseconds since 1970)."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=tick)


def to_tick(at: datetime) -> int:
    """The place in the order of writes of an aware instant."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
