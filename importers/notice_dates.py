"""Days and instants as notices write them, in the time of Shanghai.

Three styles are in use: ``2026年03月26日 09点30分`` (时, 分, 秒, blanks and line breaks anywhere),
``2026-03-27 09:00:00`` (also with slashes or dots), and ``Mar 16, 2026``. A date with stars, a missing sign or an hour
that no clock shows is refused.
"""

import re
from datetime import date, datetime
from typing import Final

from credit.errors import FieldInvalid
from credit.model.when import SHANGHAI
from importers.cells import folded

_NAMED_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_B: Final = r"\s*"
_DAY: Final = (
    rf"(?:(?P<y>(?:\d{_B}){{4}}){_B}年{_B}(?P<m>\d{_B}\d?){_B}月{_B}(?P<d>\d{_B}\d?){_B}日"
    rf"|(?P<y2>\d{{4}})(?P<s>[-/.])(?P<m2>\d{{1,2}})(?P=s)(?P<d2>\d{{1,2}}))"
)
_HOUR: Final = (
    rf"(?P<half>上午|下午)?{_B}(?P<h>\d{{1,2}}){_B}"
    rf"(?:[:：]{_B}(?P<i>\d{{2}})(?:[:：](?P<sec>\d{{2}}))?(?:\.0+)?"
    rf"|[时点]{_B}(?:(?P<i2>\d{{1,2}}){_B}分(?:{_B}(?P<sec2>\d{{1,2}}){_B}秒)?|整)?)"
)
_INSTANT: Final = rf"(?<![\d*]){_DAY}(?:{_B}|T)(?:[(（]星期[一二三四五六日][)）]{_B})?{_HOUR}(?![\d*:：时点分秒])"
_DAY_ALONE: Final = re.compile(_DAY)
_INSTANT_ALONE: Final = re.compile(rf"{_INSTANT}{_B}[(（]?{_B}(?:北京时间)?{_B}[)）]?")
_ENGLISH: Final = re.compile(r"([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2}),\s*(\d{4})")
_NOON: Final = 12

INSTANT: Final = _INSTANT
"""An instant within running text, as a pattern with named groups; `instant` reads what it matched."""


def day(text: str, name: str) -> date:
    """Read a day, or the day of an instant.

    >>> day("2026年03月16日", "日期"), day("Mar 16, 2026", "日期"), day("2026-03-16 23:31", "日期")
    (datetime.date(2026, 3, 16), datetime.date(2026, 3, 16), datetime.date(2026, 3, 16))

    Raises: FieldInvalid.
    """
    plain = text.strip()
    if english := _ENGLISH.fullmatch(plain):
        month = english[1].lower()
        return _checked(
            english[3], str(_NAMED_MONTHS.index(month) + 1) if month in _NAMED_MONTHS else "0", english[2], text, name
        )
    found = _DAY_ALONE.fullmatch(plain) or _INSTANT_ALONE.fullmatch(plain)
    if found is None:
        raise _unreadable(text, name)
    return _day_of(found, text, name)


def instant(text: str, name: str) -> datetime:
    """Read an instant: a day with its hour.

    >>> instant("2026年04月09日 09时30分00秒", "截止时间").isoformat()
    '2026-04-09T09:30:00+08:00'

    Raises: FieldInvalid.
    """
    found = _INSTANT_ALONE.fullmatch(text.strip())
    if found is None:
        raise _unreadable(text, name)
    hour = int(found["h"])
    if found["half"] == "下午" and hour < _NOON:
        hour += _NOON
    minute, second = found["i"] or found["i2"] or "0", found["sec"] or found["sec2"] or "0"
    on = _day_of(found, text, name)
    try:
        return datetime(on.year, on.month, on.day, hour, int(minute), int(second), tzinfo=SHANGHAI)
    except ValueError as error:
        raise _unreadable(text, name) from error


def _day_of(found: re.Match[str], text: str, name: str) -> date:
    year, month, number = (found[f] or found[f + "2"] for f in ("y", "m", "d"))
    return _checked(year, month, number, text, name)


def _checked(year: str, month: str, number: str, text: str, name: str) -> date:
    try:
        return date(*(int(folded(part)) for part in (year, month, number)))
    except ValueError as error:
        raise _unreadable(text, name) from error


def _unreadable(text: str, name: str) -> FieldInvalid:
    return FieldInvalid(
        f"{name}“{text}”不能确定，请人工录入", f"{name} {text!r} is not certain: a person must enter it"
    )
