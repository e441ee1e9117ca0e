"""The words that the banks' lists share: practices, measures, banks, firms and persons (``debarments.toml``).

What is told by no word that is known is left as its wording: nothing is guessed.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from credit.errors import FieldInvalid
from credit.model.record import Category, PenaltyKind
from importers.foreign import Order, foreign_day, word
from importers.set_aside import SetAside, Why
from importers.source import Strict

_ROMAN: Final = re.compile(r"(?P<sign>(?<![A-Za-z])(?:iii|ii|iv|i|v))(?![A-Za-z])\)?\s*(?P<dash>[-–](?=\s*\(?[iv]))?")
_ORDER: Final = ("i", "ii", "iii", "iv", "v")
_HAN_NAME: Final = re.compile(
    r"[\u4e00-\u9fff][\u4e00-\u9fff()（）]*(?:公司|厂|院|中心|集团|社|所|店)(?:[\u4e00-\u9fff]*分公司)?"
)


class Practice(Strict):
    """A practice that is sanctioned: how sources word it, and its item in the guidelines."""

    zh: str
    words: tuple[str, ...]
    item: str | None = None
    category: Category = Category.OTHER
    derived: bool = False


class Measure(Strict):
    """What a bank imposes: how sources word it (folded), where it is defined, how sure that is."""

    words: frozenset[str]
    source: str
    mark: str


class Words(Strict):
    """What the banks' lists share; ``derived`` practices are of another, whom the entry follows."""

    practices: Mapping[str, Practice]
    measures: Mapping[PenaltyKind, Measure]
    clauses: tuple[str, ...]
    cross: tuple[str, ...]
    banks: Mapping[str, tuple[str, ...]]
    endless: tuple[str, ...]
    titles: tuple[str, ...]
    bodies: tuple[str, ...]
    bodies_han: tuple[str, ...]
    numbers_of_bodies: tuple[str, ...]
    numbers_of_persons: tuple[str, ...]

    def measure(self, text: str) -> PenaltyKind | None:
        """Return what a measure is by its wording; None of one that is not known.

        >>> shared_words().measure("Cross-Debarment"), shared_words().measure("Handshake")
        (<PenaltyKind.BAN: 'ban'>, None)
        """
        return next((kind for kind, measure in self.measures.items() if word(text) in measure.words), None)

    def is_endless(self, text: str, order: Order | None = None) -> bool:
        """Whether the end of a period says that it never comes, by a word or by a day that stands for never.

        >>> words = shared_words()
        >>> words.is_endless("Ongoing"), words.is_endless("2999-12-31T00:00:00"), words.is_endless("2027-01-01")
        (True, True, False)
        """
        if word(text) in self.endless:
            return True
        try:
            end = foreign_day(text, "截止日期", order)
        except FieldInvalid:
            return False
        return end is not None and end.isoformat() in self.endless


@dataclass(frozen=True, slots=True)
class Tells:
    """The shared words as patterns: what tells a firm from a person, and practices and banks from each other."""

    title: re.Pattern[str]
    body: re.Pattern[str]
    number_of_body: re.Pattern[str]
    number_of_person: re.Pattern[str]
    practices: tuple[tuple[Practice, re.Pattern[str]], ...]
    clause: re.Pattern[str]
    cross: re.Pattern[str]
    banks: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def of(cls, words: Words) -> "Tells":
        """Make the patterns."""
        return cls(
            title=_any(words.titles, "^(?:{})(?:\\.\\s*|\\s+)"),
            body=re.compile(f"{_whole(words.bodies)}|{'|'.join(words.bodies_han)}", re.IGNORECASE),
            number_of_body=_any(words.numbers_of_bodies),
            number_of_person=_any(words.numbers_of_persons),
            practices=tuple((p, _any(p.words)) for p in words.practices.values()),
            clause=re.compile("|".join(words.clauses)),
            cross=_any(words.cross),
            banks=tuple((bank, re.compile(_whole(names), re.IGNORECASE)) for bank, names in words.banks.items()),
        )

    def is_person(self, name: str, info: str = "") -> bool | None:
        """Whether a name is a person's; None where title and legal form contradict each other or both are missing."""
        titled = self.title.match(name) is not None
        is_body = bool(self.body.search(name) or _HAN_NAME.search(info) or self.number_of_body.search(info))
        if titled != is_body:
            return titled
        return True if not titled and self.number_of_person.search(info) else None

    def practices_in(self, grounds: str) -> tuple[Practice, ...]:
        """Return the practices that grounds name by words or by clauses of the guidelines."""
        items = self.items_in(grounds)
        return tuple(p for p, words in self.practices if p.item in items or words.search(grounds))

    def items_in(self, grounds: str) -> frozenset[str]:
        """Return the items (i)-(v) that clauses of the guidelines name, ranges filled in.

        >>> tells = Tells.of(shared_words())
        >>> sorted(tells.items_in("Procurement Guidelines, 1.16(a)(ii)-(iv); 2004 PG, 1.14(a)i"))
        ['i', 'ii', 'iii', 'iv']
        """
        items: set[str] = set()
        for clause in self.clause.finditer(grounds):
            last, through = 0, False
            for found in _ROMAN.finditer("".join(filter(None, clause.groups()))):
                at = _ORDER.index(found["sign"])
                items.update(_ORDER[last : at + 1] if through and at > last else (found["sign"],))
                last, through = at, found["dash"] is not None
        return frozenset(items)

    def banks_in(self, text: str) -> tuple[str, ...]:
        """Return the banks that a text names.

        >>> Tells.of(shared_words()).banks_in("Cross Debrament: ADB"), Tells.of(shared_words()).banks_in("AfDB Group")
        (('亚洲开发银行',), ('非洲开发银行',))
        """
        return tuple(bank for bank, names in self.banks if names.search(text))


def shared_words() -> Words:
    """Read the words that the banks' lists share."""
    text = files("importers").joinpath("debarments.toml").read_text(encoding="utf-8")
    return Words.model_validate(tomllib.loads(text))


def unclear() -> SetAside:
    """Say that an entry may be a firm's or a person's."""
    return SetAside(
        "来源没有写明是单位还是自然人，名称也看不出，请人工核对后录入",
        "the source does not say whether this is a firm or a person, nor does the name: a person must look",
        why=Why.KIND_NOT_TOLD,
    )


def _any(words: tuple[str, ...], form: str = "{}") -> re.Pattern[str]:
    return re.compile(form.format("|".join(words)), re.IGNORECASE)


def _whole(words: tuple[str, ...]) -> str:
    return rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})(?![^\W_])"
