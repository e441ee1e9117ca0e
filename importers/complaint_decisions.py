"""What the results of a complaint decision say of every item: by the words, borne out by the article that is cited.

Every clause that speaks of items or of an outcome must be understood whole; one that is not, an item without outcome,
an article that no item bears out, and two that contradict each other leave the notice to a person.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from credit.errors import FieldInvalid
from credit.model.complaint import ComplaintOutcome
from credit.oversight.outcomes import REJECTED, UPHELD, whole_of
from importers.cells import NUMERAL, folded
from importers.complaint_items import numbers_in
from importers.complaint_outcomes import NOTHING, PARTLY, Cited, Outcomes, cited_in, outcome_words
from importers.damaged_text import is_damaged

_N: Final = rf"(?:\d+|{NUMERAL})"
_SET: Final = rf"(?P<set>{_N}(?:[、和及至到~-](?:投诉事项)?{_N})*)"
_CITATION: Final = re.compile(
    rf"(?:根据|依据|依照|按照)?《[^》]*》(?:\([^()]*\))?"
    rf"(?:[、,和及]?(?:第{_N}条|第{_N}款|第?\(?{_N}\)?项|\({_N}\)))*(?:的|之)?(?:相关)?(?:规定)?"
)
_QUOTED: Final = re.compile(r"[“][^“”]*[”]|\"[^\"]*\"")
_APPEAL: Final = re.compile(r"行政复议|行政诉讼|人民法院")
_DOUBTFUL: Final = re.compile(
    r"其余|其他投诉|另|拟|曾|听证|变更|恶意|原处理|重新(?:作出|处理)|撤销(?!(?:政府采购|采购)?合同)|[*＊×□■?]|某|[xX]{2}"
)
_LEAD: Final = re.compile(
    rf"^(?:\(?{_N}\)?[.、:]|\({_N}\)|综上(?:所述)?|因此|故|据此|现|经(?:审查|查)|本(?:机关|局|厅|部)|我(?:局|厅)|决定如下|"
    r"作出(?:如下)?处理决定(?:如下)?|决定|认定|认为|如下|关于|对于|对|其中|属于|系)+"
)
_SUBJECT: Final = re.compile(
    rf"(?:投诉人的?)?(?:全部|各项?|所有)?(?:投诉事项{_SET}?|投诉(?!事项|人|不|成))(?P<rest>.*)|投诉(?P<bare>(?:不|成).*)"
)
_DISMISSED: Final = re.compile(
    rf"(?:予以)?驳回(?:投诉人|其|该)?(?:的)?(?:各项|全部|本次)?投诉(?:人)?(?:事项{_SET}?)?(?:的)?(?:请求)?|(?:予以)?驳回"
)
_TALK: Final = re.compile(
    r"投诉事项|事项\d|成立|驳回|(?:事实|法律)依据|捏造|虚假材料|非法|受理条件|撤回|终止(?!采购)|属实|无实据"
)
_NEGATED: Final = re.compile(r"不|未|没有|无(?!效)|如|若|是否")
_SHORT_NAME: Final = re.compile(r"(?P<name>[一-龥()]{2,30}?(?:公司|中心|厂|院|店))(?:提起|提出)?(?:的)?(?=投诉)")


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided: of the whole, and of each item that is numbered (from 1)."""

    outcome: ComplaintOutcome
    items: Mapping[int, ComplaintOutcome]


@dataclass(slots=True)
class _Reading:
    """What clauses have said so far; item 0 stands for all of them."""

    count: int
    told: dict[int, list[Outcomes]] = field(default_factory=dict[int, list[Outcomes]])
    dismissed: set[int] = field(default_factory=set[int])
    effects: set[ComplaintOutcome] = field(default_factory=set[ComplaintOutcome])
    about: tuple[int, ...] = ()

    def say(self, outcomes: Outcomes, clause: str) -> None:
        if not self.about:
            raise _unclear(clause)
        for item in self.about:
            self.told.setdefault(item, []).append(outcomes)


def decision_of(results: str, *, items: int, complainants: Collection[str], others: Collection[str]) -> Decided:
    """Read the results of a decision on a complaint that has so many items (0: not known).

    ``complainants`` and ``others`` are the names of the parties: a shortened one must fit just one of them.

    Raises: FieldInvalid where an outcome is not certain.
    """
    if is_damaged(results):
        raise FieldInvalid("处理结果有损坏的段落，请人工录入", "a passage of the results is damaged")
    cited = cited_in(results)
    reading = _Reading(items)
    for sentence in _sentences(results):
        reading.about = ()
        for clause in sentence:
            _take(reading, _without_name(clause, complainants, others))
    outcomes = _outcomes(reading, cited)
    whole = whole_of(outcomes.values())
    return Decided(whole, {} if 0 in outcomes else outcomes)


def _sentences(results: str) -> Sequence[Sequence[str]]:
    """The sentences of a text as clauses, without what it quotes and cites, width folded.

    Raises: FieldInvalid where words leave a doubt.
    """
    lines = "。".join(folded(line) for line in results.splitlines())
    plain = _CITATION.sub(",", _QUOTED.sub("", lines))
    if "“" in plain or "”" in plain:
        raise _unclear(results)
    sentences = [s for s in plain.split("。") if s and not _APPEAL.search(s)]
    if found := _DOUBTFUL.search("。".join(sentences)):
        raise FieldInvalid(
            f"处理结果含“{found[0]}”，不能确定，请人工录入", f"the results say {found[0]!r}: not certain"
        )
    clauses = ([_LEAD.sub("", part) for part in re.split(r"[;,:!]", s)] for s in sentences)
    return [[c for c in parts if c and not c.endswith("如下")] for parts in clauses]


