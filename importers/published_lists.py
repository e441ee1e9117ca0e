"""Lists of one shape, told apart by their TOML alone (DOMAIN §2 L04–L08).

They are serious tax violations, serious violations and abnormal operations of market regulation, wage arrears, and work
safety. Each row is a party's entry with its reason, its days and who decided; where the list says that it was taken
off, that is an event on the entry. Persons named beside a firm are left out: a name is no identity.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.identifiers import Identifier, IdKind, check_identity_number, recognise, redact, repair
from credit.model.party import PartyKind
from credit.model.record import Basis, EventKind, Listing, MatchedBy, Source
from credit.model.statements import EventStatement, LoadRow, PartyStatement, RecordStatement
from credit.model.when import When
from importers.authorities import authority_in
from importers.cells import day, folded, is_permanent
from importers.company_register import kind_of
from importers.set_aside import SetAside, Why
from importers.source import Importer, Row, SourceSpec, Strict, describe

_NOTHING: Final = frozenset({"", "/", "-", "--", "—", "——", "无", "空", "NULL", "NONE"})
_OLD_TAX_NUMBER: Final = re.compile(r"\d{6}([0-9A-Z]{9})")
# How long the identity number is in a taxpayer's number of a person, by its length.
_PERSONAL: Final = {15: 15, 17: 15, 18: 18, 20: 18}
_CODES: Final = ("code", "organisation_code", "registration_number")


class ListBasis(Strict):
    """The law that the list rests on."""

    instrument: str
    article: str | None = None


class ListSpec(SourceSpec):
    """The TOML of a list.

    ``grounds``: the fields that make up the reason, in order; ``dated_by``: the first of these fields that is filled is
    the day of listing; ``tax_numbers``: the code may be a taxpayer's number of before 2015 (six digits of the place and
    the organisation code); ``parties``: words for the kind of party; ``standing``: states of an entry in force.
    """

    grounds: tuple[str, ...]
    dated_by: tuple[str, ...]
    basis: ListBasis
    tax_numbers: bool = False
    parties: dict[str, PartyKind]
    standing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: ListSpec

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a row: the party by its code, its entry, and whether it was taken off."""
        name = redact(row.needed("name", "名称"))
        self._must_be_an_organisation(row)
        self._must_stand(row)
        identifier = _identifier(row, tax_numbers=self.spec.tax_numbers)
        party = PartyStatement(id=identifier.id, kind=kind_of(identifier), name=name, only_if_new=True)
        listing = self._listing(row, identifier)
        record = RecordStatement(
            party=identifier.id, content=listing, source=source, events=_removal(row, listing.listed_on)
        )
        return LoadRow(row=row.number, parties=(party,), records=(record,))

    def _must_be_an_organisation(self, row: Row) -> None:
        word = folded(row["kind"])
        kind = self.spec.parties.get(word) if word else PartyKind.ORGANISATION
        if kind is None:
            raise FieldInvalid(f"主体类别“{row['kind']}”无法识别", f"the kind of party {row['kind']!r} is not known")
        if kind is PartyKind.PERSON:
            raise SetAside(
                "自然人的号码有掩码或未公布，姓名不能确定身份，请人工核对后录入",
                "a person's number is masked or not published: a name is no identity, a person must match it",
                why=Why.NATURAL_PERSONS,
            )

    def _must_stand(self, row: Row) -> None:
        state = folded(row["state"])
        if state and state not in self.spec.standing and not row["removed_on"]:
            raise FieldInvalid(
                f"状态为“{row['state']}”而无移出日期，请人工录入",
                f"the entry's state is {row['state']!r}, without the day it was taken off: a person must enter it",
            )

    def _listing(self, row: Row, identifier: Identifier) -> Listing:
        grounds = dict.fromkeys(redact(row[field]) for field in self.spec.grounds)
        by_inner = identifier.kind is IdKind.ORGANISATION_CODE
        listed_on, until = self._listed_on(row), day(row["until"], "截止日期")
        published_on = day(row["published_on"], "公布日期")
        if until is not None and until < listed_on:
            raise FieldInvalid(f"截止日期 {until} 早于列入日期 {listed_on}", f"it ends {until}, before {listed_on}")
        return Listing(
            list=self.spec.list or "",
            listed_on=listed_on,
            published_on=When(published_on) if published_on else None,
            until=None if until is None or is_permanent(until) else until,
            ground="；".join(filter(None, grounds)) or None,
            doc_no=row["doc_no"] or None,
            basis=Basis(self.spec.basis.instrument, self.spec.basis.article),
            authority=authority_in(row, "authority", "作出决定机关"),
            matched_by=MatchedBy.ORGANISATION_CODE if by_inner else MatchedBy.IDENTIFIER,
        )

    def _listed_on(self, row: Row) -> date:
        listed = next((on for field in self.spec.dated_by if (on := day(row[field], "列入日期"))), None)
        if listed is None:
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


def _identifier(row: Row, *, tax_numbers: bool) -> Identifier:
    """Name the party by the surest code in the row.

    Raises: FieldInvalid where there is none or two contradict each other, IdentifierInvalid.
    """
    codes = [repair(row[field]) for field in _CODES]
    given = [code for code in codes if code not in _NOTHING and code.strip("0")]
    if not given or any("*" in code for code in given[:1]):
        raise FieldInvalid(
            "没有代码或代码有掩码，仅凭名称不能确定身份，请人工核对后录入",
            "the code is missing or masked: a name alone is no identity, a person must match it",
        )
    identifier = _of_tax_number(given[0]) if tax_numbers and codes[0] == given[0] else recognise(given[0])
    inner = codes[1]
    if inner in given and inner not in {identifier.value, identifier.value[8:17]}:
        raise FieldInvalid(
            f"组织机构代码 {inner} 与 {identifier.value} 不是同一主体",
            f"the organisation code {inner} is not that of {identifier.value}",
        )
    return identifier


def _of_tax_number(number: str) -> Identifier:
    """Read a taxpayer's number: a credit code, or an old one that holds the organisation code.

    Raises: FieldInvalid where it may be a person's or names two, IdentifierInvalid.
    """
    old = _OLD_TAX_NUMBER.fullmatch(number)
    named = [found for code in (number, *(old.groups() if old else ())) if (found := _recognised(code))]
    if _may_be_a_persons(number) or len(named) > 1:
        raise FieldInvalid(
            "纳税人识别号可能是个人证件号码，或者对应不止一个主体，请人工核对",
            "the taxpayer's number may be a person's, or names more than one party: a person must look",
        )
    return named[0] if named else recognise(number)


def _recognised(code: str) -> Identifier | None:
    try:
        return recognise(code)
    except IdentifierInvalid:
        return None


def _may_be_a_persons(number: str) -> bool:
    """Whether an identity number stands at its head: taxpayers without a register bear it, with two digits behind."""
    length = _PERSONAL.get(len(number))
    try:
        return length is not None and bool(check_identity_number(number[:length]))
    except IdentifierInvalid:
        return False


def _removal(row: Row, listed_on: date) -> tuple[EventStatement, ...]:
    removed = day(row["removed_on"], "移出日期") if folded(row["removed_on"]) not in _NOTHING else None
    if removed is None:
        return ()
    if removed < listed_on:
        raise FieldInvalid(f"移出日期 {removed} 早于列入日期 {listed_on}", f"taken off {removed}, before {listed_on}")
    return (
        EventStatement(
            kind=EventKind.REMOVED,
            on=When(removed),
            doc_no=row["removed_doc_no"] or None,
            by=row["removed_by"] or None,
            reason=redact(row["removed_for"]) or None,
        ),
    )
