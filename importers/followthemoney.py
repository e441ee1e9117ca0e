"""FollowTheMoney: bodies, persons, sanctions, and who owns or directs whom (see ``followthemoney.toml``).

Properties hold several values of equal rank: the first name is the name, the others of ``previousName`` are former
ones. An ownership without a percentage is a share of unknown size. Dates of less than a day are not guessed.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.identifiers import parse, redact
from credit.model.party import PartyKind, RelationKind
from credit.model.record import Authority, Ban, BanScope, Category, Penalty, PenaltyKind, Source
from credit.model.statements import (
    ROW_PARTY,
    UNSET,
    LoadRow,
    PartyStatement,
    RecordStatement,
    RelationStatement,
)
from credit.model.when import When
from importers.cells import clean
from importers.debarments import Tells, shared_words, unclear
from importers.foreign import credit_code_in, foreign_day, in_register, lei_of, organisation, person, word
from importers.shapes import is_list, is_object
from importers.source import Importer, Row, SourceSpec, Strict, describe

_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%?")
_DEBARRED: Final = "debarment"
_ENDLESS: Final = frozenset({"2999-12-31", "9999-12-31"})
_Json = Mapping[str, Any]


class Ends(Strict):
    """A schema that joins two entities: our relation, and the properties that hold its ends."""

    kind: str
    source: str
    target: str


class FtmSpec(SourceSpec):
    """The TOML of FollowTheMoney: which schemata are taken, and as what."""

    seat: str
    schemata: dict[str, str]
    relations: dict[str, Ends]
    roles: dict[str, RelationKind]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: FtmSpec
    tells: Tells

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read an entity by its schema."""
        entity: _Json = json.loads(row["entity"], parse_float=Decimal)
        schema = entity.get("schema")
        if not isinstance(entity.get("id"), str) or not is_object(entity.get("properties")):
            raise FieldInvalid("实体没有 id 或 properties", "the entity has no id or no properties")
        if schema in self.spec.schemata:
            return LoadRow(row=row.number, parties=(self._party(entity),))
        if schema == "Sanction":
            return self._sanction(row, entity, source)
        if schema in self.spec.relations:
            return self._relation(row, entity, self.spec.relations[str(schema)])
        raise FieldInvalid(f"不登记 {schema} 类对象", f"objects of the schema {schema!r} are not registered")

    def _party(self, entity: _Json) -> PartyStatement:
        """Name a party.

        Raises: FieldInvalid.
        """
        name = clean(_first(entity, "name") or str(entity.get("caption") or ""))
        if not name:
            raise FieldInvalid("实体没有名称", "the entity has no name")
        kind = self.spec.schemata.get(str(entity.get("schema")))
        if kind is None:
            raise FieldInvalid(f"不登记 {entity.get('schema')} 类对象", "the entity is no body or person")
        is_person = self.tells.is_person(name) if kind == "unclear" else kind == "person"
        code = self._id(entity)
        if is_person is None and code is None:
            raise unclear()
        if is_person:
            return person(f"ftm:{entity['id']}", redact(name))
        named = code or in_register(self.spec.seat, "ftm", entity["id"])
        former = tuple(redact(clean(n)) for n in _all(entity, "previousName"))
        statement = organisation(named, redact(name), address=redact(_first(entity, "address")))
        return replace(statement, former_names=former or UNSET)

    def _id(self, entity: _Json) -> str | None:
        """Return the id that a register gave the body: one of ours, a credit code, an LEI."""
        code = credit_code_in([*_all(entity, "uscCode"), *_all(entity, "registrationNumber")])
        if code is not None:
            return code
        lei = next((found for text in _all(entity, "leiCode") if (found := lei_of(text))), None)
        return lei or _ours(entity["id"])

    def _end(self, row: Row, end: str) -> PartyStatement:
        """The party at one end; one that the file does not describe rejects the row."""
        if not row[f"end_{end}"]:
            raise FieldInvalid(f"文件中没有 {end} 所指的主体", f"the file does not hold the {end}")
        return self._party(json.loads(row[f"end_{end}"], parse_float=Decimal))

    def _sanction(self, row: Row, entity: _Json, source: Source) -> LoadRow:
        party = self._end(row, "entity")
        topics = _all(json.loads(row["end_entity"]), "topics")
        record = RecordStatement(
            party=party.id or ROW_PARTY, content=_penalty(entity, debarred=_DEBARRED in topics), source=source
        )
        return LoadRow(row=row.number, parties=(party,), records=(record,))

    def _relation(self, row: Row, entity: _Json, ends: Ends) -> LoadRow:
        source, target = self._end(row, ends.source), self._end(row, ends.target)
        if target.kind is PartyKind.PERSON:
            raise FieldInvalid("关系的对象是自然人", "the object of the relation is a person")
        role = next((self.spec.roles[word(r)] for r in _all(entity, "role") if word(r) in self.spec.roles), None)
        if role is None and not ends.kind:
            raise FieldInvalid("关系的性质不明", "the link does not say what it is")
        kind = role or RelationKind(ends.kind)
        relation = RelationStatement(
            kind=kind,
            source=source.id or ROW_PARTY,
            target=str(target.id),
            share=_share(entity) if kind is RelationKind.SHAREHOLDER else None,
            since=_day(entity, "startDate"),
            until=_day(entity, "endDate"),
        )
        return LoadRow(row=row.number, parties=(source, target), relations=(relation,))


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("followthemoney", FtmSpec)
    return Importer(spec, _Reader(spec, Tells.of(shared_words())))