def _without_name(clause: str, complainants: Collection[str], others: Collection[str]) -> str:
    """Take the name of a complainant from the head of a clause.

    Raises: FieldInvalid where a name fits nobody, somebody else, or several.
    """
    found = _SHORT_NAME.match(clause)
    if found is None:
        return clause
    short = folded(found["name"]).removesuffix("公司")
    fits = [name for name in (*complainants, *others) if short in folded(name)]
    if len(fits) != 1 or fits[0] not in complainants:
        raise FieldInvalid(
            f"处理结果中的“{found['name']}”不能确定是哪一个当事人，请人工录入",
            f"whom {found['name']!r} in the results means is not certain",
        )
    return clause[found.end() :]


def _take(reading: _Reading, clause: str) -> None:
    """Understand one clause.

    Raises: FieldInvalid where it speaks of an outcome and is not understood.
    """
    words = outcome_words()
    dismissed = _DISMISSED.fullmatch(clause)
    subject = None if dismissed else _SUBJECT.fullmatch(clause)
    if dismissed:
        reading.dismissed |= set(_numbers(dismissed["set"], clause)) if dismissed["set"] else {0}
        return
    rest = clause
    if subject:
        # Without a number: those that the sentence has named, else all.
        reading.about = _numbers(subject["set"], clause) if subject["set"] else reading.about or (0,)
        rest = re.sub(r"^(?:均|都|的?理由)", "", subject["bare"] or subject["rest"] or "")
    said = words.by_words(rest)
    if said is not None:
        reading.say(said, clause)
    elif re.fullmatch(r"(?:予以|应予)?驳回", rest):
        reading.dismissed |= set(reading.about) or {0}
    elif effect := _effect(rest):
        reading.effects.add(effect)
    elif _TALK.search(rest) or (subject and rest):
        raise _unclear(clause)


def _effect(clause: str) -> ComplaintOutcome | None:
    effect = outcome_words().effect
    if any(words in clause for words in effect.none):
        return ComplaintOutcome.UPHELD_NO_EFFECT
    some = any(words in clause for words in effect.some) and not _NEGATED.search(clause)
    return ComplaintOutcome.UPHELD_EFFECT if some else None


def _numbers(text: str, clause: str) -> tuple[int, ...]:
    found = numbers_in(text.replace("投诉事项", ""))
    if not found:
        raise _unclear(clause)
    return found


def _outcomes(reading: _Reading, cited: Sequence[Cited]) -> Mapping[int, ComplaintOutcome]:
    """Bring words and articles together; key 0 where the decision is on the whole and its items are not known.

    Raises: FieldInvalid where they do not agree, or not every item has an outcome.
    """
    words, told = outcome_words(), reading.told
    items = {0} if not reading.count else set(range(1, reading.count + 1))
    if set(told) == {0}:
        told = dict.fromkeys(items, told[0])
    if set(told) != items:
        raise FieldInvalid("处理结果没有涵盖每一项投诉事项，请人工录入", "not every item has an outcome")
    law = [words.by_article(c.article, c.point) for c in cited]
    if not law or not all(law):
        raise FieldInvalid(
            "处理结果没有引用94号令第二十九条至第三十二条的具体条款，请人工录入", "no article of 94号令 29-32 is cited"
        )
    found = {item: _one(said, NOTHING.union(*law), reading.effects) for item, said in told.items()}
    borne = frozenset(found.values())
    if ComplaintOutcome.PARTLY_UPHELD in borne:
        borne |= UPHELD | {ComplaintOutcome.REJECTED_UNFOUNDED}
    wrongly = {n for n in reading.dismissed if n and found.get(n) not in REJECTED}
    if any(not borne & allowed for allowed in law) or wrongly or (reading.dismissed and not borne & REJECTED):
        raise FieldInvalid(
            "引用的条款与处理结果的文字不一致，请人工录入", "the articles cited and the words of the results disagree"
        )
    return found


def _one(said: Sequence[Outcomes], law: Outcomes, effects: Collection[ComplaintOutcome]) -> ComplaintOutcome:
    """Return the one outcome of an item that its words and the law leave."""
    fits = frozenset[ComplaintOutcome].intersection(*said)
    if fits == PARTLY and law & UPHELD and ComplaintOutcome.REJECTED_UNFOUNDED in law:
        return ComplaintOutcome.PARTLY_UPHELD
    fits &= law
    if fits <= UPHELD:
        fits &= frozenset(effects)
    if len(fits) != 1:
        raise FieldInvalid(
            "投诉事项的结果不能由条款和文字共同确定，请人工录入", "words and article do not make one outcome of an item"
        )
    return next(iter(fits))


def _unclear(clause: str) -> FieldInvalid:
    return FieldInvalid(
        f"处理结果的一处文字不能确定，请人工录入：{clause[:80]}",
        f"a passage of the results is not certain: {clause[:80]}",
    )
