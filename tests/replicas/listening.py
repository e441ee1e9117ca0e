"""A server in this process with what lies around the routes, spoken to over raw sockets."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import uvicorn
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from credit.api.door import Door, Ending, Refusal, overloaded
from credit.api.lanes import Lane, Lanes, Place, Width
from credit.api.metrics import Metrics
from credit.api.middleware import Bodies, Edge
from credit.cli.connections import BoundedProtocol
from credit.errors import Unauthenticated
from credit.model.caller import Caller
from credit.settings import Settings

HOST: Final = "127.0.0.1"
LARGE: Final = 32 * 1024 * 1024
MOST: Final = 16
PLACES: Final = 4
HEAD: Final = b"GET /v1/rules HTTP/1.1\r\nHost: x\r\n"
POST: Final = b"POST /v1/checks HTTP/1.1\r\nHost: x\r\n"


class Hasty(BoundedProtocol):
    """With less patience than in earnest."""

    HEAD_WITHIN: ClassVar[float] = 0.5
    DROPPED_WITHIN: ClassVar[float] = 0.5
    ANSWER_WITHIN: ClassVar[float] = 0.5
    LOOK_EVERY: ClassVar[float] = 0.05


class Patient(BoundedProtocol):
    """With more patience than any test has."""

    HEAD_WITHIN: ClassVar[float] = 600.0
    DROPPED_WITHIN: ClassVar[float] = 600.0
    ANSWER_WITHIN: ClassVar[float] = 600.0


@dataclass(frozen=True)
class Services:
    settings: Settings


@dataclass
class Routes:
    """Answers 32 MiB at ``/large``, refuses at ``/denied``, waits at ``/slow``, else says a word."""

    asked: Counter[str] = field(default_factory=Counter[str])
    going_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        self.asked[path] += 1
        if path == "/denied":
            raise Unauthenticated("请求缺少 API 密钥。", "No API key was sent")
        if path == "/slow":
            await self.going_on.wait()
        body = bytes(LARGE) if path == "/large" else b"served"
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@dataclass
class Served:
    port: int
    server: uvicorn.Server
    metrics: Metrics
    lanes: Lanes
    bodies: Bodies
    routes: Routes

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(HOST, self.port)

    def counted(self, what: str) -> bool:
        return f"{what} 1.0".encode() in self.metrics.text()

    def fill(self, lane: Lane) -> list[Place]:
        """Take every place of a lane."""
        places = [Place(lane) for _ in range(PLACES)]
        assert all(lane.ask(place) for place in places)
        return places

    @property
    def taken(self) -> tuple[int, int]:
        return self.lanes.quick.taken, self.lanes.heavy.taken


@asynccontextmanager
async def listening(protocol: type[BoundedProtocol]) -> AsyncGenerator[Served]:
    """Serve for a block; nobody stands in line."""
    metrics, narrow = Metrics(), Width(at_once=PLACES, steady=0, burst=0, standing=0, patience=0)
    lanes = Lanes(Lane("quick", narrow), Lane("heavy", narrow))
    routes = Routes()
    bodies = Bodies(routes, metrics, within=0.5)
    app = application(bodies, metrics, lanes)
    config = uvicorn.Config(app, http=protocol, ws="none", log_config=None, access_log=False, timeout_keep_alive=3)
    server = uvicorn.Server(config)
    with socket.create_server((HOST, 0)) as taken:
        running = asyncio.create_task(server.serve([taken]))
        await until(lambda: server.started)
        try:
            yield Served(taken.getsockname()[1], server, metrics, lanes, bodies, routes)
        finally:
            routes.going_on.set()
            for connection in list(server.server_state.connections):
                connection.transport.abort()
            server.should_exit = True
            await running


def application(bodies: Bodies, metrics: Metrics, lanes: Lanes) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Make what lies around the routes, for one who is known, and a state as the real application's.

    The caller's name is whatever stands in ``X-Caller``; nobody is known at ``/denied``.
    """
    state: dict[str, Any] = {
        "services": Services(Settings(connections=MOST)),
        "lanes": lanes,
        "metrics": metrics,
        "overloaded": Refusal(overloaded()),
    }

    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        name = Headers(scope=scope).get("x-caller", "probe")
        scope["state"]["caller"] = None if scope["path"] == "/denied" else Caller(name, name, frozenset())
        await bodies(scope, receive, send)

    door = Door(Edge(known, metrics), metrics, Ending())

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            scope["state"].update(state)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await door(scope, receive, send)

    return app


async def until(condition: Callable[[], bool], within: float = 60) -> None:
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  # nobody tells of it
            await asyncio.sleep(0.02)


async def ended(reader: asyncio.StreamReader) -> bytes:
    """Read to the end, which must come."""
    async with asyncio.timeout(60):
        return await reader.read()
