"""US federal exclusions, the public extract of SAM.gov.

An exclusion becomes a decision of the excluding agency with a ban from the active to the termination date, or without
end. A restriction of certain products (FAR 4.21) reads the same in the extract; its comment is kept in the wording.
As any decision from abroad it makes a finding for a person to look at, never an exclusion. Law: 48 CFR 9.4, 2 CFR 180.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.errors import FieldInvalid
from credit.identifiers import redact
from credit.model.record import Authority, Ban, BanScope, Category, Penalty, PenaltyKind, Source
from credit.model.statements import ROW_PARTY, LoadRow, PartyStatement, RecordStatement
from credit.model.when import When
from importers.foreign import entry_key, foreign_day, in_register, needed_day, organisation, person, word
from importers.source import Importer, Row, SourceSpec, describe

_ENDLESS: Final = "indefinite"
_NAMES: Final = ("prefix", "first", "middle", "last", "suffix")
_ADDRESS: Final = ("address_1", "address_2", "address_3", "address_4", "city", "state", "postcode", "country")


class ExclusionSpec(SourceSpec):
    """The TOML of the extract: with the words for parties, measures and programmes."""

    parties: dict[str, str]
    measures: dict[str, str]
    programs: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: ExclusionSpec

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a row: a firm by its number, a person by the exclusion's."""
        if word(row["state_of_record"]) not in {"", "active"}:
            raise FieldInvalid(
                f"记录状态为“{row['state_of_record']}”，排除可能已经终止，请人工核对",
                f"the record's status is {row['state_of_record']!r}: the exclusion may be over, a person must look",
            )
        party = self._party(row)
        record = RecordStatement(party=party.id or ROW_PARTY, content=self._penalty(row), source=source)
        return LoadRow(row=row.number, parties=(party,), records=(record,))

    def _party(self, row: Row) -> PartyStatement:
        kind = self.spec.parties.get(word(row["kind"]))
        if kind is None:
            raise FieldInvalid(
                f"对象类别“{row['kind']}”不是单位或自然人", f"the classification {row['kind']!r} is no firm or person"
            )
        if kind == "person":
            name = " ".join(filter(None, (row[field] for field in _NAMES))) or row.needed("name", "姓名")
            return person(f"us_exclusions:{_entry(row, name)}", redact(name))
        name = redact(row.needed("name", "名称"))
        return organisation(_number(row, name), name, address=redact(_address(row)))

    def _penalty(self, row: Row) -> Penalty:
        start = needed_day(row["from"], "生效日期", "mdy")
        end = _end(row)
        if end is not None and end < start:
            raise FieldInvalid(f"终止日期 {end} 早于生效日期 {start}", f"the end {end} lies before the start {start}")
        ban = Ban(BanScope.PROCUREMENT, from_=When(start), until=end, indefinite=end is None)
        return Penalty(
            doc_no=f"{_entry(row, row['name'] or row['last'])} {row['program']} {start.isoformat()}".strip(),
            authority=Authority(name=f"美国联邦机构 {row.needed('agency', '排除机构')}"),
            decided_on=start,
            violation=self._violation(row),
            category=Category.OTHER,
            kinds=(PenaltyKind.BAN,),
            legal_basis=(f"CT Code {row['cause']}",) if row["cause"] else (),
            ban=ban,
        )

    def _violation(self, row: Row) -> str:
        """Say measure and programme in Chinese beside their wording; an unknown one rejects the row."""
        measure = self.spec.measures.get(word(row["measure"]))
        program = self.spec.programs.get(word(row["program"]))
        if measure is None or program is None:
            wrong = row["program"] if measure else row["measure"]
            raise FieldInvalid(
                f"排除类型或范围“{wrong}”无法识别", f"the exclusion type or program {wrong!r} is not known"
            )
        comments = f"；附注：{redact(row['comments'])}" if row["comments"] else ""
        return f"{measure}（{row['measure']}）；范围：{program}（{row['program']}）{comments}"


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("us_exclusions", ExclusionSpec)
    return Importer(spec, _Reader(spec))


def _address(row: Row) -> str:
    return ", ".join(filter(None, (row[field] for field in _ADDRESS)))


def _entry(row: Row, name: str) -> str:
    """The number of the exclusion, else a digest of what it says of whom it is about."""
    return _told(row["number"]) or entry_key(name, *(row[field] for field in (*_NAMES, *_ADDRESS)))


def _number(row: Row, name: str) -> str:
    """The id of a firm by the surest number in the row."""
    numbers = {"sam-uei": _told(row["uei"]), "cage": _told(row["cage"])}
    found = next(((register, number) for register, number in numbers.items() if number), None)
    return in_register("US", *(found or ("sam-exclusion", _entry(row, name))))


def _told(number: str) -> str:
    return "" if word(number) in {"", "null", "none", "n/a"} else number


def _end(row: Row) -> date | None:
    """Return the last day, None where the exclusion is indefinite.

    Raises: FieldInvalid where the row says nothing.
    """
    if word(row["to"]) == _ENDLESS:
        return None
    return foreign_day(row["to"], "终止日期", "mdy") or needed_day("", "终止日期")
