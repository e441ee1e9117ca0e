"""US federal exclusions, the public extract of SAM.gov.

An exclusion becomes a decision of the excluding agency with a ban from the active to the termination date, or without
end; only one whose kind and whose programme the TOML names as a bar from federal contracts. The others (programmes of
benefits, sanctions of foreign policy, restrictions of a product) are set aside with that reason: they are no bans from
procurement. As any decision from abroad it makes a finding for a person to look at, never an exclusion here.

The extract gives no number of a decision and no day but the active one, which stand in for them, and every record says
so. Law: 48 CFR 9.4, 2 CFR 180; for the mainland 国办发〔2020〕49号.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.errors import FieldInvalid
from credit.model.record import Authority, Ban, BanScope, Category, Penalty, PenaltyKind, Source
from credit.model.statements import ROW_PARTY, LoadRow, PartyStatement, RecordStatement
from credit.model.when import When
from importers.debarment_words import Words, shared_words
from importers.debarments import UNPUBLISHED
from importers.foreign import (
    entry_key,
    foreign_day,
    in_register,
    must_be_nobodys,
    needed_day,
    organisation,
    person,
    word,
)
from importers.schemes import Schemes
from importers.set_aside import SetAside, Why
from importers.source import Importer, Row, SourceSpec, Strict, describe

_NAMES: Final = ("prefix", "first", "middle", "last", "suffix")
_ADDRESS: Final = ("address_1", "address_2", "address_3", "address_4", "city", "state", "postcode", "country")


class Term(Strict):
    """A word of the extract: its Chinese, whether it bars from federal contracts, by what law."""

    zh: str
    bars: bool
    source: str
    mark: str


class ExclusionSpec(SourceSpec):
    """The TOML of the extract: with the words for parties, measures and programmes."""

    parties: Mapping[str, str]
    measures: Mapping[str, Term]
    programs: Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: ExclusionSpec
    words: Words
    schemes: Schemes

    def read(self, row: Row, source: Source) -> LoadRow:
        """Read a row: a firm by its number, a person by the exclusion's."""
        if word(row["state_of_record"]) not in {"", "active"}:
            raise FieldInvalid(
                f"记录状态为“{row['state_of_record']}”，排除可能已经终止，请人工核对",
                f"the record's status is {row['state_of_record']!r}: the exclusion may be over, a person must look",
            )
        measure, program = self._terms(row)
        is_person = self._is_person(row)
        party = self._person(row) if is_person else self._body(row)
        penalty = _penalty(row, self._violation(row, (measure, program), is_person=is_person), self.words)
        record = RecordStatement(party=party.id or ROW_PARTY, content=penalty, source=source)
        return LoadRow(row=row.number, parties=(party,), records=(record,))

    def _is_person(self, row: Row) -> bool:
        kind = self.spec.parties.get(word(row["kind"]))
        if kind is None:
            raise FieldInvalid(
                f"对象类别“{row['kind']}”不是单位或自然人", f"the classification {row['kind']!r} is no firm or person"
            )
        return kind == "person"

    def _person(self, row: Row) -> PartyStatement:
        name = " ".join(filter(None, (row[field] for field in _NAMES))) or row.needed("name", "姓名")
        return person(f"us_exclusions:{_entry(row, name)}", self.schemes.paperless(name))

    def _body(self, row: Row) -> PartyStatement:
        name = self.schemes.paperless(row.needed("name", "名称"))
        return organisation(_number(row, name), name, address=self.schemes.paperless(_address(row)))

    def _terms(self, row: Row) -> tuple[Term, Term]:
        """Return what measure and programme mean.

        Raises: FieldInvalid of an unknown one, SetAside of one that is no bar from procurement.
        """
        measure, program = self.spec.measures.get(word(row["measure"])), self.spec.programs.get(word(row["program"]))
        if measure is None or program is None:
            wrong = row["program"] if measure else row["measure"]
            raise FieldInvalid(
                f"排除类型或范围“{wrong}”无法识别", f"the exclusion type or program {wrong!r} is not known"
            )
        for term, told in ((measure, row["measure"]), (program, row["program"])):
            if not term.bars:
                raise SetAside(
                    f"“{told}”（{term.zh}）不是政府采购的排除（{term.source}），不登记",
                    f"{told!r} is no exclusion from procurement ({term.source}): not recorded",
                    why=Why.NOT_PROCUREMENT,
                )
        return measure, program

    def _violation(self, row: Row, terms: tuple[Term, Term], *, is_person: bool) -> str:
        """Say measure and programme in Chinese beside their wording; a person's comments are left out."""
        measure, program = terms
        parts = [f"{measure.zh}（{row['measure']}）", f"范围：{program.zh}（{row['program']}）"]
        if row["comments"] and not is_person:
            parts.append(f"附注：{self.schemes.paperless(row['comments'])}")
        return "；".join([*parts, UNPUBLISHED])


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("us_exclusions", ExclusionSpec)
    reader = _Reader(spec, shared_words(), Schemes.load())
    return Importer(spec, reader.read, hide=reader.schemes.paperless_row)


def _penalty(row: Row, violation: str, words: Words) -> Penalty:
    start = needed_day(row["from"], "生效日期", "mdy")
    end = _end(row, words)
    if end is not None and end < start:
        raise FieldInvalid(f"终止日期 {end} 早于生效日期 {start}", f"the end {end} lies before the start {start}")
    return Penalty(
        doc_no=f"{_entry(row, row['name'] or row['last'])} {row['program']} {start.isoformat()}".strip(),
        authority=Authority(name=f"美国联邦机构 {row.needed('agency', '排除机构')}"),
        decided_on=start,
        violation=violation,
        category=Category.OTHER,
        kinds=(PenaltyKind.BAN,),
        legal_basis=(f"CT Code {row['cause']}",) if row["cause"] else (),
        ban=Ban(BanScope.PROCUREMENT, When(start), end, indefinite=end is None),
    )


def _address(row: Row) -> str:
    return ", ".join(filter(None, (row[field] for field in _ADDRESS)))


def _entry(row: Row, name: str) -> str:
    """Return the number of the exclusion, else a digest of what it says of whom it is about.

    Raises: FieldInvalid where the number may be a person's.
    """
    number = _told(row["number"])
    must_be_nobodys(number)
    return number or entry_key(name, *(row[field] for field in (*_NAMES, *_ADDRESS)))


def _number(row: Row, name: str) -> str:
    """Return the id of a firm by the surest number in the row."""
    numbers = {"sam-uei": _told(row["uei"]), "cage": _told(row["cage"])}
    found = next(((register, number) for register, number in numbers.items() if number), None)
    return in_register("US", *(found or ("sam-exclusion", _entry(row, name))))


def _told(number: str) -> str:
    return "" if word(number) in {"", "null", "none", "n/a"} else number


def _end(row: Row, words: Words) -> date | None:
    """Return the last day, None where the exclusion is indefinite.

    Raises: FieldInvalid where the row says nothing.
    """
    if words.is_endless(row["to"], "mdy"):
        return None
    return foreign_day(row["to"], "终止日期", "mdy") or needed_day("", "终止日期")
