"""Replies written straight from plain data, and the cursors of lists."""

import base64
import binascii
from typing import Any, Final

import orjson
from fastapi.responses import Response

from credit.errors import FieldInvalid

DEFAULT_LIMIT: Final = 100
MOST: Final = 1000
MOST_PLACE: Final = (1 << 62) - 1


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
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> int:
    """Read what ``write_cursor`` wrote.

    Raises:
        FieldInvalid: it is none of ours.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        text = ""
    if not text.isdecimal() or write_cursor(int(text)) != cursor or int(text) > MOST_PLACE:
        raise FieldInvalid(
            "游标无效，请原样使用上一页的 next。",
            "The cursor is none of ours. Pass on next as it was given",
            pointer="#query/after",
        )
    return int(text)
