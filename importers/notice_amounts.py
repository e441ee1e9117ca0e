"""Amounts as notices write them, in yuan; what is not certain is refused, never rounded or guessed.

Four styles are in use: plain (``1980000.00 元``), with thousands (``7,620,699.90元``, ``80,000元 人民币``), in 万元
(``88.45 万元``, ``480.000000（万元）``), and a bare number under a heading that states the unit (``中标金额（元）``).
Capital numerals (``贰拾万元整``) are read too. Rates, percentages, ranges and a nought that stands for "not stated" are
no amounts.
"""

import re
from decimal import Decimal
from typing import Final

from credit.errors import FieldInvalid
from importers.cells import NUMERAL, folded, numeral

_SCALES: Final = {"元": 1, "万元": 10**4, "亿元": 10**8}
_UNIT: Final = r"(?:亿元|万元|元)"
_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,6})?"
_FIGURES: Final = re.compile(
    rf"(?:人民币|¥|\(人民币\))?:?(?P<number>{_NUMBER})\(?(?P<unit>{_UNIT})?\)?(?:整)?(?:\(?(?:人民币|RMB)\)?)?"
)
_CAPITALS: Final = re.compile(rf"(?:人民币)?(?P<number>{NUMERAL})元整?")
_HEADED: Final = re.compile(rf"[(（]\s*(?:人民币|单位[:：])?\s*({_UNIT})\s*(?:人民币)?\s*[)）]")
_SAID: Final = re.compile(r"(?:(?:最终|投标|成交|中标)?(?:总?报价|金额)):")
_CENT: Final = Decimal("0.01")


def unit_in(heading: str) -> str | None:
    """Return the unit that a heading states in brackets; None where it states none.

    >>> unit_in("中标（成交）金额（元）"), unit_in("包预算(万元)"), unit_in("合同金额")
    ('元', '万元', None)
    """
    found = _HEADED.search(folded(heading))
    return found[1] if found else None


def amount(text: str, name: str, *, unit: str | None = None) -> Decimal:
    """Read an amount as yuan; ``unit`` is what the heading states, ``name`` the field's, for the message.

    >>> amount("7,620,699.90元", "预算"), amount("88.45 万元", "金额"), amount("736320.0", "金额", unit="元")
    (Decimal('7620699.90'), Decimal('884500.00'), Decimal('736320.00'))

    Raises: FieldInvalid.
    """
    plain = _SAID.sub("", folded(text), count=1)
    value = _capitals(plain) or _figures(plain, unit)
    if value is None or value <= 0 or value != value.quantize(_CENT):
        raise FieldInvalid(
            f"{name}“{text}”不能确定是多少元，请人工录入",
            f"{name} {text!r} is no certain amount of yuan: a person must enter it",
        )
    return value.quantize(_CENT)


def _capitals(plain: str) -> Decimal | None:
    found = _CAPITALS.fullmatch(plain)
    value = numeral(found["number"]) if found and not plain.isascii() else None
    return Decimal(value) if value is not None else None


def _figures(plain: str, unit: str | None) -> Decimal | None:
    """Read figures; a unit beside them that is not the heading's leaves a doubt."""
    found = _FIGURES.fullmatch(plain)
    if found is None or (found["unit"] and unit and found["unit"] != unit):
        return None
    stated = found["unit"] or unit
    return Decimal(found["number"].replace(",", "")) * _SCALES[stated] if stated else None
