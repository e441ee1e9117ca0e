"""``/v1/corrections``: correction orders (责令改正), overdue and repeated ones (整而不改)."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query

from credit.api import handled
from credit.api.deps import Ask, Asked, IdPath, NumberPath, Paging
from credit.api.handled import Sort
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.corrections import (
    AskedState,
    CorrectionBody,
    CorrectionEventBody,
    CorrectionEventOut,
    CorrectionOut,
)
from credit.api.schemas.fields import In
from credit.api.schemas.handled import AsOf, AuthorityName, PartyName
from credit.api.schemas.replies import Page
from credit.model.caller import Caller, Scope
from credit.model.matter import MatterKind
from credit.model.matters import Correction, CorrectionEvent
from credit.oversight.corrections import Order, standing
from credit.registry.matters import Opening

router = APIRouter(route_class=Route, tags=["corrections"])


class CorrectionQuery(Paging):
    """Which orders; ``as_of`` leaves out those issued later."""

    state: Annotated[
        AskedState | None, Query(description="open 含逾期的 · open: still to be carried out, overdue ones too")
    ] = None
    authority: AuthorityName = None
    party: PartyName = None
    as_of: AsOf = None


class CorrectionDay(In):
    """The day that an order is looked at."""

    as_of: AsOf = None


def _shown(caller: Caller, order: Correction) -> bool:
    """An authority sees its own, the party those to itself."""
    return handled.is_office(caller, order.authority) or caller.is_party(order.party)


CORRECTIONS: Final = Sort(
    MatterKind.CORRECTION, Correction, CorrectionEvent, _shown, "没有此整改通知。", "There is no such correction order"
)


@router.post(
    "/v1/corrections",
    summary="登记责令改正 · record a correction order",
    status_code=201,
    responses={200: {"model": CorrectionOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_correction(ask: Ask, body: CorrectionBody) -> CorrectionOut:
    """Record an order; a case that it is part of does not close before it has ended."""
    content = body.content()
    numbers = {"/case_no": content.case_no} if content.case_no else {}
    cases = await handled.case_ids(ask, content.authority, numbers, own_only=True)
    likely = await handled.project_ids(ask, content.project_no)
    said = Opening(kind=MatterKind.CORRECTION, content=content, about=cases, likely=likely)
    outcome = await ask.services.handling.open(ask.caller, said)
    ask.made(outcome, "/v1/corrections/{id}")
    return (await _told(ask, [handled.written(CORRECTIONS, outcome)], handled.today(ask)))[0]


@router.get("/v1/corrections", summary="责令改正 · correction orders", openapi_extra=allows(*READERS, Scope.SELF))
async def get_corrections(ask: Ask, query: Annotated[CorrectionQuery, Query()]) -> Page[CorrectionOut]:
    """Show the orders that the reader may see, newest first, as of the end of a day."""
    day = query.as_of or handled.today(ask)

    def fits(order: Order) -> bool:
        if query.as_of is not None and order.content.issued_on > query.as_of:
            return False
        if query.state is not None and not query.state.takes(standing(order, day).state):
            return False
        return handled.names_authority(order.content.authority, query.authority)

    wanted = query.party or (None if handled.is_any_office(ask.caller) else ask.caller.party)
    if wanted is None:
        found, after = await handled.walk(ask, CORRECTIONS, query, fits)
    else:
        party = await handled.named(ask, wanted)
        found, after = await handled.of_party(ask, CORRECTIONS, party, query, fits) if party else ([], None)
    await ask.note("corrections", {order.content.party for order in found})
    return Page(items=await _told(ask, found, day), next=after)


@router.get(
    "/v1/corrections/{order}",
    summary="责令改正通知 · a correction order",
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_correction(ask: Ask, order: NumberPath, query: Annotated[CorrectionDay, Query()]) -> CorrectionOut:
    """Show an order by its number or id, to its authority, ``admin`` and the party itself."""
    held = await handled.one(ask, CORRECTIONS, order)
    await ask.note("correction", [held.content.party])
    return (await _told(ask, [held], query.as_of or handled.today(ask)))[0]


@router.post(
    "/v1/corrections/{order}/events",
    summary="登记整改的后续事件 · record what happened to an order",
    status_code=201,
    responses={200: {"model": CorrectionEventOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_correction_event(ask: Ask, order: NumberPath, body: CorrectionEventBody) -> CorrectionEventOut:
    """Record that an order was carried out, extended or withdrawn."""
    outcome = await ask.services.handling.follow_up(ask.caller, MatterKind.CORRECTION, order, body.event())
    event = ask.made(outcome, f"/v1/corrections/{order}/events/{{id}}")
    return CorrectionEventOut.of(handled.event_of(handled.written(CORRECTIONS, outcome).events, event))


@router.get(
    "/v1/corrections/{order}/events/{event}",
    summary="整改事件 · an event of an order",
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_correction_event(ask: Ask, order: NumberPath, event: IdPath) -> CorrectionEventOut:
    """Show an event of an order."""
    held = await handled.one(ask, CORRECTIONS, order)
    await ask.note("correction", [held.content.party])
    return CorrectionEventOut.of(handled.event_of(held.events, event))


async def _told(ask: Asked, orders: Sequence[Order], as_of: date) -> tuple[CorrectionOut, ...]:
    """Show orders with what each repeats; the parties' other orders are read in one go."""
    parties = {order.content.party for order in orders}
    held = await ask.services.matters.concerning(parties)
    in_force = handled.periods(ask)
    return tuple(
        CorrectionOut.of(order, handled.of_kind(held.get(order.content.party, ()), CORRECTIONS), in_force, as_of)
        for order in orders
    )
