"""The parts of a published complaint decision: project, parties, items, results, number, day and office.

Sections are known by their words in both templates: the web form, of which some provinces shift the numerals by a
section 采购日期, and the decision letter, whose parties stand before the first section. Numerals must ascend, each part
stands once and holds what its label says; else the text was cut off, doubled, shuffled or displaced, and nothing is
read from it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.errors import FieldInvalid
from credit.model.naturalkey import normal
from importers.cells import NUMERAL, folded
from importers.complaint_items import items_in
from importers.complaint_parties import NamedParty, parties_in
from importers.notice_dates import day
from importers.notice_parts import DAY, signature_in, starts_of
from importers.notice_text import SECTION, is_name, label_of
from importers.supervision_notice import NUMBER

_FILED: Final = re.compile(
    rf"(?P<day>{DAY})\s*[，,]?\s*(?:[一-龥]{{0,8}}?向(?:本|我)(?:机关|局|厅|部))?\s*(?:以[^，。；]{{0,12}})?"
    r"(?:提起|提出|提交|递交)了?(?:政府采购)?投诉"
)
_CAME: Final = re.compile(rf"(?:本机关|本局|本厅|本部|我局|我厅|我部)于?\s*(?P<day>{DAY})\s*(?P<how>收到|受理)")
_FILED_LABELS: Final = frozenset({"投诉日期", "提起投诉日期", "投诉提起日期"})
_DECIDED_LABELS: Final = frozenset({"处理决定日期", "决定日期", "作出处理决定日期"})
_SERIES: Final = re.compile(rf"(?:中华人民共和国)?(?:财政部)?政府采购信息公告[(（]第(?:\d+|{NUMERAL})号[)）]")
_LETTER: Final = re.compile(rf"[(（]?\s*(?:(?:文号|决定书文号)[:：])?\s*({NUMBER})\s*[)）]?")
_PROJECT_NO: Final = re.compile(r"(?=.*\d)[A-Za-z0-9一-龥〔〕\[\]()（）/_.、,，;；\s-]{4,120}")
_BRACKETED_NO: Final = re.compile(
    r"项目[(（](?:(?:项目|采购|招标)编号[:：]?)?\s*(?P<no>[A-Za-z0-9一-龥〔〕\[\]/_.-]*\d[A-Za-z0-9〔〕\[\]/_.-]*号?)[)）]"
)
_MASKED: Final = re.compile(r"[*＊×□■�?？]|[xX]{2,}")
_ITEM_LINE: Final = re.compile(r"(?<=[。；;，,])\s*(?=投诉事项|(?:本机关|本局|本厅|本部)|经(?:审查|查|调查)|被投诉人)")
_AFTER_ITEMS: Final = re.compile(r"本机关|本局|本厅|本部|经(?:审查|查|调查)|被投诉人|投诉请求")
_ITEMS_HEAD: Final = re.compile(r"^投诉事项\s*[:：]\s*")


@dataclass(frozen=True, slots=True)
class ComplaintNotice:
    """A whole notice; ``number`` of the document, ``signed_on`` the day under it; what it does not tell is None.

    ``project_no`` None also where it is masked. ``items`` empty where the text does not set them out.
    """

    number: str
    project_no: str | None
    project_name: str | None
    parties: tuple[NamedParty, ...]
    items: tuple[str, ...]
    results: str
    office: str
    signed_on: date
    decided_on: date | None
    filed_on: date | None
    received_on: date | None
    accepted_on: date | None
    text: str

    @property
    def decision_no(self) -> str | None:
        """The number of the decision; None where the notice bears that of a publisher's series."""
        return None if _SERIES.fullmatch(self.number) else self.number


def notice_of(
    title: str, lines: Sequence[str], words: Mapping[str, re.Pattern[str]], beside: frozenset[str]
) -> ComplaintNotice:
    """Take a notice apart; ``words`` are the patterns of headings by part, with ``known`` for those left out.

    Raises: FieldInvalid where it is cut off, shuffled, displaced, or a part is not certain.
    """
    starts = starts_of(lines)
    office, signed_on, end = signature_in(lines, starts[-1])
    lines = lines[:end]
    parts = _parts(lines, starts, words)
    head, text = lines[: starts[0]], "\n".join(lines)
    filed = [day(m["day"], "投诉日期") for m in _FILED.finditer(text)]
    came = [(m["how"], day(m["day"], "收到日期")) for m in _CAME.finditer(text)]
    return ComplaintNotice(
        number=_number([title, *head]),
        project_no=_project_no(parts.get("project_no"), text),
        project_name=_project_name(parts.get("project_name")),
        parties=parties_in(parts.get("parties") or head, text, beside, strict="parties" in parts),
        items=_items(parts["facts"]),
        results="\n".join(parts["results"]),
        office=office,
        signed_on=signed_on,
        decided_on=_only(_labelled(lines, _DECIDED_LABELS, "决定日期")),
        filed_on=_only([*filed, *_labelled(lines, _FILED_LABELS, "投诉日期")]),
        received_on=_only([on for how, on in came if how == "收到"]),
        accepted_on=_only([on for how, on in came if how == "受理"]),
        text=text,
    )


