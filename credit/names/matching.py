"""How like two names are, and why: a score from 0 to 1 that never says that two parties are one.

The score begins with how like trade name, industry, place and legal form are, and is capped by whatever tells two
firms apart: 第一建筑 is not 第二建筑, 腾达 not 腾飞, 一分公司 not 二分公司, a branch not its head office. Only names
that differ in nothing but writing (width, brackets, traditional characters, the rank of a place, 有限 for 有限责任)
reach `SURE`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA, Indel

from credit.names.keys import short_form
from credit.names.parts import Parts, parts_of

SURE: Final = 0.9
"""From here on two names are the same but for their writing; whose they are is not said even so."""
LEAST: Final = 0.3
"""Below this a name is no candidate."""
_WEIGHTS: Final = (0.5, 0.25, 0.15, 0.1)
"""Of trade name, industry, place, legal form."""
_ONE_OFF: Final = 0.72
"""For a trade name, or a name as a whole, of which one character differs: a slip of the pen, or another firm."""
_NEAR: Final = 0.75
"""Likeness from which a trade name of several characters counts as miswritten rather than as another."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score, and its reasons in Chinese and English, the weightiest first."""

    score: float
    why: tuple[tuple[str, str], ...]


_Cap = tuple[float, str, str]


def likeness(one: str, other: str) -> Likeness:
    """Compare two names.

    >>> likeness("云溪（四川）科技有限公司", "云溪(四川)科技有限公司").score
    1.0
    >>> likeness("资阳第一建筑有限公司", "资阳第二建筑有限公司").score < 0.5
    True
    """
    asked, held = parts_of(one), parts_of(other)
    if asked.text == held.text:
        return Likeness(1.0, (("名称一致", "same name"),))
    if not (asked.is_chinese and held.is_chinese):
        return _of_words(asked, held)
    if _is_short_of(asked, held):
        caps = [cap for cap in (_place(asked, held), _branch(asked, held)) if cap[0] < 1]
        score = min([0.85, *(cap[0] for cap in caps)])
        return Likeness(score, (("简称相符", "a usual short form"), *(cap[1:] for cap in caps)))
    caps = [_ordinals(asked, held), _branch(asked, held), _trade(asked, held), _place(asked, held)]
    caps += [_industry(asked, held), _form(asked, held)]
    weighed = max(_weighed(asked, held), _ONE_OFF if OSA.distance(asked.text, held.text) == 1 else 0.0)
    score = min(weighed, *(cap for cap, _, _ in caps))
    return Likeness(round(score, 3), tuple((zh, en) for _, zh, en in sorted(caps, key=lambda cap: cap[0]) if zh))


def best(asked: str, name: str, former: Sequence[str]) -> Likeness:
    """Compare a name with a party's present name and its former ones; the likest counts.

    A former name counts a little less than a present one.
    """
    found = likeness(asked, name)
    for earlier in former:
        other = likeness(asked, earlier)
        score = round(0.98 * other.score, 3)
        if score > found.score:
            found = Likeness(score, ((f"曾用名：{earlier}", f"a former name: {earlier}"), *other.why))
    return found


def _of_words(one: Parts, other: Parts) -> Likeness:
    """Compare names that are read by words: each word finds its likest."""
    words = [_ratio(word, max(other.units, key=lambda x: _ratio(word, x))) for word in one.units]
    back = [_ratio(word, max(one.units, key=lambda x: _ratio(word, x))) for word in other.units]
    score = min(sum(words) / len(words), sum(back) / len(back)) if words and back else 0.0
    if one.core == other.core:
        if one.form == other.form:
            return Likeness(0.97, (("除写法外一致", "the same but for writing"),))
        return Likeness(0.85, (("组织形式不同", "another legal form"),))
    return Likeness(round(min(0.85, score * 0.9), 3), (("词语相近", "like words"),))


def _weighed(one: Parts, other: Parts) -> float:
    pairs = ((one.trade, other.trade), (one.industry, other.industry), (one.form, other.form))
    trade, industry, form = (_ratio(a, b) for a, b in pairs)
    if one.core == other.core:
        trade = industry = 1.0
    elif not (one.trade and other.trade):
        trade = industry = _ratio(one.core, other.core)
    place = _place(one, other)[0]
    return sum(w * x for w, x in zip(_WEIGHTS, (trade, industry, place, 1.0 if form == 1.0 else 0.7), strict=True))


