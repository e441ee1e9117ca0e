"""Limits of keys over several processes: in Redis, and what happens without it."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import cast

import pytest

from credit import limits
from credit.limits import Limits, open_limits
from credit.settings import Settings
from tests.conftest import require
from tests.services import redis

PASSWORD = "a-throw-away-password"
LIMIT = 5
PATIENT = 60.0
"""Seconds for a Redis that answers: no test of these is about how fast it does, connection and TLS included."""
HASTY = 0.2


@pytest.fixture(params=["plain", "password and TLS"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[redis.Redis]:
    require("redis", redis.missing() is None, "redis-server is missing")
    secured = request.param != "plain"
    running = redis.start(tmp_path, password=PASSWORD if secured else "", tls=secured)
    yield running
    redis.stop(running)


def settings_of(server: redis.Redis) -> Settings:
    return Settings(redis_url=server.url, redis_ca=server.ca)


@pytest.fixture
def failures() -> list[None]:
    return []


@pytest.fixture
async def two(server: redis.Redis, failures: list[None]) -> AsyncGenerator[tuple[Limits, Limits]]:
    """The limits of two processes."""
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(
                open_limits(settings_of(server), lambda: failures.append(None), within=PATIENT)
            )
            for _ in range(2)
        ]
        yield opened[0], opened[1]


async def test_calls_count_over_both(two: tuple[Limits, Limits], failures: list[None]) -> None:
    counted = [await two[n % 2].count("caller", LIMIT) for n in range(LIMIT + 2)]
    assert [call.passed for call in counted] == [True] * LIMIT + [False] * 2
    assert [call.left for call in counted] == [4, 3, 2, 1, 0, 0, 0]
    assert all(0 < call.ends_in <= limits.WINDOW for call in counted)
    assert failures == []


async def test_callers_are_counted_apart(two: tuple[Limits, Limits]) -> None:
    for _ in range(LIMIT):
        await two[0].count("one", LIMIT)
    assert (await two[1].count("another", LIMIT)).left == LIMIT - 1


async def test_what_is_in_redis_bears_the_prefix_and_ends(two: tuple[Limits, Limits], server: redis.Redis) -> None:
    await two[0].count("caller", LIMIT)
    assert redis.ask(server, "KEYS", "*") == ["credit:limit:caller"]
    assert 0 < int(str(redis.ask(server, "TTL", "credit:limit:caller"))) <= limits.WINDOW


async def test_a_call_costs_one_question_once_the_window_is_known(
    two: tuple[Limits, Limits], server: redis.Redis
) -> None:
    for process in two:
        await process.count("caller", LIMIT)
    before = commands(server)
    for _ in range(10):
        await two[1].count("caller", LIMIT)
    assert commands(server) - before == 10


def commands(server: redis.Redis) -> int:
    """Tell how often Redis was asked to count a call, or for the end of a window."""
    told = cast("dict[str, dict[str, int]]", redis.ask(server, "INFO", "commandstats"))
    asked = sum(told[name]["calls"] for name in ("cmdstat_evalsha", "cmdstat_ttl", "cmdstat_get") if name in told)
    assert asked > 0
    return asked


async def test_without_redis_this_process_counts_and_nobody_is_refused_for_it(
    two: tuple[Limits, Limits], server: redis.Redis, failures: list[None]
) -> None:
    redis.stop(server)
    counted = [await two[0].count("caller", LIMIT) for _ in range(LIMIT + 1)]
    assert [call.passed for call in counted] == [True] * LIMIT + [False]
    assert not two[0].sharing
    assert len(failures) == 1, "it is left alone after the first failure"


async def test_redis_that_does_not_answer_holds_up_one_call_and_not_for_long(failures: list[None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        opening = open_limits(Settings(redis_url=url), lambda: failures.append(None), within=HASTY, pause=600)
        async with opening as counting, asyncio.timeout(100 * HASTY / 2):
            for _ in range(100):
                await counting.count("caller", LIMIT)
    assert len(failures) == 1


async def test_redis_is_asked_again_when_it_is_back(server: redis.Redis, tmp_path: Path) -> None:
    async with open_limits(settings_of(server), lambda: None, within=PATIENT, pause=0) as counting:
        redis.stop(server)
        await counting.count("caller", LIMIT)
        assert not counting.sharing
        again = redis.start(tmp_path, port=server.port, password=server.password, tls=server.ca is not None)
        try:
            await counting.count("caller", LIMIT)
            assert counting.sharing
        finally:
            redis.stop(again)
