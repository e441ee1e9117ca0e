"""Replies written straight from plain data, and the cursors of lists."""

import re
from typing import Any, Final

import orjson
from fastapi.responses import Response

from credit.errors import FieldInvalid

DEFAULT_LIMIT: Final = 100
MOST: Final = 1000
CURSOR: Final = re.compile("[0-3][0-9a-f]{15}")
"""So any that is of the form is a place below 2⁶²."""


def orjson_of(content: Any) -> bytes:  # noqa: ANN401  # whatever orjson writes
    """Write plain data as JSON."""
    return orjson.dumps(content)


class Json(Response):
    """Plain data as a JSON reply: no model is asked, for the use-case has made it right already."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:  # noqa: ANN401  # whatever orjson writes
        """Write the content."""
        return orjson.dumps(content)


def write_cursor(place: int) -> str:
    """Write a place in the order of a list so that nobody builds on what it is.

    >>> read_cursor(write_cursor(17))
    17
    """
    return f"{place:016x}"


def read_cursor(cursor: str) -> int:
    """Read what ``write_cursor`` wrote.

    Raises:
        FieldInvalid: it is none of ours.
    """
    if not CURSOR.fullmatch(cursor):
        raise FieldInvalid(
            "游标无效，请原样使用上一页的 next。",
            "The cursor is none of ours. Pass on next as it was given",
            pointer="#query/after",
        )
    return int(cursor, 16)
