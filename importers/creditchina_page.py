"""财政部采购不良记录 on 信用中国: a company's page, or the records that its search answers (DOMAIN §2 L02).

The record is an entry on the bad-conduct list (不良行为记录名单), which by itself bars nobody and is not L01; what bars
is the ban in its result, where the text is plain. A page shows one company: it makes no list complete.
"""

from dataclasses import dataclass
from typing import Final

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import redact
from credit.model.record import Listing, Penalty, Source
from credit.model.statements import LoadRow
from importers.authorities import authority_in
from importers.cells import day, folded
from importers.procurement_decisions import DecisionReader, Told, load_row, organisation
from importers.source import Importer, Row, SourceSpec, describe

_MARK: Final = "信用中国"


class PageSpec(SourceSpec):
    """The page's TOML: with the list that its records are on, and the category that they bear."""

    entries_on: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: PageSpec
    decisions: DecisionReader

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a record: the party by its code, the entry, its decision where the text is plain."""
        category = folded(row["category"])
        if category and category not in self.spec.categories:
            raise FieldInvalid(
                f"数据类别“{row['category']}”不是采购不良记录", f"{row['category']!r} is another category"
            )
        code = row["code"] or row["organisation_code"] or row["registration_number"]
        party, matched_by = organisation(code, row.needed("name", "供应商或代理机构名称"))
        told = _told(row)
        try:
            penalty: Penalty | Malformed = self.decisions.penalty(told)
        except Malformed as doubt:
            penalty = doubt
        listing = Listing(
            list=self.spec.entries_on,
            listed_on=told.decided_on,
            until=told.ends_on if isinstance(penalty, Penalty) else None,
            ground=redact(row["conduct"]) or None,
            doc_no=told.number,
            authority=told.authority,
            matched_by=matched_by,
        )
        return load_row(row, source, (party, listing), penalty)


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("creditchina_page", PageSpec)
    return Importer(spec, _Reader(spec, DecisionReader.load()))


def _told(row: Row) -> Told:
    decided = day(row.needed("decided_on", "处罚（记录）日期"), "处罚（记录）日期")
    ends = day(row["ends_on"], "处罚结束时间")
    if decided is None or (ends is not None and ends < decided):
        raise FieldInvalid(
            f"处罚结束时间 {row['ends_on']} 早于处罚日期 {row['decided_on']}，请人工核对",
            f"it ends {row['ends_on']} before it was decided {row['decided_on']}: a person must look",
        )
    return Told(
        conduct=row["conduct"],
        result=row.needed("result", "处罚结果"),
        basis=row["basis"],
        decided_on=decided,
        authority=authority_in(row, "authority", "执法（记录）单位"),
        mark=_MARK,
        ends_on=ends,
    )
