"""Reading what records and documents cite: ``采购法 77``, ``94号令 37¶2``, ``《…条例》第四十八条第一款``.

Instruments are known by the names that the catalogue holds for them; the longest name that fits wins.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from credit.rules.rows import Cite, Instrument

_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_REMEMBERED = 10_000
"""Texts that a reader keeps what it read of."""
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = r"(?:\d+|[零〇一二三四五六七八九十百千]+)"
_ARTICLE = re.compile(
    rf"第?(?P<article>{_NUMBER})(?![\d零〇一二三四五六七八九十百千年个月日项款目万亿元次倍])条?(?:(?:¶|第)(?P<paragraph>{_NUMBER})款?)?"
)
"""A number that is followed by a unit or by 项 is a term, a sum or an item, not an article."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One article that a text names; ``article`` and ``paragraph`` None where it names none."""

    instrument: str
    article: int | None = None
    paragraph: int | None = None


class Reader:
    """Reads texts by the names of a set of instruments; what it has read once it remembers."""

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        """Sort the names: the longest that fits wins."""
        names = [(_folded(n), key) for key, row in instruments.items() for n in (row.title, *row.names)]
        names.sort(key=lambda named: -len(named[0]))
        self._keys = dict(reversed(names))
        self._pattern = re.compile("|".join(re.escape(name) for name, _ in names) or r"(?!)")
        self._read: dict[str, tuple[Cited, ...]] = {}

    def cited(self, text: str) -> tuple[Cited, ...]:
        """Return every instrument that a text names, with the article and paragraph written after it."""
        found = self._read.get(text)
        if found is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            found = self._read[text] = self._cited(_folded(text))
        return found

    def _cited(self, text: str) -> tuple[Cited, ...]:
        matches = list(self._pattern.finditer(text))
        ends = [*(m.start() for m in matches[1:]), len(text)] if matches else []
        found: list[Cited] = []
        for match, end in zip(matches, ends, strict=True):
            found += _articles(self._keys[match[0]], text[match.end() : end])
        exact = {c.instrument for c in found if c.article is not None}
        return tuple(c for c in found if c.article is not None or c.instrument not in exact)


def cited(text: str, instruments: Mapping[str, Instrument]) -> list[Cited]:
    """Read one text by the names of these instruments."""
    return list(Reader(instruments).cited(text))


def admits(wanted: Cite, found: Iterable[Cited]) -> bool:
    """Whether one of the citations is of this instrument, and of its article where both name one."""
    article = int(wanted.article) if wanted.article.isdigit() else None
    return any(
        c.instrument == wanted.instrument and (article is None or c.article is None or c.article == article)
        for c in found
    )


def _folded(text: str) -> str:
    return (
        re.sub(r"[\s《》〈〉]", "", unicodedata.normalize("NFKC", text))
        .replace("〔", "[")
        .replace("〕", "]")
        .replace("﹝", "[")
        .replace("﹞", "]")
    )


def _articles(instrument: str, rest: str) -> list[Cited]:
    rest = re.sub(r"^\([^)]*\)", "", rest)
    found = [
        Cited(instrument, _number(m["article"]), _number(m["paragraph"]) if m["paragraph"] else None)
        for m in _ARTICLE.finditer(rest)
        if m.start() == 0 or rest[m.start() - 1] in "、,，;；和及" or m[0].startswith("第")
    ]
    return found or [Cited(instrument)]


def _number(text: str) -> int:
    """Read an Arabic or Chinese number.

    >>> _number("一百二十三"), _number("十"), _number("77")
    (123, 10, 77)
    """
    if text.isdigit() and text.isascii():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
