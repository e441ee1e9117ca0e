"""Notices as lines: labels with their values, blocks about one party, tables whose cells stand one to a line.

Crawled notices have lost their mark-up: a table comes as its headings, then its cells, and an empty cell leaves no
trace. A table is therefore only read where every cell is what its heading says; else the notice is for a person.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import IdKind, recognise, repair
from importers.cells import folded
from importers.notice_amounts import amount, unit_in

_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\u200d]")
_ORDER: Final = (
    r"(?:[一二三四五六七八九十]+[、.．]|[（(](?:[一二三四五六七八九十]+|\d+)[)）]|\d+(?:\.\d+)*(?:[、.．]|(?=[^\d\W])))"
)
_LABEL: Final = re.compile(rf"\s*(?:{_ORDER})?\s*(?P<label>[^:：，。；]{{1,40}}?)\s*[:：](?!//)\s*(?P<value>.*)")
SECTION: Final = re.compile(r"\s*([一二三四五六七八九十]{1,3})\s*[、.．]\s*(\S.*)")
"""The heading of a section: its numeral and its words."""
_SUB: Final = re.compile(r"\s*\d{1,2}\s*[、.．]\s*[^\d\s].*")
_TAIL: Final = re.compile(r"[(（][^()（）]*[)）]$")
_ENDS: Final = frozenset("司团厂心院校学园局会室厅部所社站馆处队店行场府业户庄坊委办政库台区狱关地市")
_MASKED: Final = re.compile(r"[*＊?？…□■●×#\ufffd]|\.{2,}|某|[xX]{2,}|以下简称")
_NO_NAME: Final = frozenset({"/", "无", "-", "—", "(盖章)", "详见附件", "详见公告"})
_BROKEN_OFF: Final = re.compile(r"[:：]|信息$|[(（](?:万|亿)?元[)）]$")
_SHORTEST, _LONGEST = 4, 100


class Head(StrEnum):
    """What the cells under a heading are."""

    INDEX = "index"
    LOT = "lot"
    NAME = "name"
    ADDRESS = "address"
    CODE = "code"
    AMOUNT = "amount"
    SCORE = "score"
    UNIT = "unit"
    TEXT = "text"


_HEADS: Final = (
    (Head.INDEX, re.compile(r"序号|排序|排名|名次")),
    (Head.LOT, re.compile(r"包号|标包号?|分包号|包组号?|标段号|标项号|采购包号?|合同包号?")),
    (Head.CODE, re.compile(r"(?:[中标成交\(\)]*(?:供应商|人|单位))?(?:统一)?(?:社会)?信用代码(?:\(.*\))?")),
    (Head.ADDRESS, re.compile(r"(?:[中标成交\(\)]*(?:供应商|人|单位))?地址")),
    (
        Head.NAME,
        re.compile(r"(?:[中标成交\(\)]*)(?:供应商|投标人|人|单位)名称|(?:中标|成交)(?:供应商|人|单位)|投标单位|供应商"),
    ),
    (
        Head.AMOUNT,
        re.compile(r"(?:[中标成交\(\)投包]*)(?:总?金额|报价|价|预算|预算金额|最高限价)(?:\((?:人民币|万?元)\))?"),
    ),
    (Head.SCORE, re.compile(r"评分结果|(?:评审|综合)?(?:总?得分|报价|价格)(?:\(.*\))?")),
    (Head.UNIT, re.compile(r"单位")),
    (Head.TEXT, re.compile(r"标项名称|包名称|标段名称|分包名称|采购内容|.{0,6}备注(?:信息)?|是否专门面向中小企业")),
)
_LEAST_HEADS: Final = 2
_AFTER_TABLE: Final = re.compile(
    r"合计|总计|序号$|\d[.、]\s*[^\d\s]\D*[:：]?$|采购需求|合同履行期限|本项目|备注[:：]|注[:：]"
)

BETWEEN: Final = re.compile(r"[;；、,，]")
"""What stands between the members of a consortium, and between their codes."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with the words above it."""

    head: Head
    heading: str
    text: str


Table = Sequence[Sequence[Cell]]


def lines_of(text: str) -> list[str]:
    r"""Split a text into lines without invisible signs; what mark-up broke off a label is put back to it.

    >>> lines_of("1\n.采购人\n信息\n名 称\n：云溪市图书馆")
    ['1.采购人信息', '名 称：云溪市图书馆']
    """
    lines: list[str] = []
    for raw in _INVISIBLE.sub("", text).splitlines():
        line = raw.replace("\u00a0", " ").replace("\u3000", " ").strip()
        if lines and (_BROKEN_OFF.match(line) or _is_broken(lines[-1], line)):
            lines[-1] += line
        elif line:
            lines.append(line)
    return lines


def _is_broken(before: str, line: str) -> bool:
    """Whether a number of a list stands in a line of its own."""
    return before.isdecimal() and line.startswith((".", "、", "．")) and not line[1:2].isdecimal()


def label_of(line: str) -> tuple[str, str] | None:
    """Split a line into label and value; the label folded and without its number.

    >>> label_of("2、采购项目名称：某某项目"), label_of("名 称："), label_of("没有标签的一行")
    (('采购项目名称', '某某项目'), ('名称', ''), None)
    """
    found = _LABEL.fullmatch(line)
    label = folded(found["label"]) if found else ""
    if found is None or label.count("(") != label.count(")"):
        return None
    return label, found["value"].strip()


