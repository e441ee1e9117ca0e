"""What a tender notice says of its project: number, name, purchaser, agency, deadline, lots with their budgets."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Final

from credit.errors import FieldInvalid
from credit.model.naturalkey import normal
from credit.model.party import Role
from credit.model.project import Lot
from credit.model.statements import PartyStatement
from credit.names import same_name
from importers.cells import folded
from importers.notice_amounts import amount, unit_in
from importers.notice_awards import lots_named, organisation
from importers.notice_dates import INSTANT, instant
from importers.notice_text import SECTION, Cell, Head, block, credit_code, is_name, label_of, labelled, tables

_PURCHASER: Final = re.compile(r"(?:\d+[、.]?)?(?:采购人|招标人|采购单位)信息(?:\(.*\))?")
_AGENCY: Final = re.compile(r"(?:\d+[、.]?)?(?:采购|招标)?代理机构信息(?:\(.*\))?")
_NAMES: Final = frozenset({"名称", "单位名称", "采购人名称", "采购单位", "代理机构名称", "采购代理机构名称"})
_CODES: Final = frozenset({"统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码"})
_NUMBERS: Final = frozenset({"项目编号", "采购项目编号", "招标项目编号", "项目编号(建议书编号)"})
_TITLES: Final = frozenset({"项目名称", "采购项目名称", "招标项目名称"})
_DEADLINE_SECTION: Final = re.compile(r"截止时间|(?:提交|递交)(?:投标|响应)文件|(?:投标|响应)文件的?(?:提交|递交)")
_GOES_ON: Final = re.compile(r"\s*(?:[(（]\s*北京时间\s*[)）])?\s*(?:至|到|[-—~～])")
_DEADLINE_LABELS: Final = frozenset({"时间", "截止时间", "提交投标文件截止时间", "投标截止时间"})
_BUDGETS: Final = re.compile(r"(?:采购)?(?:项目)?预算金额(?:\(.*\))?")
_NUMBER: Final = re.compile(r"[^\s,;:，；：、。?？*＊]{4,64}")
_DEADLINE: Final = re.compile(
    rf"并于\s*(?P<when>{INSTANT})\s*[(（]?\s*(?:北京时间)?\s*[)）]?\s*(?:之?前)\s*(?:递\s*交|提\s*交)\s*(?:投\s*标|响\s*应)\s*文\s*件"
)
_AGENCY_NAMED: Final = re.compile(r".*代理机构(?:名称)?")
_TOLD_LOTS: Final = re.compile(r"共分?为?(\d+|[一二两三四五六七八九十]+)个?(?:标段|包|标包|采购包|标项)")


def _only(lines: Sequence[str], labels: frozenset[str], name: str) -> str:
    """The one value that these labels have in a notice.

    Raises: FieldInvalid where there is none, or two that differ.
    """
    values = {normal(value): value for label, value in labelled(lines[:-1]) if label in labels and value}
    if len(values) != 1:
        shown = "、".join(values.values()) or "无"
        raise FieldInvalid(f"{name}不能确定（{shown}），请人工录入", f"{name} is not certain: {shown}")
    return next(iter(values.values()))


def name_of(lines: Sequence[str]) -> str:
    """The project's name. Raises: FieldInvalid."""
    return _only(lines, _TITLES, "项目名称")


def number_of(lines: Sequence[str]) -> str:
    """The project's number as the notice prints it. Raises: FieldInvalid."""
    number = _only(lines, _NUMBERS, "项目编号")
    if not _NUMBER.fullmatch(number):
        raise FieldInvalid(f"项目编号“{number}”不能确定，请人工录入", f"project number {number!r} is not certain")
    return number


def deadline_of(lines: Sequence[str]) -> datetime:
    """The deadline as the notice's first paragraph and its own section state it, which must agree."""
    said = {instant(found["when"], "截止时间") for found in _DEADLINE.finditer("\n".join(lines))}
    said |= {instant(when, "截止时间") for when in _told_in_section(lines)}
    if len(said) != 1:
        raise FieldInvalid("提交文件的截止时间不能确定，请人工录入", "the deadline for bids is not certain")
    return said.pop()


def _told_in_section(lines: Sequence[str]) -> Iterator[str]:
    """The instants that stand under a heading on the deadline: by label, or right under the heading."""
    heading = ""
    for at, line in enumerate(lines):
        if SECTION.fullmatch(line):
            heading = line
            continue
        label, value = (None if re.match(INSTANT, line) else label_of(line)) or ("", line)
        after = lines[at + 1 : at + 3]
        if label and not value and after:
            value, *after = after
        headed = label in _DEADLINE_LABELS or (not label and lines[at - 1] == heading)
        found = re.match(INSTANT, value) if headed and _DEADLINE_SECTION.search(heading) else None
        if found and not _GOES_ON.match(value[found.end() :] + "".join(after[:1])):
            yield found[0]