def _penalty(entity: _Json, *, debarred: bool) -> Penalty:
    start = _day(entity, "startDate") or _day(entity, "listingDate")
    if start is None:
        raise FieldInvalid("制裁没有起始日期或列入日期", "the sanction has neither a start nor a day of listing")
    authority = _first(entity, "authority") or _first(entity, "publisher") or _first(entity, "program")
    if not authority:
        raise FieldInvalid("制裁没有写明机关", "the sanction names no authority")
    ends = _all(entity, "endDate")
    endless = any(end in _ENDLESS for end in ends)
    until = None if endless else _day(entity, "endDate")
    texts = [*_all(entity, "reason"), *_all(entity, "program"), *_all(entity, "status"), *_all(entity, "summary")]
    return Penalty(
        doc_no=_first(entity, "recordId") or str(entity["id"]),
        authority=Authority(name=redact(authority)),
        decided_on=start,
        violation=redact("；".join(dict.fromkeys(texts))) or "来源未写明事由",
        category=Category.OTHER,
        kinds=(PenaltyKind.BAN if debarred else PenaltyKind.OTHER,),
        legal_basis=tuple(map(redact, _all(entity, "provisions"))),
        ban=Ban(BanScope.PROCUREMENT, from_=When(start), until=until, indefinite=endless) if debarred else None,
    )


def _share(entity: _Json) -> Decimal | None:
    """Return an ownership's share, 0-1, None where it says none.

    Raises: FieldInvalid of a text that is no percentage.
    """
    told = _first(entity, "percentage")
    if not told:
        return None
    found = _PERCENT.fullmatch(told.strip())
    if found is None or Decimal(found[1]) > 100:  # noqa: PLR2004 - per cent
        raise FieldInvalid(f"持股比例“{told}”无法识别", f"the percentage {told!r} is not understood")
    return (Decimal(found[1]) / 100).normalize()


def _ours(entity_id: str) -> str | None:
    """Return the id of ours that ``importers.export_ftm`` wrote as an entity's id."""
    kind, dot, rest = entity_id.partition(".")
    parts = 2 if kind == "foreign" else 0
    text = ":".join([kind, *rest.split(".", parts)]) if dot and kind in {"foreign", "org", "reg"} else ""
    try:
        return parse(text).id if text else None
    except IdentifierInvalid:
        return None


def _all(entity: _Json, name: str) -> list[str]:
    values = entity["properties"].get(name)
    return [v for v in values if isinstance(v, str)] if is_list(values) else []


def _first(entity: _Json, name: str) -> str:
    return next(iter(_all(entity, name)), "")


def _day(entity: _Json, name: str) -> date | None:
    return foreign_day(_first(entity, name), name)
