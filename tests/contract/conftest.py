"""One suite over both engines: a server of each for the whole run, its data wiped between tests."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest

from credit.cache.shared import NoRevisions
from credit.graph import embedded
from credit.graph.bolt import Bolt
from credit.graph.embedded import Endpoint, Lease
from credit.graph.queries import ledger
from credit.graph.store import Store, open_store
from tests.conftest import require
from tests.contract.makers import City
from tests.services import neo4j

ENGINES: Final = ("arcadedb", "neo4j")


@pytest.fixture(scope="session")
def arcadedb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    home = tmp_path_factory.mktemp("arcadedb")
    with asyncio.run(Lease.take(home)):
        yield asyncio.run(embedded.ensure(home, memory="512m"))
    asyncio.run(embedded.stop(home))


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    lacking = neo4j.missing()
    require("neo4j", lacking is None, f"{lacking} is missing; it needs a JDK 17 and Maven")
    home, port, password = tmp_path_factory.mktemp("neo4j") / "home", neo4j.free_port(), secrets.token_hex(8)
    server = neo4j.start(home, port=port, password=password)
    yield Endpoint(f"bolt://{neo4j.HOST}:{port}", neo4j.USER, password, neo4j.DATABASE)
    neo4j.stop(server)


@pytest.fixture(params=ENGINES)
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    return request.getfixturevalue("arcadedb" if request.param == "arcadedb" else "neo4j_server")


@pytest.fixture
async def store(endpoint: Endpoint, tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(endpoint, revisions=NoRevisions(), lock=tmp_path / "write.lock") as opened:
        await wipe(opened.bolt)
        yield opened


async def wipe(bolt: Bolt) -> None:
    """Empty the graph but for its schema."""
    await bolt.put("MATCH (n) WHERE NOT n:Schema OR n.id <> 'schema' DETACH DELETE n")
    await bolt.put(ledger.MERGE_SINGLE_NODES, epoch=secrets.token_hex(8))


@pytest.fixture
def city(store: Store) -> City:
    return City.over(store)
