"""A client as light as can be: keep-alive connections, requests as ready-made bytes, answers timed."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, cast

import httptools

HOST: Final = "127.0.0.1"
MOST_REQUESTS: Final = 1_000_000
"""Requests of one connection in one slice, whatever the clock says."""
ANSWER_WITHIN: Final = 120.0
SHOWN: Final = 500
REFUSED: Final = 503
REST: Final = 0.02
"""Seconds after which what was refused for want of room is asked again."""


class Connection(asyncio.Protocol):
    """One keep-alive connection with one request under way at a time."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._chunks: list[bytes] = []
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Keep a part of the answer."""
        self._chunks.append(body)

    def on_message_complete(self) -> None:
        """Hand the answer over."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), b"".join(self._chunks)))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return status and body."""
        if self._transport is None:
            raise ConnectionError("not connected")
        self._chunks.clear()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """End it."""
        if self._transport is not None:
            self._transport.close()


@dataclass(slots=True)
class Slice:
    """What one stretch of asking came to: how long it took, the server's processor time, the seconds of each answer.

    ``refused`` counts those that an API refused for want of room; each was asked again.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    refused: int = 0
    answers: list[float] = field(default_factory=list[float])

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds


@dataclass(frozen=True, slots=True)
class Client:
    """Connections to one server, and the key that it knows."""

    connections: Sequence[Connection]
    key: str

    def request(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Write a request."""
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {HOST}",
            f"Authorization: Bearer {self.key}",
            f"Content-Length: {len(body)}",
            *(["Content-Type: application/json"] if body else []),
        ]
        return "\r\n".join([*head, "", ""]).encode() + body

    async def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Ask once; return the body.

        Raises:
            RuntimeError: it was no success.
        """
        return await self.send(self.request(method, path, body))

    async def send(self, request: bytes) -> bytes:
        """Send a request over the first connection; return the body.

        Raises:
            RuntimeError: it was no success.
        """
        async with asyncio.timeout(ANSWER_WITHIN):
            return _checked(await self.connections[0].ask(request))

    async def drive(self, requests: Iterator[bytes], *, connections: int, seconds: float) -> Slice:
        """Ask over several connections for so long; each asks at least once.

        Raises:
            RuntimeError: an answer was no success.
        """
        came, began = Slice(), time.perf_counter()
        async with asyncio.timeout(seconds + ANSWER_WITHIN), asyncio.TaskGroup() as group:
            for connection in self.connections[:connections]:
                group.create_task(_keep_asking(connection, requests, began + seconds, came))
        came.seconds = time.perf_counter() - began
        return came


@asynccontextmanager
async def open_client(port: int, key: str, connections: int) -> AsyncGenerator[Client]:
    """Connect for a block."""
    loop = asyncio.get_running_loop()
    opened = [(await loop.create_connection(Connection, HOST, port))[1] for _ in range(connections)]
    try:
        yield Client(opened, key)
    finally:
        for connection in opened:
            connection.close()


async def _keep_asking(connection: Connection, requests: Iterator[bytes], until: float, came: Slice) -> None:
    for request in islice(requests, MOST_REQUESTS):
        began = time.perf_counter()
        answer = await connection.ask(request)
        while answer[0] == REFUSED and began < until:
            came.refused += 1
            await asyncio.sleep(REST)
            began = time.perf_counter()
            answer = await connection.ask(request)
        if answer[0] != REFUSED:
            _checked(answer)
            came.answers.append(time.perf_counter() - began)
        if time.perf_counter() >= until:
            return


def _checked(answer: tuple[int, bytes]) -> bytes:
    status, body = answer
    if status >= 300:
        raise RuntimeError(f"answered {status}: {body[:SHOWN].decode('utf-8', 'replace')}")
    return body
