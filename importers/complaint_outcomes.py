"""How a complaint ended, by the article of 94号令 that is cited and the words that are used: both must agree.

A decision that cites no article, or one that its words do not bear out, is for a person to read: a wrong outcome may
make a proposal against a party that did nothing (94号令 37). Law: 财政部令第94号 29–32; DOMAIN §3.7.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from credit.errors import FieldInvalid
from credit.model.complaint import ComplaintOutcome
from importers.cells import NUMERAL, folded, numeral
from importers.source import Strict

_NUMBER: Final = rf"(?:\d+|{NUMERAL})"
_REJECTIONS: Final = 29
_ARTICLE: Final = re.compile(
    rf"第(?P<article>{_NUMBER})条(?:第{_NUMBER}款)?"
    rf"(?P<points>(?:[、,和及]?第?\(?{_NUMBER}\)?项|[、,和及]?\({_NUMBER}\)(?!项))*)(?P<quote>[\"“][^\"”]*[\"”])?"
)
_POINT: Final = re.compile(rf"第?\(?({_NUMBER})\)?项|\(({_NUMBER})\)")
_LAW: Final = re.compile(r"《([^》]*)》(?:\([^()]*\))?|财政部令第?94号|财政部94号令|94号令")

Outcomes = frozenset[ComplaintOutcome]
NOTHING: Final[Outcomes] = frozenset()
PARTLY: Final[Outcomes] = frozenset((ComplaintOutcome.PARTLY_UPHELD,))


class Article(Strict):
    """What an article, or a point of it, lets a complaint end in; with its source and mark."""

    article: int
    point: int | None = None
    outcomes: Outcomes
    source: str
    mark: str


class Words(Strict):
    """What a clause may say, and the outcomes that fit it."""

    pattern: str
    outcomes: Outcomes


class Effect(Strict):
    """Words for being right without, and with, an effect on the result."""

    none: tuple[str, ...]
    some: tuple[str, ...]


class OutcomeWords(Strict):
    """The words of offices and the articles of the law (``complaint_outcomes.toml``)."""

    instrument: tuple[str, ...]
    articles: tuple[Article, ...]
    words: tuple[Words, ...]
    effect: Effect
    ledger: Mapping[str, Outcomes]

    def by_words(self, clause: str) -> Outcomes | None:
        """Return the outcomes that a whole clause fits; None where it says nothing of an outcome."""
        return next((w.outcomes for w in self.words if re.fullmatch(w.pattern, clause)), None)

    def by_article(self, article: int, point: int | None) -> Outcomes:
        """Return the outcomes that an article lets stand; empty where it is none that decides, or not whole."""
        found = (a.outcomes for a in self.articles if a.article == article and a.point in {None, point})
        return next(found, NOTHING)


@dataclass(frozen=True, slots=True)
class Cited:
    """An article of 94号令 that a text rests on; ``point`` None where it names none."""

    article: int
    point: int | None = None


@cache
def outcome_words() -> OutcomeWords:
    """Read the words and articles."""
    text = files("importers").joinpath("complaint_outcomes.toml").read_text(encoding="utf-8")
    return OutcomeWords.model_validate(tomllib.loads(text))


def cited_in(text: str) -> tuple[Cited, ...]:
    """Return the articles 29 to 32 of 94号令 that a text cites, with their points.

    >>> cited_in("根据《政府采购质疑和投诉办法》（财政部令第94号）第二十九条第（二）项、第三十一条的规定")
    (Cited(article=29, point=2), Cited(article=31, point=None))
    >>> cited_in("根据《中华人民共和国政府采购法》第三十一条")
    ()
    """
    plain, words = folded(text), outcome_words()
    ours = [(m.start(), _is_ours(m[0], words)) for m in _LAW.finditer(plain)]
    deciding = {a.article for a in words.articles}
    found: dict[Cited, None] = {}
    for match in _ARTICLE.finditer(plain):
        law = [own for start, own in ours if start < match.start()]
        article = numeral(match["article"])
        if article not in deciding or not law or not law[-1]:
            continue
        points = _points(match["points"]) or (_points(match["quote"] or "") if article == _REJECTIONS else ())
        found |= dict.fromkeys([Cited(article, p) for p in points] or [Cited(article)])
    return tuple(found)


def told_outcome(cell: str, basis: str) -> ComplaintOutcome | None:
    """Return what a ledger's cells say of an outcome: a word, or the registry's own code, and the article; None: empty.

    >>> told_outcome("驳回", "94号令第二十九条第（二）项").value, told_outcome("rejected_unfounded", "").value
    ('rejected_unfounded', 'rejected_unfounded')

    Raises: FieldInvalid where the word is not known, leaves it open, or the article says otherwise.
    """
    word, words = folded(cell), outcome_words()
    if not word:
        return None
    codes = {o.value: frozenset({o}) for o in ComplaintOutcome}
    said = codes.get(word.casefold()) or words.ledger.get(word)
    if said is None:
        raise FieldInvalid(f"处理结果“{cell}”无法识别", f"the outcome {cell!r} is not known")
    allowed = [words.by_article(c.article, c.point) for c in cited_in(basis)]
    if basis and not allowed:
        raise FieldInvalid(f"处理依据“{basis}”无法识别", f"the article {basis!r} is not known")
    law = NOTHING.union(*allowed)
    partly = said == PARTLY
    fits = said if not allowed or (partly and law) else said & law
    if len(fits) != 1:
        raise FieldInvalid(
            f"处理结果“{cell}”与处理依据“{basis}”不能确定一种结果，请人工录入",
            f"outcome {cell!r} and article {basis!r} do not make one outcome: a person must enter it",
        )
    return next(iter(fits))


def _is_ours(name: str, words: OutcomeWords) -> bool:
    return any(known in name for known in words.instrument)


def _points(text: str) -> tuple[int, ...]:
    numbers = (numeral(m[1] or m[2]) for m in _POINT.finditer(text))
    return tuple(dict.fromkeys(n for n in numbers if n is not None))
