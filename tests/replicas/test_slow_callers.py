"""Callers that send a byte a second, or never read, are bounded in time and memory: raw sockets, a server in here."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from credit.api.door import Door, Ending, Refusal, overloaded
from credit.api.lanes import Lane, Lanes, Place, Width
from credit.api.metrics import Metrics
from credit.api.middleware import Bodies, Edge
from credit.cli.connections import MOST_HEAD, BoundedProtocol
from credit.model.caller import Caller
from credit.settings import Settings

HOST = "127.0.0.1"
LARGE = 32 * 1024 * 1024
MOST = 16
PLACES = 32
HEAD = b"GET /v1/rules HTTP/1.1\r\nHost: x\r\n"


class Hasty(BoundedProtocol):
    """With less patience than in earnest."""

    HEAD_WITHIN: ClassVar[float] = 0.5
    ANSWER_WITHIN: ClassVar[float] = 0.5
    LOOK_EVERY: ClassVar[float] = 0.05


@dataclass(frozen=True)
class Services:
    settings: Settings


@dataclass
class Served:
    port: int
    server: uvicorn.Server
    metrics: Metrics
    lanes: Lanes

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(HOST, self.port)

    def counted(self, what: str) -> bool:
        return f"{what} 1.0".encode() in self.metrics.text()


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 32 MiB at ``/large``, else a word."""
    body = bytes(LARGE) if scope["path"] == "/large" else b"served"
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def application(metrics: Metrics, lanes: Lanes) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Make what lies around the routes, for one who is known, and a state as the real application's."""
    inner = Edge(Bodies(answer, metrics, within=0.5), metrics)
    settings = Settings(connections=MOST)
    state: dict[str, Any] = {
        "services": Services(settings),
        "lanes": lanes,
        "metrics": metrics,
        "overloaded": Refusal(overloaded()),
    }

    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        await inner(scope, receive, send)

    door = Door(known, metrics, Ending())

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


@pytest.fixture
async def served(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Served]:
    async def call_as_known(self: Bodies, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["caller"] = Caller("probe", "probe", frozenset())
        await real(self, scope, receive, send)

    real = Bodies.__call__
    monkeypatch.setattr(Bodies, "__call__", call_as_known)
    metrics, wide = Metrics(), Width(at_once=PLACES, steady=0, burst=0, standing=0, patience=0)
    lanes = Lanes(Lane("quick", wide), Lane("heavy", wide))
    config = uvicorn.Config(
        application(metrics, lanes), http=Hasty, ws="none", log_config=None, access_log=False, timeout_keep_alive=3
    )
    server = uvicorn.Server(config)
    with socket.create_server((HOST, 0)) as taken:
        running = asyncio.create_task(server.serve([taken]))
        await until(lambda: server.started)
        yield Served(taken.getsockname()[1], server, metrics, lanes)
        server.should_exit = True
        await running


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  # nobody tells of it
            await asyncio.sleep(0.02)


async def trickle(writer: asyncio.StreamWriter, sent: bytes) -> None:
    """Send a byte at a time until nobody takes any more."""
    try:
        for number in range(len(sent)):
            writer.write(sent[number : number + 1])
            await writer.drain()
            await asyncio.sleep(0.05)
    except OSError:
        pass


async def ended(reader: asyncio.StreamReader) -> bytes:
    """Read to the end, which must come."""
    async with asyncio.timeout(60):
        return await reader.read()


async def slowly(served: Served, sent: bytes, at_once: bytes = b"") -> bytes:
    """Send some at once and the rest a byte at a time; return all that is answered."""
    reader, writer = await served.connect()
    writer.write(at_once)
    trickling = asyncio.create_task(trickle(writer, sent))
    try:
        return await ended(reader)
    finally:
        trickling.cancel()
        await asyncio.wait([trickling])
        writer.transport.abort()


async def test_a_head_that_comes_a_byte_at_a_time_is_answered_408(served: Served) -> None:
    said = await slowly(served, HEAD * 100)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"too_slow"' in said
    assert served.counted('credit_slow_clients_total{with="head"}')


async def test_a_second_head_on_a_connection_has_its_limit_too(served: Served) -> None:
    said = await slowly(served, HEAD * 100, at_once=HEAD + b"\r\n")
    assert said.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in said


async def test_a_body_that_comes_a_byte_at_a_time_is_answered_408(served: Served) -> None:
    said = await slowly(served, b"x" * 1000, b"POST /v1/checks HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 408 ")
    assert served.counted('credit_slow_clients_total{with="body"}')


async def test_who_sends_slowly_takes_nobodys_place(served: Served) -> None:
    writers = [(await served.connect())[1] for _ in range(MOST - 1)]
    for writer in writers:
        writer.write(b"POST /v1/checks HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
    reader, writer = await served.connect()
    writer.write(b"POST /v1/checks HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")
    assert (await ended(reader)).startswith(b"HTTP/1.1 200 ")
    for other in (*writers, writer):
        other.transport.abort()


async def test_a_connection_that_says_nothing_is_closed(served: Served) -> None:
    reader, writer = await served.connect()
    assert await ended(reader) == b""
    writer.close()


async def test_a_head_without_end_is_refused(served: Served) -> None:
    reader, writer = await served.connect()
    writer.write(HEAD)
    for _ in range(8):
        writer.write(b"X-Long: " + b"x" * (MOST_HEAD // 4) + b"\r\n")
    said = await asyncio.gather(ended(reader), return_exceptions=True)
    assert not isinstance(said[0], bytes) or said[0].startswith(b"HTTP/1.1 413 ")
    writer.transport.abort()
    await until(lambda: not served.server.server_state.connections)


async def test_an_answer_that_nobody_reads_is_given_up(served: Served) -> None:
    with socket.socket() as mute:
        mute.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        mute.connect((HOST, served.port))
        mute.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: served.counted('credit_slow_clients_total{with="answer"}'))
        await until(lambda: not served.server.server_state.connections)


async def test_one_connection_too_many_is_refused_and_the_others_go_on(served: Served) -> None:
    held = [await served.connect() for _ in range(MOST)]
    await until(lambda: len(served.server.server_state.connections) == MOST)
    reader, writer = await served.connect()
    said = await ended(reader)
    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: " in said
    writer.close()
    first_reader, first_writer = held[0]
    first_writer.write(HEAD + b"Connection: close\r\n\r\n")
    assert (await ended(first_reader)).startswith(b"HTTP/1.1 200 ")
    for _, other in held:
        other.transport.abort()


async def test_requests_sent_ahead_without_end_are_refused(served: Served) -> None:
    reader, writer = await served.connect()
    writer.write((HEAD + b"\r\n") * 1000)
    said = await asyncio.gather(ended(reader), return_exceptions=True)
    assert not isinstance(said[0], bytes) or said[0].count(b"HTTP/1.1 200 ") < 1000
    writer.transport.abort()


@pytest.mark.parametrize("body", [b"", b"x" * 100_000], ids=["none", "large"])
async def test_a_refusal_by_the_server_leaves_the_connection_good(served: Served, body: bytes) -> None:
    places = [Place(served.lanes.heavy) for _ in range(PLACES)]
    assert all(served.lanes.heavy.ask(place) for place in places)
    reader, writer = await served.connect()
    writer.write(b"POST /v1/checks HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert (await asyncio.wait_for(reader.readuntil(b"}"), 60)).startswith(b"HTTP/1.1 503 ")
    assert served.counted('credit_requests_shed_total{reason="heavy"}')
    for place in places:
        place.leave()
    writer.write(b"POST /v1/checks HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")
    assert b"HTTP/1.1 200 " in await ended(reader)
    writer.close()