def _is_short_of(one: Parts, other: Parts) -> bool:
    """Whether one is a short form of the other; two full names that are shortened alike are not."""
    if one.core == other.core:
        return False
    return _says_short(one, other) or _says_short(other, one)


def _says_short(short: Parts, full: Parts) -> bool:
    same = short_form(full) in {short.core.removesuffix("集团"), short_form(short)} and short.ordinals == full.ordinals
    return same and len(short.core) < len(full.core) and not (short.form and full.form and _has_trades(short, full))


def _has_trades(one: Parts, other: Parts) -> bool:
    """Whether both are full names of a trade name and an industry, of which the industry differs."""
    return bool(one.trade and other.trade and one.industry and other.industry and not one.ordinals)


def _ordinals(one: Parts, other: Parts) -> _Cap:
    if one.ordinals == other.ordinals:
        return (1.0, "", "")
    if one.ordinals and other.ordinals:
        return (0.4, "序号不同", "another number in the name")
    return (0.5, "一方有序号，另一方没有", "one is numbered, the other is not")


def _branch(one: Parts, other: Parts) -> _Cap:
    if one.branch == other.branch:
        return (1.0, "", "")
    if one.branch and other.branch:
        if one.branch.replace("第", "") == other.branch.replace("第", ""):
            return (1.0, "", "")
        if _ordinals_of(one.branch) == _ordinals_of(other.branch) and _ratio(one.branch, other.branch) >= _NEAR:
            return (0.7, "分支机构名称相近", "branches of like names")
        return (0.45, "不同的分支机构", "another branch")
    return (0.75, "一方是分支机构", "one is a branch")


def _ordinals_of(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _trade(one: Parts, other: Parts) -> _Cap:
    if one.core == other.core:
        return (1.0, "字号、行业相同", "same trade name and industry")
    if one.trade and one.trade == other.trade:
        return (1.0, f"字号相同：{one.trade}", f"same trade name: {one.trade}")
    a, b = (one.trade, other.trade) if one.trade and other.trade else (one.core, other.core)
    if OSA.distance(a, b) == 1 and min(len(a), len(b)) > 1:
        return (_ONE_OFF, f"字号差一字：{a}／{b}", f"one character of the trade name differs: {a} / {b}")
    if 1 in {OSA.distance(one.core, other.core), OSA.distance(one.text, other.text)}:
        return (_ONE_OFF, "名称差一字", "one character of the name differs")
    if _ratio(a, b) >= _NEAR:
        return (0.68, f"字号相近：{a}／{b}", f"like trade names: {a} / {b}")
    return (0.45, f"字号不同：{a}／{b}", f"another trade name: {a} / {b}")


def _industry(one: Parts, other: Parts) -> _Cap:
    if one.industry == other.industry or not (one.trade and other.trade):
        return (1.0, "", "")
    if OSA.distance(one.industry, other.industry) == 1:
        return (0.87, "行业用语差一字", "one character of the industry differs")
    like = _ratio(one.industry, other.industry)
    if like >= 0.5:  # noqa: PLR2004 - half of the words
        return (0.82, "行业用语相近", "like words of industry")
    return (0.7, "行业用语不同", "another industry")


def _place(one: Parts, other: Parts) -> _Cap:
    """Compare places; the last one named is the narrowest, and what stands before it may be left out in writing."""
    a, b = set(one.places), set(other.places)
    if a == b:
        return (1.0, "地名相同" if a else "", "same place" if a else "")
    if not (a and b):
        return (0.87, "一方未写地名", "one names no place")
    if one.places[-1] == other.places[-1]:
        return (0.95, "地名相合", "places that fit")
    if a <= b or b <= a:
        return (0.85, "一方的地名更细", "one names a narrower place")
    if one.province and one.province == other.province:
        return (0.75, "同省的不同地名", "other places of one province")
    return (0.6, "地名不同", "another place")


def _form(one: Parts, other: Parts) -> _Cap:
    if one.form == other.form:
        return (1.0, "", "")
    if not (one.form and other.form) or "company" in {one.form, other.form}:
        return (0.89, "一方未写明组织形式", "one does not say its legal form")
    return (0.88, "组织形式不同", "another legal form")


def _ratio(one: str, other: str) -> float:
    return Indel.normalized_similarity(one, other)


def reasons(found: Likeness) -> Iterator[str]:
    """Write reasons as one text each, Chinese first; the last says what a name is not."""
    for zh, en in found.why:
        yield f"{zh} · {en}"
    yield "仅凭名称，不能确认身份 · by name alone: no identification"
