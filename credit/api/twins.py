"""``/v1/twins``: entries that may be one party. Suspected, never merged by machine."""

from fastapi import APIRouter

from credit.api.deps import Ask, Asked, IdPath, Pages
from credit.api.replies import read_cursor, write_cursor
from credit.api.routes import ADMINS, RECORDERS, Route, allows
from credit.api.schemas.replies import Page
from credit.api.schemas.twins import ApartBody, ApartOut, TwinOut
from credit.errors import Unknown
from credit.model.merge import Merge

router = APIRouter(route_class=Route, tags=["parties"])


@router.get("/v1/twins", summary="疑似同一主体 · suspected twins", openapi_extra=allows(*RECORDERS))
async def get_twins(ask: Ask, page: Pages) -> Page[TwinOut]:
    """Page suspected twins, those stated last first; a page may be short, or empty, and still have a next one."""
    before = read_cursor(page.after) if page.after else None
    found, after = await ask.services.twins.page(before=before, limit=page.limit)
    await ask.note("twins", [party.id for twin in found for party in twin.parties])
    return Page(
        items=tuple(TwinOut.of(twin, full=ask.sees_all) for twin in found),
        next=write_cursor(after) if after is not None else None,
    )


@router.post(
    "/v1/twins",
    summary="登记疑似者并非同一主体 · record that suspected twins are two parties",
    status_code=201,
    responses={200: {"model": ApartOut}},
    openapi_extra=allows(*ADMINS),
)
async def post_apart(ask: Ask, body: ApartBody) -> ApartOut:
    """Record that two entries are not one party: they are no longer listed; nothing else changes."""
    outcome = await ask.services.registry.part(ask.caller, body.statement())
    return ApartOut.of(await _apart(ask, ask.made(outcome, "/v1/twins/{id}")))


@router.get("/v1/twins/{twins}", summary="非同一主体的结论 · that two are not one", openapi_extra=allows(*RECORDERS))
async def get_apart(ask: Ask, twins: IdPath) -> ApartOut:
    """Show that two entries are not one party."""
    found = await _apart(ask, twins)
    await ask.note("twins", [found.keep, found.same_as])
    return ApartOut.of(found)


async def _apart(ask: Asked, name: str) -> Merge:
    found = await ask.services.merges.merge(name) if name.startswith("twn_") else None
    if found is None:
        raise Unknown("没有此结论。", "There is no such finding")
    return found