def purchaser_of(lines: Sequence[str], told: str) -> PartyStatement:
    """The purchaser; ``told``: the name in the crawler's own field, which may be empty. Raises: FieldInvalid."""
    party = _party(lines, _PURCHASER, told, role=Role.PURCHASER)
    if party is None:
        raise FieldInvalid("没有读到采购人", "no purchaser was read")
    return party


def agency_of(lines: Sequence[str], told: str) -> PartyStatement | None:
    """The agency; None where the notice has none. Raises: FieldInvalid."""
    return _party(lines, _AGENCY, told, role=Role.AGENCY)


def _party(lines: Sequence[str], heading: re.Pattern[str], told: str, *, role: Role) -> PartyStatement | None:
    """The party of a part of the notice; None where there is no such part, or it says that there is none.

    ``told``: the name in the crawler's own field, which may be empty. Raises: FieldInvalid where a code is missing.
    """
    who = {Role.PURCHASER: "采购人", Role.AGENCY: "代理机构"}.get(role, role)
    part = block(lines, heading)
    if part is None:
        if role is Role.AGENCY and _is_named_elsewhere(lines):
            raise FieldInvalid("代理机构不能确定，请人工录入", "the agency is not certain")
        return None
    names, codes = (set(_values(part, labels)) for labels in (_NAMES, _CODES))
    if role is Role.AGENCY and names <= {"/", "无", ""}:
        return None
    if len(names) != 1 or len(codes) > 1 or not is_name(name := names.pop()):
        raise FieldInvalid(f"{who}的名称不能确定，请人工录入", f"the name of the {role} is not certain")
    if is_name(told) and not same_name(told, name):
        raise FieldInvalid(f"{who}有两个名称：“{told}”“{name}”", f"the {role} has two names")
    return organisation(name, codes.pop() if codes else "", who, role=role)


def _values(part: Sequence[str], labels: frozenset[str]) -> Iterator[str]:
    """The values of labels in a part, with a colon or each on a line of its own."""
    for label, value in labelled(part):
        if label in labels:
            yield value
    for line, following in pairwise(part):
        if folded(line) in labels and label_of(line) is None:
            yield following


def _is_named_elsewhere(lines: Sequence[str]) -> bool:
    return any(_AGENCY_NAMED.fullmatch(label) and value for label, value in labelled(lines))


def lots_of(lines: Sequence[str]) -> tuple[Lot, ...]:
    """The lots with their budgets; none where the notice speaks of none.

    Raises: FieldInvalid where it speaks of lots whose budgets are not all certain.
    """
    basics = _basics(lines)
    named, text = lots_named(basics), folded("".join(basics))
    found = tuple(lot for table in tables(basics) for row in table if (lot := _lot(row)))
    if not found and len(named) == 1 and (budget := _budget(basics)):
        found = (Lot(next(iter(named)), budget=budget),)
    told = _TOLD_LOTS.search(text)
    ids = {lot.lot for lot in found}
    if (named - ids) or len(ids) < len(found) or (told and not found):
        raise FieldInvalid("各标包的预算不能全部确定，请人工录入", "not every lot's budget is certain")
    if not found and any(_BUDGETS.fullmatch(label) for label, _ in labelled(basics)):
        _budget(basics)
    return found


def _basics(lines: Sequence[str]) -> list[str]:
    """The lines of the section on the project itself, all of them where there are no sections."""
    starts = [n for n, line in enumerate(lines) if SECTION.fullmatch(line)]
    first = next((n for n in starts if "基本情况" in lines[n]), None)
    if first is None:
        return list(lines)
    return list(lines[first + 1 : next((n for n in starts if n > first), len(lines))])


def _lot(row: Sequence[Cell]) -> Lot | None:
    cells = {cell.head: cell for cell in reversed(row)}
    lot, budget = cells.get(Head.LOT), cells.get(Head.AMOUNT)
    if lot is None or budget is None or "预算" not in budget.heading or credit_code(lot.text):
        return None
    return Lot(folded(lot.text), budget=amount(budget.text, "预算", unit=unit_in(budget.heading)))


def _budget(lines: Sequence[str]) -> Decimal | None:
    values = {
        amount(value, "预算金额", unit=None if "元" in value else unit_in(label))
        for label, value in labelled(lines)
        if _BUDGETS.fullmatch(label) and value
    }
    if len(values) > 1:
        raise FieldInvalid("预算金额前后不一致，请人工录入", "two budgets are stated")
    return next(iter(values), None)
