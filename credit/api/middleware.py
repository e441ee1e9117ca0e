"""What lies around every route, as pure ASGI: request id, log and metrics, caller and limit, body.

From the outside in: ``Edge`` → ``Entry`` → ``Bodies`` → routes. Errors that are raised in one of them are
answered by ``Edge``, by the same function that answers the routes'.
"""

import re
import secrets
import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from credit.api.metrics import Metrics
from credit.api.problems import respond
from credit.errors import CreditError, TooLarge, TooMany, Unauthenticated
from credit.logs import bind_request, logger
from credit.model.caller import Caller
from credit.wiring import Services

MOST_BYTES: Final = 8 * 1024 * 1024
DRAINED: Final = 8 * MOST_BYTES
"""Bytes of too large a body that are read and dropped, so that its sender comes to read the answer."""
REQUEST_ID: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9._\-]{7,63}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
"""Ids that we take over from a caller; digits alone are not among them, for they might be a person's number."""
ALWAYS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
MINUTE: Final = 60
OPEN: Final = "/v1/keys"

_log = logger("credit.api")


class Edge:
    """Names each request, logs and counts it, and answers what nobody else did."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        state = scope.setdefault("state", {})
        request_id = state["request_id"] = _request_id(Headers(scope=scope).get("x-request-id", ""))
        state.update(caller=None, refusal=None)
        status = 0

        async def sender(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update({"X-Request-Id": request_id, **ALWAYS, **state.get("headers", {})})
            await send(message)

        with bind_request(request_id), self.metrics.under_way.track_inprogress():
            try:
                await self._answer(scope, receive, sender, request_id)
            finally:
                self._tell(scope, status, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started = False

        async def sender(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, sender)
        except Exception as error:
            if started:
                raise
            await respond(error, request_id)(scope, receive, sender)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "-")
        caller: Caller | None = scope["state"].get("caller")
        method = scope["method"] if route != "-" else "-"
        self.metrics.served(method, route, status, seconds)
        _log.info(
            "request_served",
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 2),
            caller=caller.id if caller else None,
        )


class Entry:
    """Finds out who calls, and whether that one has calls left."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.limiter = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a wrong key is told only where a route asks for one."""
        if scope["type"] == "http" and scope["path"].startswith("/v1/") and scope["path"] != OPEN:
            state = scope["state"]
            services: Services = state["services"]
            try:
                state["caller"] = await services.gate.authenticate(_key_of(scope))
            except Unauthenticated as error:
                state["refusal"] = error
            else:
                await self._count(state["caller"], state)
        await self.app(scope, receive, send)

    async def _count(self, caller: Caller, state: dict[str, object]) -> None:
        """Count a call against the key's limit.

        Specification: draft-ietf-httpapi-ratelimit-headers-10.

        Raises:
            TooMany: the limit is used up.
        """
        if caller.limit is None:
            return
        item = RateLimitItemPerMinute(caller.limit)
        passed = await self.limiter.hit(item, caller.id)
        reset_at, left = await self.limiter.get_window_stats(item, caller.id)
        wait = max(1, round(reset_at - time.time()))
        state["headers"] = {
            "RateLimit-Policy": f'"minute";q={caller.limit};w={MINUTE}',
            "RateLimit": f'"minute";r={max(0, left)};t={wait}',
        }
        if not passed:
            raise TooMany(
                f"每分钟 {caller.limit} 次的限额已用完，请在 {wait} 秒后重试。",
                f"The limit of {caller.limit} calls a minute is used up. Try again in {wait} s",
                retry_after=wait,
            )


class Bodies:
    """Reads a known caller's body whole, up to ``MOST_BYTES``, before anything else looks at it; a stranger's never."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["state"]["caller"] is None or not _has_body(scope):
            await self.app(scope, receive, send)
            return
        body = await _read_body(scope, receive)
        if body is None:  # the caller has gone
            return
        scope["state"]["body"] = body
        told = False

        async def again() -> Message:
            nonlocal told
            if told:
                return await receive()
            told = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, again, send)


def too_large() -> CreditError:
    """Say that a body exceeds what one call may carry."""
    return TooLarge("请求体超过 8 MiB，请分批发送。", "The body exceeds 8 MiB. Send it in parts")


def _request_id(given: str) -> str:
    return given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


async def _read_body(scope: Scope, receive: Receive) -> bytes | None:
    """Return the body; None when the caller went away before its end.

    Raises:
        TooLarge: it exceeds ``MOST_BYTES``; as much of the rest as is bearable has been read and dropped.
    """
    told = Headers(scope=scope).get("content-length", "")
    if told.isdecimal() and int(told) > DRAINED:
        raise too_large()
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= MOST_BYTES:
            chunks.append(chunk)
        else:
            chunks.clear()
        if size > DRAINED or (size > MOST_BYTES and not message.get("more_body")):
            raise too_large()
        if not message.get("more_body"):
            return b"".join(chunks)


def _key_of(scope: Scope) -> str:
    """Return the bearer's key.

    Raises:
        Unauthenticated: there is none.
    """
    kind, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key.strip():
        raise Unauthenticated("请求缺少 API 密钥。", "No API key was sent. Send: Authorization: Bearer KEY")
    return key.strip()
