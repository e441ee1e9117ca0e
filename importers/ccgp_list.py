"""政府采购严重违法失信行为记录名单, L01: the table of ccgp.gov.cn (DOMAIN §2 L01, §6.1), as a page or a sheet.

An entry counts from its publication, its penalty from the decision. Who is on the list is certain even where the free
text of the result is not: then the entry is taken alone, so that the rules ask a person, and the text is set aside.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import redact
from credit.model.record import Listing, Penalty, Source
from credit.model.statements import LoadRow
from importers.authorities import authority_in
from importers.cells import day, moment
from importers.procurement_decisions import DecisionReader, Told, load_row, organisation
from importers.source import Importer, Row, SourceSpec, describe

_LIST: Final = "L01"
_MARK: Final = "中国政府采购网名单"


class CcgpSpec(SourceSpec):
    """The list's TOML: with the fine in yuan from which a party is listed without a ban (财办库〔2014〕526号)."""

    min_fine: Decimal


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: CcgpSpec
    decisions: DecisionReader

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a row: the party by its code, the entry, its decision where the text is plain."""
        party, matched_by = organisation(row["code"], row.needed("name", "企业名称"))
        told = _told(row)
        penalty = self._penalty(told)
        plain = isinstance(penalty, Penalty)
        published = told.published_on
        listing = Listing(
            list=_LIST,
            listed_on=published.day if published else told.decided_on,
            published_on=published,
            until=day(row["until"], "公布截止日期") if plain else None,
            ground=redact(row["conduct"]) or None,
            doc_no=told.number,
            authority=told.authority,
            matched_by=matched_by,
        )
        return load_row(row, source, (party, listing), penalty)

    def _penalty(self, told: Told) -> Penalty | Malformed:
        """Return the decision, or why it is in doubt: also where it is none for which parties are listed."""
        try:
            penalty = self.decisions.penalty(told)
        except Malformed as doubt:
            return doubt
        if penalty.ban is None and (penalty.fine or 0) < self.spec.min_fine:
            return FieldInvalid(
                f"处罚结果中既无禁止期限，罚款也不足 {self.spec.min_fine} 元，与列入条件不符，请人工核对",
                f"the result holds no ban and no fine of {self.spec.min_fine} yuan, for which parties are listed",
            )
        return penalty


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("ccgp_list", CcgpSpec)
    return Importer(spec, _Reader(spec, DecisionReader.load()))


def _told(row: Row) -> Told:
    decided = day(row.needed("decided_on", "处罚日期"), "处罚日期")
    published = moment(row.needed("published_on", "公布日期"), "公布日期")
    if decided is None or published is None or published.day < decided:
        raise FieldInvalid(
            f"公布日期 {row['published_on']} 早于处罚日期 {row['decided_on']}，请人工核对",
            f"published {row['published_on']} before it was decided {row['decided_on']}: a person must look",
        )
    return Told(
        conduct=row["conduct"],
        result=row.needed("result", "处罚结果"),
        basis=row["basis"],
        decided_on=decided,
        authority=authority_in(row, "authority", "执法单位"),
        mark=_MARK,
        doc_no=row["doc_no"],
        published_on=published,
    )
