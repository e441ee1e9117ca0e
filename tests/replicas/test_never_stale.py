"""No look-up that began after a restriction was acknowledged misses it, nor one that began after its end sees it.

Two API processes serve readers while both, and a third process that loads, write: on the embedded graph, whose
processes share a file, and on Neo4j with a Redis that is killed, emptied, hung and brought back old meanwhile.
The long form gives 10⁵ answers on each.
"""

import asyncio
import os
import random
import secrets
import shutil
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import pytest
import redis as sync_redis

from tests.api import bodies
from tests.conftest import require
from tests.faults.running import ENVIRONMENT, ROOT, Api, code, register, serving, stop_graph
from tests.replicas.racing import Race, Standing, groups, make_ready
from tests.services import neo4j
from tests.services import redis as redis_service

SHORT: Final = 1_500
LONG: Final = 100_000
WRITERS: Final = groups(100, 4, 3)
LOADED: Final = range(500, 900)
KEPT_WITHIN: Final = 60
ACTS: Final = {"killed_and_back_old", "emptied", "hung"}
SOME: Final = 200
"""Answers before Redis is first disturbed, and after it last was for the first time."""
OLD: Final = "old.rdb"
SEED: Final = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
"""Printed with a failure; set it to run the same race again."""


@dataclass
class Replicas:
    """Two processes over one store, and the settings that a third needs."""

    apis: list[Api]
    environment: dict[str, str]
    redis: "Server | None" = None


@dataclass
class Server:
    """A Redis that goes through whatever a Redis may."""

    home: Path
    running: redis_service.Redis = field(init=False)
    done: dict[str, int] = field(default_factory=dict[str, int])
    """What happened to it, and how many answers had been given when that was over, the first time."""

    def __post_init__(self) -> None:
        self.running = redis_service.start(self.home)

    def kept(self) -> None:
        """Put what it holds by, to bring it back when it is old."""
        self._order("SAVE")
        shutil.copy(self.home / "dump.rdb", self.home / OLD)

    def killed_and_back_old(self) -> None:
        os.kill(self.running.process.pid, signal.SIGKILL)
        self.running.process.wait()
        shutil.copy(self.home / OLD, self.home / "dump.rdb")
        self.running = redis_service.start(self.home, port=self.running.port)

    def emptied(self) -> None:
        self._order("FLUSHALL")

    def _order(self, command: str) -> None:
        with sync_redis.Redis(port=self.running.port) as client:
            client.execute_command(command)  # pyright: ignore[reportUnknownMemberType]  # **options

    def hung(self) -> None:
        os.kill(self.running.process.pid, signal.SIGSTOP)

    def awake(self) -> None:
        os.kill(self.running.process.pid, signal.SIGCONT)

    async def disturb(self, race: Race) -> None:
        """Do one thing after another to it until the race is over, everything once before anything again."""
        chance, acts = random.Random(SEED), [self.killed_and_back_old, self.emptied, self.hung]
        while race.answers < SOME and not race.over:  # noqa: ASYNC110  # readers tell nobody of an answer
            await asyncio.sleep(0.1)
        await asyncio.to_thread(self.kept)
        while not race.over:
            chance.shuffle(acts)
            for act in acts:
                await self._do(act, chance, race)

    async def _do(self, act: Callable[[], None], chance: random.Random, race: Race) -> None:
        await asyncio.sleep(1 + 2 * chance.random())
        if race.over:
            return
        await asyncio.to_thread(act)
        if act == self.hung:
            try:
                await asyncio.sleep(2 * chance.random())
            finally:
                self.awake()
        self.done.setdefault(act.__name__, race.answers)

    def has_been_through(self, race: Race) -> bool:
        """Tell whether everything happened to it, and answers were given after each."""
        return self.done.keys() == ACTS and race.answers >= max(self.done.values()) + SOME


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    data = tmp_path_factory.mktemp("embedded")
    with two(data, {}) as apis:
        yield Replicas(apis, {"CREDIT_DATA": str(data)})
    stop_graph(data)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    for name, service in (("neo4j", neo4j), ("redis", redis_service)):
        lacking = service.missing()
        require(name, lacking is None, f"{lacking} is missing")
    data, password, port = tmp_path_factory.mktemp("shared"), secrets.token_hex(8), neo4j.free_port()
    graph = neo4j.start(data / "neo4j", port=port, password=password)
    server = Server(data / "redis")
    environment = {
        "CREDIT_GRAPH_URI": f"bolt://{neo4j.HOST}:{port}",
        "CREDIT_GRAPH_PASSWORD": password,
        "CREDIT_REDIS_URL": server.running.url,
    }
    try:
        with two(data, environment) as apis:
            yield Replicas(apis, environment | {"CREDIT_DATA": str(data)}, server)
    finally:
        redis_service.stop(server.running)
        neo4j.stop(graph)


