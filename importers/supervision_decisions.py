"""What the results of an inspection decide, sentence by sentence: on whom, under which number, when, and what.

A sentence counts where it decides; a law that is quoted, what follows when a fine is not paid, and the ways of appeal
do not. Where a sentence that decides names nobody of the notice's parties, or somebody else, nothing of the notice is
taken: it may be about any of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.errors import FieldInvalid
from credit.identifiers import redact
from credit.model.naturalkey import normal
from credit.model.party import Role
from importers.addressees import BODY, MODIFIED, OTHERS, other_in
from importers.cells import folded
from importers.damaged_text import is_damaged
from importers.notice_dates import day
from importers.notice_parts import DAY
from importers.sanctions import HEAVY
from importers.supervision_notice import NUMBER, Accused, Notice

_PENAL: Final = re.compile(r"警告|罚款|列入|禁止|不得参加|没收|责令|通报批评|吊销|暂扣|暂停|取消|处罚|降低")
_CLEARED: Final = re.compile(
    r"不予(?:以)?(?:行政)?(?:处罚|处理)|免[予于除](?:行政)?处罚|不(?:再)?(?:给予|作出|做出|作|进行)(?:行政)?处罚"
    r"|不成立|缺乏(?:事实|证据|法律)?依据|未发现|不存在(?:违法|违规)|不构成|撤销案件|终止(?:监督检查|调查)"
)
_QUOTE: Final = re.compile(r"规定\s*[，,:：“].*(?:有下列|应当|以上|以下|可以)|有下列情形之一|情节严重的")
_AFTERMATH: Final = re.compile(r"逾期|加处罚款|行政复议|行政诉讼|申请复议|缴(?:纳|至|入)|不停止执行")
_DECIDES: Final = re.compile(r"决定(?!书)")
_ACTS: Final = re.compile(r"(?:对|给予|处以|责令|予以)")
_DOUBTFUL: Final = re.compile(
    r"拟|建议|曾|听证|事先告知|如果|撤销|变更|主管人员|责任人员|直接责任|[*＊×□■?]|[xX]{2}|某"
)
_ROLE_WORDS: Final = (
    r"(?:(?P<purchaser>采购人|采购单位|招标人)|(?P<agency>代理机构)|(?P<supplier>供应商|投标人|中标人|成交人)"
    r"|(?P<others>评审专家|评标委员会|评审委员会|[谈判磋商评审]{2}小组|评委|人员|负责人))"
)
_ROLE: Final = re.compile(_ROLE_WORDS)
_ON_ROLE: Final = re.compile(r"(?:对|责令|给予|处以|由)(?:该|本|项目|采购|相关|上述)*" + _ROLE_WORDS)
_OWN_ROLE: Final = re.compile(
    r"(?:该|本|项目|采购|相关|上述|中标|成交|集中)*(?:采购人|采购单位|招标人|代理机构|供应商|投标人|中标人|成交人)"
)
_ROLES: Final = {"purchaser": Role.PURCHASER, "agency": Role.AGENCY, "supplier": Role.SUPPLIER}
_CITED: Final = re.compile(rf"《[^》]*》(?:\s*[(（]\s*{NUMBER}\s*[)）])?")
_OURSELVES: Final = re.compile(r"本机关|我局|本局|我厅|本厅|我部|本部")
# What may stand before a number: a Chinese sign without a stop between would be read as a part of it.
_OPENS: Final = re.compile(r"(?:^|[（(《\[【“，,：:\s》])$")
_DECIDED: Final = re.compile(rf"(?P<before>{DAY})\s*[，,]?\s*(?:作出|做出|下达)|{NUMBER}\s*[，,、]\s*(?P<behind>{DAY})")


@dataclass(frozen=True, slots=True)
class Decision:
    """A sentence that decides something on parties; ``text`` is its part from the decision on."""

    parties: tuple[Accused, ...]
    sentence: str
    text: str


def decisions_in(notice: Notice) -> list[Decision]:
    """The sentences of the results that impose something, each with the parties that it is about.

    Raises: FieldInvalid where a sentence is damaged, or whom it is about is not certain.
    """
    return [found for sentence in _sentences(notice.results) for found in _decided(sentence, notice)]


def _sentences(lines: Sequence[str]) -> Iterator[str]:
    """Yield sentences; a line that ends without a stop goes on in the next."""
    text = re.sub(r"(?<![。；;：:])\n", "", "\n".join(lines))
    yield from filter(None, map(str.strip, re.split(r"[。\n]", text)))


def _decided(sentence: str, notice: Notice) -> Iterator[Decision]:
    """Yield what a sentence decides, apart for each party where each of its clauses names just one."""
    if is_damaged(sentence):
        raise FieldInvalid(f"处理结果有损坏的段落：{sentence}", f"a passage of the results is damaged: {sentence}")
    if not _PENAL.search(_CLEARED.sub("", sentence)):
        return
    text = _operative(sentence)
    if text is None:
        return
    parties = _whom(sentence, text, notice)
    clauses = re.split(r"[；;]", text)
    named = [_named(clause, notice.accused)[0] for clause in clauses]
    if len(parties) > 1 and all(len(of_one) == 1 for of_one in named):
        before = sentence[: len(sentence) - len(text)]
        for clause, of_one in zip(clauses, named, strict=True):
            if _PENAL.search(_CLEARED.sub("", clause)):
                yield Decision(of_one, before + clause, clause)
    else:
        yield Decision(parties, sentence, text)


def _operative(sentence: str) -> str | None:
    """The part of a sentence that decides; None where it only quotes or instructs.

    Raises: FieldInvalid where that is not certain.
    """
    found = _DECIDES.search(_CITED.sub(lambda cited: " " * len(cited[0]), sentence))
    if found:
        return sentence[found.start() :]
    if _QUOTE.search(sentence) or _AFTERMATH.search(sentence):
        return None
    acts = _ACTS.search(sentence)
    if acts is None:
        raise FieldInvalid(
            f"处理结果的一句话不能确定：{sentence}", f"a sentence of the results is not certain: {sentence}"
        )
    return sentence[acts.start() :]


def _whom(sentence: str, text: str, notice: Notice) -> tuple[Accused, ...]:
    """The parties that a decision is about: those it names, else the subject of its sentence, else the only one.

    Raises: FieldInvalid.
    """
    named, rest = _named(text, notice.accused)
    stranger = _is_on_a_stranger(_OURSELVES.sub("", _CITED.sub("", rest)), named, notice)
    if not named and not stranger:
        before = sentence[: len(sentence) - len(text)]
        opening, _ = _named(re.split(r"[，,:：]", sentence, maxsplit=1)[0], notice.accused)
        by_report = re.search(r"举报|投诉|反映|申请", before)
        named = notice.accused if len(notice.accused) == 1 else () if by_report else opening
        stranger = bool(OTHERS.search(_named(_CITED.sub("", before), notice.accused)[1]))
    if not named or stranger:
        raise FieldInvalid(
            f"不能确定处理的是哪一个当事人，请人工录入：{sentence}",
            f"whom a decision is about is not certain: {sentence}",
        )
    return named


def _is_on_a_stranger(rest: str, named: Sequence[Accused], notice: Notice) -> bool:
    """Whether what is left of a decision without its parties' names speaks of another body, person or role."""
    return (
        bool(BODY.search(folded(rest)))
        or _is_on_another(rest, named, notice.accused)
        or other_in(_OWN_ROLE.sub("", rest), beside=(notice.authority,)) is not None
    )


