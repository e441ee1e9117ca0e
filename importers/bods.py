"""BODS: who owns and controls whom, as declared (see ``bods.toml``).

An exact share that is held directly is a shareholder's; a share told as a range has none, but more than half is
control. Indirect shares make no shareholder: more than half of them is control, less is no relation here. Directors
manage. A statement that breaks the standard's rules, names a party that the file does not describe, or tells of no
relation that the registry has is rejected, one by one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from credit.errors import FieldInvalid
from credit.identifiers import redact
from credit.model.party import RelationKind
from credit.model.record import Source
from credit.model.statements import ROW_PARTY, LoadRow, PartyStatement, RelationStatement
from importers.cells import clean
from importers.countries import Countries
from importers.foreign import MAINLAND, entry_key, foreign_day, in_register, of_scheme, organisation, person, word
from importers.shapes import is_object, object_in, objects_in
from importers.source import Importer, Row, SourceSpec, describe

_HALF: Final = Decimal(50)
_WHOLE: Final = Decimal(100)
_STATUSES: Final = frozenset({"new", "updated", "closed"})
_NOBODY: Final = frozenset({"anonymousperson", "unknownperson", "anonymousentity", "unknownentity"})
_Json = Mapping[str, Any]


class BodsSpec(SourceSpec):
    """The TOML of BODS: with the words for statements and interests."""

    seat: str
    types: dict[str, str]
    interests: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: BodsSpec
    countries: Countries

    def __call__(self, row: Row, source: Source) -> LoadRow:  # noqa: ARG002 - parties and relations carry no source
        """Read a statement: a party, or the relations of two."""
        statement: _Json = json.loads(row["statement"], parse_float=Decimal)
        self._check(statement)
        if statement["type"] != "relationship":
            return LoadRow(row=row.number, parties=(self._party(row, "party", "声明"),))
        subject = self._party(row, "subject", "对象（subject）")
        holder = self._party(row, "interested", "权益人（interestedParty）")
        if subject.id is None:
            raise FieldInvalid("权益的对象是自然人", "the subject is a person")
        parties = (holder, subject)
        if row["superseded"]:
            return LoadRow(row=row.number, parties=parties)
        ends = (holder.id or ROW_PARTY, subject.id)
        return LoadRow(row=row.number, parties=parties, relations=self._relations(statement, ends))

    def _check(self, statement: _Json) -> None:
        """Refuse what the standard does not allow.

        Raises: FieldInvalid.
        """
        if not statement["id"] or not statement["record"]:
            raise FieldInvalid("声明没有编号", "the statement has no id")
        if statement["type"] not in set(self.spec.types.values()):
            raise FieldInvalid(f"声明类型“{statement['type']}”无法识别", f"the type {statement['type']!r} is not known")
        if statement["status"] not in _STATUSES:
            raise FieldInvalid(
                f"记录状态“{statement['status']}”无法识别", f"status {statement['status']!r} is not known"
            )
        if not statement["details"]:
            raise FieldInvalid("声明没有内容", "the statement has no details")
        foreign_day(statement["date"], "声明日期")

    def _party(self, row: Row, field: str, called: str) -> PartyStatement:
        """Name a party by the last statement that describes it.

        Raises: FieldInvalid.
        """
        if not row[field]:
            raise FieldInvalid(f"{called}未披露，或文件中没有其声明", f"the file holds no statement of the {field}")
        told: _Json = json.loads(row[field], parse_float=Decimal)
        details: _Json = told["details"]
        kind = details.get("entityType") if told["type"] == "entity" else details.get("personType")
        kind = kind.get("type") if is_object(kind) else kind
        if not isinstance(kind, str) or not kind:
            raise FieldInvalid("主体声明没有类型", "the statement of a party has no entityType or personType")
        name = _name(told)
        if word(kind) in _NOBODY or not name:
            raise FieldInvalid(f"{called}没有写明是谁（{kind}）", f"the {field} is not named ({kind})")
        publisher = entry_key(told["publisher"])[:6]
        if told["type"] == "person":
            return person(f"bods:{publisher}:{told['record']}", redact(name))
        return organisation(self._id(details, publisher, told["record"]), redact(name))

    def _id(self, details: _Json, publisher: str, record: str) -> str:
        """Return the id by a register, else by the publisher's record."""
        for given in objects_in(details, "identifiers"):
            found = of_scheme(str(given.get("scheme") or ""), str(given.get("id") or ""), self.countries)
            if found is not None:
                return found
        place = details.get("jurisdiction") or details.get("incorporatedInJurisdiction")
        told = str(place.get("code") or "")[:2] if is_object(place) else ""
        code = self.countries.code_of(told)
        country = self.spec.seat if code is None or code == MAINLAND else code
        return in_register(country, f"bods-{publisher}", record)

    def _relations(self, statement: _Json, ends: tuple[str, str]) -> tuple[RelationStatement, ...]:
        """Return a relation for each kind and day of beginning that the interests tell of."""
        found: dict[tuple[RelationKind, date | None], RelationStatement] = {}
        for interest in objects_in(statement["details"], "interests"):
            since, until = _period(statement, interest)
            for kind, share in self._kinds(interest):
                said = RelationStatement(
                    kind=kind, source=ends[0], target=ends[1], share=share, since=since, until=until
                )
                before = found.setdefault((kind, since), said)
                if before.share != said.share and kind is RelationKind.SHAREHOLDER:
                    raise FieldInvalid("同一天起有两个不同的持股比例", "two different shares begin on one day")
        if not found:
            raise FieldInvalid(
                "权益类型没有对应的登记关系（股东、控制、管理）",
                "the interests are none of the relations held here (shareholder, control, management)",
            )
        return tuple(found.values())

    def _kinds(self, interest: _Json) -> Sequence[tuple[RelationKind, Decimal | None]]:
        word_of_type = word(str(interest.get("type") or "unknowninterest")).replace("-", "")
        kind = self.spec.interests.get(word_of_type)
        if kind is None:
            raise FieldInvalid(
                f"权益类型“{interest.get('type')}”无法识别", f"interest {interest.get('type')!r} is not known"
            )
        if kind not in {"share", "majority"}:
            return [(RelationKind(kind), None)] if kind else []
        exact, most = _share(interest)
        control = [(RelationKind.CONTROLS, None)] if most else []
        direct = word(str(interest.get("directOrIndirect") or interest.get("interestLevel") or "")) == "direct"
        if kind == "majority" or not direct:
            return control
        return [(RelationKind.SHAREHOLDER, exact), *(control if exact is None else [])]


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("bods", BodsSpec)
    return Importer(spec, _Reader(spec, Countries.load()))


