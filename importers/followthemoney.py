"""FollowTheMoney: bodies, persons, sanctions, and who owns or directs whom (see ``followthemoney.toml``).

Properties hold several values of equal rank. The first name is the name, the others of ``previousName`` are former
ones; of an end, a day or a share there may be one alone, for which of two is right nobody here can tell. An ownership
without a percentage is a share of unknown size. Dates of less than a day are not guessed.

Which sanctions are debarments from procurement: ``importers.ftm_sanctions``.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.identifiers import parse
from credit.model.party import PartyKind, RelationKind
from credit.model.record import Penalty, Source
from credit.model.statements import ROW_PARTY, UNSET, LoadRow, PartyStatement, RecordStatement, RelationStatement
from importers.cells import clean
from importers.debarment_words import Tells, shared_words, unclear
from importers.foreign import credit_code_of, in_register, lei_of, organisation, person, word
from importers.ftm_sanctions import SanctionReader, SanctionWords, all_of, day_of, first_of, one_of
from importers.schemes import Schemes
from importers.shapes import is_object
from importers.source import Importer, Row, SourceSpec, Strict, describe

_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%?")
_SEVERAL: Final = "several"
_Json = Mapping[str, Any]


class Ends(Strict):
    """A schema that joins two entities: our relation, and the properties that hold its ends."""

    kind: str
    source: str
    target: str


class FtmSpec(SourceSpec):
    """The TOML of FollowTheMoney: which schemata are taken, and as what."""

    seat: str
    schemata: Mapping[str, str]
    relations: Mapping[str, Ends]
    roles: Mapping[str, RelationKind]
    former: frozenset[str]
    ownerships: frozenset[str]
    sanctions: SanctionWords


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: FtmSpec
    tells: Tells
    sanctions: SanctionReader
    schemes: Schemes

    def read(self, row: Row, source: Source) -> LoadRow:
        """Read an entity by its schema."""
        entity: _Json = json.loads(row["entity"], parse_float=Decimal)
        schema = str(entity.get("schema"))
        if not isinstance(entity.get("id"), str) or not is_object(entity.get("properties")):
            raise FieldInvalid("实体没有 id 或 properties", "the entity has no id or no properties")
        if schema in self.spec.schemata:
            return LoadRow(row=row.number, parties=(self._party(entity),))
        if schema == "Sanction":
            return self._sanction(row, entity, source)
        if schema in self.spec.relations:
            return self._relation(row, entity, self.spec.relations[schema])
        raise FieldInvalid(f"不登记 {schema} 类对象", f"objects of the schema {schema!r} are not registered")

    def _party(self, entity: _Json) -> PartyStatement:
        """Name a party.

        Raises: FieldInvalid.
        """
        name = clean(first_of(entity, "name") or str(entity.get("caption") or ""))
        if not name:
            raise FieldInvalid("实体没有名称", "the entity has no name")
        kind = self.spec.schemata.get(str(entity.get("schema")))
        if kind is None:
            raise FieldInvalid(f"不登记 {entity.get('schema')} 类对象", "the entity is no body or person")
        code = self._id(entity)
        if self._is_person(kind, name, has_code=code is not None):
            return person(f"ftm:{entity['id']}", self.schemes.paperless(name))
        named = code or in_register(self.spec.seat, "ftm", entity["id"])
        former = tuple(self.schemes.paperless(clean(n)) for n in all_of(entity, "previousName"))
        statement = organisation(
            named, self.schemes.paperless(name), address=self.schemes.paperless(first_of(entity, "address"))
        )
        return replace(statement, former_names=former or UNSET)

    def _is_person(self, kind: str, name: str, *, has_code: bool) -> bool:
        """Whether an entity is a natural person: as its schema says, else by its name; a register's number is a body's.

        Raises: FieldInvalid where they leave it open.
        """
        if kind != "unclear":
            return kind == "person"
        told = False if has_code else self.tells.is_person(name)
        if told is None:
            raise unclear()
        return told

    def _id(self, entity: _Json) -> str | None:
        """Return the id that a register gave the body: one of ours, a credit code, an LEI; None of two credit codes."""
        told = (*all_of(entity, "uscCode"), *all_of(entity, "registrationNumber"))
        codes = {code for text in told if (code := credit_code_of(text)) is not None}
        if codes:
            return codes.pop() if len(codes) == 1 else None
        leis = {found for text in all_of(entity, "leiCode") if (found := lei_of(text)) is not None}
        return leis.pop() if len(leis) == 1 else _ours(entity["id"])

    def _end(self, row: Row, end: str) -> PartyStatement:
        """The party at one end; one that the file does not describe rejects the row."""
        if row[f"end_{end}"] == _SEVERAL:
            raise FieldInvalid(f"{end} 有不止一个，请人工核对", f"there is more than one {end}: a person must look")
        if not row[f"end_{end}"]:
            raise FieldInvalid(f"文件中没有 {end} 所指的主体", f"the file does not hold the {end}")
        return self._party(json.loads(row[f"end_{end}"], parse_float=Decimal))

    def _sanction(self, row: Row, entity: _Json, source: Source) -> LoadRow:
        """Read a sanction: one that is surely a debarment in force is recorded, of another a person reads."""
        party = self._end(row, "entity")
        found = self.sanctions.read(entity, party)
        if not isinstance(found, Penalty):
            return LoadRow(row=row.number, parties=(party,), doubts=(found,))
        record = RecordStatement(party=party.id or ROW_PARTY, content=found, source=source)
        return LoadRow(row=row.number, parties=(party,), records=(record,))

    def _relation(self, row: Row, entity: _Json, ends: Ends) -> LoadRow:
        source, target = self._end(row, ends.source), self._end(row, ends.target)
        if target.kind is PartyKind.PERSON:
            raise FieldInvalid("关系的对象是自然人", "the object of the relation is a person")
        kind = self._kind(entity, ends)
        relation = RelationStatement(
            kind=kind,
            source=source.id or ROW_PARTY,
            target=str(target.id),
            share=_share(entity) if kind is RelationKind.SHAREHOLDER else None,
            since=day_of(entity, "startDate"),
            until=day_of(entity, "endDate"),
        )
        return LoadRow(row=row.number, parties=(source, target), relations=(relation,))

    def _kind(self, entity: _Json, ends: Ends) -> RelationKind:
        """Return what a link is by its role, else by its schema.

        Raises: FieldInvalid where it says nothing, says it is over without a day, or is no direct holding.
        """
        roles = [word(r) for r in all_of(entity, "role")]
        told = {self.spec.roles[r] for r in roles if r in self.spec.roles}
        over = any(map(self._was, roles)) or any(map(self.spec.sanctions.is_over, all_of(entity, "status")))
        if len(told) > 1 or (not told and not ends.kind):
            raise FieldInvalid("关系的性质不明", "the link does not say what it is")
        if over and not all_of(entity, "endDate"):
            raise FieldInvalid("关系已经终止而没有终止日期，请人工核对", "the link is over, and no day is told")
        kind = told.pop() if told else RelationKind(ends.kind)
        held = {word(t) for t in all_of(entity, "ownershipType")}
        if kind is RelationKind.SHAREHOLDER and held - self.spec.ownerships:
            raise FieldInvalid("不是直接持股，不登记为股东", "no direct holding: no shareholder")
        return kind

    def _was(self, role: str) -> bool:
        return any(role.startswith(former) for former in self.spec.former)


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("followthemoney", FtmSpec)
    words, schemes = shared_words(), Schemes.load()
    reader = _Reader(spec, Tells.of(words), SanctionReader(spec.sanctions, words, schemes), schemes)
    return Importer(spec, reader.read)


def _share(entity: _Json) -> Decimal | None:
    """Return an ownership's share, 0-1, None where it says none.

    Raises: FieldInvalid of a text that is no percentage, and of several.
    """
    told = one_of(entity, "percentage")
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
