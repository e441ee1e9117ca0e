"""``/v1/sources``: how fresh each list is."""

from typing import Annotated

from fastapi import APIRouter, Path

from credit.api.deps import Ask, Asked, IdPath
from credit.api.replies import Json
from credit.api.routes import ADMINS, ANSWERED, Route, allows
from credit.api.schemas.answers import SourceOut
from credit.api.schemas.replies import Page
from credit.api.schemas.sources import SyncBody, SyncOut
from credit.errors import Unknown
from credit.model.caller import Scope

ListPath = Annotated[str, Path(pattern=r"^L(0[1-9]|1[0-9]|2[0-8])$", description="名单 · list", examples=["L03"])]
router = APIRouter(route_class=Route, tags=["sources"])


@router.post(
    "/v1/sources/{list_id}/syncs",
    summary="登记一次同步 · record a run over a list",
    status_code=201,
    responses={200: {"model": SyncOut}},
    openapi_extra=allows(*ADMINS),
)
async def post_sync(ask: Ask, list_id: ListPath, body: SyncBody) -> SyncOut:
    """Record that a list was synchronised, or that it failed.

    Whom the list hides stays as the run before said, unless ``silent`` says it anew.
    """
    outcome = await ask.services.registry.synchronise(ask.caller, list_id, body.statement())
    return await _sync(ask, list_id, ask.made(outcome, f"/v1/sources/{list_id}/syncs/{{id}}"))


@router.get(
    "/v1/sources/{list_id}/syncs/{sync}", summary="一次同步 · a run", openapi_extra=allows(*ANSWERED, Scope.RECORD)
)
async def get_sync(ask: Ask, list_id: ListPath, sync: IdPath) -> SyncOut:
    """Show a run over a list."""
    return await _sync(ask, list_id, sync)


@router.get(
    "/v1/sources",
    summary="名单的新鲜度 · how fresh the lists are",
    response_model=Page[SourceOut],
    openapi_extra=allows(*ANSWERED, Scope.RECORD),
)
async def get_sources(ask: Ask) -> Json:
    """Show every list with its last run and whether it counts as fresh now."""
    return Json({"items": await ask.services.lists.answer(), "next": None})


async def _sync(ask: Asked, list_id: str, sync_id: str) -> SyncOut:
    found = await ask.services.browser.sync(sync_id)
    if found is None or found.list != list_id:
        raise Unknown("没有此次同步。", "There is no such run")
    return SyncOut.of(found)
