"""``/v1/cases``: leads, investigations and look-backs of an authority, handed on and answered until they are closed."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from credit.api import handled
from credit.api.deps import Ask, Asked, IdPath, NumberPath, Paging
from credit.api.handled import Sort
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.cases import CaseBody, CaseEventBody, CaseEventOut, CaseFullOut, CaseOut, OpenOrClosed
from credit.api.schemas.fields import In
from credit.api.schemas.handled import AsOf, AuthorityName
from credit.api.schemas.replies import Page
from credit.model.caller import Caller
from credit.model.matter import Matter, MatterKind
from credit.model.matters import Case, CaseEvent
from credit.oversight.cases import case_state
from credit.registry.matters import Opening

router = APIRouter(route_class=Route, tags=["cases"])


class CaseQuery(Paging):
    """Which cases; ``as_of`` leaves out those opened later."""

    state: Annotated[OpenOrClosed | None, Query(description="状态 · state")] = None
    overdue: Annotated[bool | None, Query(description="逾期未反馈或者未办 · an answer or act is overdue")] = None
    authority: AuthorityName = None
    as_of: AsOf = None


class CaseDay(In):
    """The day that a case is looked at."""

    as_of: AsOf = None


def _shown(caller: Caller, case: Case) -> bool:
    """An authority sees its own; the party does not, for it is being looked into."""
    return handled.is_office(caller, case.authority)


CASES: Final = Sort(MatterKind.CASE, Case, CaseEvent, _shown, "没有此案件。", "There is no such case")


@router.post(
    "/v1/cases",
    summary="登记案件 · open a case",
    status_code=201,
    responses={200: {"model": CaseFullOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_case(ask: Ask, body: CaseBody) -> CaseFullOut:
    """Open a case; the cases that it is looked into with (一案双查) are shown with each other."""
    content = body.content(await handled.about(ask, body.about))
    numbers = {f"/linked/{place}": number for place, number in enumerate(content.linked)}
    linked = await handled.case_ids(ask, content.authority, numbers)
    said = Opening(kind=MatterKind.CASE, content=content, about=tuple(dict.fromkeys((*content.about, *linked))))
    outcome = await ask.services.handling.open(ask.caller, said)
    ask.made(outcome, "/v1/cases/{id}")
    return await _full(ask, handled.written(CASES, outcome), CaseDay())


@router.get("/v1/cases", summary="案件 · cases", openapi_extra=allows(*READERS))
async def get_cases(ask: Ask, query: Annotated[CaseQuery, Query()]) -> Page[CaseOut]:
    """Show the cases of the reader's authority, to ``admin`` all, newest first, as of the end of a day."""
    day = query.as_of or handled.today(ask)

    def fits(case: Matter[Case, CaseEvent]) -> bool:
        content, state = case.content, case_state(case, day)
        if query.as_of is not None and content.opened_on > query.as_of:
            return False
        if query.state is not None and state.open != (query.state is OpenOrClosed.OPEN):
            return False
        if query.overdue is not None and (state.overdue_since is not None) != query.overdue:
            return False
        return handled.names_authority(content.authority, query.authority)

    found, after = await handled.walk(ask, CASES, query, fits)
    await ask.note("cases", {party for case in found for party in case.content.parties})
    return Page(items=tuple(CaseOut.of(case, day) for case in found), next=after)


@router.get("/v1/cases/{case}", summary="案件 · a case", openapi_extra=allows(*READERS))
async def get_case(ask: Ask, case: NumberPath, query: Annotated[CaseDay, Query()]) -> CaseFullOut:
    """Show a case by its number or id, with the cases linked with it and its correction orders."""
    held = await handled.one(ask, CASES, case)
    await ask.note("case", held.content.parties)
    return await _full(ask, held, query)


@router.post(
    "/v1/cases/{case}/events",
    summary="登记案件的后续事件 · record what happened to a case",
    status_code=201,
    responses={200: {"model": CaseEventOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_case_event(ask: Ask, case: NumberPath, body: CaseEventBody) -> CaseEventOut:
    """Record an event; what was handed over is answered, and orders are carried out, before the case closes."""
    outcome = await ask.services.handling.follow_up(ask.caller, MatterKind.CASE, case, body.event())
    event = ask.made(outcome, f"/v1/cases/{case}/events/{{id}}")
    return CaseEventOut.of(handled.event_of(handled.written(CASES, outcome).events, event))


@router.get("/v1/cases/{case}/events/{event}", summary="案件事件 · an event of a case", openapi_extra=allows(*READERS))
async def get_case_event(ask: Ask, case: NumberPath, event: IdPath) -> CaseEventOut:
    """Show an event of a case."""
    held = await handled.one(ask, CASES, case)
    await ask.note("case", held.content.parties)
    return CaseEventOut.of(handled.event_of(held.events, event))


async def _full(ask: Asked, case: Matter[Case, CaseEvent], query: CaseDay) -> CaseFullOut:
    tied = await ask.services.matters.linked(case.id)
    return CaseFullOut.full(case, tied, query.as_of or handled.today(ask))
