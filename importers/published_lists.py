"""Lists of one shape, told apart by their TOML alone (DOMAIN §2 L04–L08).

They are serious tax violations, serious violations and abnormal operations of market regulation, wage arrears, and work
safety. Each row is a party's entry with its reason, its days and who decided; where the list says that it was taken
off, that is an event on the entry. Persons named beside a firm are left out: a name is no identity.

An entry that is sure of party and day is taken also where a column beside them is in doubt: left out, that column goes
to the review file, and the party does not pass for clean. A remark by which an entry may be over is such a column, but
where a verdict waits for the list: there an entry bars and a gap lets nobody pass, so that the row is for a person.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.errors import FieldInvalid
from credit.identifiers import Identifier, IdKind, redact
from credit.model.party import PartyKind
from credit.model.record import Authority, Basis, EventKind, Listing, MatchedBy, Source
from credit.model.statements import EventStatement, LoadRow, PartyStatement, RecordStatement
from credit.model.when import When
from importers.authorities import authority_in
from importers.cells import day, folded, is_permanent
from importers.codes import NOTHING, has_code, identifier_in, is_masked_persons
from importers.company_register import kind_of
from importers.damaged_text import is_damaged
from importers.person_names import is_a_persons_name
from importers.remarks import doubt_in
from importers.set_aside import SetAside, Why
from importers.source import Importer, Row, SourceSpec, Strict, describe

Doubt = tuple[str, str]
_NO_AUTHORITY: Final[Doubt] = (
    "没有作出决定的机关，条目已登记而不载机关，请人工补录",
    "no authority is told: the entry is recorded without one, for a person to add",
)
_STANDS_AND_WENT: Final[Doubt] = (
    "状态为有效而又有移出日期，条目按有效登记，移出未登记，请人工核对",
    "the entry's state is in force, yet a day is told on which it was taken off: the latter is left out",
)


class ListBasis(Strict):
    """The law that the list rests on."""

    instrument: str
    article: str | None = None


class ListSpec(SourceSpec):
    """The TOML of a list.

    ``grounds``: the fields that make up the reason, in order; ``dated_by``: the first of these fields that is filled is
    the day of listing; ``tax_numbers``: the code may be a taxpayer's number of before 2015 (six digits of the place and
    the organisation code); ``parties``: words for the kind of party; ``standing``: states of an entry in force, and
    ``ended``: of one that was taken off.
    """

    grounds: tuple[str, ...]
    dated_by: tuple[str, ...]
    basis: ListBasis
    tax_numbers: bool = False
    parties: dict[str, PartyKind]
    standing: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a row of a list."""

    spec: ListSpec

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a row: the party by its code, its entry, and whether it was taken off."""
        kind = self._organisations_kind(row)
        stands = self._stands(row)
        identifier = identifier_in(row, tax_numbers=self.spec.tax_numbers)
        name = _name(row)
        party = PartyStatement(id=identifier.id, kind=kind or kind_of(identifier), name=name, only_if_new=True)
        listing = self._listing(row, identifier)
        removal = _removal(row, listing.listed_on)
        remarked = self._remarked(row, removed=bool(removal), stands=stands)
        record = RecordStatement(
            party=identifier.id, content=listing, source=source, events=() if stands and removal else removal
        )
        doubts = (_NO_AUTHORITY,) * (listing.authority is None) + (_STANDS_AND_WENT,) * (stands and bool(removal))
        return LoadRow(row=row.number, parties=(party,), records=(record,), doubts=doubts + remarked)

    def _remarked(self, row: Row, *, removed: bool, stands: bool) -> tuple[Doubt, ...]:
        """Return what a remark leaves in doubt of an entry that is taken all the same.

        Raises: FieldInvalid where the row tells a removal besides, or where the entry may be over.
        """
        doubt = doubt_in(row["remark"], told_off=removed and not stands)
        if doubt is None:
            return ()
        if removed or doubt.over:
            raise doubt.refusal()
        return (
            (
                f"备注写有“{doubt.found}”，备注没有采用，条目按有效登记，请人工核对是否仍然有效",
                f"the remark says {doubt.found} and is left out: the entry is taken to stand, a person must look",
            ),
        )

    def _organisations_kind(self, row: Row) -> PartyKind | None:
        """Return the kind that the row states, None where it leaves that to the code.

        Where it states none, a hidden identity number is a natural person's only beside a person's name: the number of
        its operator is printed for an individual business too, whose entry nobody would find under its code.

        Raises: SetAside for a natural person whose number the source hides, FieldInvalid for one whom it tells in full.
        """
        word = folded(row["kind"])
        if word in NOTHING:
            masked = is_masked_persons(row["code"])
            kind = PartyKind.PERSON if masked and is_a_persons_name(row["name"]) else None
        elif (kind := self.spec.parties.get(word)) is None:
            raise FieldInvalid(f"主体类别“{row['kind']}”无法识别", f"the kind of party {row['kind']!r} is not known")
        if kind is PartyKind.PERSON:
            raise _persons(row)
        return PartyKind.INDIVIDUAL_BUSINESS if kind is PartyKind.INDIVIDUAL_BUSINESS else None

    def _stands(self, row: Row) -> bool:
        """Whether the row says that its entry is in force; False where it says nothing.

        Raises: FieldInvalid where it is over since a day that is not told, or the word is not known.
        """
        state = folded(row["state"])
        if state in self.spec.standing or state in NOTHING:
            return state not in NOTHING
        if state not in self.spec.ended or not _told(row, "removed_on"):
            raise FieldInvalid(
                f"状态为“{row['state']}”而无移出日期或不可识别，不能确定条目是否有效，请人工录入",
                f"the entry's state is {row['state']!r}: whether it stands, or since when not, a person must enter",
            )
        return False

    def _listing(self, row: Row, identifier: Identifier) -> Listing:
        grounds = dict.fromkeys(redact(_told(row, field)) for field in self.spec.grounds)
        by_inner = identifier.kind is IdKind.ORGANISATION_CODE
        listed_on, until = self._listed_on(row), day(_told(row, "until"), "截止日期")
        published_on = day(_told(row, "published_on"), "公布日期")
        if until is not None and until < listed_on:
            raise FieldInvalid(f"截止日期 {until} 早于列入日期 {listed_on}", f"it ends {until}, before {listed_on}")
        return Listing(
            list=self.spec.list or "",
            listed_on=listed_on,
            published_on=When(published_on) if published_on else None,
            until=None if until is None or is_permanent(until) else until,
            ground="；".join(filter(None, grounds)) or None,
            doc_no=_told(row, "doc_no") or None,
            basis=Basis(self.spec.basis.instrument, self.spec.basis.article),
            authority=_authority(row),
            matched_by=MatchedBy.ORGANISATION_CODE if by_inner else MatchedBy.IDENTIFIER,
        )

    def _listed_on(self, row: Row) -> date:
        days = (day(_told(row, field), "列入日期") for field in self.spec.dated_by)
        listed = next(filter(None, days), None)
        if listed is None or is_permanent(listed):
            raise FieldInvalid("没有列入或公布日期，不能推定", "no day of listing or publication, and none is assumed")
        return listed


def tax_violations() -> Importer:
    """重大税收违法失信主体, L04."""
    return _importer("tax_violations")


def abnormal_operations() -> Importer:
    """经营异常名录, L06."""
    return _importer("abnormal_operations")


def serious_violations() -> Importer:
    """市场监督管理严重违法失信名单, L05."""
    return _importer("serious_violations")


def wage_arrears() -> Importer:
    """拖欠农民工工资失信联合惩戒对象名单, L07."""
    return _importer("wage_arrears")


def safety_list() -> Importer:
    """安全生产严重失信主体名单, L08."""
    return _importer("safety_list")


def _importer(name: str) -> Importer:
    spec = describe(name, ListSpec)
    return Importer(spec, _Reader(spec))


def _told(row: Row, field: str) -> str:
    """The text of a field; empty where a sign stands for nothing."""
    return "" if folded(row[field]) in NOTHING else row[field]


def _name(row: Row) -> str:
    name = row.needed("name", "名称")
    if is_damaged(name):
        raise FieldInvalid(f"名称“{name}”有损坏，请人工核对", f"the name {name!r} is damaged: a person must look")
    return redact(name)


def _persons(row: Row) -> FieldInvalid:
    """Say why a natural person's row is not taken: by design where its number is hidden or not published."""
    if has_code(row["code"]) and "*" not in folded(row["code"]):
        return FieldInvalid(
            "条目为自然人而载有完整号码，请人工核对后录入",
            "the entry is a natural person's and tells a whole number: a person must enter it",
        )
    return SetAside(
        "自然人的号码有掩码或未公布，姓名不能确定身份，请人工核对后录入",
        "a person's number is masked or not published: a name is no identity, a person must match it",
        why=Why.NATURAL_PERSONS,
    )


def _authority(row: Row) -> Authority | None:
    """Name who decided; None where the row does not say.

    Raises: FieldInvalid where the name was cut off.
    """
    return authority_in(row, "authority", "作出决定机关") if _told(row, "authority") else None


def _removal(row: Row, listed_on: date) -> tuple[EventStatement, ...]:
    removed = day(_told(row, "removed_on"), "移出日期")
    if removed is None:
        return ()
    if removed < listed_on:
        raise FieldInvalid(f"移出日期 {removed} 早于列入日期 {listed_on}", f"taken off {removed}, before {listed_on}")
    return (
        EventStatement(
            kind=EventKind.REMOVED,
            on=When(removed),
            doc_no=_told(row, "removed_doc_no") or None,
            by=_told(row, "removed_by") or None,
            reason=redact(_told(row, "removed_for")) or None,
        ),
    )
