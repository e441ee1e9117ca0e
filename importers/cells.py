"""What stands in a cell: text, days, amounts in 万元, numerals written in Chinese."""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from credit.errors import FieldInvalid
from credit.model.when import SHANGHAI, When
from credit.rules.numerals import DIGITS, UNITS

_BREAK: Final = re.compile(r"[ \t]*[\r\n\v\f\u2028\u2029]+[ \t]*")
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_UNCLEAN: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]")
_HOUR: Final = r"(?:(?<=日)|T|\s)\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\+08:00)?"
_DAY: Final = re.compile(rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})(?:\s*日)?(?:{_HOUR})?")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_PACKED_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_STAMP: Final = re.compile(r"\d{10}|\d{13}")
_WAN: Final = re.compile(r"(\d+(?:\.\d{1,6})?)(?:万元?)?")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3})")
_MILLISECONDS: Final = 13
_PERMANENT: Final = date(2099, 12, 31)

NUMERAL: Final = "[" + "".join((*DIGITS, *UNITS)) + "万亿]+"
"""The signs of a number written in Chinese, as a pattern."""


def shown(value: Any) -> str:
    """Turn a cell of a spreadsheet or a JSON value into text; a number as Excel shows it (15 digits), never as a float.

    >>> shown(0.2), shown(200.0), shown(0.1 + 0.2), shown(None)
    ('0.2', '200', '0.3', '')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return str(value)


def clean(text: str) -> str:
    r"""Take line breaks, invisible signs and outer blanks away; a break between Latin letters becomes a space.

    >>> clean(" 某某有限责任公\n司 "), clean("Acme\nLimited")
    ('某某有限责任公司', 'Acme Limited')
    """
    if not _UNCLEAN.search(text):
        return text
    joined = _BREAK.sub(_joint, _INVISIBLE.sub("", text).strip())
    return joined.replace("\u3000", " ").strip()


def folded(text: str) -> str:
    """Fold width and drop blanks: the form in which words and numbers are looked for."""
    return text if text.isascii() and text.isalnum() else "".join(unicodedata.normalize("NFKC", text).split())


def day(text: str, name: str) -> date | None:
    """Read a day as sources write it: 2024-08-01, 2024/8/1, 2024.8.1, 20240801, 2024年8月1日, with or without an hour.

    An empty text is None. ``name`` is the column's, for the message. Raises: FieldInvalid.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    found = _DAY.fullmatch(plain) or _PACKED_DAY.fullmatch(plain)
    if found is None:
        raise FieldInvalid(f"{name}“{text}”不是日期", f"{name} {text!r} is not a date")
    try:
        return date(*map(int, found.groups()))
    except ValueError as error:
        raise FieldInvalid(f"{name}“{text}”不是有效日期", f"{name} {text!r} is no day of the calendar") from error


def moment(text: str, name: str) -> When | None:
    """Read a day, with the hour where one is written; midnight to the second stands for none.

    >>> str(moment("2026-07-21 16:34", "公布日期")), str(moment("2015/07/15 00:00:00.000", "处罚结束时间"))
    ('2026-07-21T16:34:00+08:00', '2015-07-15')

    Raises: FieldInvalid.
    """
    on = day(text, name)
    found = _CLOCK.search(unicodedata.normalize("NFKC", text))
    if on is None or found is None:
        return None if on is None else When(on)
    try:
        hour, minute, second = (int(part or 0) for part in found.groups())
        at = time(hour, minute, second)
    except ValueError as error:
        raise FieldInvalid(f"{name}“{text}”的时刻有误", f"{name} {text!r} has no hour of the day") from error
    return When(on) if at == time() else When(on, datetime.combine(on, at, SHANGHAI))


def is_permanent(value: date) -> bool:
    """Whether a day stands for "without end" (2099/12/31)."""
    return value == _PERMANENT


def stamp_day(text: str, name: str) -> date | None:
    """Read seconds or milliseconds since 1970 as the day that they have in Shanghai.

    Raises: FieldInvalid.
    """
    plain = folded(text)
    if not plain:
        return None
    if not _STAMP.fullmatch(plain):
        raise FieldInvalid(f"{name}“{text}”不是时间戳", f"{name} {text!r} is not a time stamp")
    seconds = int(plain) // (1000 if len(plain) == _MILLISECONDS else 1)
    return datetime.fromtimestamp(seconds, SHANGHAI).date()


def yuan_of_wan(text: str, name: str) -> Decimal | None:
    """Read an amount in 万元 (up to six decimals) as yuan with two; an empty text is None.

    >>> yuan_of_wan("0.2", "CF_NR_FK"), yuan_of_wan("200.000000", "CF_NR_FK")
    (Decimal('2000.00'), Decimal('2000000.00'))

    Raises: FieldInvalid.
    """
    plain = _THOUSANDS.sub("", folded(text))
    if not plain:
        return None
    found = _WAN.fullmatch(plain)
    if found is None:
        raise FieldInvalid(
            f"{name}“{text}”不是以万元计、至多六位小数的金额",
            f"{name} {text!r} is no amount in 万元 with up to six decimals",
        )
    return (Decimal(found[1]) * 10_000).quantize(Decimal("0.01"))


def numeral(text: str) -> int | None:
    """Read a whole number in digits or in Chinese, ordinary or capital signs; None where it is none.

    >>> numeral("七十七"), numeral("贰拾万"), numeral("十二"), numeral("36"), numeral("一百三十三")
    (77, 200000, 12, 36, 133)
    >>> numeral("一亿二千万"), numeral("元")
    (120000000, None)
    """
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or not set(text) <= {*DIGITS, *UNITS, "万", "亿"}:
        return None
    total = section = digit = 0
    for sign in text:
        if sign == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif sign == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif sign in UNITS:
            section, digit = section + (digit or 1) * UNITS[sign], 0
        else:
            digit = digit * 10 + DIGITS[sign]
    return total + section + digit


def _joint(found: re.Match[str]) -> str:
    before, after = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
    return " " if before.isascii() and after.isascii() and before.isalnum() and after.isalnum() else ""
