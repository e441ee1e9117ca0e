"""Bounds on what one connection may cost: uvicorn's protocol has none on heads, nor on answers that nobody reads.

One timer a connection looks at it now and then; a request costs two comparisons more. Bodies have their limits in
``credit.api.middleware.Bodies``.
"""

import asyncio
from asyncio import AbstractEventLoop, BaseTransport, TimerHandle
from typing import Any, ClassVar, Final, cast

from httptools import HttpRequestParser
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from credit.api.door import Refusal
from credit.api.lanes import Lane, Lanes, Place
from credit.api.metrics import Metrics
from credit.errors import TooLarge, TooSlow

MOST_HEAD: Final = 64 * 1024
"""Bytes of a request's line and headers together, give or take one packet."""
MOST_PIPELINED: Final = 32
"""Requests that one connection may send ahead of their answers."""


class Answered:
    """Stands where uvicorn keeps the request under way, so that what is still sent of a refused one is dropped."""

    response_complete: Final = True
    message_event: Final = asyncio.Event()


ANSWERED: Final = Answered()


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection that sends its head too slowly, does not read its answer, or is one too many."""

    HEAD_WITHIN: ClassVar[float] = 10.0
    """Seconds from the first byte of a head to its end."""
    ANSWER_WITHIN: ClassVar[float] = 30.0
    """Seconds in which an answer is to be read, once it is written."""
    LOOK_EVERY: ClassVar[float] = 1.0
    HELD_FOR: ClassVar[float] = 0.02
    """Seconds for which a refusal is held back."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._metrics: Metrics = app_state["metrics"]
        self._lanes: Lanes = app_state["lanes"]
        self._overloaded: Refusal = app_state["overloaded"]
        self._most: int = app_state["services"].settings.connections
        self._watching: TimerHandle | None = None
        self._refusing: TimerHandle | None = None
        self._head_since: float | None = None
        self._head_bytes = 0
        self._unread: object = None
        self._unread_since: float | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Take a connection, or refuse it when it is one too many."""
        super().connection_made(transport)  # pyright: ignore[reportArgumentType]
        self._head_since = self.loop.time()
        if len(self.connections) > self._most:
            self._metrics.shed["connections"].inc()
            self._end(self._overloaded)
            return
        self._watching = self.loop.call_later(self.LOOK_EVERY, self._watch)

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch no more."""
        for timer in (self._watching, self._refusing):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless a head is getting too long."""
        if self.transport.is_closing():
            return
        if self._head_since is None and not self._is_busy():
            self._head_since = self.loop.time()
        super().data_received(data)
        if self._head_since is not None:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD and not self.transport.is_closing():
                self._end(Refusal(TooLarge("请求头超过 64 KiB。", "The headers exceed 64 KiB")))

    def on_headers_complete(self) -> None:
        """Start a request, or refuse it at once; what is raised here is answered 400, and ends the connection."""
        self._head_since, self._head_bytes = None, 0
        if len(self.pipeline) >= MOST_PIPELINED or self._refusing is not None:
            raise OverflowError
        parser = self._parser()
        lane = self._lanes.of_request(parser.get_method().decode("ascii"), self.url.partition(b"?")[0].decode())
        if lane is None or self._is_busy():
            super().on_headers_complete()
            return
        place = Place(lane)
        if not lane.ask(place):
            self._refuse(lane, keep=parser.should_keep_alive() and parser.get_http_version() == "1.1")
            return
        self.scope.setdefault("state", {})["place"] = place
        try:
            super().on_headers_complete()
        except BaseException:
            place.leave()
            raise

    def _refuse(self, lane: Lane, *, keep: bool) -> None:
        """Answer without the application, a moment later, and read nothing from this connection until then.

        It costs a fifth of what ``credit.api.door.Door`` takes for it. The moment keeps callers who ask again at once
        from filling the process with refusals: each then gets at most ``1 / HELD_FOR`` of them a second.
        """
        self._metrics.shed[lane.name].inc()
        self.cycle = cast("RequestResponseCycle", ANSWERED)
        self.flow.pause_reading()
        self._refusing = self.loop.call_later(self.HELD_FOR, self._send_refusal, keep)

    def _send_refusal(self, keep: bool) -> None:  # noqa: FBT001  # called by a timer
        self._refusing = None
        if self.transport.is_closing():
            return
        self.transport.write(self._overloaded.raw(close=not keep))
        if keep:
            self.on_response_complete()
        else:
            self.transport.close()

    def shutdown(self) -> None:
        """End in order; a refusal that is held back is sent first."""
        if self._refusing is None:
            super().shutdown()
        else:
            self._refusing.cancel()
            self._send_refusal(keep=False)

    def on_message_complete(self) -> None:
        """Note that what was still sent of a refused request is over."""
        if not self._is_busy():
            self._head_since, self._head_bytes = None, 0
        super().on_message_complete()

    def _parser(self) -> HttpRequestParser:
        """Return the parser, which uvicorn takes away only after the connection is lost."""
        return cast("HttpRequestParser", self.parser)

    def _is_busy(self) -> bool:
        """Tell whether a request is under way."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first, whatever uvicorn's types say
        return cycle is not None and not cycle.response_complete

    def _watch(self) -> None:
        now = self.loop.time()
        if self._head_since is not None and now - self._head_since > self._head_within():
            self._give_up_head()
        elif self._is_unread(now):
            self._metrics.slow["answer"].inc()
            self.transport.abort()
            return
        self._watching = self.loop.call_later(self.LOOK_EVERY, self._watch)

    def _head_within(self) -> float:
        """Return how long a head may take; one of which nothing has come is a connection that rests."""
        return self.HEAD_WITHIN if self._head_bytes else self.timeout_keep_alive

    def _give_up_head(self) -> None:
        if not self._head_bytes:
            self.transport.close()
            return
        self._metrics.slow["head"].inc()
        self._end(Refusal(TooSlow("请求未在时限内发送完毕。", "The request was not sent in time")))

    def _is_unread(self, now: float) -> bool:
        """Tell whether an answer has lain here for too long; on a connection that is being closed, too."""
        if not self.transport.get_write_buffer_size():
            self._unread_since = None
            return False
        if self._unread_since is None or self._unread is not self.cycle:
            self._unread, self._unread_since = self.cycle, now
        return now - self._unread_since > self.ANSWER_WITHIN

    def _end(self, answer: Refusal) -> None:
        """Answer without the application, and close."""
        self._head_since = None
        self.transport.write(answer.raw(close=True))
        self.transport.close()
