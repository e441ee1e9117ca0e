"""``/v1/penalties``, ``/v1/listings``, ``/v1/records``: what is recorded on parties, and what happened to it."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar, cast

from fastapi import APIRouter, Body
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from credit.api import handled
from credit.api.deps import Ask, Asked, IdPath, NumberPath, Paging, only
from credit.api.problems import problem_of
from credit.api.replies import MOST, Json, read_cursor, write_cursor
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.recorded import EventOut, ListingOut, PenaltyOut, record_out
from credit.api.schemas.records import EventBody, ListingBody, PenaltyBody
from credit.api.schemas.replies import Page, RowsOut
from credit.api.schemas.sightings import ListingShown, PenaltyShown, Shown
from credit.api.visibility import may_see
from credit.errors import IdentifierInvalid, NumberAmbiguous, TooLarge, Unknown
from credit.model.party import PartyId
from credit.model.record import Listing, Penalty, Record
from credit.model.statements import Outcome, RecordStatement, Written
from credit.model.when import legal_day

RecordBody = TypeVar("RecordBody", PenaltyBody, ListingBody)
Items = tuple[PenaltyOut | ListingOut, ...]
router = APIRouter(route_class=Route, tags=["records"])


def _takes(model: type[BaseModel]) -> dict[str, Any]:
    """Describe a body that is one record, or an array of them whose rows are judged each for itself."""
    one: dict[str, Any] = {"$ref": f"#/components/schemas/{model.__name__}"}
    rows: dict[str, Any] = {
        "type": "array",
        "items": {},
        "description": f"至多 {MOST} 行，逐行处理 · at most {MOST} rows, each for itself",
    }
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": {"anyOf": [one, rows]}}}}}


@router.post(
    "/v1/penalties",
    summary="登记行政处罚 · record penalties",
    status_code=201,
    response_model=PenaltyShown,
    responses={200: {"model": PenaltyShown | RowsOut}},
    openapi_extra=allows(*RECORDERS) | _takes(PenaltyBody),
)
async def post_penalties(ask: Ask, body: Annotated[object, Body()]) -> Json | PenaltyShown | ListingShown:
    """Record a penalty, or up to 1,000 of them, each for itself."""
    return await _post(ask, body, PenaltyBody, "/v1/penalties/{id}")


@router.post(
    "/v1/listings",
    summary="登记名单记录 · record entries on lists",
    status_code=201,
    response_model=ListingShown,
    responses={200: {"model": ListingShown | RowsOut}},
    openapi_extra=allows(*RECORDERS) | _takes(ListingBody),
)
async def post_listings(ask: Ask, body: Annotated[object, Body()]) -> Json | PenaltyShown | ListingShown:
    """Record an entry on a list, or up to 1,000 of them, each for itself."""
    return await _post(ask, body, ListingBody, "/v1/listings/{id}")


@router.get(
    "/v1/penalties/{record}", summary="处罚 · a penalty", openapi_extra=allows(*READERS), response_model=PenaltyShown
)
async def get_penalty(ask: Ask, record: NumberPath) -> PenaltyShown | ListingShown:
    """Show a penalty by its id, or its document number where one authority alone gave it."""
    return await _show(ask, record, lambda held: isinstance(held.content, Penalty))


@router.get(
    "/v1/listings/{record}", summary="名单记录 · an entry", openapi_extra=allows(*READERS), response_model=ListingShown
)
async def get_listing(ask: Ask, record: NumberPath) -> PenaltyShown | ListingShown:
    """Show an entry on a list."""
    return await _show(ask, record, lambda held: isinstance(held.content, Listing))


@router.get("/v1/records/{record}", summary="记录 · a record", openapi_extra=allows(*READERS))
async def get_record(ask: Ask, record: NumberPath) -> PenaltyShown | ListingShown:
    """Show a record of either type, with the requests to sites that still show it, and what is open about it."""
    return await _show(ask, record, lambda _: True)


@router.post(
    "/v1/records/{record}/events",
    summary="登记记录的后续事件 · record what happened to a record",
    status_code=201,
    responses={200: {"model": EventOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_event(ask: Ask, record: NumberPath, body: EventBody) -> EventOut:
    """Record an event; the order in which events arrive never matters, that of their days does."""
    await _check_changes(ask, record, body.changes or {})
    outcome = await ask.services.registry.follow_up(ask.caller, record, body.statement())
    event = ask.made(outcome, f"/v1/records/{record}/events/{{id}}")
    return _event(_written(outcome), event)


async def _check_changes(ask: Asked, name: str, changes: dict[str, Any]) -> None:
    """Hold what an amendment changes against the form that the same fields have in the record's own body.

    Raises:
        RequestValidationError: a value is of no right form.
    """
    held = await ask.services.browser.record(name) if changes else ()
    for model in {PenaltyBody if isinstance(record.content, Penalty) else ListingBody for record in held}:
        try:
            model.model_validate(changes)
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False)
            wrong = [{**one, "loc": ("body", "changes", *one["loc"])} for one in found if one["loc"][0] in changes]
            if wrong:
                raise RequestValidationError(wrong) from None


@router.get("/v1/records/{record}/events/{event}", summary="事件 · an event", openapi_extra=allows(*READERS))
async def get_event(ask: Ask, record: NumberPath, event: IdPath) -> EventOut:
    """Show an event of a record."""
    held = await one_record(ask, record)
    await ask.note("record", [held.party])
    return _event(held, event)


async def one_page(ask: Asked, party: PartyId, page: Paging) -> Page[PenaltyOut | ListingOut]:
    """Gather a page of the records on a party that the caller may see; the cursor is a place in the order of writes."""
    found, after = await records_of(ask, party, page)
    return Page(items=_items(found), next=after)


async def records_of(ask: Asked, party: PartyId, page: Paging) -> tuple[list[Record], str | None]:
    """Find a page of the records on a party that the caller may see, and the cursor of the next."""
    before = read_cursor(page.after) if page.after else None
    today = legal_day(ask.services.clock.now())
    wanted = page.limit + 1
    seen: list[Record] = []
    while len(seen) < wanted:
        rows = await ask.services.browser.records(party, before=before, limit=wanted)
        seen += [record for record in rows if may_see(ask.caller, record, today)]
        if len(rows) < wanted:
            break
        before = rows[-1].tick
    found = seen[: page.limit]
    return found, write_cursor(found[-1].tick) if len(seen) > page.limit else None


def _items(records: Sequence[Record]) -> Items:
    return tuple(record_out(record) for record in records)


async def _post(ask: Asked, body: object, model: type[RecordBody], location: str) -> Json | PenaltyShown | ListingShown:
    """Record one, or an array row by row."""
    if isinstance(body, list):
        return Json({"items": await _rows(ask, cast("list[object]", body), model)})
    statement = _read(body, model).statement()
    outcome = only(await ask.services.registry.record(ask.caller, [statement]))
    ask.made(outcome, location)
    record = _written(outcome)
    if outcome.written is Written.CREATED:
        return Shown(record, (), handled.periods(ask), handled.today(ask)).out()
    return (await shown(ask, record)).out()


async def _rows(ask: Asked, rows: list[object], model: type[RecordBody]) -> list[dict[str, Any]]:
    """Record the rows that are well formed; each gets its own answer, in their order.

    Raises:
        TooLarge: there are more than one call may carry.
    """
    if len(rows) > MOST:
        raise TooLarge(f"一次至多 {MOST} 行。", f"One call carries at most {MOST} rows")
    answers: list[dict[str, Any]] = [{} for _ in rows]
    statements: dict[int, RecordStatement] = {}
    for place, row in enumerate(rows):
        try:
            statements[place] = _read(row, model).statement()
        except (RequestValidationError, IdentifierInvalid) as error:
            answers[place] = _refusal(ask, error)
    if statements:
        outcomes = await ask.services.registry.record(ask.caller, list(statements.values()))
        for place, outcome in zip(statements, outcomes, strict=True):
            answers[place] = _answer(ask, outcome)
    return answers


def _answer(ask: Asked, outcome: Outcome) -> dict[str, Any]:
    if outcome.error is not None:
        return _refusal(ask, outcome.error)
    return {"status": 201 if outcome.written is Written.CREATED else 200, "id": outcome.id}


def _refusal(ask: Asked, error: Exception) -> dict[str, Any]:
    problem, _ = problem_of(error, ask.request_id)
    return {"status": problem.status, "problem": problem.model_dump()}


def _read(body: object, model: type[RecordBody]) -> RecordBody:
    """Read one record.

    Raises:
        RequestValidationError: it is malformed.
    """
    try:
        return model.model_validate(body)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_input=False, include_url=False)]
        raise RequestValidationError(found) from None


async def _show(ask: Asked, name: str, fits: Callable[[Record], bool]) -> PenaltyShown | ListingShown:
    held = await one_record(ask, name, fits)
    await ask.note("record", [held.party])
    return (await shown(ask, held)).out()


async def shown(ask: Asked, record: Record) -> Shown:
    """Gather what is shown with a record."""
    about = await ask.services.matters.about_record(record.id)
    return Shown(record, about, handled.periods(ask), handled.today(ask))


async def one_record(ask: Asked, name: str, fits: Callable[[Record], bool] = lambda _: True) -> Record:
    """Return the one record of a name that the caller may see.

    Raises:
        Unknown: there is none.
        NumberAmbiguous: several authorities gave this number.
    """
    today = legal_day(ask.services.clock.now())
    named = await ask.services.browser.record(name)
    found = [record for record in named if fits(record) and may_see(ask.caller, record, today)]
    if not found:
        raise Unknown("没有此记录。", "There is no such record")
    if len(found) > 1:
        raise NumberAmbiguous("有多条记录使用该文号，请改用编号。", "Several records bear this number. Use the id")
    return found[0]


def _written(outcome: Outcome) -> Record:
    """Return the record that the caller has just written, or written to, on display or not."""
    if outcome.record is None:
        raise ValueError(f"{outcome.id}: no record in the outcome")
    return outcome.record


def _event(record: Record, event_id: str) -> EventOut:
    found = next((event for event in record.events if event.id == event_id), None)
    if found is None:
        raise Unknown("该记录没有此事件。", "The record has no such event")
    return EventOut.of(found)
