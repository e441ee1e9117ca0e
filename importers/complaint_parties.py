"""The parties that a complaint decision names, each with the role that it is spoken of in and the code beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from credit.errors import FieldInvalid
from credit.model.naturalkey import normal
from credit.model.party import Role
from importers.cells import NUMERAL
from importers.notice_text import is_name, label_of

_LABEL: Final = re.compile(
    rf"(?P<who>投诉人|被投诉人|相关供应商|相关当事人|当事人|采购人|采购单位|(?:集中|采购)?(?:采购|代理)?机构|采购代理机构"
    rf"|中标供应商|成交供应商|供应商)(?:名称)?(?:\d|{NUMERAL})*(?:名称)?(?:\((?P<kind>[^)]*)\))?"
)
_CODE: Final = re.compile(r"(?:统一)?(?:社会)?信用代码\s*[:：为]?\s*(?P<code>[0-9A-Za-z]+)")
_CODE_LABELS: Final = frozenset({"统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码"})
_BRACKETED: Final = re.compile(r"[(（][^()（）]*(?:信用代码|以下(?:简)?称|采购人|代理机构|供应商)[^()（）]*[)）]")
_ANNOUNCED: Final = r"[(（][^()（）]*?以下(?:简)?称[:：]?\s*[“\"'‘]?"
_FULL: Final = r"(?:^|[，。；：、,;:\s“])([一-龥A-Za-z0-9()（）·]{4,60}?)(?:[(（][^()（）]*信用代码[^()（）]*[)）])?"
_ROLES: Final = (
    ("采购人", Role.PURCHASER),
    ("采购单位", Role.PURCHASER),
    ("代理机构", Role.AGENCY),
    ("集中采购机构", Role.AGENCY),
)
_NOBODY: Final = frozenset({"无", "/", "-", "—", ""})


class Side(StrEnum):
    """Where a party stands in a complaint."""

    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NamedParty:
    """A party as a notice names it; ``code`` empty where none stands beside it, ``role`` None where none is told.

    ``below``: a code on a line of its own under the name.
    """

    name: str
    code: str
    side: Side
    label: str
    role: Role | None = None
    below: str = ""


def parties_in(lines: Sequence[str], text: str, beside: frozenset[str], *, strict: bool) -> tuple[NamedParty, ...]:
    """Read labelled names, each with the code in its own line.

    A code in a line under it is kept apart (``below``): two such lines that changed places would name another party.
    ``strict``: of a section on parties alone, in which a label that is not known may be a displaced one.

    Raises: FieldInvalid where names and codes do not pair, or nobody complains.
    """
    found: list[NamedParty] = []
    for line in lines:
        label, value = label_of(line) or ("", line)
        who = _LABEL.fullmatch(label)
        if label in _CODE_LABELS:
            _must(bool(found) and not found[-1].code and not found[-1].below)
            found[-1] = replace(found[-1], below=value.strip())
        elif who and value.strip() not in _NOBODY:
            found.append(_named(label, who, value, text))
        elif strict and not who and label not in beside:
            raise FieldInvalid(
                f"当事人部分有未知内容“{line[:60]}”，请人工录入", f"unknown among the parties: {line[:60]}"
            )
    distinct = {(p.side, normal(p.name), p.code): p for p in found}
    names = [(side, name) for side, name, _ in distinct]
    _must(len(set(names)) == len(names))
    codes = [p.code for p in distinct.values() if p.code]
    _must(len(set(codes)) == len({(normal(p.name), p.code) for p in distinct.values() if p.code}))
    _must(any(p.side is Side.COMPLAINANT for p in distinct.values()))
    return tuple(distinct.values())


def _named(label: str, who: re.Match[str], value: str, text: str) -> NamedParty:
    side = {"投诉人": Side.COMPLAINANT, "被投诉人": Side.RESPONDENT}.get(who["who"], Side.OTHER)
    codes = _CODE.findall(value)
    _must(len(codes) <= 1)
    name = _BRACKETED.sub("", value).strip(" ，,。；;")
    beside = "".join((who["who"], who["kind"] or "", *_BRACKETED.findall(value)))
    told = {role for words, role in _ROLES if words in beside}
    role = next(iter(told)) if len(told) == 1 else None
    return NamedParty(_whole_name(name, text), codes[0] if codes else "", side, label, role)


def _whole_name(name: str, text: str) -> str:
    """Return the name that a short one stands for, where the text announces it of just one; else the name itself.

    Raises: FieldInvalid where it announces it of several.
    """
    pattern = _FULL + _ANNOUNCED + re.escape(name) + r"[”\"'’)）]"
    full = {normal(m): m for m in re.findall(pattern, text, re.MULTILINE) if m != name and is_name(m)}
    if len(full) > 1:
        raise FieldInvalid(
            f"简称“{name}”在公告中对应多个全称，请人工核对", f"the short name {name!r} stands for several parties"
        )
    return next(iter(full.values()), name)


def _must(right: bool) -> None:  # noqa: FBT001 - a condition
    if not right:
        raise FieldInvalid(
            "当事人的名称与代码不能一一对应，或没有投诉人，请人工录入", "names and codes of the parties do not pair"
        )
