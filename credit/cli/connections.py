"""Bounds on what one connection may cost: uvicorn's protocol has none on heads, nor on answers that nobody reads.

One timer a connection looks at it now and then; a request costs a few comparisons more. Bodies that are read have their
limits in ``credit.api.middleware.Bodies``; those that are dropped, because their request was answered before, have
theirs here.
"""

from asyncio import AbstractEventLoop, BaseTransport, TimerHandle, Transport
from http import HTTPStatus
from typing import Any, ClassVar, Final, cast

from fastapi import HTTPException
from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from credit.api.door import Refusal
from credit.api.lanes import Lanes, Place
from credit.api.metrics import Metrics
from credit.api.middleware import BODY_WITHIN, DRAINED
from credit.errors import TooLarge, TooSlow

MOST_HEAD: Final = 64 * 1024
"""Bytes of a request beside its body, at a stretch: line and headers, trailers, what frames a chunk; give or take one
packet. Also of all heads together that one connection sends ahead of their answers."""
MOST_PIPELINED: Final = 32
"""Requests that one connection may send ahead of their answers."""


class Courteous:
    """Stands for the transport where a request is answered: an end waits for what is still sent of that request.

    Who closes while bytes arrive resets the connection, and the sender may never see the answer.
    """

    __slots__ = ("_protocol", "is_closing", "write")

    def __init__(self, protocol: "BoundedProtocol", transport: Transport) -> None:
        self._protocol = protocol
        self.write = transport.write
        self.is_closing = transport.is_closing

    def close(self) -> None:
        """Close, now or once the request is there to its end."""
        self._protocol.close_after_message()


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection that sends its head too slowly, does not read its answer, or is one too many."""

    HEAD_WITHIN: ClassVar[float] = 10.0
    """Seconds from the first byte of a head to its end."""
    DROPPED_WITHIN: ClassVar[float] = BODY_WITHIN
    """Seconds in which a body that is dropped has to end."""
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
        self._refused: RequestResponseCycle | None = None
        self._courteous: Courteous | None = None
        self._in_message = self._in_head = False
        self._deaf = self._closing = False
        self._since = 0.0
        """When this connection began to wait for its caller."""
        self._beside_body = self._dropped = 0
        self._unread: object = None
        self._unread_since: float | None = None

    # ---------------------------------------------------------------- the connection

    def connection_made(self, transport: BaseTransport) -> None:
        """Take a connection, or refuse it when it is one too many."""
        super().connection_made(cast("Transport", transport))
        self._courteous = Courteous(self, self.transport)
        self._since = self.loop.time()
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

    def shutdown(self) -> None:
        """End in order; a refusal that is held back is sent first, and nothing is served after it."""
        if self._refusing is None or self._refused is None:
            super().shutdown()
            return
        self._refusing.cancel()
        self.pipeline.clear()
        self._refused.keep_alive = False
        self._send_refusal(self._refused)

    # ---------------------------------------------------------------- what comes

    def data_received(self, data: bytes) -> None:
        """Read on, unless too much comes that is no body."""
        if self._deaf or self.transport.is_closing():
            return
        self._beside_body += len(data)
        super().data_received(data)
        if self._beside_body > MOST_HEAD:
            self._end(Refusal(TooLarge("请求头超过 64 KiB。", "The headers exceed 64 KiB")))

    def on_message_begin(self) -> None:
        """Note that a head begins."""
        self._in_message = self._in_head = True
        self._since, self._dropped = self.loop.time(), 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Start a request, or have it wait for its turn; what is raised here is answered 400, and is the end."""
        if self._closing or len(self.pipeline) >= MOST_PIPELINED or self._sent_ahead() > MOST_HEAD:
            raise OverflowError
        self._in_head, self._beside_body = False, 0
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """Note that a chunk of a body begins."""
        self._beside_body = 0

    def on_body(self, body: bytes) -> None:
        """Take a part of a body, or drop it where its request is answered."""
        self._beside_body = 0
        if self.cycle.response_complete:
            self._dropped += len(body)
            if self._dropped > DRAINED:
                self.transport.close()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that a request is there to its end; where its answer was the last one, close."""
        self._in_message, self._beside_body = False, 0
        super().on_message_complete()
        if self._closing:
            self.transport.close()

    # ---------------------------------------------------------------- what goes

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Serve a request whose turn has come, if its lane has a place for it; the application leaves the place."""
        cycle.transport = cast("Transport", self._courteous)
        lane = self._lanes.of_request(cycle.scope["method"], cycle.scope["path"])
        if lane is not None:
            place = Place(lane)
            if not lane.ask(place):
                self._metrics.shed[lane.name].inc()
                self._refuse(cycle)
                return
            cycle.scope.setdefault("state", {})["place"] = place
        super()._start_asgi_task(cycle, app)

    def _refuse(self, cycle: RequestResponseCycle) -> None:
        """Answer without the application, a moment later, and read nothing from this connection until then.

        It costs a fifth of what ``credit.api.door.Door`` takes for it. The moment keeps callers who ask again at once
        from filling the process with refusals: each then gets at most ``1 / HELD_FOR`` of them a second.
        """
        self.flow.pause_reading()
        self._refused = cycle
        self._refusing = self.loop.call_later(self.HELD_FOR, self._send_refusal, cycle)

    def _send_refusal(self, cycle: RequestResponseCycle) -> None:
        self._refusing = self._refused = None
        if self.transport.is_closing():
            return
        cycle.response_complete = True  # what is still sent of it is dropped
        cycle.body.clear()
        self.transport.write(self._overloaded.raw(close=not cycle.keep_alive, bodiless=cycle.scope["method"] == "HEAD"))
        if not cycle.keep_alive:
            self.close_after_message()
        self.on_response_complete()

    def on_response_complete(self) -> None:
        """Wait for the caller again, or go on with what it sent ahead."""
        self._since = self.loop.time()
        if self._closing:
            self.pipeline.clear()
        super().on_response_complete()

    def close_after_message(self) -> None:
        """Close once the request that was answered last is there to its end, for which it has as long as a body has."""
        if self._in_message and not self._in_head and not self.pipeline and not self._deaf:
            self._closing = True
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Answer what cannot be read as all else is answered."""
        del msg
        self._end(Refusal(HTTPException(HTTPStatus.BAD_REQUEST)))

    def _end(self, answer: Refusal) -> None:
        """Hear no more and close, with an answer where none was given; those that are owed to others come first."""
        if self._deaf or self.transport.is_closing():
            return
        self._deaf = True
        if self._is_busy() and not self._is_unanswered():
            self.cycle.keep_alive = False
            return
        if self._in_head or not self._in_message or self._is_busy():
            self.transport.write(answer.raw(close=True))
        self.transport.close()

    # ---------------------------------------------------------------- how it stands

    def _is_busy(self) -> bool:
        """Tell whether a request is under way."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first, whatever uvicorn's types say
        return cycle is not None and not cycle.response_complete

    def _is_unanswered(self) -> bool:
        """Tell whether the one request under way is still being sent, and nothing of its answer is."""
        alone = self._in_message and not self._in_head and not self.pipeline
        return alone and not self.cycle.response_started

    def _sent_ahead(self) -> int:
        """Count the bytes of heads that wait for their turn."""
        return sum(len(name) + len(value) for cycle, _ in self.pipeline for name, value in cycle.scope["headers"])

    def _watch(self) -> None:
        now = self.loop.time()
        waits = not self._is_busy() and not self.transport.is_closing()
        if waits and now - self._since > self._within():
            self._give_up()
        elif self._is_unread(now):
            self._metrics.slow["answer"].inc()
            self.transport.abort()
            return
        self._watching = self.loop.call_later(self.LOOK_EVERY, self._watch)

    def _within(self) -> float:
        """Return how long the caller may take with what it is at: nothing, a head, a body that is dropped."""
        if not self._in_message:
            return self.timeout_keep_alive
        return self.HEAD_WITHIN if self._in_head else self.DROPPED_WITHIN

    def _give_up(self) -> None:
        if not self._in_message:
            self.transport.close()
        elif self._in_head:
            self._metrics.slow["head"].inc()
            self._end(Refusal(TooSlow("请求未在时限内发送完毕。", "The request was not sent in time")))
        else:
            if not self._closing:
                self._metrics.slow["body"].inc()
            self.transport.close()

    def _is_unread(self, now: float) -> bool:
        """Tell whether an answer has lain here for too long; on a connection that is being closed, too."""
        if not self.transport.get_write_buffer_size():
            self._unread_since = None
            return False
        if self._unread_since is None or self._unread is not self.cycle:
            self._unread, self._unread_since = self.cycle, now
        return now - self._unread_since > self.ANSWER_WITHIN