def _is_on_another(rest: str, named: Sequence[Accused], accused: Sequence[Accused]) -> bool:
    """Whether what is left of a decision is on somebody in another role, whom no name tells."""
    roles = {party.role for party in named or accused}
    words = _ON_ROLE.finditer(rest) if named else _ROLE.finditer(rest)
    return any(_ROLES.get(match.lastgroup or "") not in roles for match in words)


def _named(text: str, accused: Sequence[Accused]) -> tuple[tuple[Accused, ...], str]:
    """The parties that a text names, and the text without them; the longest names are looked for first."""
    found: dict[Accused, None] = {}
    calls = sorted(((c, a) for a in accused for c in a.called), key=lambda pair: -len(pair[0]))
    for call, party in calls:
        pattern = re.compile(
            re.escape(call)
            + rf"(?![\d一二三四五六七八九十])(?!{MODIFIED})(?![一-龥()（）]{{0,10}}(?:分公司|分部|分院|分所|子公司))"
        )
        if pattern.search(text):
            found[party] = None
            text = pattern.sub("", text)
    return tuple(found), text


def must_be_plain(decision: Decision) -> None:
    """Refuse a decision that is about several parties, on a person, or in words that leave a doubt.

    Raises: FieldInvalid.
    """
    if len(decision.parties) > 1:
        raise FieldInvalid("一句话处理多个当事人，请人工录入", "one sentence decides on several parties")
    if found := (_DOUBTFUL.search(decision.sentence) or HEAVY.search(decision.text)):
        raise FieldInvalid(
            f"处理结果含“{found[0]}”，不能确定，请人工录入", f"the decision says {found[0]!r}: not certain"
        )
    if found := _CLEARED.search(decision.text):
        raise FieldInvalid(
            f"“{found[0]}”与其他处理并存：不予处罚不是处罚，请人工录入",
            "not punished, yet something was ordered: a person must look",
        )


