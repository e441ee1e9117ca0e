"""What an authority handles: complaints, the ladder, cases, orders, evaluations, applications and sightings.

A matter is never changed or deleted; what happens to it is appended. Natural keys: `credit.registry.natural`; of an
event (matter, kind, on, doc_no). The same statement again changes nothing, another content is a conflict.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar, cast

from credit.errors import Conflict, NumberAmbiguous, Refusal, Unknown
from credit.model.caller import Caller
from credit.model.matter import Content, Happening, Matter, MatterId, MatterKind, parties_of
from credit.model.matters import AnyMatter, Application, ApplicationEvent, Sighting
from credit.model.party import PartyId
from credit.model.statements import Outcome, Written
from credit.model.when import from_tick, legal_day
from credit.ports import Hasher, Writes, WriteUnit
from credit.registry import applications
from credit.registry.complaints import Ledger
from credit.registry.events import must_fit, must_stand, told_before
from credit.registry.natural import OFFICES, held_under, natural_keys, near_of, says_same, told_again
from credit.registry.parties import PartyPlan
from credit.registry.rights import must_be_own

C = TypeVar("C", bound=Content)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a kind is named: the prefix of its ids, and its number."""

    prefix: str
    number: Callable[[Any], str]


def _none(_: Content) -> str:
    return ""


_WAYS: Final[Mapping[MatterKind, _Way]] = {
    MatterKind.COMPLAINT: _Way("cmp_", lambda c: c.complaint_no),
    MatterKind.ATTENTION: _Way("att_", _none),
    MatterKind.CASE: _Way("cas_", lambda c: c.case_no),
    MatterKind.CORRECTION: _Way("cor_", lambda c: c.order_no),
    MatterKind.EVALUATION: _Way("evl_", _none),
    MatterKind.REPAIR: _Way("rep_", _none),
    MatterKind.OBJECTION: _Way("obj_", _none),
    MatterKind.SIGHTING: _Way("sgt_", _none),
}
"""How what is stated is named; a proposal follows from complaints (`credit.registry.complaints`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A matter as a caller states it, of any kind but a proposal: its parties by any of their ids.

    ``about`` are ids of records, projects and matters it has to do with, all of which must be held; ``likely`` such
    that need not be (a complaint's project may not be recorded).
    """

    kind: MatterKind
    content: Content
    about: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """An event and the matter that it happened to, by id or number."""

    kind: MatterKind
    name: str
    event: Happening


class Handling:
    """The one way in which matters enter the graph."""

    def __init__(self, writes: Writes, hasher: Hasher, ledger: Ledger) -> None:
        """Take the door for writing, what hashes identifiers of persons, and what follows from complaints."""
        self._writes = writes
        self._hasher = hasher
        self._ledger = ledger

    async def open(self, caller: Caller, said: Opening) -> Outcome:
        """Record a matter; its authority's own key, or ``admin``.

        The outcome holds what is wrong with it, and the matter as it stands. Raises: StoreUnavailable, WriteContended.
        """
        return await self._tried(lambda unit: _open(unit, caller, (self._hasher, self._ledger), said))

    async def follow_up(self, caller: Caller, kind: MatterKind, name: str, event: Happening) -> Outcome:
        """Append an event to the matter of a kind that an id or an unambiguous number names.

        Raises: StoreUnavailable, WriteContended.
        """
        return await self._tried(lambda unit: _follow_up(unit, caller, self._ledger, _Said(kind, name, event)))

    async def _tried(self, work: Callable[[WriteUnit], Awaitable[Outcome]]) -> Outcome:
        """Do one write; what is wrong with it is its outcome, and nothing of it is kept."""
        try:
            return await self._writes.write(work)
        except Refusal as error:
            return Outcome(error=error)


