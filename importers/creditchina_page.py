"""财政部采购不良记录 on 信用中国: a company's page, or the records that its search answers (DOMAIN §2 L02).

The record is an entry on the bad-conduct list (不良行为记录名单), which by itself bars nobody and is not L01. What bars
is the ban in its result: the page prints no number of the decision, so its text goes to a person, who enters the
decision under its own number. A page shows one company: it makes no list complete.
"""

from dataclasses import dataclass
from typing import Final

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import redact
from credit.model.record import Listing, Penalty, Source
from credit.model.statements import LoadRow
from importers.cells import folded
from importers.listed_parties import party_in
from importers.procurement_decisions import DecisionReader, Told, load_row, told_in
from importers.source import Importer, Row, SourceSpec, describe

_HEADS: Final = ("处罚（记录）日期", "执法（记录）单位")
_ENDS: Final = ("ends_on", "处罚结束时间")


class PageSpec(SourceSpec):
    """The page's TOML: with the list that its records are on, and the category that they bear."""

    entries_on: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: PageSpec
    decisions: DecisionReader

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a record: the party by its code, the entry, its decision where number and text are plain."""
        category = folded(row["category"])
        if category and category not in self.spec.categories:
            raise FieldInvalid(
                f"数据类别“{row['category']}”不是采购不良记录", f"{row['category']!r} is another category"
            )
        party, matched_by = party_in(row, "供应商或代理机构名称")
        told = told_in(row, _HEADS, _ENDS)
        decided = self._penalty(told)
        penalty, doubt = (decided, None) if isinstance(decided, Penalty) else (None, decided)
        result = "" if penalty else f"处罚结果：{told.result}"
        listing = Listing(
            list=self.spec.entries_on,
            listed_on=told.decided_on,
            until=self.decisions.kept_end(told),
            ground=redact("；".join(part.rstrip("；;。") for part in (told.conduct, result) if part)) or None,
            doc_no=told.doc_no or None,
            authority=told.authority,
            matched_by=matched_by,
        )
        return load_row(row, source, (party, listing), penalty, doubt)

    def _penalty(self, told: Told) -> Penalty | Malformed:
        """Return the decision, or why it is for a person."""
        try:
            read = self.decisions.sanction(told)
        except Malformed as doubt:
            return doubt
        if told.doc_no:
            return self.decisions.penalty(told, read)
        return FieldInvalid(
            f"页面没有载明决定书文号，处罚没有登记，请按文号人工录入：{told.result}",
            f"no number is printed, so the penalty is left out; enter it by its number: {told.result}",
        )


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("creditchina_page", PageSpec)
    return Importer(spec, _Reader(spec, DecisionReader.load()))
