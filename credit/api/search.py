"""``POST /v1/parties/search``: the parties that a name may mean."""

from fastapi import APIRouter

from credit.api.deps import Ask
from credit.api.routes import READERS, Route, allows
from credit.api.schemas.search import CandidateOut, SearchBody, SearchOut

router = APIRouter(route_class=Route, tags=["parties"])


@router.post("/v1/parties/search", summary="按名称查找主体 · find parties by name", openapi_extra=allows(*READERS))
async def post_search(ask: Ask, body: SearchBody) -> SearchOut:
    """Show the parties whose names are likest, with a score and its reasons; persons only to those who may see them."""
    found = await ask.services.search.search(body.name, region=body.region, limit=body.limit, persons=ask.sees_all)
    await ask.note("search", [candidate.party.id for candidate in found])
    return SearchOut(items=tuple(CandidateOut.of(one, full=ask.sees_names_of(one.party.id)) for one in found))
