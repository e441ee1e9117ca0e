"""Instants as sources abroad write them: ISO 8601 with an offset, and of a year that a process can have."""

from datetime import datetime
from typing import Final

from credit.errors import FieldInvalid

_FIRST: Final = 1900
_LAST: Final = 9998
"""Years outside stand for no day that is known (``0001-01-01``, ``9999-12-31``), and cannot be told in every zone."""


def instant_of(value: object, name: str) -> datetime | None:
    """Read an instant with its offset; None of an empty value.

    >>> instant_of("2024-04-01T12:00:00+08:00", "deadline").year, instant_of(None, "deadline")
    (2024, None)

    Raises: FieldInvalid of what is none, has no offset, or lies in no year of ours.
    """
    text = str(value if value is not None else "").strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise FieldInvalid(f"{name}“{text}”不是时刻", f"{name} {text!r} is no instant") from error
    if found.tzinfo is None:
        raise FieldInvalid(f"{name}“{text}”没有时区", f"{name} {text!r} has no offset")
    if not _FIRST <= found.year <= _LAST:
        raise FieldInvalid(f"{name}“{text}”的年份有误", f"the year of {name} {text!r} cannot be right")
    return found