def _parts(
    lines: Sequence[str], starts: Sequence[int], words: Mapping[str, re.Pattern[str]]
) -> Mapping[str, list[str]]:
    """The lines of each section that is read, by its part.

    Raises: FieldInvalid where a heading is not known, or a part is missing or stands twice.
    """
    found: dict[str, list[str]] = {}
    for at, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        heading, own = _heading(lines[at])
        kind = next((kind for kind, pattern in words.items() if pattern.fullmatch(heading)), None)
        if kind is None or kind in found:
            raise FieldInvalid(
                f"公告的部分“{heading}”未知或重复，请人工录入", f"the section {heading!r} is not known, or stands twice"
            )
        if kind != "known":
            found[kind] = [*filter(None, [own]), *lines[at + 1 : end]]
    whole = {"facts", "results"} <= found.keys()
    if not whole or ("parties" in found) != ("project_no" in found) or not all(found.values()):
        raise FieldInvalid(
            "公告缺少当事人、情况或处理结果部分，或为空", "parties, facts or results are missing or empty"
        )
    return found


def _heading(line: str) -> tuple[str, str]:
    """The words of a section's heading, and what stands behind them in its line."""
    match = SECTION.fullmatch(line)
    words, _, own = re.sub(r"[：]", ":", match[2] if match else line).partition(":")
    return folded(words), own.strip()


def _number(head: Sequence[str]) -> str:
    """The number of the document, in its title or alone in a line of the head.

    Raises: FieldInvalid where there is none, or more than one.
    """
    found: dict[str, str] = {}
    for line in head:
        alone = _LETTER.fullmatch(line)
        for number in [alone[1]] if alone else [m[0] for m in _SERIES.finditer(line)]:
            found.setdefault(normal(number), re.sub(r"\s", "", number))
    if len(found) != 1:
        raise FieldInvalid("公告没有（或不止一个）文号，请人工录入", "no number of the document, or more than one")
    return next(iter(found.values()))


def _project_no(lines: Sequence[str] | None, text: str) -> str | None:
    """The project's number: its section, else the one in brackets behind the project's name; None: masked or not told.

    Raises: FieldInvalid where another thing stands under the label.
    """
    if lines is None:
        numbers = {normal(m["no"]): m["no"] for m in _BRACKETED_NO.finditer(text)}
        return next(iter(numbers.values())) if len(numbers) == 1 else None
    told = " ".join(lines).strip()
    if _MASKED.search(told):
        return None
    if not _PROJECT_NO.fullmatch(told) or is_name(told) or len(lines) > 1:
        raise FieldInvalid(
            f"“项目编号”下的内容“{told[:60]}”不是编号，公告内容可能错位",
            "no number stands under its label",
        )
    return told


def _project_name(lines: Sequence[str] | None) -> str | None:
    if lines is None:
        return None
    told = "".join(lines).strip()
    if len(lines) > 1 or not re.search(r"[一-龥]{2}", told) or label_of(told):
        raise FieldInvalid(
            f"“项目名称”下的内容“{told[:60]}”不是名称，公告内容可能错位", "no name stands under its label"
        )
    return told


def _items(facts: Sequence[str]) -> tuple[str, ...]:
    """The items that the facts set out; none where they do not.

    Raises: FieldInvalid where their numbers are not plain.
    """
    lines = [part.strip() for line in facts for part in _ITEM_LINE.split(line) if part.strip()]
    first = next((n for n, line in enumerate(lines) if line.startswith("投诉事项")), None)
    if first is None:
        return ()
    end = next((n for n in range(first + 1, len(lines)) if _AFTER_ITEMS.match(lines[n])), len(lines))
    wanted = [_ITEMS_HEAD.sub("", lines[first]), *lines[first + 1 : end]]
    return items_in("\n".join(filter(None, wanted)))


def _labelled(lines: Sequence[str], labels: frozenset[str], name: str) -> list[date]:
    return [day(found[1], name) for line in lines if (found := label_of(line)) and found[0] in labels]


def _only(days: Sequence[date]) -> date | None:
    return days[0] if len(set(days)) == 1 else None
