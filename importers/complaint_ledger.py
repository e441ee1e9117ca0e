"""A finance bureau's ledger of complaints: one letter a row, with all that happened to it.

Complainants must be given by their codes: a name alone is no identification (DOMAIN §9 Q27), and a row that has none
goes to the rejects. So does an outcome that its words, its article and its items do not make certain.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.errors import FieldInvalid
from credit.identifiers import parse, recognise, redact, repair
from credit.model.complaint import (
    Complaint,
    ComplaintEvent,
    ComplaintEventKind,
    ComplaintLaw,
    ComplaintOutcome,
    ItemOutcome,
)
from credit.model.party import PartyId, Role
from credit.model.record import Authority, Source
from credit.model.statements import UNSET, ComplaintInRow, LoadRow, PartyStatement
from credit.oversight.outcomes import whole_of
from importers.authorities import authority_in
from importers.cells import day, folded
from importers.company_register import kind_of
from importers.complaint_items import items_in, numbered_in
from importers.complaint_outcomes import told_outcome
from importers.damaged_text import is_damaged
from importers.notice_text import credit_code, is_name
from importers.source import Importer, Row, SourceSpec, describe, heading

_BETWEEN: Final = re.compile(r"[;；、\n|]+")
_PLACE: Final = re.compile(r"\d{6}")
_STEPS: Final = (
    ("correction_on", "补正通知日期", ComplaintEventKind.CORRECTION_DUE),
    ("accepted_on", "受理日期", ComplaintEventKind.ACCEPTED),
    ("not_accepted_on", "不予受理日期", ComplaintEventKind.NOT_ACCEPTED),
    ("transferred_on", "移送日期", ComplaintEventKind.TRANSFERRED),
    ("paused_on", "暂停日期", ComplaintEventKind.PAUSED),
    ("resumed_on", "恢复日期", ComplaintEventKind.RESUMED),
    ("withdrawn_on", "撤回日期", ComplaintEventKind.WITHDRAWN),
)
_TOLD_BY: Final = {
    ComplaintOutcome.PENDING: None,
    ComplaintOutcome.NOT_ACCEPTED: "not_accepted_on",
    ComplaintOutcome.TRANSFERRED: "transferred_on",
    ComplaintOutcome.CORRECTION_DUE: "correction_on",
    ComplaintOutcome.TERMINATED_WITHDRAWN: "withdrawn_on",
    ComplaintOutcome.REVERSED_ON_REVIEW: "reversed_on",
}
"""Outcomes that no decision has, with the column of the day on which they came about."""


class LedgerSpec(SourceSpec):
    """The TOML of this source: with the words for the law and for yes and no."""

    laws: dict[str, ComplaintLaw]
    yes_no: dict[str, bool]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: LedgerSpec

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a row: the letter with its parties, and what happened to it."""
        office = self._office(row)
        complainants = _parties(row, "complainants", "complainant_codes", Role.SUPPLIER)
        respondents, doubts = self._respondents(row)
        items = items_in(self._text(row, "items"))
        letter = Complaint(
            complaint_no=_whole(row.needed("number", "投诉编号"), "投诉编号"),
            complainants=_ids(complainants),
            respondents=_ids(respondents),
            project_no=_whole(row["project_no"], "项目编号") if row["project_no"] else None,
            law=self._law(row),
            office=office,
            filed_on=_needed_day(row, "filed_on", "投诉日期"),
            received_on=_day(row, "received_on", "收到投诉日期"),
            challenge_received_on=_day(row, "challenge_received_on", "质疑收到日期"),
            challenge_replied_on=_day(row, "challenge_replied_on", "质疑答复日期"),
            items=items,
            challenge_items=items_in(self._text(row, "challenge_items")) or None,
            participated=self._participated(row),
            source=Source(
                **{f: getattr(source, f) for f in ("name", "url", "fetched_at", "snapshot", "row")}, kind="ledger"
            ),
        )
        told = ComplaintInRow(content=letter, events=tuple(self._events(row, len(items))))
        return LoadRow(row=row.number, parties=(*complainants, *respondents), complaints=(told,), doubts=doubts)

    def _office(self, row: Row) -> Authority:
        named = authority_in(row, "office", "受理机关")
        place = folded(row["place_code"])
        if place and not _PLACE.fullmatch(place):
            raise FieldInvalid(f"行政区划代码“{row['place_code']}”不是六位数字", "the place code is not of six digits")
        code = repair(row["office_code"])
        return Authority(name=named.name, id=parse(code).id if code else None, region=place or None)

    def _respondents(self, row: Row) -> tuple[tuple[PartyStatement, ...], tuple[tuple[str, str], ...]]:
        """The respondents by their codes; those known by name alone are left out, and a person reads of it."""
        if not row["respondents"] or row["respondent_codes"]:
            return _parties(row, "respondents", "respondent_codes", None) if row["respondents"] else (), ()
        named = row["respondents"]
        zh = f"被投诉人“{named}”只有名称，没有统一社会信用代码，未登记，请人工核对（Q27）"
        return (), ((zh, f"respondents {named!r} are known by name alone, which is no identification (Q27): left out"),)

    def _law(self, row: Row) -> ComplaintLaw:
        found = self.spec.laws.get(folded(row["law"]))
        if found is None:
            raise FieldInvalid(f"适用法律“{row['law']}”无法识别", f"the law {row['law']!r} is not known")
        return found

    def _participated(self, row: Row) -> bool | None:
        word = folded(row["participated"])
        if word and word not in self.spec.yes_no:
            raise FieldInvalid(f"“{row['participated']}”不是“是”或“否”", "neither yes nor no: whether it took part")
        return self.spec.yes_no.get(word)

    def _text(self, row: Row, field: str) -> str:
        """The text of a cell with its line breaks, which set items apart."""
        names = {heading(name) for layout in self.spec.layouts for name in layout.columns[field].names}
        text = next((text for key, text in row.raw.items() if heading(key) in names), "")
        if is_damaged(text):
            raise FieldInvalid(f"“{text}”有损坏的段落，请人工录入", f"a passage is damaged: {text}")
        return redact(text)

    def _events(self, row: Row, items: int) -> Iterator[ComplaintEvent]:
        for field, name, kind in _STEPS:
            if (on := _day(row, field, name)) is not None:
                yield ComplaintEvent(kind=kind, on=on)
        outcome, parts = told_outcome(row["outcome"], row["basis"]), self._item_outcomes(row, items)
        decided = _day(row, "decided_on", "处理决定日期")
        column = _TOLD_BY.get(outcome, "decided_on") if outcome else None
        if (column and not row[column]) or (parts and decided is None):
            raise FieldInvalid("有处理结果而没有相应的日期，请人工录入", "an outcome without the day on which it came")
        if decided is not None:
            yield _decision(decided, outcome, parts, row)
        reversed_on = _day(row, "reversed_on", "撤销日期")
        if reversed_on is not None:
            yield ComplaintEvent(kind=ComplaintEventKind.REVERSED, on=reversed_on, doc_no=row["reversal_no"] or None)

    def _item_outcomes(self, row: Row, items: int) -> tuple[ItemOutcome, ...]:
        """Read ``1：缺乏事实依据；2：成立(影响采购结果)``; each item once.

        Raises: FieldInvalid.
        """
        told = numbered_in(self._text(row, "item_outcomes"))
        outcomes = [(number, told_outcome(word, "")) for number, word in told]
        numbers = [number for number, _ in outcomes]
        if numbers and sorted(numbers) != list(range(1, max(items, 1) + 1)):
            raise FieldInvalid("各事项处理结果与投诉事项对不上，请人工录入", "the items' outcomes do not fit the items")
        return tuple(ItemOutcome(number, outcome) for number, outcome in outcomes if outcome is not None)


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("complaint_ledger", LedgerSpec)
    return Importer(spec, _Reader(spec))


