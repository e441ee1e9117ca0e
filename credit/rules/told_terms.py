"""The term of a ban as free words tell it: ``壹年内``, ``12个月``, ``三百六十五日``, ``二年半``, ``至2021年1月1日止``.

Only what stands right beside the words that forbid is read, as imports read it; ranges quote the law and tell no term.
Law: 民法典 201–202 for counting; DOMAIN §6.1, §9 Q5.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Final

from credit.rules.grounds import pattern_of
from credit.rules.numerals import NUMBER, SIGNS, number_in
from credit.rules.terms import add_months, moved

_LONGEST: Final = 1200
"""Months and days beyond which a number beside 年 is a year of the calendar, or none of ours to count."""
_DATE: Final = re.compile(
    rf"(?P<year>\d{{4}}|[零〇一二三四五六七八九]{{4}})(?:年|[./-])(?P<month>{NUMBER})(?:月|[./-])(?P<day>{NUMBER})[日号]?"
)
_TERM: Final = re.compile(
    rf"(?<![\d.点至到~—–{SIGNS}-])(?:(?P<half>半年)"
    rf"|(?P<years>{NUMBER})个?周?年(?P<and_half>半)?(?:[零又]?(?P<more>{NUMBER})个?月)?"
    rf"|(?P<months>{NUMBER})个月(?P<half_month>半)?"
    rf"|(?P<days>{NUMBER})个?(?:自然)?[日天])(?!以上|以下|[至到~—–-]{NUMBER})"
)
_BEFORE: Final = re.compile(
    r"[()自从起至止]*(?:之?内|以内|期间?)?,?(?:[对被将]?(?:其|该公司|该单位|该供应商|当事人)?)?(?:予以|给予)?"
)
_AFTER: Final = re.compile(r"[活动业务资格的行政处罚决定书本作出送达生效之,:(为期限时间共计自从起至止日始开算即]*")
_UP_TO: Final = re.compile(r"(?:[至到]|截[至止]|截止日期?[为:]?)$")
_SINCE: Final = re.compile(r"起|开始|至|到")
_CONTINUES: Final = re.compile(r"^(?:禁止)?(?:期限?|时间|自|从)")
_SENTENCE: Final = re.compile(r"[。;!?]")


@dataclass(frozen=True, slots=True)
class ToldTerm:
    """A term: its last day (``until``), or months and days that count from ``start`` (None: not told)."""

    until: date | None = None
    months: int = 0
    days: int = 0
    start: date | None = None

    def end(self, start: date) -> date:
        """The corresponding day of a term that counts from a day (Q5: perhaps still inside).

        >>> ToldTerm(months=12).end(date(2024, 2, 29)), ToldTerm(days=365).end(date(2025, 1, 1))
        (datetime.date(2025, 2, 28), datetime.date(2026, 1, 1))
        """
        return moved(add_months(start, self.months), self.days)


def told_terms(text: str, bans: Sequence[str], others: Sequence[str]) -> list[ToldTerm]:
    """Read the terms of what a text forbids.

    ``bans``: phrases that forbid, in which a ``…`` stands for a short piece of one clause. ``others``: words of what
    else may end on a day (a publication, a payment).
    """
    sentences = _SENTENCE.split("".join(unicodedata.normalize("NFKC", text).split()))
    pattern = pattern_of(bans)
    found: list[ToldTerm] = []
    for sentence, following in zip_longest(sentences, sentences[1:], fillvalue=""):
        tail = f",{following}" if _CONTINUES.match(following) else ""
        if pattern.search(_DATE.sub("", sentence)):
            found += _terms(sentence + tail, pattern, others)
    return found


def _terms(sentence: str, pattern: re.Pattern[str], others: Sequence[str]) -> Iterator[ToldTerm]:
    """The terms of one sentence that forbids; a day in it is no term, and parts no term from what it is of."""
    clauses = [c for c in sentence.split(",") if not any(word in c for word in others)]
    days = [(m, day) for c in clauses for m in _DATE.finditer(c) if (day := _day(m)) is not None]
    ends = [day for m, day in days if _UP_TO.search(m.string, 0, m.start()) or m.string.startswith("止", m.end())]
    starts = {day for m, day in days if day not in ends and _is_first(m)}
    yield from (ToldTerm(until=day) for day in ends)
    plain = _DATE.sub("", sentence)
    bans = [m.span() for m in pattern.finditer(plain)]
    for term in _TERM.finditer(plain):
        told = _counted(term)
        if told is not None and any(_beside(plain, term.span(), ban) for ban in bans):
            yield ToldTerm(months=told[0], days=told[1], start=min(starts) if len(starts) == 1 else None)


def _is_first(found: re.Match[str]) -> bool:
    """Whether a day in a text is told as the one from which something counts."""
    return found.string.endswith(("自", "从"), 0, found.start()) or _SINCE.match(found.string, found.end()) is not None


def _beside(text: str, term: tuple[int, int], ban: tuple[int, int]) -> bool:
    """Whether a term stands in, right before or right after the words that forbid."""
    if term[1] <= ban[0]:
        return _BEFORE.fullmatch(text, term[1], ban[0]) is not None
    return term[0] < ban[1] or _AFTER.fullmatch(text, ban[1], term[0]) is not None


def _counted(term: re.Match[str]) -> tuple[int, int] | None:
    """Months and days of a term; None of what is no term."""
    if term["half"]:
        return 6, 0
    if term["days"]:
        days = number_in(term["days"])
        return (0, days) if days <= 31 * _LONGEST else None
    months = 12 * number_in(term["years"] or "0") + number_in(term["months"] or term["more"] or "0")
    months += 6 if term["and_half"] else 0
    return (months, 15 if term["half_month"] else 0) if 0 < months <= _LONGEST else None


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(*(number_in(found[part]) for part in ("year", "month", "day")))
    except ValueError:
        return None