def number_of(sentence: str, notice: Notice) -> str:
    """The number of the document that a sentence decides by: the one it gives, else the notice's own.

    Raises: FieldInvalid where there is none, or more than one.
    """
    bare = re.sub(rf"《(?![^》]*决定书)[^》]*》\s*(?:[(（]\s*{NUMBER}\s*[)）])?", "", sentence)
    found = list(re.finditer(NUMBER, bare))
    numbers = {normal(match[0]): match[0] for match in found}
    set_apart = all(_OPENS.search(bare[: match.start()]) for match in found)
    if len(numbers) > 1 or not set_apart or not (numbers or notice.number):
        raise FieldInvalid("处理决定的文号不能确定，请人工录入", "the number of the decision is not certain")
    return re.sub(r"\s", "", next(iter(numbers.values()), notice.number or ""))


def decided_on(told: Sequence[Decision], number: str, notice: Notice) -> date:
    """The day of a decision: as its sentence gives it, or the notice, or, of the notice's own number, its signature.

    Raises: FieldInvalid: the day of a publication is no day of a decision.
    """
    found = (match for d in told for match in _DECIDED.finditer(d.sentence))
    days = {day(match["before"] or match["behind"], "决定日期") for match in found}
    if not days and notice.decided_on:
        return notice.decided_on
    if not days and notice.number and normal(number) == normal(notice.number):
        return notice.signed_on
    if len(days) != 1:
        raise FieldInvalid("公告没有写明处理决定的日期，请人工录入", "the day of the decision is not told")
    return days.pop()


def violation_of(notice: Notice, accused: Accused) -> str:
    """What was found of a party: the sentences that name it, or all where it is the only one.

    Raises: FieldInvalid.
    """
    told = [s for s in _sentences(notice.facts.split("\n")) if accused in _named(s, notice.accused)[0]]
    text = notice.facts if len(notice.accused) == 1 else "。".join(told)
    if not text or is_damaged(text):
        raise FieldInvalid("该当事人的违法情形不能确定，请人工录入", "what was found of this party is not certain")
    return redact(text)


def grounds_of(told: Sequence[Decision]) -> str:
    """The parts of sentences before they decide: the law that they rest on."""
    return redact("；".join(d.sentence[: len(d.sentence) - len(d.text)] for d in told))
