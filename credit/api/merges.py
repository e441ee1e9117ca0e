"""``/v1/merges``: two entries that turned out to be one party; nothing moves, and it can be undone."""

from fastapi import APIRouter

from credit.api.deps import Ask, Asked, IdPath, Pages
from credit.api.replies import read_cursor, write_cursor
from credit.api.routes import ADMINS, RECORDERS, Route, allows
from credit.api.schemas.merges import MergeBody, MergeOut, UndoBody
from credit.api.schemas.replies import Page
from credit.errors import Unknown
from credit.model.merge import Merge

router = APIRouter(route_class=Route, tags=["parties"])


@router.post(
    "/v1/merges",
    summary="合并同一主体的两个登记 · merge two entries of one party",
    status_code=201,
    responses={200: {"model": MergeOut}},
    openapi_extra=allows(*ADMINS),
)
async def post_merge(ask: Ask, body: MergeBody) -> MergeOut:
    """Record that two entries are one party; answers look through it at once, what was known before stays as it was."""
    outcome = await ask.services.registry.merge(ask.caller, body.statement())
    return MergeOut.of(await _merge(ask, ask.made(outcome, "/v1/merges/{id}")))


@router.get("/v1/merges/{merge}", summary="合并 · a merge", openapi_extra=allows(*RECORDERS))
async def get_merge(ask: Ask, merge: IdPath) -> MergeOut:
    """Show a merge, and its undoing where it was undone."""
    found = await _merge(ask, merge)
    await ask.note("merge", [found.keep, found.same_as])
    return MergeOut.of(found)


@router.get("/v1/merges", summary="合并列表 · merges", openapi_extra=allows(*RECORDERS))
async def get_merges(ask: Ask, page: Pages) -> Page[MergeOut]:
    """Show merges, newest first, those undone among them."""
    before = read_cursor(page.after) if page.after else None
    found = await ask.services.merges.page(before=before, limit=page.limit + 1)
    shown = found[: page.limit]
    await ask.note("merges", [party for merge in shown for party in (merge.keep, merge.same_as)])
    return Page(
        items=tuple(map(MergeOut.of, shown)), next=write_cursor(shown[-1].nth) if len(found) > page.limit else None
    )


@router.post("/v1/merges/{merge}/undo", summary="撤销合并 · undo a merge", openapi_extra=allows(*ADMINS))
async def undo_merge(ask: Ask, merge: IdPath, body: UndoBody) -> MergeOut:
    """Undo a merge: answers are then as they were before it."""
    outcome = await ask.services.registry.undo_merge(ask.caller, merge, reason=body.reason)
    ask.made(outcome, f"/v1/merges/{merge}")
    return MergeOut.of(await _merge(ask, merge))


async def _merge(ask: Asked, merge: str) -> Merge:
    found = await ask.services.merges.merge(merge)
    if found is None:
        raise Unknown("没有此合并。", "There is no such merge")
    return found
