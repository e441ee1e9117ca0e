"""The schema: made at the first start, the same however often and by how many it is made."""

import asyncio
from typing import LiteralString

import pytest

from credit.cache.shared import NoRevisions
from credit.errors import StoreUnavailable
from credit.graph import schema
from credit.graph.bolt import Bolt
from credit.graph.conflicts import TakenError
from credit.graph.embedded import Endpoint
from credit.graph.store import Store, open_store


async def test_a_migrated_graph_is_current(store: Store) -> None:
    assert await schema.version(store.bolt) == schema.VERSION
    assert await store.is_current()


async def test_a_graph_without_schema_is_not_current(store: Store) -> None:
    await store.bolt.put("MATCH (s:Schema) DELETE s")
    assert not await store.is_current()
    await schema.migrate(store.bolt)
    assert await store.is_current()


async def test_a_graph_of_a_later_version_is_not_current_and_stays(store: Store) -> None:
    await store.bolt.put("MATCH (s:Schema) SET s.version = 99")
    try:
        await schema.migrate(store.bolt)
        assert await schema.version(store.bolt) == 99
        assert not await store.is_current()
    finally:
        await store.bolt.put("MATCH (s:Schema) DELETE s")
        await schema.migrate(store.bolt)


async def test_several_processes_may_migrate_at_once(endpoint: Endpoint, store: Store) -> None:
    await store.bolt.put("MATCH (n) DETACH DELETE n")
    async with Bolt(endpoint) as one, Bolt(endpoint) as two, Bolt(endpoint) as three:
        await asyncio.gather(*(schema.migrate(b) for b in (one, two, three)))
    counts = await store.bolt.fetch("MATCH (n) RETURN labels(n)[0] AS label, count(*) ORDER BY label")
    assert counts == [["AccessLog", 1], ["Horizon", 1], ["Ledger", 1], ["Schema", 1]]


@pytest.mark.parametrize(("label", "name"), [pair for step in schema.STEPS for pair in step.unique])
async def test_what_is_declared_unique_is(store: Store, label: LiteralString, name: LiteralString) -> None:
    query: LiteralString = f"CREATE (n:{label}) SET n.{name} = $value"
    value = 10**9 if name == "number" else "twice"
    await store.bolt.put(query, value=value)
    with pytest.raises(TakenError):
        await store.bolt.put(query, value=value)


async def test_a_graph_that_is_not_there_is_unavailable_within_seconds() -> None:
    nowhere = Endpoint("bolt://127.0.0.1:1", "neo4j", "wrong", "neo4j")
    with pytest.raises(StoreUnavailable):
        async with asyncio.timeout(10), open_store(nowhere, revisions=NoRevisions()):
            pass


async def test_a_wrong_password_is_unavailable(endpoint: Endpoint) -> None:
    wrong = Endpoint(endpoint.uri, endpoint.user, "wrong password", endpoint.database)
    with pytest.raises(StoreUnavailable):
        async with open_store(wrong, revisions=NoRevisions()):
            pass
