"""Relations between parties: natural key (kind, source, target, since); an end is appended, never overwritten.

A caller who names another end or share under a known key is refused: whoever ends a relation says so. A source that is
imported again has no other way to say that what it told open has ended than to tell it with its end.
"""

import secrets
from dataclasses import replace
from datetime import date
from typing import Final

from credit.errors import Conflict, FieldInvalid, Unknown
from credit.model.naturalkey import digest
from credit.model.party import PartyKind, Relation, RelationEnd, RelationKind
from credit.model.statements import Outcome, RelationStatement, Written
from credit.ports import HeldParty, WriteUnit
from credit.registry.parties import PartyPlan

TOLD_ENDED: Final = "来源后来载明已终止 · the source told its end later"
"""The ``reason`` of an end that an import found out."""
_OF_FIRMS = frozenset({RelationKind.BRANCH_OF, RelationKind.SUCCESSOR_OF, RelationKind.RENAMED_FROM})


def ends_of(statement: RelationStatement, plan: PartyPlan) -> tuple[HeldParty, HeldParty]:
    """Return source and target of a sound statement.

    Raises: PartyUnknown, FieldInvalid.
    """
    source, target = plan.named(statement.source, "/source"), plan.named(statement.target, "/target")
    if source.key == target.key:
        raise FieldInvalid("关系的两端不能是同一主体", "both ends are one party", pointer="/target")
    if statement.kind in _OF_FIRMS and source.party.kind is PartyKind.PERSON:
        raise FieldInvalid("该关系的起点须是单位", "the source must be an organisation", pointer="/source")
    if target.party.kind is PartyKind.PERSON:
        raise FieldInvalid("关系的目标须是单位", "the target must be an organisation", pointer="/target")
    if statement.kind is not RelationKind.SHAREHOLDER and statement.share is not None:
        raise FieldInvalid("只有股东关系有持股比例", "only a shareholder has a share", pointer="/share")
    return source, target


def relation_key(statement: RelationStatement, source: HeldParty, target: HeldParty) -> str:
    """Return the natural key, by the parties' lasting inner keys."""
    return digest(statement.kind, source.key, target.key, str(statement.since or ""))


def plan_relation(
    statement: RelationStatement,
    place: tuple[str, HeldParty, HeldParty],
    held: dict[str, Relation],
    tick: int,
) -> tuple[Outcome, tuple[str, Relation] | None]:
    """Return the outcome, and what is to be written where the relation is new; ``place`` is natural key and ends.

    Raises: Conflict.
    """
    key, source, target = place
    known = held.get(key)
    if known is not None:
        if (known.share, known.until) != (statement.share, statement.until):
            raise _other(known)
        return Outcome(known.id), None
    relation = Relation(
        "rel_" + secrets.token_hex(12),
        statement.kind,
        source.party.id,
        target.party.id,
        statement.share,
        statement.since,
        statement.until,
        tick,
    )
    held[key] = relation
    return Outcome(relation.id, Written.CREATED), (key, relation)


def told_end(
    statement: RelationStatement, place: tuple[str, HeldParty, HeldParty], held: dict[str, Relation], tick: int
) -> Relation | None:
    """Return a relation held open as it ends by a source that tells it again with its end; None where none ends.

    An end that is held stays: one told again says nothing new, and another is for a person.

    Raises: Conflict.
    """
    key, source, target = place
    known = held.get(key)
    if known is None or statement.until is None or known.until is not None:
        return None
    if known.share != statement.share or known.ends_on() not in {None, statement.until}:
        raise _other(known)
    if known.ends:
        return known
    held[key] = replace(
        known,
        source=source.party.id,
        target=target.party.id,
        ends=(RelationEnd(statement.until, TOLD_ENDED, tick),),
    )
    return held[key]


def _other(known: Relation) -> Conflict:
    return Conflict("同一关系已按其他内容登记", "the relation is recorded with another content", relation=known.id)


async def end_relation(unit: WriteUnit, relation_id: str, *, until: date, reason: str | None) -> Outcome:
    """Append the day until which a relation holds (exclusive).

    Raises: Unknown.
    """
    relation = await unit.parties.relation(relation_id)
    if relation is None:
        raise Unknown(f"没有关系 {relation_id}", f"there is no relation {relation_id}")
    if relation.ends and (relation.ends[-1].until, relation.ends[-1].reason) == (until, reason):
        return Outcome(relation.id)
    ended = replace(relation, ends=(*relation.ends, RelationEnd(until, reason, unit.tick)))
    await unit.parties.end_relation(ended)
    unit.announce("relation.ended", relation.id, (relation.source, relation.target))
    return Outcome(relation.id, Written.CORRECTED)
