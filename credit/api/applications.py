"""``/v1/repairs`` and ``/v1/objections``: what a party asks of a record on it, and what its authority answers.

A repair granted is the event ``repaired`` on the record, an objection its events ``objection_opened`` and
``objection_closed``: one fact, one write.
"""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query

from credit.api import handled
from credit.api.deps import Ask, Asked, IdPath
from credit.api.handled import Sort
from credit.api.records import one_record
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.applications import (
    ApplicationBody,
    ApplicationEventBody,
    ApplicationEventOut,
    ApplicationOut,
)
from credit.api.schemas.fields import In
from credit.api.schemas.handled import AsOf
from credit.errors import Unknown
from credit.model.caller import Caller, Scope
from credit.model.matter import Matter, MatterKind
from credit.model.matters import Application, ApplicationEvent
from credit.model.record import Record
from credit.registry.matters import Opening
from credit.registry.rights import authority_of

router = APIRouter(route_class=Route, tags=["applications"])
Held = Matter[Application, ApplicationEvent]


class ApplicationDay(In):
    """The day that an application is looked at."""

    as_of: AsOf = None


def _anyone(_: Caller, __: Application) -> bool:
    """Whose the record is, the record says: see ``sees``."""
    return True


REPAIRS: Final = Sort(
    MatterKind.REPAIR, Application, ApplicationEvent, _anyone, "没有此修复申请。", "There is no such application"
)
OBJECTIONS: Final = Sort(
    MatterKind.OBJECTION, Application, ApplicationEvent, _anyone, "没有此异议。", "There is no such objection"
)
Kind = Sort[Application, ApplicationEvent]


@router.post(
    "/v1/repairs",
    summary="申请信用修复 · apply for repair",
    status_code=201,
    responses={200: {"model": ApplicationOut}},
    openapi_extra=allows(*RECORDERS, Scope.SELF),
)
async def post_repair(ask: Ask, body: ApplicationBody) -> ApplicationOut:
    """Apply for repair: the party itself, or the record's authority for it."""
    return await _apply(ask, REPAIRS, body, "/v1/repairs/{id}")


@router.get("/v1/repairs/{repair}", summary="修复申请 · an application", openapi_extra=allows(*READERS, Scope.SELF))
async def get_repair(ask: Ask, repair: IdPath, query: Annotated[ApplicationDay, Query()]) -> ApplicationOut:
    """Show an application to the party, the record's authority and ``admin``."""
    return await _show(ask, REPAIRS, repair, query)


@router.post(
    "/v1/repairs/{repair}/events",
    summary="办理修复申请 · record what happened to an application",
    status_code=201,
    responses={200: {"model": ApplicationEventOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_repair_event(ask: Ask, repair: IdPath, body: ApplicationEventBody) -> ApplicationEventOut:
    """Record an event; one that grants the repair is the event ``repaired`` on the record."""
    return await _follow_up(ask, REPAIRS, repair, body, f"/v1/repairs/{repair}/events/{{id}}")


@router.get(
    "/v1/repairs/{repair}/events/{event}",
    summary="修复申请事件 · an event of an application",
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_repair_event(ask: Ask, repair: IdPath, event: IdPath) -> ApplicationEventOut:
    """Show an event of an application."""
    held, _ = await _held(ask, REPAIRS, repair)
    return ApplicationEventOut.of(handled.event_of(held.events, event))


@router.post(
    "/v1/objections",
    summary="提出异议 · object to a record",
    status_code=201,
    responses={200: {"model": ApplicationOut}},
    openapi_extra=allows(*RECORDERS, Scope.SELF),
)
async def post_objection(ask: Ask, body: ApplicationBody) -> ApplicationOut:
    """Object: the party itself, or the record's authority for it. The fact stays, and is marked."""
    return await _apply(ask, OBJECTIONS, body, "/v1/objections/{id}")


@router.get("/v1/objections/{objection}", summary="异议 · an objection", openapi_extra=allows(*READERS, Scope.SELF))
async def get_objection(ask: Ask, objection: IdPath, query: Annotated[ApplicationDay, Query()]) -> ApplicationOut:
    """Show an objection to the party, the record's authority and ``admin``."""
    return await _show(ask, OBJECTIONS, objection, query)


@router.post(
    "/v1/objections/{objection}/events",
    summary="办理异议 · record what happened to an objection",
    status_code=201,
    responses={200: {"model": ApplicationEventOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_objection_event(ask: Ask, objection: IdPath, body: ApplicationEventBody) -> ApplicationEventOut:
    """Record an event; one that decides is the event ``objection_closed`` on the record."""
    return await _follow_up(ask, OBJECTIONS, objection, body, f"/v1/objections/{objection}/events/{{id}}")


@router.get(
    "/v1/objections/{objection}/events/{event}",
    summary="异议事件 · an event of an objection",
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_objection_event(ask: Ask, objection: IdPath, event: IdPath) -> ApplicationEventOut:
    """Show an event of an objection."""
    held, _ = await _held(ask, OBJECTIONS, objection)
    return ApplicationEventOut.of(handled.event_of(held.events, event))


async def _apply(ask: Asked, kind: Kind, body: ApplicationBody, location: str) -> ApplicationOut:
    record = await one_record(ask, body.record)
    said = Opening(kind=kind.kind, content=body.content(record), about=(record.id,))
    outcome = await ask.services.handling.open(ask.caller, said)
    ask.made(outcome, location)
    return await _told(ask, handled.written(kind, outcome), ApplicationDay())


async def _show(ask: Asked, kind: Kind, name: str, query: ApplicationDay) -> ApplicationOut:
    held, _ = await _held(ask, kind, name)
    return await _told(ask, held, query)


async def _follow_up(
    ask: Asked, kind: Kind, name: str, body: ApplicationEventBody, location: str
) -> ApplicationEventOut:
    outcome = await ask.services.handling.follow_up(ask.caller, kind.kind, name, body.event())
    event = ask.made(outcome, location)
    return ApplicationEventOut.of(handled.event_of(handled.written(kind, outcome).events, event))


async def _held(ask: Asked, kind: Kind, name: str) -> tuple[Held, Record]:
    """Return an application that the caller is shown, with its record.

    Raises:
        Unknown: there is none.
    """
    held = await handled.one(ask, kind, name)
    record = await handled.record_named(ask, held.content.record)
    if record is None or not sees(ask.caller, record, handled.today(ask)):
        raise Unknown(kind.zh, kind.en)
    await ask.note(str(kind.kind), [held.content.party])
    return held, record


def sees(caller: Caller, record: Record, today: date = date.max) -> bool:
    """Tell whether a caller is shown applications about a record: its party, its authority and ``admin``."""
    return caller.is_party(record.party) or handled.is_office(caller, authority_of(record, today))


async def _told(ask: Asked, held: Held, query: ApplicationDay) -> ApplicationOut:
    """Show an application with its record as it is now, which the application itself may have changed."""
    record = await handled.record_named(ask, held.content.record)
    if record is None:
        raise Unknown("没有此记录。", "There is no such record")
    return ApplicationOut.of(held, record, handled.periods(ask), query.as_of or handled.today(ask))
