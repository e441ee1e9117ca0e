"""The parts of a 监督检查处理结果公告: who it is about, what was found, what was decided, who signed it and when.

Sections are known by their words, since provinces number them differently; their numerals must ascend, or the text was
shuffled or doubled. A notice without its signature after the results was cut off. In either case nothing is read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.errors import FieldInvalid
from credit.model.naturalkey import normal
from credit.model.party import Role
from importers.cells import NUMERAL, folded
from importers.notice_dates import day
from importers.notice_parts import signature_in, starts_of
from importers.notice_text import is_name, label_of

_PARTIES: Final = re.compile(r"(?:相关)?当事人|被(?:监督)?检查(?:单位|人|对象)")
_FACTS: Final = re.compile(r"基本情况|违法事实|查明|检查情况|存在问题")
_RESULTS: Final = re.compile(r"处理(?:依据|结果|决定|处罚)|处罚(?:依据|结果|决定)")
_HEAD: Final = re.compile(r"[^:：。]{0,24}[:：]?\s*")
_CODE: Final = re.compile(r"(?:统一)?(?:社会)?信用代码\s*[:：为]?\s*(?P<code>[0-9A-Za-z]+)")
_CODE_LABELS: Final = frozenset({"统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码"})
_PARTY_LABEL: Final = re.compile(
    rf"(?:相关)?(?P<who>当事人|被检查人|被监督检查人|被检查单位|被处罚人|被举报人|举报人|被投诉人|投诉人|单位|采购人|采购单位|(?:集中采购|采购代理|代理)机构"
    rf"|(?:中标|成交|相关|中标\(成交\))?供应商)(?:名称)?(?:\d|{NUMERAL})*(?:名称)?(?:\((?P<kind>[^)]*)\))?"
)
_BRACKETED: Final = re.compile(r"[(（][^()（）]*(?:信用代码|以下(?:简)?称)[^()（）]*[)）]")
_SHORT: Final = (
    r"\s*(?:[(（][^()（）]*信用代码[^()（）]*[)）])?"
    r"[(（][^()（）]*?以下(?:简)?称[:：]?[“\"'‘]?([^”\"'’()（）]{2,30})"
)
NUMBER: Final = r"[一-龥A-Za-z]{1,16}\s*[〔\[（(【﹝]\d{4}[〕\]）)】﹞]\s*第?\s*\d{1,5}\s*号"
"""The number of a document, as a pattern."""


@dataclass(frozen=True, slots=True)
class Accused:
    """A party that a notice names; ``code`` empty where none stands beside the name; ``called``: what it is called."""

    name: str
    code: str
    role: Role | None
    called: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A whole notice. ``number``: its own, if it bears one; ``decided_on``: a date that it gives as the decision's."""

    accused: tuple[Accused, ...]
    facts: str
    results: tuple[str, ...]
    authority: str
    signed_on: date
    number: str | None
    decided_on: date | None


def notice_of(lines: Sequence[str], roles: Mapping[str, Role], beside: frozenset[str]) -> Notice:
    """Take a notice apart.

    Raises: FieldInvalid where it is cut off, shuffled, or its parts are not certain.
    """
    starts = starts_of(lines)
    authority, signed_on, end = signature_in(lines, _at(lines, starts, _RESULTS))
    lines, starts = lines[:end], [n for n in starts if n < end]
    text = "\n".join(lines)
    parties = _part(lines, starts, _PARTIES)
    _must(_codes_alone(lines) == _codes_alone(parties))  # else one was displaced, and the next code may be another's
    accused = _accused(parties, text, roles, beside)
    return Notice(
        accused=accused,
        facts="\n".join(_part(lines, starts, _FACTS)),
        results=tuple(_part(lines, starts, _RESULTS)),
        authority=authority,
        signed_on=signed_on,
        number=_own_number(lines[: starts[0]]),
        decided_on=_decided_on(lines),
    )


