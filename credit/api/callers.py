"""``/v1/callers``: keys made, listed, rotated, revoked; only their hash is kept, so each is shown once."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter

from credit.api.deps import Ask, Asked, IdPath, Pages
from credit.api.replies import read_cursor, write_cursor
from credit.api.routes import ADMINS, SHOWN_ONCE, Route, allows
from credit.api.schemas.callers import CallerBody, CallerOut, NewKeyOut, RotateBody
from credit.api.schemas.replies import Page
from credit.errors import Conflict

HIDDEN: Final = {SHOWN_ONCE: True}
router = APIRouter(route_class=Route, tags=["callers"])


@router.post("/v1/callers", summary="新建密钥 · make a key", status_code=201, openapi_extra=allows(*ADMINS) | HIDDEN)
async def post_caller(ask: Ask, body: CallerBody) -> NewKeyOut:
    """Make a key; it stands in this reply and nowhere else."""
    caller, key = await ask.services.gate.make(body.statement())
    ask.reply.headers["Location"] = f"/v1/callers/{caller.id}"
    return NewKeyOut.made(caller, key)


@router.get("/v1/callers", summary="调用方列表 · callers", openapi_extra=allows(*ADMINS))
async def get_callers(ask: Ask, page: Pages) -> Page[CallerOut]:
    """Show callers, newest first."""
    skipped = read_cursor(page.after) if page.after else 0
    callers = await ask.services.gate.all()
    rest = callers[skipped : skipped + page.limit + 1]
    more = len(rest) > page.limit
    items = tuple(map(CallerOut.of, rest[: page.limit]))
    return Page(items=items, next=write_cursor(skipped + page.limit) if more else None)


@router.get("/v1/callers/{caller}", summary="调用方 · a caller", openapi_extra=allows(*ADMINS))
async def get_caller(ask: Ask, caller: IdPath) -> CallerOut:
    """Show a caller, never its key."""
    return CallerOut.of(await ask.services.gate.one(caller))


@router.post("/v1/callers/{caller}/rotate", summary="更换密钥 · give a new key", openapi_extra=allows(*ADMINS) | HIDDEN)
async def post_rotate(ask: Ask, caller: IdPath, body: RotateBody | None = None) -> NewKeyOut:
    """Give a caller a new key; the old one ends at once, or after ``overlap_seconds``."""
    _not_itself(ask, caller)
    overlap = timedelta(seconds=body.overlap_seconds if body else 0)
    return NewKeyOut.made(*await ask.services.gate.rotate(caller, overlap=overlap))


@router.post("/v1/callers/{caller}/revoke", summary="撤销密钥 · revoke a key", openapi_extra=allows(*ADMINS))
async def post_revoke(ask: Ask, caller: IdPath) -> CallerOut:
    """End a caller's keys at once."""
    _not_itself(ask, caller)
    return CallerOut.of(await ask.services.gate.revoke(caller))


def _not_itself(ask: Asked, caller_id: str) -> None:
    """Keep an administrator from locking everybody out by a slip.

    Raises:
        Conflict: a key would end itself.
    """
    if caller_id == ask.caller.id:
        raise Conflict(
            "不能用密钥终止其自身，请使用另一管理员密钥，或运行 credit keys。",
            "A key cannot end itself. Use another administrator's key, or run: credit keys",
        )