def _decision(on: date, outcome: ComplaintOutcome | None, items: tuple[ItemOutcome, ...], row: Row) -> ComplaintEvent:
    """Make the decision of a row.

    Raises: FieldInvalid where it says of no outcome, of one that no decision has, or items contradict the whole.
    """
    said = [item.outcome for item in items]
    none = (outcome is None and not items) or any(o in _TOLD_BY for o in (outcome, *said))
    if none or (outcome is not None and said and whole_of(said) is not outcome):
        raise FieldInvalid(
            f"处理决定的结果“{row['outcome']}”不能确定，或与各事项结果不一致，请人工录入",
            "the outcome of the decision is not certain, or the items' outcomes contradict it",
        )
    return ComplaintEvent(
        kind=ComplaintEventKind.DECIDED, on=on, doc_no=row["doc_no"] or None, outcome=outcome, items=items
    )


def _parties(row: Row, names: str, codes: str, role: Role | None) -> tuple[PartyStatement, ...]:
    """Name parties by their codes, one code a name.

    Raises: FieldInvalid where codes are missing or wrong, or a name is masked or cut off.
    """
    told = _split(row[names])
    numbers = [repair(code) for code in _split(row[codes])]
    if not told or len(told) != len(numbers) or len(set(numbers)) != len(numbers):
        raise FieldInvalid(
            f"“{row[names]}”的名称与统一社会信用代码不能一一对应；仅凭名称不能确定身份（Q27），请人工录入",
            "names and codes do not pair: a name alone is no identification (Q27), a person must enter it",
        )
    return tuple(_party(name, number, role) for name, number in zip(told, numbers, strict=True))


def _party(name: str, number: str, role: Role | None) -> PartyStatement:
    if not is_name(name) or is_damaged(name):
        raise FieldInvalid(
            f"名称“{name}”有掩码、不完整或有损坏，请人工核对", f"the name {name!r} is masked, cut or damaged"
        )
    code = credit_code(number)
    if code is None:
        raise FieldInvalid(f"“{name}”没有有效的统一社会信用代码", f"{name!r} has no sound credit code")
    roles = (role,) if role else UNSET
    return PartyStatement(id=code, kind=kind_of(recognise(code)), name=name, roles=roles, only_if_new=True)


def _ids(parties: tuple[PartyStatement, ...]) -> tuple[PartyId, ...]:
    return tuple(PartyId(party.id) for party in parties if party.id is not None)


def _split(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _whole(text: str, name: str) -> str:
    """Return a number as written.

    Raises: FieldInvalid where it is masked or damaged.
    """
    if re.search(r"[*＊×□■�?？]|[xX]{2,}", text) or is_damaged(text):
        raise FieldInvalid(f"{name}“{text}”有掩码或损坏，请人工录入", f"{name} {text!r} is masked or damaged")
    return text


def _day(row: Row, field: str, name: str) -> date | None:
    return day(row[field], name)


def _needed_day(row: Row, field: str, name: str) -> date:
    found = day(row.needed(field, name), name)
    if found is None:
        raise FieldInvalid(f"{name}为空", f"{name} is empty")
    return found