def _codes_alone(lines: Sequence[str]) -> int:
    """How many codes stand on lines of their own."""
    return sum((label_of(line) or ("", ""))[0] in _CODE_LABELS for line in lines)


def _at(lines: Sequence[str], starts: Sequence[int], words: re.Pattern[str]) -> int:
    found = [n for n in starts if words.search(lines[n][:24])]
    if len(found) != 1:
        raise FieldInvalid("公告中缺少当事人、情况或处理结果部分", "a part on parties, facts or results is missing")
    return found[0]


def _part(lines: Sequence[str], starts: Sequence[int], words: re.Pattern[str]) -> list[str]:
    """The lines of the one section whose heading has these words, with what stands in the heading's own line."""
    at = _at(lines, starts, words)
    own = _HEAD.sub("", lines[at], count=1)
    rest = lines[at + 1 : next((n for n in starts if n > at), len(lines))]
    return [*filter(None, [own]), *rest]


def _own_number(head: Sequence[str]) -> str | None:
    """The number that stands alone in a line of the head, in brackets or not."""
    numbers = {
        normal(found[1]): found[1] for line in head if (found := re.fullmatch(rf"[(（]?\s*({NUMBER})\s*[)）]?", line))
    }
    return next(iter(numbers.values())) if len(numbers) == 1 else None


def _decided_on(lines: Sequence[str]) -> date | None:
    labels = {"处罚日期", "决定日期", "处罚决定日期", "作出决定日期", "作出处罚决定日期"}
    told = {found[1] for line in lines if (found := label_of(line)) and found[0] in labels}
    return day(told.pop(), "决定日期") if len(told) == 1 else None


def _accused(lines: Sequence[str], text: str, roles: Mapping[str, Role], beside: frozenset[str]) -> tuple[Accused, ...]:
    """The parties of a section: by label or a name to a line, the code beside the name or on a line under it."""
    found: list[Accused] = []
    distances: set[int] = set()
    since = 0
    for line in lines:
        since += 1
        label, value = label_of(line) or ("", line)
        if label in _CODE_LABELS:
            _must(bool(found) and not found[-1].code)
            last = found.pop()
            found.append(Accused(last.name, value.strip(), last.role, last.called))
            distances.add(since)
        elif label in beside or (label and not _PARTY_LABEL.fullmatch(label)):
            continue
        elif value:
            found += _named(label, value, text, roles)
            since = 0
    _must(len(distances) <= 1)
    distinct = {(normal(a.name), a.code): a for a in found}
    _must(bool(distinct) and len({name for name, _ in distinct}) == len(distinct))
    return tuple(distinct.values())


def _named(label: str, value: str, text: str, roles: Mapping[str, Role]) -> list[Accused]:
    """The parties of a line; what stands in a line without a label is one only where it is a name."""
    match = _PARTY_LABEL.fullmatch(label)
    who = (match["kind"] or match["who"]) if match else ""
    codes = _CODE.findall(value)
    names = [part.strip() for part in re.split(r"[、；;]", _BRACKETED.sub("", value)) if part.strip()]
    if not label and not (len(names) == 1 and is_name(names[0])):
        return []
    _must(len(codes) <= len(names) == 1 or not codes)
    own = folded(label) if re.search(r"\d|[一二三四五六七八九十]$", folded(label)) else ""
    return [Accused(n, codes[0] if codes else "", roles.get(who), _called(n, own, text)) for n in names]


def _called(name: str, label: str, text: str) -> tuple[str, ...]:
    """What a notice calls a party: its name, the short form that it announces, its numbered label."""
    short = re.escape(name) + _SHORT
    forms = [name, *re.findall(short, text), *filter(None, [label])]
    return tuple(dict.fromkeys(f.strip() for f in forms))


def _must(right: bool) -> None:  # noqa: FBT001 - a condition
    if not right:
        raise FieldInvalid("当事人的名称与代码不能一一对应，请人工录入", "names and codes of the parties do not pair")
