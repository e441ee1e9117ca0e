"""The items of a complaint, as a text numbers them, and the numbers by which a decision speaks of them."""

import re
import unicodedata
from typing import Final

from credit.errors import FieldInvalid
from importers.cells import NUMERAL, folded, numeral

_NUMBER: Final = rf"(?:\d{{1,2}}|{NUMERAL})"
_HEAD: Final = re.compile(
    rf"(?:(?:投诉)?事项\s*(?P<named>{_NUMBER}(?:\s*[、,]\s*{_NUMBER})*)\s*[、,.:：，．]?"
    rf"|\(?(?P<plain>{_NUMBER})(?:\s*[、.:：．)](?!\d)))\s*"
)
_PAIR: Final = re.compile(rf"(?:(?:投诉)?事项)?\(?({_NUMBER})\)?[、.:：．)]*(?:项)?[:：]?(.+)")
_SET: Final = re.compile(rf"{_NUMBER}(?:[、,和及至到~-]{_NUMBER})*")
_MANY: Final = 100


def items_in(text: str) -> tuple[str, ...]:
    r"""Split a text into its items: a line each, or as numbered from 1; what follows an item without a number is its.

    >>> items_in("1.评标有误\n理由如下\n2.业绩不实")
    ('评标有误\n理由如下', '业绩不实')
    >>> items_in("投诉事项1、2：参数有倾向"), items_in("评标有误")
    (('参数有倾向', '参数有倾向'), ('评标有误',))

    Raises: FieldInvalid where the numbers do not ascend from 1.
    """
    lines = [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    heads = [_head(line) for line in lines]
    if any(head and head[2] for head in heads):
        heads = [head if head and head[2] else None for head in heads]  # lists within an item are numbered plainly
    if not any(heads):
        return tuple(lines)
    found: list[str] = []
    last = 1
    for line, head in zip(lines, heads, strict=True):
        if head is not None and head[0] == list(range(len(found) + 1, len(found) + len(head[0]) + 1)):
            last = len(head[0])
            found += [head[1]] * last
        elif head is not None or not found:
            raise _unclear(text)
        else:
            found[-last:] = [f"{found[-1]}\n{line}"] * last
    return tuple(found)


def numbered_in(text: str) -> list[tuple[int, str]]:
    """Read pairs of number and words, as in ``1：驳回；2：成立``.

    >>> numbered_in("1：缺乏事实依据；投诉事项2：成立")
    [(1, '缺乏事实依据'), (2, '成立')]

    Raises: FieldInvalid where a part has no number.
    """
    pairs: list[tuple[int, str]] = []
    for part in filter(None, map(folded, re.split(r"[;；\r\n]+", text))):
        match = _PAIR.fullmatch(part)
        number = numeral(match[1]) if match else None
        if match is None or number is None:
            raise _unclear(text)
        pairs.append((number, match[2]))
    return pairs


def numbers_in(text: str) -> tuple[int, ...] | None:
    """Read a list of numbers with its ranges; None where the text is no such list.

    >>> numbers_in("1、3"), numbers_in("一至三"), numbers_in("2和其他")
    ((1, 3), (1, 2, 3), None)
    """
    plain = folded(text)
    if not _SET.fullmatch(plain):
        return None
    found: list[int] = []
    for part in re.split(r"[、,和及]", plain):
        ends = [numeral(end) for end in re.split(r"[至到~-]", part)]
        if not 1 <= len(ends) <= 2 or ends[0] is None or ends[-1] is None or not 0 < ends[0] <= ends[-1] <= _MANY:  # noqa: PLR2004 - both ends of a range
            return None
        found += range(ends[0], ends[-1] + 1)
    return tuple(found) if len(set(found)) == len(found) else None


def _head(line: str) -> tuple[list[int], str, bool] | None:
    """The numbers at the head of a line, what follows them, and whether the line names them as an item's."""
    plain = unicodedata.normalize("NFKC", line)
    match = _HEAD.match(plain)
    if match is None:
        return None
    numbers = numbers_in(re.sub(r"\s", "", match["named"] or match["plain"]))
    rest = plain[match.end() :].strip()
    return (list(numbers), rest, bool(match["named"])) if numbers and rest else None


def _unclear(text: str) -> FieldInvalid:
    return FieldInvalid(
        f"投诉事项的编号不连续或不能确定，请人工录入：{text[:60]}", f"the items are not numbered plainly: {text[:60]}"
    )