def labelled(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield labels with their values; an empty value is the next line, where that is neither label nor heading."""
    for at, line in enumerate(lines):
        found = label_of(line)
        if found is None:
            continue
        label, value = found
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if not value and following and not label_of(following) and not SECTION.fullmatch(following):
            value = following
        yield label, value


def starts_part(line: str) -> bool:
    """Whether a line is the heading of a section or of a part of one."""
    return bool(SECTION.fullmatch(line) or _SUB.fullmatch(line))


def block(lines: Sequence[str], heading: re.Pattern[str]) -> list[str] | None:
    """Return the lines under the one line that is this heading, up to the next one; None where it is missing.

    Raises: FieldInvalid where it stands twice.
    """
    starts = [n for n, line in enumerate(lines) if heading.fullmatch(folded(line))]
    if len(starts) > 1:
        raise FieldInvalid("公告中同一部分出现两次", "a part of the notice stands in it twice")
    if not starts:
        return None
    rest = lines[starts[0] + 1 :]
    end = next((n for n, line in enumerate(rest) if starts_part(line) or _is_info(line)), len(rest))
    return list(rest[:end])


def _is_info(line: str) -> bool:
    return folded(line).endswith("信息") and label_of(line) is None


def is_name(text: str) -> bool:
    """Whether a text can be the whole name of an organisation: nothing masked, cut off, or left to a shorthand.

    >>> is_name("某地财政局"), is_name("云溪（四川）科技有限公司"), is_name("云溪科技有限公"), is_name("云溪**公司")
    (False, True, False, False)
    """
    plain = folded(text)
    if not _SHORTEST <= len(plain) <= _LONGEST or plain in _NO_NAME or _MASKED.search(text):
        return False
    if plain.count("(") != plain.count(")") or re.search(r"[,;:。、!|《》=]", plain):
        return False
    bare = _TAIL.sub("", plain)
    return bool(bare) and bare[-1] in _ENDS and not re.fullmatch(r"[\d.%元]+", bare)


def credit_code(text: str) -> str | None:
    """Return the credit code that a text is, blanks and width repaired; None where it is none."""
    try:
        found = recognise(repair(text))
    except Malformed:
        return None
    return found.id if found.kind is IdKind.CREDIT_CODE else None


def head_of(line: str) -> Head | None:
    """Tell what stands under a heading; None where the line is no known one."""
    plain = folded(line)
    return next((head for head, words in _HEADS if words.fullmatch(plain)), None)


def tables(lines: Sequence[str], *, unit: str | None = None, coded: bool = False) -> Iterator[Table]:
    """Yield the tables that name somebody or a lot; ``coded``: only those with credit codes.

    Raises: FieldInvalid where a cell is not what its heading says.
    """
    at = 0
    while at < len(lines):
        width = _width(lines, at)
        heads = [head_of(line) for line in lines[at : at + width]]
        wanted = {Head.CODE} if coded else {Head.NAME, Head.LOT}
        if width < _LEAST_HEADS or not wanted & set(heads):
            at += 1
            continue
        headings, at = lines[at : at + width], at + width
        end = next((n for n in range(at, len(lines)) if _ends_table(lines, n)), len(lines))
        yield _table(headings, lines[at:end], unit)
        at = end


def _width(lines: Sequence[str], at: int) -> int:
    end = next((n for n in range(at, len(lines)) if head_of(lines[n]) is None), len(lines))
    return end - at


def _ends_table(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    heads = _width(lines, at) > _LEAST_HEADS
    return bool(SECTION.fullmatch(line)) or heads or bool(_AFTER_TABLE.match(line))


def _table(headings: Sequence[str], cells: Sequence[str], unit: str | None) -> Table:
    """Lay cells under headings and look at every one of them."""
    heads = [head_of(heading) or Head.TEXT for heading in headings]
    rows = [cells[n : n + len(heads)] for n in range(0, len(cells), len(heads))]
    if rows and len(rows[-1]) < len(heads):
        raise _askew(headings)
    table = [[Cell(h, words, c) for h, words, c in zip(heads, headings, row, strict=True)] for row in rows]
    for number, row in enumerate(table, 1):
        for cell in row:
            if not _fits(cell, number, unit):
                raise _askew(headings)
    return table


def _fits(cell: Cell, number: int, unit: str | None) -> bool:
    plain = folded(cell.text)
    if cell.head is Head.AMOUNT:
        return _is_amount(cell, unit or unit_in(cell.heading) or "元")
    coded = all(credit_code(part) for part in BETWEEN.split(cell.text))
    named = len(plain) >= _SHORTEST and not re.fullmatch(r"[\d.,%元万]+", plain)
    return {
        Head.INDEX: plain == str(number),
        Head.CODE: coded,
        Head.NAME: named and not any(credit_code(part) for part in BETWEEN.split(cell.text)),
        Head.SCORE: bool(re.fullmatch(r"[\d.,]+[%分元]?", plain)),
        Head.UNIT: plain in {"元", "万元"},
    }.get(cell.head, not coded)


def _is_amount(cell: Cell, unit: str) -> bool:
    try:
        return bool(amount(cell.text, cell.heading, unit=None if "元" in cell.text else unit))
    except FieldInvalid:
        return False


def _askew(headings: Sequence[str]) -> FieldInvalid:
    shown = "、".join(headings)
    return FieldInvalid(
        f"表格（{shown}）的单元格与表头对不上，请人工录入",
        f"cells do not fit their headings ({shown}): a person must enter it",
    )
