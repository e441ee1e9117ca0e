"""``/v1/projects``: projects, their lots, and the bids that a platform recorded."""

from fastapi import APIRouter

from credit.api.deps import Ask, Asked, IdPath, NumberPath
from credit.api.routes import READERS, RECORDERS, Route, allows
from credit.api.schemas.projects import BidBody, BidOut, ProjectBody, ProjectOut
from credit.api.schemas.replies import Page
from credit.errors import NumberAmbiguous, Unknown
from credit.model.project import Project

router = APIRouter(route_class=Route, tags=["projects"])


@router.post(
    "/v1/projects",
    summary="登记项目 · record a project",
    status_code=201,
    responses={200: {"model": ProjectOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_project(ask: Ask, body: ProjectBody) -> ProjectOut:
    """Record a project with its lots."""
    outcome = await ask.services.registry.open_project(ask.caller, body.statement())
    return ProjectOut.of(await one_project(ask, ask.made(outcome, "/v1/projects/{id}")))


@router.get("/v1/projects/{project}", summary="项目 · a project", openapi_extra=allows(*READERS))
async def get_project(ask: Ask, project: NumberPath) -> ProjectOut:
    """Show a project by its number or its id."""
    return ProjectOut.of(await one_project(ask, project))


@router.post(
    "/v1/projects/{project}/bids",
    summary="登记投标 · record a bid",
    status_code=201,
    responses={200: {"model": BidOut}},
    openapi_extra=allows(*RECORDERS),
)
async def post_bid(ask: Ask, project: NumberPath, body: BidBody) -> BidOut:
    """Record a bid; several members are a consortium."""
    outcome = await ask.services.registry.bid(ask.caller, project, body.statement())
    return await _bid(ask, project, ask.made(outcome, f"/v1/projects/{project}/bids/{{id}}"))


@router.get("/v1/projects/{project}/bids", summary="项目的投标 · bids of a project", openapi_extra=allows(*READERS))
async def get_bids(ask: Ask, project: NumberPath) -> Page[BidOut]:
    """Show every bid of a project, newest first."""
    held = await one_project(ask, project)
    bids = await ask.services.browser.bids(held.id)
    await ask.note("bids", {party for bid in bids for party in bid.members}, held.project_no)
    newest_first = sorted(bids, key=lambda bid: (bid.tick, bid.id), reverse=True)
    return Page(items=tuple(map(BidOut.of, newest_first)), next=None)


@router.get("/v1/projects/{project}/bids/{bid}", summary="投标 · a bid", openapi_extra=allows(*READERS))
async def get_bid(ask: Ask, project: NumberPath, bid: IdPath) -> BidOut:
    """Show a bid."""
    found = await _bid(ask, project, bid)
    await ask.note("bid", found.members, project)
    return found


async def one_project(ask: Asked, name: str) -> Project:
    """Return the project of this id or number.

    Raises:
        Unknown: there is none.
        NumberAmbiguous: there are several of that number.
    """
    found = await ask.services.browser.project(name)
    if not found:
        raise Unknown("没有此项目。", "There is no such project")
    if len(found) > 1:
        raise NumberAmbiguous("有多个项目使用该编号。", "Several projects bear this number. Use the id")
    return found[0]


async def _bid(ask: Asked, project: str, bid_id: str) -> BidOut:
    bids = await ask.services.browser.bids((await one_project(ask, project)).id)
    found = next((bid for bid in bids if bid.id == bid_id), None)
    if found is None:
        raise Unknown("该项目没有此投标。", "The project has no such bid")
    return BidOut.of(found)