def _name(told: _Json) -> str:
    details: _Json = told["details"]
    if told["type"] == "entity":
        return clean(str(details.get("name") or ""))
    names = objects_in(details, "names")
    legal = [n for n in names if n.get("type") in {"legal", "individual"}] or names
    return clean(str(legal[0].get("fullName") or "")) if legal else ""


def _period(statement: _Json, interest: _Json) -> tuple[date | None, date | None]:
    """Return when an interest began and ended; a closed record's ended with it."""
    since = foreign_day(str(interest.get("startDate") or ""), "权益起始日期")
    until = foreign_day(str(interest.get("endDate") or ""), "权益终止日期")
    if until is None and statement["status"] == "closed":
        until = foreign_day(statement["date"], "声明日期")
    if since and until and until < since:
        raise FieldInvalid("权益终止早于起始", "the interest ends before it begins")
    return since, until


def _share(interest: _Json) -> tuple[Decimal | None, bool]:
    """Return the exact share (0-1) where there is one, and whether it is surely more than half.

    Raises: FieldInvalid of a share below 0 or above 100.
    """
    share = object_in(interest, "share")
    exact, least = _percent(share.get("exact")), _percent(share.get("minimum"))
    over = share.get("exclusiveMinimum")
    # In 0.2 and 0.3 a truth value, which says how the minimum is meant.
    above = (least if over else None) if isinstance(over, bool) else _percent(over)
    for most in ("maximum", "exclusiveMaximum"):
        if not isinstance(share.get(most), bool):
            _percent(share.get(most))
    majority = any(x is not None and x > _HALF for x in (exact, least)) or (above is not None and above >= _HALF)
    return (exact / _WHOLE).normalize() if exact is not None else None, majority


def _percent(value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise FieldInvalid(f"比例“{value}”不是数", f"the share {value!r} is no number") from error
    if isinstance(value, bool) or not 0 <= number <= _WHOLE:
        raise FieldInvalid(f"比例“{value}”不在 0 与 100 之间", f"the share {value!r} is not between 0 and 100")
    return number
