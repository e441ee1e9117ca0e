"""The courts' list of dishonest judgment debtors, L03 (DOMAIN §2 L03, §6.2).

An entry takes effect by publication (法释〔2017〕7号): it is listed on its publishDate. regDate, in another format in
the same record, is the day on which the court opened the case; a term counted from it would end too early, so it never
stands in. Natural persons are shown with a masked number, and a masked number with a name is no identity: such an entry
is set aside for a person to match. The ground is kept as it is worded; the catalogue knows the term that goes with it.

The list is therefore told whole of organisations alone: a row that is rejected and not said to be a natural person's
fails its sync, and every sync says that it is silent on persons, who then are for a person to look up (DOMAIN Q27).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.errors import FieldInvalid, IdentifierInvalid, Malformed
from credit.identifiers import Identifier, IdKind, check_identity_number, recognise, redact, repair
from credit.model.party import PartyKind
from credit.model.record import Authority, Listing, MatchedBy, Source
from credit.model.statements import ROW_PARTY, LoadRow, PartyStatement, RecordStatement
from credit.model.when import When
from importers.cells import day, folded, stamp_day
from importers.codes import recognised
from importers.company_register import kind_of
from importers.set_aside import SetAside, Why
from importers.source import Importer, Row, SourceSpec, describe

_LIST: Final = "L03"
_OLD_LENGTH: Final = 15
# Identity numbers, new and old; the list may print none.
_OF_PERSONS: Final = (18, _OLD_LENGTH, 0)


class CourtSpec(SourceSpec):
    """The court list's TOML: with the words for the kind of party."""

    parties: dict[str, PartyKind]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: CourtSpec

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a row.

        Raises: SetAside where it says that it is a natural person's and its number has that form, else Malformed.
        """
        try:
            return self._read(row, source)
        except Malformed as error:
            said = self.spec.parties.get(folded(row["kind"]))
            if said is PartyKind.PERSON and _may_be_a_persons(repair(row["number"])):
                raise SetAside(error.zh, error.en, why=Why.NATURAL_PERSONS) from error
            raise

    def _read(self, row: Row, source: Source) -> LoadRow:
        """Read a row: the party by its number, the entry as published."""
        name, number = redact(row.needed("name", "被执行人名称")), repair(row["number"])
        if self._is_person(row, number):
            return self._load(row, _person(name, number), MatchedBy.IDENTIFIER, source)
        identifier = _organisation(number)
        party = PartyStatement(id=identifier.id, kind=kind_of(identifier), name=name, only_if_new=True)
        return self._load(row, party, _matched_by(identifier), source)

    def _is_person(self, row: Row, number: str) -> bool:
        """Whether the record says so; where it says nothing, whether the number is no right code of an organisation."""
        word = folded(row["kind"])
        if word:
            kind = self.spec.parties.get(word)
            if kind is None:
                raise FieldInvalid(
                    f"失信人类型“{row['kind']}”无法识别", f"the kind of party {row['kind']!r} is not known"
                )
            return kind is PartyKind.PERSON
        if len(number) == _OLD_LENGTH:
            raise FieldInvalid(
                "15 位号码可能是注册号，也可能是旧身份证号码，请人工核对",
                "15 digits may be a registration number or an old identity number: a person must look",
            )
        return not _is_organisations(number)

    def _load(self, row: Row, party: PartyStatement, matched_by: MatchedBy, source: Source) -> LoadRow:
        listed_on = _published_on(row)
        listing = Listing(
            list=_LIST,
            listed_on=listed_on,
            published_on=When(listed_on),
            ground=redact(row["ground"]) or None,
            doc_no=row.needed("case", "案号"),
            authority=Authority(name=row.needed("court", "执行法院")),
            matched_by=matched_by,
        )
        record = RecordStatement(party=party.id or ROW_PARTY, content=listing, source=source)
        return LoadRow(row=row.number, parties=(party,), records=(record,))


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("court_list", CourtSpec)
    return Importer(spec, _Reader(spec))


def _person(name: str, number: str) -> PartyStatement:
    if not number or "*" in number:
        raise FieldInvalid(
            "自然人证件号码有掩码，姓名加掩码不能确定身份，请人工核对后录入",
            "the person's number is masked: with a name it is no identity, a person must match it",
        )
    identity = check_identity_number(number)
    return PartyStatement(id=None, kind=PartyKind.PERSON, name=name, identity_number=identity, only_if_new=True)


def _organisation(number: str) -> Identifier:
    if not number or "*" in number:
        raise FieldInvalid(
            "单位的代码缺失或有掩码，仅凭名称不能确定身份，请人工核对后录入",
            "the organisation's code is missing or masked: a name alone is no identity, a person must match it",
        )
    return recognised(number)


def _matched_by(identifier: Identifier) -> MatchedBy:
    by_inner = identifier.kind is IdKind.ORGANISATION_CODE
    return MatchedBy.ORGANISATION_CODE if by_inner else MatchedBy.IDENTIFIER


def _may_be_a_persons(number: str) -> bool:
    """Whether a number, masked or not, has the form of a person's and is no right code of an organisation."""
    return len(number) in _OF_PERSONS and not _is_organisations(number)


def _is_organisations(number: str) -> bool:
    try:
        return bool(recognise(number))
    except IdentifierInvalid:
        return False


def _published_on(row: Row) -> date:
    published = day(row["published_on"], "发布时间") or stamp_day(row["published_stamp"], "发布时间戳")
    if published is None:
        raise FieldInvalid("没有发布时间，无法确定列入日期", "no publication date: the day of listing is not known")
    return published
