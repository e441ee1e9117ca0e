"""The proxy of compose.yaml before two servers in this process: what it says by itself, and whom it asks."""

import asyncio
import re
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import uvicorn
from fastapi import FastAPI, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from credit.api import operations, problems
from credit.api.door import Door, Ending
from credit.api.lanes import Lanes
from credit.api.metrics import Metrics
from credit.api.middleware import Edge
from credit.errors import StoreUnavailable
from credit.settings import Settings
from tests.conftest import require
from tests.replicas.listening import HOST, ended, until
from tests.services import haproxy

LOOKS = 5
"""Looks of the proxy at a server after which it believes whatever it is to believe; it believes the second no."""
PARTS = {"type", "title", "status", "detail", "code", "errors", "request_id"}


@dataclass
class Services:
    """A registry without its graph."""

    settings: Settings = field(default_factory=Settings)

    async def ready(self) -> dict[str, bool]:
        return {"graph": False}


@dataclass
class Replica:
    name: str
    ending: Ending = field(default_factory=Ending)
    looks: int = 0
    port: int = 0

    async def looked_at(self) -> None:
        """Wait until the proxy has looked often enough."""
        enough = self.looks + LOOKS
        await until(lambda: self.looks >= enough)


@dataclass
class Scene:
    proxy: haproxy.Proxy
    one: Replica
    two: Replica

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.proxy.base, timeout=60, trust_env=False)


def application(replica: Replica) -> ASGIApp:
    """Make a registry that tells its name at ``/name``, and misses its graph at ``/look-up``."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[dict[str, Any]]:
        yield {"services": Services(), "lanes": Lanes.of(Settings())}

    app = FastAPI(lifespan=lifespan)
    app.state.metrics = metrics
    app.include_router(operations.router)

    @app.get("/name")
    async def name() -> Response:
        return Response(replica.name)

    @app.get("/look-up")
    async def look_up() -> Response:
        raise StoreUnavailable("图数据库没有应答。", "The graph does not answer")

    problems.install(app)
    app.add_middleware(Edge, metrics=metrics)
    app.add_middleware(Door, metrics=metrics, ending=replica.ending)

    async def counting(scope: Scope, receive: Receive, send: Send) -> None:
        replica.looks += scope.get("path") == "/readyz"
        await app(scope, receive, send)

    return counting


@asynccontextmanager
async def serving(replica: Replica) -> AsyncGenerator[Replica]:
    server = uvicorn.Server(
        uvicorn.Config(application(replica), log_config=None, lifespan="on", timeout_graceful_shutdown=5)
    )
    with socket.create_server((HOST, 0)) as taken:
        replica.port = taken.getsockname()[1]
        running = asyncio.create_task(server.serve([taken]))
        await until(lambda: server.started)
        try:
            yield replica
        finally:
            server.should_exit = True
            await running


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    require("haproxy", haproxy.missing() is None, "haproxy is missing")
    async with serving(Replica("one")) as one, serving(Replica("two")) as two:
        proxy = await asyncio.to_thread(haproxy.start, tmp_path, (one.port, two.port))
        try:
            yield Scene(proxy, one, two)
        finally:
            await asyncio.to_thread(haproxy.stop, proxy)


async def test_without_the_graph_callers_hear_the_registry_and_not_the_proxy(scene: Scene) -> None:
    await scene.one.looked_at()
    async with scene.client() as client:
        reply = await client.get("/look-up")
        ready = await client.get("/readyz")
    assert (reply.status_code, reply.json()["code"]) == (503, "store_unavailable")
    assert int(reply.headers["retry-after"]) >= 1
    assert (ready.status_code, ready.json()["code"]) == (503, "store_unavailable")


async def test_a_replica_that_ends_is_asked_no_more(scene: Scene) -> None:
    async with scene.client() as client:
        assert {(await client.get("/name")).text for _ in range(10)} == {"one", "two"}
        scene.one.ending.begun = True
        await scene.one.looked_at()
        assert {(await client.get("/name")).text for _ in range(10)} == {"two"}


async def test_when_nobody_serves_the_proxy_says_so_as_the_registry_would(scene: Scene) -> None:
    scene.one.ending.begun = scene.two.ending.begun = True
    await scene.one.looked_at()
    await scene.two.looked_at()
    async with scene.client() as client:
        reply = await client.get("/name")
    told = orjson.loads(reply.content)
    assert (reply.status_code, reply.headers["content-type"]) == (503, problems.MEDIA_TYPE)
    assert int(reply.headers["retry-after"]) >= 1
    assert told.keys() == PARTS
    assert told["request_id"] == reply.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/metrics", "/%6Detrics", "/%6detrics?a", "/metrics/", "http://x/metrics"])
async def test_no_way_to_write_metrics_passes_the_proxy(scene: Scene, path: str) -> None:
    reader, writer = await asyncio.open_connection(HOST, scene.proxy.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    said = await ended(reader)
    writer.close()
    assert said.startswith(b"HTTP/1.1 404 ")
    assert b'"code":"path_unknown"' in said
    assert re.search(rb"(?i)\r\nx-request-id: [0-9a-f-]{36}\r\n", said), "it is the proxy that answers"


@pytest.mark.parametrize("status", [404, 408, 502, 503, 504])
def test_what_the_proxy_answers_by_itself_is_a_problem_in_both_languages(status: int) -> None:
    (line,) = re.findall(rf"^  http-error status {status} (.*)$", haproxy.CONFIG.read_text("utf-8"), re.MULTILINE)
    (body,) = re.findall(r"lf-string '([^']*)'", line)
    told = orjson.loads(body)
    assert told.keys() == PARTS
    assert (told["status"], told["type"]) == (status, problems.TYPE + told["code"])
    for text in (told["title"], told["detail"]):
        assert re.search(r"[\u4e00-\u9fff]", text)
        assert re.search(r"[A-Za-z]{3}", text)
    assert "hdr X-Request-Id %[unique-id]" in line
    assert ("hdr Retry-After" in line) == (status != 404)
