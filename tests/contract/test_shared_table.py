"""The table of revisions in Redis: it may die, be emptied, hang or come back old; it never vouches for old facts."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis as sync_redis

from credit.cache import redis_table
from credit.cache.reading import SOURCES, Look, Stamp, slots_of
from credit.cache.redis_table import Address, RedisTable
from credit.cache.shared import SharedRevisions
from credit.ports import Doubt
from tests.conftest import require
from tests.services import redis as redis_service

WITHIN = 30.0
PARTY = "one"
SLOTS = (SOURCES, *slots_of([PARTY]))


@dataclass
class Graph:
    """The generation that counts, and when one was last taken away."""

    generation: str = ""
    changes: list[str] = field(default_factory=list[str])

    async def current(self) -> str:
        return self.generation

    async def change(self, before: str, after: str) -> bool:
        if self.generation != before:
            return False
        self.generation = after
        self.changes.append(after)
        return True


def order(server: redis_service.Redis, *words: str) -> Any:  # noqa: ANN401  # whatever the command answers
    """Give the server a command."""
    with sync_redis.Redis(port=server.port) as client:
        return client.execute_command(*words)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # **options


async def until(true: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(WITHIN):
        while not await true():  # noqa: ASYNC110  # what it looks at tells nobody of a change
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a Redis that answers: no test of these is about how fast it does."""
    monkeypatch.setattr(redis_table, "ANSWER_WITHIN", 5.0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[redis_service.Redis]:
    lacking = redis_service.missing()
    require("redis", lacking is None, f"{lacking} is missing")
    started = redis_service.start(tmp_path / "redis")
    yield started
    if started.process.poll() is None:
        os.kill(started.process.pid, signal.SIGCONT)
    redis_service.stop(started)


@pytest.fixture
def graph() -> Graph:
    return Graph()


@asynccontextmanager
async def tending(url: str, graph: Graph) -> AsyncGenerator[SharedRevisions]:
    revisions = SharedRevisions(Address(url))
    async with revisions.tended(graph):
        await until(lambda: revisions.read(SLOTS))
        yield revisions


@pytest.fixture
async def two(server: redis_service.Redis, graph: Graph) -> AsyncIterator[tuple[SharedRevisions, SharedRevisions]]:
    """Two processes: one that writes, one that reads."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(tending(server.url, graph))
        yield one, await stack.enter_async_context(tending(server.url, graph))


async def marked(writer: SharedRevisions, graph: Graph) -> Doubt:
    doubt = await writer.doubt(graph.generation, [PARTY], sources=False)
    assert doubt is not None
    return doubt


async def stamp_of(reader: SharedRevisions) -> Stamp:
    reading = await reader.read(())
    assert reading is not None
    return reading.stamp


async def vouched(reader: SharedRevisions, stamp: Stamp) -> bool:
    reading = await reader.read(SLOTS)
    return reading is not None and reading.vouches_for(stamp, reading.values[1:])


async def test_what_nobody_touched_is_vouched_for(two: tuple[SharedRevisions, SharedRevisions]) -> None:
    writer, reader = two
    stamp = await stamp_of(reader)
    assert await vouched(reader, stamp)
    assert await vouched(writer, stamp)


async def test_a_mark_of_one_process_is_read_by_the_other_at_once(
    two: tuple[SharedRevisions, SharedRevisions], graph: Graph
) -> None:
    writer, reader = two
    before = await stamp_of(reader)
    doubt = await marked(writer, graph)
    between = await stamp_of(reader)
    assert [await vouched(reader, stamp) for stamp in (before, between)] == [False, False]
    await writer.release(doubt)
    after = await stamp_of(reader)
    assert [await vouched(reader, stamp) for stamp in (before, between, after)] == [False, False, True]


async def test_the_mark_of_a_later_write_outlives_the_release_of_an_earlier_one(
    two: tuple[SharedRevisions, SharedRevisions], graph: Graph
) -> None:
    writer, reader = two
    first, second = await marked(writer, graph), await marked(reader, graph)
    await writer.release(first)
    assert not await vouched(reader, await stamp_of(reader))
    await reader.release(second)
    assert await vouched(reader, await stamp_of(reader))


async def test_what_a_dead_writer_left_in_doubt_stays_so_until_a_later_write_settles_it(
    two: tuple[SharedRevisions, SharedRevisions], graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, reader = two
    await marked(writer, graph)
    assert not await vouched(reader, await stamp_of(reader))
    monkeypatch.setattr("credit.cache.redis_table.DEAD_AFTER", -1)
    other = await reader.doubt(graph.generation, ["another"], sources=False)
    assert other is not None
    assert not await vouched(reader, await stamp_of(reader))
    await reader.release(other)
    assert await vouched(reader, await stamp_of(reader))


async def test_an_emptied_redis_vouches_for_nothing_and_gets_a_new_table(
    two: tuple[SharedRevisions, SharedRevisions], server: redis_service.Redis, graph: Graph
) -> None:
    writer, reader = two
    stamp, generation = await stamp_of(reader), graph.generation
    order(server, "FLUSHALL")
    assert not await vouched(reader, stamp)
    assert await writer.doubt(generation, [PARTY], sources=False) is None
    await until(lambda: reader.read(SLOTS))
    assert not await vouched(reader, stamp)
    assert graph.generation not in {"", generation}


async def test_a_redis_that_comes_back_with_what_it_held_before_is_not_believed(
    two: tuple[SharedRevisions, SharedRevisions], server: redis_service.Redis, graph: Graph, tmp_path: Path
) -> None:
    writer, reader = two
    stamp, generation = await stamp_of(reader), graph.generation
    order(server, "SAVE")
    await writer.release(await marked(writer, graph))
    server.process.kill()
    server.process.wait()
    again = redis_service.start(tmp_path / "redis", port=server.port)
    try:
        assert order(again, "KEYS", f"credit:*{generation}*revisions")  # the old table is back
        assert not await vouched(reader, stamp)
        assert await writer.doubt(generation, [PARTY], sources=False) is None
        await until(lambda: reader.read(SLOTS))
        assert graph.generation != generation
        assert not await vouched(reader, stamp)
    finally:
        redis_service.stop(again)


async def test_a_redis_that_hangs_is_given_up_soon_and_taken_up_again(
    two: tuple[SharedRevisions, SharedRevisions], server: redis_service.Redis, graph: Graph
) -> None:
    writer, reader = two
    os.kill(server.process.pid, signal.SIGSTOP)
    async with asyncio.timeout(WITHIN):
        assert await reader.read(SLOTS) is None
        assert await writer.doubt(graph.generation, [PARTY], sources=False) is None
    os.kill(server.process.pid, signal.SIGCONT)
    await until(lambda: reader.read(SLOTS))


async def test_a_table_is_not_believed_once_the_graph_no_longer_says_so(
    two: tuple[SharedRevisions, SharedRevisions], graph: Graph
) -> None:
    _, reader = two
    stamp = await stamp_of(reader)
    await graph.change(graph.generation, "")

    async def other() -> bool:
        reading = await reader.read(())
        return reading is not None and reading.generation != stamp.generation

    await until(other)
    assert not await vouched(reader, stamp)


async def test_a_table_is_not_believed_when_the_graph_cannot_be_asked(
    two: tuple[SharedRevisions, SharedRevisions], graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, reader = two

    async def hangs() -> str:
        await asyncio.sleep(WITHIN)
        return graph.generation

    monkeypatch.setattr(graph, "current", hangs)

    async def unbelieved() -> bool:
        return await reader.read(SLOTS) is None

    await until(unbelieved)


async def test_every_key_has_the_prefix_and_a_lifetime(
    two: tuple[SharedRevisions, SharedRevisions], server: redis_service.Redis, graph: Graph
) -> None:
    writer, _ = two
    await writer.release(await marked(writer, graph))
    await marked(writer, graph)
    await writer.put(PARTY, graph.generation, b"{}")
    keys = [key.decode() for key in order(server, "KEYS", "*")]
    assert len(keys) == 3
    assert all(key.startswith("credit:") for key in keys)
    assert all(order(server, "TTL", key) > 0 for key in keys)


async def test_what_one_process_puts_down_another_takes_up(
    two: tuple[SharedRevisions, SharedRevisions], graph: Graph
) -> None:
    writer, reader = two
    await writer.put(PARTY, graph.generation, b"{}")
    assert await reader.get(PARTY, graph.generation) == b"{}"
    await writer.put(PARTY, "another generation", b"[]")
    assert await reader.get(PARTY, graph.generation) == b"{}"


async def test_what_was_put_down_under_another_generation_is_not_taken_up(
    two: tuple[SharedRevisions, SharedRevisions], graph: Graph
) -> None:
    writer, reader = two
    await writer.put(PARTY, graph.generation, b"{}")
    assert await reader.get(PARTY, "another generation") is None


async def test_a_write_under_another_generation_leaves_alone_what_readers_look_at(
    two: tuple[SharedRevisions, SharedRevisions], graph: Graph
) -> None:
    """A process may write under a name that its readers have not heard of yet, or under one that they let go."""
    _, both = two
    doubt = await marked(both, graph)
    other = f"{graph.generation[:41]}{'0' * 16}"
    assert await both.doubt(other, [PARTY], sources=False) is None
    await both.release(doubt)
    look = await both.read(SLOTS)
    assert look is not None
    assert look.generation == graph.generation


async def test_two_writes_that_meet_a_new_generation_at_once_share_one_table(
    server: redis_service.Redis, graph: Graph
) -> None:
    async with tending(server.url, graph) as writer:
        doubts = await asyncio.gather(*(marked(writer, graph) for _ in range(9)))
        assert len({doubt.number for doubt in doubts}) == 9
    await until(lambda: asyncio.to_thread(lambda: connections(server) == 0))


def connections(server: redis_service.Redis) -> int:
    return sum("name=credit" in str(client) for client in order(server, "CLIENT", "LIST"))


async def test_a_table_that_is_put_away_while_it_is_asked_answers_and_closes_after_that(
    server: redis_service.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At whatever moment of connecting, asking and reading that happens."""
    monkeypatch.setattr(redis_table, "ANSWER_WITHIN", WITHIN)
    address = Address(server.url)

    async def ask(table: RedisTable) -> Look | None:
        async with table.asked():
            return await table.read(SLOTS)

    for steps in range(1, 40):
        table = RedisTable(address, await address.new_generation())
        async with table.asked():
            await table.make()
        asking = [asyncio.create_task(ask(table)) for _ in range(3)]
        for _ in range(steps):
            await asyncio.sleep(0)
        await table.put_away()
        assert None not in await asyncio.gather(*asking)
    await until(lambda: asyncio.to_thread(lambda: connections(server) == 0))


# ---------------------------------------------------------------- another's data in the place of its own


@pytest.fixture
def replica(tmp_path: Path, server: redis_service.Redis) -> Iterator[redis_service.Redis]:
    """Another Redis, to be made a replica of the first."""
    order(server, "CONFIG", "SET", "repl-diskless-sync-delay", "0")
    started = redis_service.start(tmp_path / "replica")
    order(started, "CONFIG", "SET", "repl-diskless-sync-delay", "0")
    yield started
    redis_service.stop(started)


async def linked(replica: redis_service.Redis) -> bool:
    return order(replica, "INFO", "replication").get("master_link_status") == "up"


async def test_a_table_is_given_up_once_its_redis_has_a_replica_and_none_is_made_until_it_is_alone(
    two: tuple[SharedRevisions, SharedRevisions],
    server: redis_service.Redis,
    replica: redis_service.Redis,
    graph: Graph,
) -> None:
    _, reader = two
    generation = graph.generation
    order(replica, "REPLICAOF", redis_service.HOST, str(server.port))
    await until(lambda: closed(graph, generation))
    await until(lambda: linked(replica))
    failures = reader.failures
    await until(lambda: has_failed_more(reader, failures + 4))
    assert graph.generation == ""
    order(replica, "REPLICAOF", "NO", "ONE")
    await until(lambda: reader.read(SLOTS))
    assert graph.generation not in {"", generation}


async def test_a_redis_that_was_given_an_older_copy_in_a_fail_over_vouches_for_nothing_old(
    two: tuple[SharedRevisions, SharedRevisions],
    server: redis_service.Redis,
    replica: redis_service.Redis,
    graph: Graph,
) -> None:
    """The same process of Redis, with the same run_id, holds what its replica had when it fell behind."""
    writer, reader = two
    stamp, generation = await stamp_of(reader), graph.generation
    order(replica, "REPLICAOF", redis_service.HOST, str(server.port))
    await until(lambda: linked(replica))
    for process in two:
        await until(lambda p=process: lets_go(p))
    order(replica, "REPLICAOF", "NO", "ONE")
    if doubt := await writer.doubt(graph.generation, [PARTY], sources=False):
        await writer.release(doubt)
    order(server, "REPLICAOF", redis_service.HOST, str(replica.port))
    await until(lambda: linked(server))
    await until(lambda: closed(graph, generation))
    order(server, "REPLICAOF", "NO", "ONE")
    await until(lambda: reader.read(SLOTS))
    assert graph.generation != generation
    assert not await vouched(reader, stamp)


async def closed(graph: Graph, generation: str) -> bool:
    return graph.generation != generation


async def lets_go(revisions: SharedRevisions) -> bool:
    return await revisions.read(SLOTS) is None


async def has_failed_more(revisions: SharedRevisions, often: int) -> bool:
    return revisions.failures >= often
