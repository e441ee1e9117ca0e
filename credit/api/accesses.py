"""``/v1/accesses``: who looked up whom, when, by which key and for which project."""

from typing import Annotated

from fastapi import APIRouter, Query

from credit.api.deps import Ask, Paging
from credit.api.replies import read_cursor, write_cursor
from credit.api.routes import ADMINS, Route, allows
from credit.api.schemas.callers import AccessOut
from credit.api.schemas.replies import Page

router = APIRouter(route_class=Route, tags=["callers"])


class AccessQuery(Paging):
    """Which accesses."""

    party: Annotated[str | None, Query(max_length=200, description="被查询的主体 · the party looked up")] = None


@router.get("/v1/accesses", summary="访问日志 · the access log", openapi_extra=allows(*ADMINS))
async def get_accesses(ask: Ask, query: Annotated[AccessQuery, Query()]) -> Page[AccessOut]:
    """Show accesses, newest first."""
    before = read_cursor(query.after) if query.after else None
    found = await ask.services.accesses.read(party=query.party, before=before, limit=query.limit + 1)
    shown = found[: query.limit]
    more = len(found) > query.limit
    return Page(
        items=tuple(AccessOut.of(access) for _, access in shown), next=write_cursor(shown[-1][0]) if more else None
    )
