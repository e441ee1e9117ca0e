"""What a matter is told again by: natural keys, and contents as they are compared under one.

Natural keys are what the content types name. Where an authority is part of one, so is what it is called and its place,
for the same body tells itself now with its id and now without, and places change their codes. Two bodies of one name
and place, told apart by their ids alone, have keys of their ids; so has whatever was written before that was the rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar, cast

from credit.model.bodies import codes_of, same_authority, same_place
from credit.model.caller import Caller
from credit.model.complaint import Complaint
from credit.model.matter import Content, Matter, MatterKind, parties_of
from credit.model.matters import AnyMatter, Application, Attention, Case, Correction, Evaluation, Sighting
from credit.model.naturalkey import digest, normal
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.ports import WriteUnit

C = TypeVar("C", bound=Content)
M = TypeVar("M", bound=Matter[Any, Any])
Keys = Mapping[PartyId, str]
"""Inner keys of a matter's parties by id."""
_NUMBER: Final = {
    MatterKind.COMPLAINT: "complaint_no",
    MatterKind.CASE: "case_no",
    MatterKind.CORRECTION: "order_no",
}
"""Where a kind has its number; an attention has none."""
_NUMBERS: Final = ("complaint_no", "project_no", "case_no", "order_no")
_AUTHORITIES: Final = ("office", "authority")
"""Fields of contents that are compared as natural keys are."""
OFFICES: Final[Mapping[MatterKind, Callable[[Any], Authority]]] = {
    MatterKind.COMPLAINT: lambda c: c.office,
    MatterKind.ATTENTION: lambda c: c.authority,
    MatterKind.CASE: lambda c: c.authority,
    MatterKind.CORRECTION: lambda c: c.authority,
    MatterKind.PROPOSAL: lambda c: c.office,
}
"""Whose a matter is; an application or a sighting is its record's authority's."""


def natural_keys(kind: MatterKind, content: Content, keys: Keys, caller: Caller) -> tuple[str, ...]:
    """Return the natural keys under which a matter may be held, the one first under which it is written.

    A body told without its id is the caller's, where that one is bound to it.
    """
    parts = _PARTS[kind]
    office = OFFICES.get(kind)
    bodies = ("",) if office is None else _bodies(office(content), caller.authority)
    return tuple(digest(kind, *parts(content, keys, body)) for body in bodies)


def _bodies(authority: Authority, own: Authority | None) -> Sequence[str]:
    named = [f"{normal(authority.name)} {code}" for code in codes_of(authority.region)]
    known = own.id if own is not None and same_authority(own, authority) else None
    return [*named, *filter(None, [authority.id or known])]


def held_under(kind: MatterKind, content: Content, names: Sequence[str], held: Mapping[str, M]) -> tuple[str, M | None]:
    """Return the matter that a content tells again, of those ``held`` under its natural keys, with its key.

    Where there is none, the key under which it is to be written: one of another body of that name is taken.
    """
    office = OFFICES.get(kind)
    for name in names:
        if name in held and (office is None or same_authority(office(content), office(held[name].content))):
            return name, held[name]
    return next(name for name in names if name not in held), None


async def near_of(unit: WriteUnit, kind: MatterKind, contents: Sequence[Content]) -> Sequence[AnyMatter]:
    """Find the matters that contents may tell again though under none of their natural keys; see `told_again`."""
    office = OFFICES.get(kind)
    if office is None or not contents:
        return ()
    if kind in _NUMBER:
        words = [(getattr(c, _NUMBER[kind]), office(c).id or office(c).name) for c in contents]
        return await unit.matters.numbered(kind, words)
    concerned = await unit.matters.concerning([party for c in contents for _, party in parties_of(c)])
    return [matter for held in concerned.values() for matter in held if matter.kind is kind]


def told_again(kind: MatterKind, content: Content, near: Sequence[M]) -> M | None:
    """Return the matter that a content tells again, of those near it.

    Its body has the same id, but told it under another name or place, or it has a key of its id and tells it without.
    """
    parts, office = _PARTS[kind], OFFICES[kind]
    keys = {party: party for c in (content, *(m.content for m in near)) for _, party in parties_of(c)}
    said = parts(content, keys, "")
    same = (
        m for m in near if same_authority(office(m.content), office(content)) and parts(m.content, keys, "") == said
    )
    return min(same, key=lambda matter: matter.tick, default=None)


def says_same(kind: MatterKind, held: Content, told: Content) -> bool:
    """Tell whether two contents of one natural key are the same; whose it is may be told in two ways."""
    office = OFFICES.get(kind)
    if office is not None:
        told = _with_office(told, _as_told(office(told), office(held)))
    return as_compared(held) == as_compared(told)


def _as_told(office: Authority, before: Authority) -> Authority:
    place = before.region if same_place(office.region, before.region) else office.region
    return replace(office, id=before.id if None in {office.id, before.id} else office.id, region=place)


def _with_office(content: C, office: Authority) -> C:
    (role,) = (name for name in _AUTHORITIES if hasattr(content, name))
    return replace(cast("Any", content), **{role: office})


def as_compared(content: C) -> C:
    """Return a content with numbers and offices as natural keys are compared, and without where we have it from.

    Two tellers of one matter need not share that, nor the way of writing.
    """
    changes: dict[str, Any] = {"source": None} if isinstance(content, Complaint) else {}
    changes |= {name: normal(value) for name in _NUMBERS if isinstance(value := getattr(content, name, None), str)}
    for name in _AUTHORITIES:
        office: Authority | None = getattr(content, name, None)
        if office is not None:
            changes[name] = replace(office, name=normal(office.name))
    return replace(cast("Any", content), **changes)


def _complaint(c: Complaint, _: Keys, body: str) -> tuple[str, ...]:
    return body, normal(c.complaint_no)


def _attention(a: Attention, keys: Keys, body: str) -> tuple[str, ...]:
    return keys[a.party], a.rung, body, str(a.on)


def _case(c: Case, _: Keys, body: str) -> tuple[str, ...]:
    return body, normal(c.case_no)


def _correction(c: Correction, _: Keys, body: str) -> tuple[str, ...]:
    return body, normal(c.order_no)


def _evaluation(e: Evaluation, keys: Keys, _: str) -> tuple[str, ...]:
    return normal(e.project_no), keys[e.by], keys[e.of]


def _application(a: Application, keys: Keys, _: str) -> tuple[str, ...]:
    return a.record, keys[a.party], str(a.applied_on)


def _sighting(s: Sighting, _: Keys, __: str) -> tuple[str, ...]:
    return s.record, normal(s.site), str(s.seen_on)


_PARTS: Final[Mapping[MatterKind, Callable[[Any, Keys, str], tuple[str, ...]]]] = {
    MatterKind.COMPLAINT: _complaint,
    MatterKind.ATTENTION: _attention,
    MatterKind.CASE: _case,
    MatterKind.CORRECTION: _correction,
    MatterKind.EVALUATION: _evaluation,
    MatterKind.REPAIR: _application,
    MatterKind.OBJECTION: _application,
    MatterKind.SIGHTING: _sighting,
}
"""What a natural key is made of; a proposal follows from complaints (`credit.registry.complaints`)."""
