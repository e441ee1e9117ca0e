"""What lies around every route, as pure ASGI: request id, log and metrics, caller and limit, body.

From the outside in: ``Door`` → ``Edge`` → ``Entry`` → ``Bodies`` → routes. Errors that are raised in one of them are
answered by ``Edge``, by the same function that answers the routes'.
"""

import asyncio
import re
import secrets
import time
from collections import Counter
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from credit.api.door import overloaded
from credit.api.lanes import Place
from credit.api.metrics import Metrics
from credit.api.problems import respond
from credit.errors import CreditError, TooLarge, TooMany, TooSlow, Unauthenticated
from credit.limits import WINDOW, Limits
from credit.logs import bind_request, logger
from credit.model.caller import Caller
from credit.wiring import Services

MOST_BYTES: Final = 8 * 1024 * 1024
DRAINED: Final = 8 * MOST_BYTES
"""Bytes of too large a body that are read and dropped, so that its sender comes to read the answer."""
BODY_WITHIN: Final = 30.0
"""Seconds in which a body is to be sent."""
READ_AT_ONCE: Final = 64
"""Bodies that are read at once; each may take ``MOST_BYTES`` of memory."""
READ_OF_ONE: Final = READ_AT_ONCE // 2
"""Of these, bodies of one caller: whoever holds a key, of whatever scope, leaves room for the others."""
AT_HAND: Final = 0.02
"""Seconds after which a body that is not there is being waited for: its request then holds no place."""
REQUEST_ID: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9._\-]{7,63}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
"""Ids that we take over from a caller; digits alone are not among them, for they might be a person's number."""
ALWAYS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
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
                await _count(state["caller"], state)
        await self.app(scope, receive, send)


class Bodies:
    """Reads a known caller's body whole, up to ``MOST_BYTES``, before anything else looks at it; a stranger's never.

    Who sends slowly takes nobody's place, but has only so long; and only so many may be at it at once.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        *,
        within: float = BODY_WITHIN,
        at_once: int = READ_AT_ONCE,
        of_one: int = READ_OF_ONE,
    ) -> None:
        self.app = app
        self.metrics = metrics
        self.within = within
        self.at_once = at_once
        self.of_one = of_one
        self.reading: Counter[str] = Counter()
        """How many bodies of each caller are being read."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["state"]["caller"] is None or not _has_body(scope):
            await self.app(scope, receive, send)
            return
        body = await self._read(scope, receive)
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

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the body; None when the caller went away before its end.

        Raises:
            Overloaded: too many bodies are being read, of all or of this caller, or no place is free once it is there.
            TooSlow: it took too long.
            TooLarge: it exceeds ``MOST_BYTES``.
        """
        place: Place = scope["state"]["place"]
        caller: Caller = scope["state"]["caller"]
        if self.reading.total() >= self.at_once or self.reading[caller.id] >= self.of_one:
            self.metrics.shed["bodies"].inc()
            raise overloaded()
        leaving = asyncio.get_running_loop().call_later(AT_HAND, place.leave)
        self.reading[caller.id] += 1
        try:
            async with asyncio.timeout(self.within):
                body = await _read_body(scope, receive)
        except TimeoutError as error:
            self.metrics.slow["body"].inc()
            raise _too_slow(self.within) from error
        finally:
            self.reading[caller.id] -= 1
            self.reading += Counter()  # forgets whoever reads none
            leaving.cancel()
        if not await place.take():
            self.metrics.shed[place.lane.name].inc()
            raise overloaded()
        return body


def too_large() -> CreditError:
    """Say that a body exceeds what one call may carry."""
    return TooLarge("请求体超过 8 MiB，请分批发送。", "The body exceeds 8 MiB. Send it in parts")


def _too_slow(within: float) -> CreditError:
    return TooSlow(
        f"请求体未在 {within:g} 秒内发送完毕，请检查网络后重试。",
        f"The body was not sent within {within:g} s. Look at the network, then try again",
    )


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


async def _count(caller: Caller, state: dict[str, Any]) -> None:
    """Count a call against the key's limit.

    Specification: draft-ietf-httpapi-ratelimit-headers-10.

    Raises:
        TooMany: the limit is used up.
    """
    if caller.limit is None:
        return
    limits: Limits = state["limits"]
    counted = await limits.count(caller.id, caller.limit)
    state["headers"] = {
        "RateLimit-Policy": f'"minute";q={caller.limit};w={WINDOW}',
        "RateLimit": f'"minute";r={counted.left};t={counted.ends_in}',
    }
    if not counted.passed:
        raise TooMany(
            f"每分钟 {caller.limit} 次的限额已用完，请在 {counted.ends_in} 秒后重试。",
            f"The limit of {caller.limit} calls a minute is used up. Try again in {counted.ends_in} s",
            retry_after=counted.ends_in,
        )


def _key_of(scope: Scope) -> str:
    """Return the bearer's key.

    Raises:
        Unauthenticated: there is none.
    """
    kind, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key.strip():
        raise Unauthenticated("请求缺少 API 密钥。", "No API key was sent. Send: Authorization: Bearer KEY")
    return key.strip()