async def _open(unit: WriteUnit, caller: Caller, doing: tuple[Hasher, Ledger], said: Opening) -> Outcome:
    hasher, ledger = doing
    way = _WAYS[said.kind]
    await _must_be_rightful(unit, caller, said.kind, said.content, opens=True)
    plan = await PartyPlan.open(unit.parties, hasher, [party for _, party in parties_of(said.content)])
    content, keys = _resolved(plan, said.content)
    names = natural_keys(said.kind, content, keys, caller)
    natural, held = held_under(said.kind, content, names, await unit.matters.by_keys(names))
    if held is None and (near := await near_of(unit, said.kind, [content])):
        held = told_again(said.kind, content, near)
    if held is not None:
        if not says_same(said.kind, held.content, content):
            raise Conflict(
                "同一编号或事项已按其他内容登记", "another content is recorded under this key", matter=held.id
            )
        return Outcome(held.id, matter=held)
    await must_stand(unit, plan, content, said.about)
    matter = cast(
        "AnyMatter",
        Matter(MatterId(way.prefix + secrets.token_hex(12)), said.kind, content, unit.next_tick(), caller.id),
    )
    await unit.matters.save(said.kind, [(natural, way.number(content), matter)])
    await _tie(unit, matter.id, said)
    if isinstance(content, Application):
        await applications.tell_opened(unit, caller, cast("Matter[Application, ApplicationEvent]", matter))
    await ledger.follow(unit, None, matter)
    unit.announce(f"{said.kind}.opened", matter.id, list(dict.fromkeys(p for _, p in parties_of(content))))
    return Outcome(matter.id, Written.CREATED, matter=matter)


async def _must_be_rightful(
    unit: WriteUnit, caller: Caller, kind: MatterKind, content: Content, *, opens: bool
) -> None:
    """Let those go on whose matter it is; of an evaluation whoever may record.

    Raises: NotYourAuthority, Denied, Unknown, NumberAmbiguous.
    """
    office = OFFICES.get(kind)
    if office is not None:
        must_be_own(caller, office(content))
    elif isinstance(content, (Application, Sighting)):
        record = await applications.record_of(unit, content)
        applies = opens and isinstance(content, Application)
        may = applications.may_apply if applies else applications.may_decide
        may(caller, record, legal_day(from_tick(unit.tick)))


async def _tie(unit: WriteUnit, matter: MatterId, said: Opening) -> None:
    """Tie a matter to what it is about.

    Raises: Unknown.
    """
    found = await unit.matters.tie_to(matter, (*said.about, *said.likely))
    for place, name in enumerate(said.about):
        if name not in found:
            raise Unknown(f"没有 {name}", f"there is no {name}", pointer=f"/about/{place}")


def _resolved(plan: PartyPlan, content: C) -> tuple[C, dict[PartyId, str]]:
    """Return a matter's content with its parties by their id of now, and their inner keys.

    Raises: PartyUnknown.
    """
    keys: dict[PartyId, str] = {}

    def named(ref: PartyId, pointer: str) -> PartyId:
        held = plan.named(ref, pointer)
        keys[held.party.id] = held.key
        return held.party.id

    changes: dict[str, PartyId | tuple[PartyId, ...]] = {}
    for role in content.PARTIES:
        value: PartyId | Sequence[PartyId] | None = getattr(content, role)
        if isinstance(value, str):
            changes[role] = named(value, f"/{role}")
        elif value is not None:
            changes[role] = tuple(dict.fromkeys(named(ref, f"/{role}/{n}") for n, ref in enumerate(value)))
    return replace(cast("Any", content), **changes), keys


async def _follow_up(unit: WriteUnit, caller: Caller, ledger: Ledger, said: "_Said") -> Outcome:
    kind, name, event = said.kind, said.name, said.event
    matter = only(await unit.matters.named(kind, name), name)
    await _must_be_rightful(unit, caller, kind, matter.content, opens=False)
    held = told_before(matter, event)
    if held is not None:
        return Outcome(held.id, matter=matter)
    await must_fit(unit, matter, event)
    fresh = replace(event, id="mev_" + secrets.token_hex(12), tick=unit.next_tick(), recorded_by=caller.id)
    await unit.matters.append(matter.id, fresh)
    if isinstance(fresh, ApplicationEvent):
        await applications.tell_decided(unit, caller, cast("Matter[Application, ApplicationEvent]", matter), fresh)
    unit.announce(f"{kind}.followed", matter.id, list(dict.fromkeys(p for _, p in parties_of(matter.content))))
    now = replace(cast("Any", matter), events=(*matter.events, fresh))
    await ledger.follow(unit, matter, now)
    return Outcome(fresh.id, Written.CREATED, matter=now)


def only(found: Sequence[AnyMatter], name: str) -> AnyMatter:
    """Return the one matter that a name means.

    Raises: Unknown, NumberAmbiguous.
    """
    if not found:
        raise Unknown(f"没有 {name}", f"there is no {name}")
    if len(found) > 1:
        raise NumberAmbiguous(f"编号 {name} 对应多件, 请用登记编号", f"several bear {name}: use the id")
    return found[0]
