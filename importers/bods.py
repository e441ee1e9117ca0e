"""BODS: who owns and controls whom, as declared (see ``bods.toml``).

An exact share that is held directly is a shareholder's; a share told as a range has none, but more than half is
control. Indirect shares make no shareholder: more than half of them is a person's control, less is no relation here. A
body that controls indirectly, or perhaps so, is none that holds directly, which is what 条例 18 asks: it goes to the
review, as does influence that need not be control. Directors manage. A statement that breaks the standard's rules,
names a party that the file does not describe, or tells of no relation that the registry has is rejected, one by one.
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
from importers.foreign import MAINLAND, entry_key, foreign_day, in_register, needed_day, organisation, person, word
from importers.schemes import Schemes
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
    types: Mapping[str, str]
    interests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: BodsSpec
    schemes: Schemes

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
        relations, doubts = self._relations(statement, (holder.id or ROW_PARTY, subject.id))
        return LoadRow(row=row.number, parties=parties, relations=relations, doubts=doubts)

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
            return person(f"bods:{publisher}:{told['record']}", self.schemes.paperless(name))
        return organisation(self._id(details, publisher, told["record"]), self.schemes.paperless(name))

    def _id(self, details: _Json, publisher: str, record: str) -> str:
        """Return the id by a register, else by the publisher's record."""
        for given in objects_in(details, "identifiers"):
            found = self.schemes.id_of(str(given.get("scheme") or ""), str(given.get("id") or ""))
            if found is not None:
                return found
        place = details.get("jurisdiction") or details.get("incorporatedInJurisdiction")
        told = str(place.get("code") or "")[:2] if is_object(place) else ""
        code = self.schemes.countries.code_of(told)
        country = self.spec.seat if code is None or code == MAINLAND else code
        return in_register(country, f"bods-{publisher}", record)

    def _relations(
        self, statement: _Json, ends: tuple[str, str]
    ) -> tuple[tuple[RelationStatement, ...], tuple[tuple[str, str], ...]]:
        """Return a relation for each kind and day of beginning that the interests tell of, and what is in doubt.

        Raises: FieldInvalid.
        """
        found: dict[tuple[RelationKind, date | None], RelationStatement] = {}
        doubts: dict[tuple[str, str], None] = {}
        for interest in objects_in(statement["details"], "interests"):
            since, until = _period(statement, interest)
            told = self._kinds(interest, by_person=ends[0] == ROW_PARTY)
            if told is None:
                doubts[_unsure(interest)] = None
            for kind, share in told or ():
                said = RelationStatement(
                    kind=kind, source=ends[0], target=ends[1], share=share, since=since, until=until
                )
                before = found.setdefault((kind, since), said)
                if before.share != said.share and kind is RelationKind.SHAREHOLDER:
                    raise FieldInvalid("同一天起有两个不同的持股比例", "two different shares begin on one day")
                if before.until != said.until:
                    raise FieldInvalid("同一天起的权益有两个终止日期", "interests that begin on one day end on two")
        if not found and not doubts:
            raise FieldInvalid(
                "权益类型没有对应的登记关系（股东、控制、管理）",
                "the interests are none of the relations held here (shareholder, control, management)",
            )
        return tuple(found.values()), tuple(doubts)

    def _kinds(self, interest: _Json, *, by_person: bool) -> Sequence[tuple[RelationKind, Decimal | None]] | None:
        """Return the relations that an interest is; None where it may be control, or direct, and may not.

        Raises: FieldInvalid.
        """
        word_of_type = word(str(interest.get("type") or "unknowninterest")).replace("-", "")
        kind = self.spec.interests.get(word_of_type)
        if kind is None:
            raise FieldInvalid(
                f"权益类型“{interest.get('type')}”无法识别", f"interest {interest.get('type')!r} is not known"
            )
        level = word(str(interest.get("directOrIndirect") or interest.get("interestLevel") or ""))
        exact, most = _share(interest)
        if kind in {"", "unsure"} or exact == 0:
            return None if kind == "unsure" else []
        if kind == "share" and level == "direct":
            return [
                (RelationKind.SHAREHOLDER, exact),
                *([(RelationKind.CONTROLS, None)] if most and exact is None else []),
            ]
        if kind in {"share", "majority"} and not most:
            return []
        control = RelationKind.CONTROLS if kind in {"share", "majority"} else RelationKind(kind)
        sure = by_person or level == "direct" or control is not RelationKind.CONTROLS
        return [(control, None)] if sure else None


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("bods", BodsSpec)
    return Importer(spec, _Reader(spec, Schemes.load()))


def _unsure(interest: _Json) -> tuple[str, str]:
    """Say of an interest that it was left out, with its words."""
    level = str(interest.get("directOrIndirect") or interest.get("interestLevel") or "unknown")
    told = redact(f"{interest.get('type')}，{level}")
    zh = f"权益“{told}”可能不是控制，或不是直接的控制（条例 18、Q18），未登记，请人工核对"
    return zh, f"interest {told!r} may be no control, or no direct one (Q18): left out, a person must look"


def _name(told: _Json) -> str:
    details: _Json = told["details"]
    if told["type"] == "entity":
        return clean(str(details.get("name") or ""))
    names = objects_in(details, "names")
    legal = [n for n in names if str(n.get("type")) in {"legal", "individual"}] or names
    return clean(str(legal[0].get("fullName") or "")) if legal else ""


def _period(statement: _Json, interest: _Json) -> tuple[date | None, date | None]:
    """Return when an interest began and ended; a closed record's ended with it."""
    since = foreign_day(str(interest.get("startDate") or ""), "权益起始日期")
    until = foreign_day(str(interest.get("endDate") or ""), "权益终止日期")
    if until is None and statement["status"] == "closed":
        until = needed_day(statement["date"], "声明日期")
    if since and until and until < since:
        raise FieldInvalid("权益终止早于起始", "the interest ends before it begins")
    return since, until


def _share(interest: _Json) -> tuple[Decimal | None, bool]:
    """Return the exact share (0-1) where there is one, and whether it is surely more than half.

    Raises: FieldInvalid of a share below 0 or above 100.
    """
    share = object_in(interest, "share")
    exact, least = _percent(share.get("exact")), _percent(share.get("minimum"))
    over, under = share.get("exclusiveMinimum"), share.get("exclusiveMaximum")
    # In 0.2 and 0.3 a truth value, which says how the minimum is meant.
    above = (least if over else None) if isinstance(over, bool) else _percent(over)
    below = [_percent(share.get("maximum")), None if isinstance(under, bool) else _percent(under)]
    lowest = max((x for x in (least, above) if x is not None), default=Decimal(0))
    highest = min((x for x in below if x is not None), default=_WHOLE)
    if lowest > highest or (exact is not None and not lowest <= exact <= highest):
        raise FieldInvalid("持股比例的各项自相矛盾", "the parts of the share contradict each other")
    majority = any(x is not None and x > _HALF for x in (exact, least)) or (above is not None and above >= _HALF)
    return (exact / _WHOLE).normalize() if exact is not None else None, majority


def _percent(value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise FieldInvalid(f"比例“{value}”不是数", f"the share {value!r} is no number") from error
    if isinstance(value, bool) or not number.is_finite() or not 0 <= number <= _WHOLE:
        raise FieldInvalid(f"比例“{value}”不在 0 与 100 之间", f"the share {value!r} is not between 0 and 100")
    return number