@contextmanager
def two(data: Path, environment: dict[str, str]) -> Generator[list[Api]]:
    with ExitStack() as stack:
        yield [stack.enter_context(serving(data, **environment)) for _ in range(2)]


async def load(replicas: Replicas, race: Race, first: int, last: int, die_at: int = 0) -> int:
    """Have a process of its own ban parties one by one; note each as it is acknowledged; return how many were."""
    loader = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.replicas.loading", str(first), str(last), str(die_at)),
        stdout=PIPE,
        cwd=ROOT,
        env=ENVIRONMENT | replicas.environment,
    )
    acknowledged = 0
    try:
        assert loader.stdout is not None
        async for line in loader.stdout:
            race.parties[line.decode().strip()].settle(restricted=True)
            acknowledged += 1
        assert await loader.wait() == (-signal.SIGKILL if die_at else 0)
    finally:
        if loader.returncode is None:
            loader.kill()
            await loader.wait()
    return acknowledged


async def race_on(replicas: Replicas, answers: int, loaded: range) -> Race:
    """Race, with a loader beside, and with whatever may happen to a Redis."""
    everybody = [*(party for group in WRITERS for party in group), *map(code, loaded)]
    await make_ready(replicas.apis[0], everybody)
    race = Race(replicas.apis, SEED)
    race.parties |= {code(number): Standing(restricted=None) for number in loaded}

    async def loading() -> None:
        await load(replicas, race, loaded.start, loaded.stop)

    server = replicas.redis
    if server is None:
        await race.run(answers, WRITERS, loading)
    else:
        await race.run(
            answers, WRITERS, loading, lambda: server.disturb(race), enough=lambda: server.has_been_through(race)
        )
    return race


def told_right(race: Race) -> None:
    assert race.wrong == [], f"SEED={SEED}"
    assert race.verdicts["restricted"] > 0
    assert race.verdicts.total() > race.verdicts["restricted"]
    assert race.acknowledged > 0


async def test_no_answer_is_stale_over_the_embedded_graph(embedded: Replicas, *, long: bool) -> None:
    told_right(await race_on(embedded, LONG if long else SHORT, LOADED))


async def test_no_answer_is_stale_over_neo4j_whatever_happens_to_redis(shared: Replicas, *, long: bool) -> None:
    race = await race_on(shared, LONG if long else SHORT, LOADED)
    told_right(race)
    assert shared.redis is not None
    assert shared.redis.has_been_through(race)


async def died_before_release(replicas: Replicas, number: int) -> None:
    """See that a restriction is told of though its writer died after the commit, before anybody was told of it."""
    party = code(number)
    with replicas.apis[0].client() as client, replicas.apis[1].client() as other:
        register(client, party)
        for one in (client, other):
            await keep_facts(one, party)
        race = Race(replicas.apis, SEED)
        assert await load(replicas, race, number, number + 1, die_at=1) == 0
        assert [verdict(one, party) for one in (client, other)] == ["restricted"] * 2


async def keep_facts(client: httpx.Client, party: str) -> None:
    """Ask until a process answers from facts that it keeps: a table that was closed is opened again within seconds."""
    async with asyncio.timeout(KEPT_WITHIN):
        before = hits(client)
        while hits(client) == before:
            assert verdict(client, party) != "restricted"
            await asyncio.sleep(0.05)


def hits(client: httpx.Client) -> float:
    lines = client.get("/metrics").raise_for_status().text.splitlines()
    return next(
        float(line.split()[-1]) for line in lines if line.startswith('credit_cache_lookups_total{result="hit"}')
    )


def verdict(client: httpx.Client, party: str) -> str:
    reply = client.get(f"/v1/parties/{party}/eligibility", params=bodies.LOOK_UP)
    return str(reply.raise_for_status().json()["verdict"])


async def test_a_writer_killed_between_commit_and_release_leaves_no_stale_answer_over_the_embedded_graph(
    embedded: Replicas,
) -> None:
    for number in range(1000, 1005):
        await died_before_release(embedded, number)


async def test_a_writer_killed_between_commit_and_release_leaves_no_stale_answer_over_redis(shared: Replicas) -> None:
    for number in range(1000, 1005):
        await died_before_release(shared, number)
