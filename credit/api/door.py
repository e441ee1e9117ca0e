"""The outermost layer: lets in as many requests as the process can answer in time, and refuses the others cheaply.

A refusal is written from bytes made beforehand, neither logged nor timed, for it must cost a small part of an answer;
it is counted in ``credit_requests_shed_total``.
"""

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from credit.api.lanes import Lanes, Place
from credit.api.metrics import Metrics
from credit.api.problems import MEDIA_TYPE, problem_of
from credit.api.replies import orjson_of
from credit.errors import CreditError, Draining, Overloaded

READY: Final = "/readyz"
MARK: Final = "0123456789abcdef"
"""Stands for a request id in bytes made beforehand, and is as long as one."""


@dataclass(slots=True)
class Ending:
    """Whether the process was asked to end: it serves on for a while, yet says that it is not ready."""

    begun: bool = False


class Refusal:
    """An answer made beforehand, but for its request id; as ASGI sends it, and as bytes of HTTP/1.1."""

    def __init__(self, error: Exception) -> None:
        problem, headers = problem_of(error, MARK)
        before, after = orjson_of(problem.model_dump()).split(MARK.encode())
        told = {
            **headers,
            "Content-Type": MEDIA_TYPE,
            "Content-Length": str(len(before) + len(MARK) + len(after)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        self._status = HTTPStatus(problem.status)
        self._body = before, after
        self._headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]
        self._head = b"".join(
            (
                f"HTTP/1.1 {self._status} {self._status.phrase}\r\n".encode(),
                *(b"%s: %s\r\n" % header for header in self._headers),
            )
        )

    async def send(self, send: Send) -> None:
        """Answer one request."""
        name = _new_id()
        headers = [*self._headers, (b"x-request-id", name)]
        await send({"type": "http.response.start", "status": int(self._status), "headers": headers})
        await send({"type": "http.response.body", "body": name.join(self._body)})

    def raw(self, *, close: bool, bodiless: bool = False) -> bytes:
        """Write the answer to one request, and whether the connection ends with it; that to a HEAD has no body."""
        name = _new_id()
        ends = b"connection: close\r\n" if close else b""
        body = b"" if bodiless else name.join(self._body)
        return b"%sx-request-id: %s\r\n%s\r\n%s" % (self._head, name, ends, body)


class Door:
    """Gives each request its place in a lane, or refuses it; one that the server gave a place already keeps it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, ending: Ending) -> None:
        self.app = app
        self.metrics = metrics
        self.ending = ending
        self.overloaded = Refusal(overloaded())
        self.draining = Refusal(Draining("正在停止，不再接受新请求。", "The process is ending"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.ending.begun:
            send = _closing(send)
        place = _place_of(scope)
        if place is not None:
            await self._admit(place, scope, receive, send)
        elif self.ending.begun and scope["path"] == READY:
            await self.draining.send(send)
        else:
            await self.app(scope, receive, send)

    async def _admit(self, place: Place, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request in its place, which it leaves with its answer: who is slow to read that holds nobody up."""

        async def sender(message: Message) -> None:
            place.leave()
            await send(message)

        try:
            if await place.take():
                await self.app(scope, receive, sender)
                return
        finally:
            place.leave()
        self.metrics.shed[place.lane.name].inc()
        await self.overloaded.send(send)


def overloaded() -> CreditError:
    """Say that a request came at a moment when too many did."""
    return Overloaded(
        "请求过多，暂时无法处理，请稍后重试。", "More is asked than can be answered. Try again a little later"
    )


def _place_of(scope: Scope) -> Place | None:
    """Return the place that the server gave a request, else a new one; None for what needs none."""
    state = scope["state"]
    lanes: Lanes = state["lanes"]
    if "place" not in state and (lane := lanes.of_request(scope["method"], scope["path"])) is not None:
        state["place"] = Place(lane)
    return state.get("place")


def _new_id() -> bytes:
    return secrets.token_hex(len(MARK) // 2).encode()


def _closing(send: Send) -> Send:
    """Tell the caller that its connection ends with this answer."""

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Connection"] = "close"
        await send(message)

    return sender
