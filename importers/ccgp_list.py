"""政府采购严重违法失信行为记录名单, L01: the table of ccgp.gov.cn (DOMAIN §2 L01, §6.1), as a page or a sheet.

An entry counts from its publication, its penalty from the decision. Who is on the list is certain even where the free
text of the result is not: then the entry is taken without it, so that the rules ask a person, and the text set aside.
Where the page prints no number of the decision, as it hardly ever does, the entry itself tells a ban that is plain, and
ends on the last day on which it surely bars; who is listed beyond that day is for a person (Q29). An end of publication
is no end of a ban: where the text tells none, it stands in the entry's words, since the rules take an entry's last day
for that of its ban.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import redact
from credit.model.record import Ban, Listing, Source
from credit.model.statements import LoadRow
from importers.cells import moment
from importers.listed_parties import party_in
from importers.procurement_decisions import DecisionReader, Told, load_row, told_in
from importers.sanctions import Sanction
from importers.source import Importer, Row, SourceSpec, describe

_LIST: Final = "L01"
_HEADS: Final = ("处罚日期", "执法单位")
_ENDS: Final = ("until", "公布截止日期")


@dataclass(frozen=True, slots=True)
class _Said:
    """What an entry says of its decision: its reason, its last day, and what was left out for a person."""

    ground: str
    until: date | None = None
    doubt: Malformed | None = None


@dataclass(frozen=True, slots=True)
class _Reader:
    decisions: DecisionReader

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a row: the party by its code, the entry, its decision where the text is plain."""
        party, matched_by = party_in(row, "企业名称")
        told = _told(row)
        read = self._sanction(told)
        penalty = self.decisions.penalty(told, read) if told.doc_no and isinstance(read, Sanction) else None
        said = _Said(told.conduct, told.ends_on) if penalty else self._alone(told, read)
        published = told.published_on
        listing = Listing(
            list=_LIST,
            listed_on=published.day if published else told.decided_on,
            published_on=published,
            until=said.until,
            ground=redact(said.ground) or None,
            doc_no=told.doc_no or None,
            authority=told.authority,
            matched_by=matched_by,
        )
        return load_row(row, source, (party, listing), penalty, said.doubt)

    def _sanction(self, told: Told) -> Sanction | Malformed:
        """Return what was decided, or why it is in doubt: also where it is none for which parties are listed."""
        try:
            read = self.decisions.sanction(told)
        except Malformed as doubt:
            return doubt
        least = self.decisions.figure("listing_fine", told.decided_on)
        if read.ban is None and (read.fine or 0) < least:
            return FieldInvalid(
                f"处罚结果中既无禁止期限，罚款也不足 {least} 元，与列入条件不符，请人工核对",
                f"the result holds no ban and no fine of {least} yuan, for which parties are listed",
            )
        return read

    def _alone(self, told: Told, read: Sanction | Malformed) -> _Said:
        """Say what an entry tells whose decision is no record of its own."""
        if isinstance(read, Malformed):
            return self._without_a_ban(told, "", read)
        if read.ban is None:
            return self._without_a_ban(told, f"处罚结果：{told.result}")
        try:
            return self._with_its_ban(told, read.ban)
        except Malformed as doubt:
            return self._without_a_ban(told, "", doubt)

    def _with_its_ban(self, told: Told, ban: Ban) -> _Said:
        words, until = self.decisions.told_ban(told, ban)
        meant = "" if words in told.result else f"（即{words}）"
        return _Said(_joined(told.conduct, f"处罚结果：{told.result}{meant}"), until)

    def _without_a_ban(self, told: Told, result: str, doubt: Malformed | None = None) -> _Said:
        """Leave out of the reason what the rules would take for a ban."""
        conduct = told.conduct
        if self.decisions.speaks_of_a_ban(conduct):
            conduct = ""
            doubt = doubt or FieldInvalid(
                "具体情形提到禁止参加活动，易被读作处罚内容，未载入，请人工核对",
                "the conduct speaks of a ban, which would be read as the penalty: it is left out",
            )
        ends = f"公布截止日期：{told.ends_on}" if told.ends_on else ""
        return _Said(_joined(conduct, result, ends), doubt=doubt)


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    return Importer(describe("ccgp_list", SourceSpec), _Reader(DecisionReader.load()))


def _told(row: Row) -> Told:
    published = moment(row.needed("published_on", "公布日期"), "公布日期")
    told = told_in(row, _HEADS, _ENDS, published)
    if published is None or published.day < told.decided_on:
        raise FieldInvalid(
            f"公布日期 {row['published_on']} 早于处罚日期 {row['decided_on']}，请人工核对",
            f"published {row['published_on']} before it was decided {row['decided_on']}: a person must look",
        )
    return replace(told, ends_ban=False)


def _joined(*parts: str) -> str:
    return "；".join(part.rstrip("；;。") for part in parts if part)
