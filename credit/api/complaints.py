"""``/v1/complaints`` and ``/v1/deadlines``: complaints, what happens to them, their clocks and conditions."""

from typing import Annotated

from fastapi import APIRouter, Query

from credit.api.deps import Ask, Asked, IdPath, NumberPath, Paging
from credit.api.handled import Sort, event_of, one, project_ids, today, walk, written
from credit.api.replies import Json
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.complaints import (
    AdmissibilityOut,
    AskedBody,
    ComplaintBody,
    ComplaintEventBody,
    ComplaintEventOut,
    ComplaintOut,
    DeadlinesOut,
)
from credit.api.schemas.handled import AsOf
from credit.api.schemas.replies import Page
from credit.model.caller import Scope
from credit.model.complaint import Complaint, ComplaintEvent, HeldComplaint
from credit.model.matter import MatterKind
from credit.model.plain import to_plain
from credit.oversight.asked import asked_deadline
from credit.registry.matters import Opening


class ComplaintQuery(Paging):
    """Which complaints; ``as_of`` leaves out those filed later, ``overdue``: a last day of the office's has passed."""

    overdue: Annotated[bool, Query(description="仅列逾期的 · only those overdue")] = False
    as_of: AsOf = None


SEEN_BY = allows(*READERS, Scope.SELF)
router = APIRouter(route_class=Route, tags=["complaints"])


@router.post(
    "/v1/complaints",
    summary="登记投诉 · record a complaint",
    status_code=201,
    responses={200: {"model": ComplaintOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_complaint(ask: Ask, body: ComplaintBody) -> ComplaintOut:
    """Record a complaint as filed; joint complainants each count as complainant."""
    said = body.complaint()
    likely = await project_ids(ask, said.project_no)
    opening = Opening(kind=MatterKind.COMPLAINT, content=said, likely=likely)
    outcome = await ask.services.handling.open(ask.caller, opening)
    ask.made(outcome, "/v1/complaints/{id}")
    return ComplaintOut.of(written(_sort(ask), outcome), today(ask))


@router.get("/v1/complaints/{complaint}", summary="投诉 · a complaint", openapi_extra=SEEN_BY)
async def get_complaint(ask: Ask, complaint: NumberPath) -> ComplaintOut:
    """Show a complaint by its id, or its number where one office alone gave it."""
    return ComplaintOut.of(await _held(ask, complaint), today(ask))


@router.get("/v1/complaints", summary="投诉台账 · the ledger", openapi_extra=SEEN_BY)
async def get_complaints(ask: Ask, query: Annotated[ComplaintQuery, Query()]) -> Page[ComplaintOut]:
    """Show the complaints that the caller may see, newest first."""
    day, overdue = query.as_of or today(ask), ask.services.supervision.is_overdue

    def fits(held: HeldComplaint) -> bool:
        return (query.as_of is None or held.content.filed_on <= day) and (not query.overdue or overdue(held, day))

    found, after = await walk(ask, _sort(ask), query, fits)
    await ask.note("complaints", {party for held in found for party in held.content.complainants})
    return Page(items=tuple(ComplaintOut.of(held, day) for held in found), next=after)


@router.post(
    "/v1/complaints/{complaint}/events",
    summary="登记投诉的后续事件 · record what happened to a complaint",
    status_code=201,
    responses={200: {"model": ComplaintEventOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_event(ask: Ask, complaint: NumberPath, body: ComplaintEventBody) -> ComplaintEventOut:
    """Record an event; an impossible life is shown, never refused."""
    outcome = await ask.services.handling.follow_up(ask.caller, MatterKind.COMPLAINT, complaint, body.event())
    name = ask.made(outcome, f"/v1/complaints/{complaint}/events/{{id}}")
    return ComplaintEventOut.of(event_of(written(_sort(ask), outcome).events, name))


@router.get("/v1/complaints/{complaint}/events/{event}", summary="投诉的事件 · an event", openapi_extra=SEEN_BY)
async def get_event(ask: Ask, complaint: NumberPath, event: IdPath) -> ComplaintEventOut:
    """Show an event of a complaint."""
    return ComplaintEventOut.of(event_of((await _held(ask, complaint)).events, event))


@router.get(
    "/v1/complaints/{complaint}/deadlines",
    summary="投诉的法定期限 · clocks of a complaint",
    response_model=DeadlinesOut,
    openapi_extra=SEEN_BY,
)
async def get_deadlines(ask: Ask, complaint: NumberPath, as_of: AsOf = None) -> Json:
    """Show every statutory clock of a complaint at the end of a day."""
    held, day = await _held(ask, complaint), as_of or today(ask)
    items = to_plain(ask.services.supervision.deadlines(held, day))
    return Json({"complaint_no": held.content.complaint_no, "as_of": day.isoformat(), "items": items})


@router.post(
    "/v1/deadlines",
    summary="计算法定期限 · count a clock",
    response_model=DeadlinesOut,
    openapi_extra=allows(*READERS, Scope.CHECK, Scope.SELF),
)
async def post_deadlines(ask: Ask, body: AskedBody) -> Json:
    """Count a clock of what the registry does not hold from the dates given; nothing is kept."""
    day = body.as_of or today(ask)
    items = [to_plain(asked_deadline(ask.services.supervision.practice.periods, body.asked(), day))]
    return Json({"complaint_no": None, "as_of": day.isoformat(), "items": items})


@router.get(
    "/v1/complaints/{complaint}/admissibility",
    summary="投诉受理条件 · conditions of acceptance",
    response_model=AdmissibilityOut,
    openapi_extra=SEEN_BY,
)
async def get_admissibility(ask: Ask, complaint: NumberPath, as_of: AsOf = None) -> Json:
    """Show for each condition of the law whether a complaint meets it."""
    held, day = await _held(ask, complaint), as_of or today(ask)
    items = to_plain(await ask.services.supervision.admissibility(held, day))
    return Json({"complaint_no": held.content.complaint_no, "as_of": day.isoformat(), "items": items})


def _sort(ask: Asked) -> Sort[Complaint, ComplaintEvent]:
    shown = ask.services.supervision.may_see_complaint
    return Sort(MatterKind.COMPLAINT, Complaint, ComplaintEvent, shown, "没有此投诉。", "There is no such complaint")


async def _held(ask: Asked, name: str) -> HeldComplaint:
    """Return the one complaint of a name that the caller may see.

    Raises:
        Unknown: there is none.
        NumberAmbiguous: several offices gave this number.
    """
    held = await one(ask, _sort(ask), name)
    await ask.note("complaint", held.content.complainants, held.content.project_no)
    return held
