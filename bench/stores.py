"""The two stores, each in a directory of its own that may be kept: filled once, measured often."""

import asyncio
import json
import secrets
import subprocess
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from neo4j import GraphDatabase
from pydantic import SecretStr

from bench import bulk
from bench.country import Country
from bench.filling import Loaded, fill, freshen
from credit.graph.keeper import Home
from credit.keys import FileHasher
from credit.ports import Hasher
from credit.settings import Settings
from credit.wiring import graph_home, open_graph, stop_graph
from tests.services import neo4j

FILLED: Final = "filled.json"
OF_NEO4J: Final = "neo4j-password"
FILES: Final = "files"
MEMORY: Final = "2g"
"""Heap of the embedded store, whatever the size of the country."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A store under way: what reaches it, its process, how it is stopped and started."""

    name: str
    settings: Settings
    process: Callable[[], int]
    stop: Callable[[], Awaitable[object]]
    start: Callable[[], Awaitable[object]]


@asynccontextmanager
async def embedded(data: Path) -> AsyncGenerator[Graph]:
    """Have the graph that credit brings along, for a block; whoever opens it first starts it."""
    settings = Settings(data=data, graph_memory=MEMORY)

    def process() -> int:
        state = Home.of(graph_home(settings)).read_state()
        return (state.java if state is not None else None) or 0

    async def stop() -> object:
        return await stop_graph(settings)

    async def start() -> object:
        async with open_graph(settings) as opened:
            return opened

    try:
        yield Graph("embedded", settings, process, stop, start)
    finally:
        await stop()


@asynccontextmanager
async def neo4j_server(data: Path) -> AsyncGenerator[Graph]:
    """Have a Neo4j Community on loopback, for a block.

    Raises:
        RuntimeError: the machine lacks what it takes, or the server does not answer.
    """
    if (lacking := neo4j.missing()) is not None:
        raise RuntimeError(f"Neo4j needs {lacking}")
    port, password = neo4j.free_port(), await asyncio.to_thread(_password, data)
    settings = Settings(data=data, graph_uri=f"bolt://{neo4j.HOST}:{port}", graph_password=SecretStr(password))
    servers: list[subprocess.Popen[bytes]] = []

    async def start() -> object:
        servers.append(await asyncio.to_thread(neo4j.start, data / "neo4j", port=port, password=password))
        return servers

    async def stop() -> object:
        while servers:
            await asyncio.to_thread(neo4j.stop, servers.pop())
        return servers

    try:
        await start()
        yield Graph("neo4j", settings, lambda: servers[0].pid, stop, start)
    finally:
        await stop()


STORES: Final[dict[str, Callable[[Path], AbstractAsyncContextManager[Graph]]]] = {
    "embedded": embedded,
    "neo4j": neo4j_server,
}


def _password(data: Path) -> str:
    """Return the password of a kept Neo4j, or a new one."""
    file = data / OF_NEO4J
    if not file.exists():
        file.write_text(secrets.token_hex(16))
    return file.read_text()


async def filled(graph: Graph, country: Country, *, by_files: bool) -> list[Loaded]:
    """Fill a store, unless its directory holds the country already; return how that went, then or now.

    Raises:
        CreditError: a row was refused, or the store did not take it.
        RuntimeError: the import by files failed.
    """
    told = graph.settings.data / FILLED
    if await asyncio.to_thread(told.exists):
        return [Loaded(**row) for row in json.loads(await asyncio.to_thread(told.read_text))]
    hasher = FileHasher.open(graph.settings.data)
    loaded = await _import(graph, hasher, country) if by_files else []
    async with open_graph(graph.settings) as (store, _):
        if not by_files:
            loaded = await fill(store.writes, hasher, country)
        await freshen(store.writes, hasher)
    if graph.settings.graph_uri:
        await asyncio.to_thread(_count, graph.settings)
    await asyncio.to_thread(told.write_text, json.dumps([asdict(one) for one in loaded]))
    return loaded


async def _import(graph: Graph, hasher: Hasher, country: Country) -> list[Loaded]:
    """Read the country in by files while the server rests, then make the indexes."""
    files = graph.settings.data / FILES
    rows = await bulk.write_files(files, hasher, country)
    total, steps = sum(one.rows for one in rows), list[Loaded]()

    async def timed(name: str, work: Awaitable[object]) -> None:
        began = time.perf_counter()
        await work
        took = time.perf_counter() - began
        steps.append(Loaded(name, total, took, 0.0, [total / took]))

    await graph.stop()
    await timed("database import", asyncio.to_thread(bulk.read_files, files, graph.settings.data / "neo4j"))
    await asyncio.to_thread(bulk.remove_files, files)
    await graph.start()
    await timed("empty lists", asyncio.to_thread(_complete, graph.settings))
    await timed("indexes", _opened(graph.settings))
    return [*(replace(one, name=f"file: {one.name}", target=None) for one in rows), *steps]


async def _opened(settings: Settings) -> None:
    """Open the graph once: that makes the schema."""
    async with open_graph(settings):
        pass


def _complete(settings: Settings) -> None:
    with GraphDatabase.driver(settings.graph_uri, auth=(neo4j.USER, settings.password())) as driver:  # pyright: ignore[reportUnknownMemberType]  # **config
        bulk.complete(driver)


def _count(settings: Settings) -> None:
    """Let the server count what it holds now: its plans are to be those of a full graph, not of the one it began as."""
    with GraphDatabase.driver(settings.graph_uri, auth=(neo4j.USER, settings.password())) as driver:  # pyright: ignore[reportUnknownMemberType]  # **config
        driver.execute_query("CALL db.prepareForReplanning(600)", database_=neo4j.DATABASE)
