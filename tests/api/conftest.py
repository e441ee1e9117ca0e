"""The real application over the embedded graph, without a socket: one server for the run, wiped between tests."""

from collections.abc import AsyncGenerator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Send
from starlette.types import Scope as Asgi

from credit.api.app import create_app
from credit.cache.facts import Table
from credit.callers import CallerStatement
from credit.graph import schema
from credit.graph.store import Store
from credit.keys import make_api_key
from credit.model.caller import Scope
from credit.rules.evaluate import Rules
from credit.settings import Settings
from credit.wiring import Services, SystemClock, open_graph, rules_of, services_over, stop_graph

HERE: Final = ("127.0.0.1", 4711)
BEGUN: Final = datetime(2026, 11, 22, 4, tzinfo=UTC)
"""When every test begins: the days in their bodies lie around it, whatever the machine's day is."""


class MovedClock(SystemClock):
    """Time that goes on from one day, and what a test adds to it."""

    def __init__(self) -> None:
        self.offset = timedelta(0)
        self._away = BEGUN - super().now()

    def now(self) -> datetime:
        return super().now() + self._away + self.offset


@dataclass
class Harness:
    """The running application, and a client for whatever key."""

    app: FastAPI
    services: Services
    clock: MovedClock
    key: str
    state: MutableMapping[str, Any] = field(default_factory=dict[str, Any])

    def client(self, key: str | None = None, *, client: tuple[str, int] = HERE) -> httpx.AsyncClient:
        """Speak with a key: the first one unless another is given, none if it is empty."""

        async def asgi(scope: Asgi, receive: Receive, send: Send) -> None:
            await self.app({**scope, "state": dict(self.state)}, receive, send)

        headers = {} if key == "" else {"Authorization": f"Bearer {key or self.key}"}
        transport = httpx.ASGITransport(asgi, client=client)
        return httpx.AsyncClient(transport=transport, base_url="http://registry.test", headers=headers)

    async def key_of(self, *scopes: Scope, **bound: Any) -> str:  # noqa: ANN401  # fields of a statement
        """Make a key."""
        _, key = await self.services.gate.make(CallerStatement(name="test", scopes=frozenset(scopes), **bound))
        return key


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("data"), graph_memory="512m", log_level="error")


@pytest.fixture(scope="session")
async def graph(settings: Settings) -> AsyncGenerator[tuple[Store, Table]]:
    async with open_graph(settings) as found:
        yield found
    await stop_graph(settings)


@pytest.fixture(scope="session")
def store(graph: tuple[Store, Table]) -> Store:
    return graph[0]


@pytest.fixture(scope="session")
def rules(settings: Settings) -> Rules:
    return rules_of(settings)


@pytest.fixture
async def harness(graph: tuple[Store, Table], settings: Settings, rules: Rules) -> AsyncGenerator[Harness]:
    store, table = graph
    await wipe(store)
    clock, key = MovedClock(), make_api_key()
    services = services_over(store, settings, rules=rules, table=table, clock=clock)
    await services.gate.admit_first(key)

    async with served(services) as (app, state):
        yield Harness(app, services, clock, key, state)


@asynccontextmanager
async def served(services: Services) -> AsyncGenerator[tuple[FastAPI, MutableMapping[str, Any]]]:
    """Start the application over services; yield it with the state that it hands to requests."""

    @asynccontextmanager
    async def opening() -> AsyncGenerator[Services]:
        yield services

    app = create_app(opening)
    async with app.router.lifespan_context(app) as state:
        yield app, dict(state or {})


@pytest.fixture
async def api(harness: Harness) -> AsyncGenerator[httpx.AsyncClient]:
    async with harness.client() as client:
        yield client


async def wipe(store: Store) -> None:
    await store.bolt.put("MATCH (n) DETACH DELETE n")
    await schema.migrate(store.bolt)
