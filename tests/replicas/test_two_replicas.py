"""Two replicas behind a proxy: restarts lose nothing; one truth, one chain, one count; jobs that outlive a kill."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from credit import limits
from credit.cache.shared import NoRevisions
from credit.evidence import verify_chain
from credit.graph.embedded import Endpoint
from credit.graph.store import open_store
from credit.ports import Entry
from tests.api import bodies
from tests.conftest import require
from tests.faults.running import code, keys_of, register, wait_until
from tests.replicas.running import PASSWORD, City, Replica, running
from tests.services import haproxy, neo4j, redis

PARTIES = [code(100 + number) for number in range(6)]
JOBS = (6, 24, 96)
"""How many are handed in before the kill; more where a fast machine had done them all."""
LIMIT = 20
Request = tuple[str, str, dict[str, Any] | None]
"""Method, path, body."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    for service in (neo4j, redis, haproxy):
        name = service.__name__.rpartition(".")[2]
        lacking = service.missing()
        require(name, lacking is None, f"{lacking} is missing")
    with running(tmp_path_factory.mktemp("replicas")) as started:
        with started.client(started.one.base) as client:
            register(client, *PARTIES)
        yield started


@dataclass
class Load:
    """What came back of a load: of each kind the statuses, and whatever else happened."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    lost: list[str] = field(default_factory=list[str])
    checks: set[str] = field(default_factory=set[str])

    def answered(self, kind: str) -> int:
        return sum(number for (of, _), number in self.statuses.items() if of == kind)


@asynccontextmanager
async def under_load(city: City, load: Load) -> AsyncGenerator[Load]:
    """Look up, check and record through the proxy for a block, several of each kind at once."""
    stopping = asyncio.Event()

    async def keep(kind: str, ask: Callable[[int], Request]) -> None:
        async with city.async_client() as client:
            number = 0
            while not stopping.is_set():
                number += 1
                method, path, body = ask(number)
                try:
                    reply = await client.request(method, path, json=body)
                except httpx.HTTPError as error:
                    load.lost.append(f"{kind}: {error!r}")
                    continue
                load.statuses[kind, reply.status_code] += 1
                if reply.status_code >= 300:
                    load.lost.append(f"{kind}: {reply.status_code} {reply.text[:300]}")
                elif kind == "check":
                    load.checks.add(reply.json()["id"])

    def look_up(number: int) -> Request:
        query = "&".join(f"{name}={value}" for name, value in bodies.LOOK_UP.items())
        return "GET", f"/v1/parties/{PARTIES[number % len(PARTIES)]}/eligibility?{query}", None

    def check(number: int) -> Request:
        return "POST", "/v1/checks", bodies.check(PARTIES[number % len(PARTIES)])

    def penalty(name: str) -> Callable[[int], Request]:
        return lambda number: (
            "POST",
            "/v1/penalties",
            bodies.penalty(party=PARTIES[number % len(PARTIES)], doc_no=f"{name}-{number}"),
        )

    tasks = [
        *(asyncio.create_task(keep("look-up", look_up)) for _ in range(3)),
        *(asyncio.create_task(keep("check", check)) for _ in range(2)),
        *(asyncio.create_task(keep("penalty", penalty(f"load-{n}"))) for n in range(2)),
    ]
    try:
        yield load
    finally:
        stopping.set()
        await asyncio.gather(*tasks)


async def restart(replica: Replica) -> None:
    await asyncio.to_thread(replica.end)
    await asyncio.to_thread(replica.start)


async def more_of_each(load: Load, number: int) -> None:
    """Wait until so many more of every kind were answered."""
    wanted = {kind: load.answered(kind) + number for kind in ("look-up", "check", "penalty")}
    async with asyncio.timeout(300):
        while any(load.answered(kind) < least and not load.lost for kind, least in wanted.items()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def test_a_restart_of_each_in_turn_loses_no_request_and_leaves_one_chain(city: City) -> None:
    async def scene() -> Load:
        async with under_load(city, Load()) as load:
            await more_of_each(load, 5)
            for replica in (city.one, city.two):
                await restart(replica)
                await await_in_proxy(city, replica)
                await more_of_each(load, 5)
        return load

    load = asyncio.run(scene())
    assert load.lost == []
    assert city.one.ended == city.two.ended == [0]
    links = asyncio.run(chain_of(city))
    assert [link.number for link in links] == list(range(1, len(links) + 1))
    assert verify_chain(links, keys_of(city.one.data)) == []
    assert load.checks <= {link.id for link in links}


async def await_in_proxy(city: City, replica: Replica) -> None:
    """Wait until the proxy sends requests to a replica that was started again."""

    async def served() -> float:
        async with httpx.AsyncClient(trust_env=False) as client:
            text = (await client.get(f"{replica.base}/metrics", timeout=60)).text
        return sum(
            float(line.rpartition(" ")[2])
            for line in text.splitlines()
            if line.startswith("credit_requests_total") and 'route="/v1/' in line
        )

    before = await served()
    async with asyncio.timeout(120):
        while await served() <= before:  # noqa: ASYNC110  # it tells only when asked
            await asyncio.sleep(0.1)


async def chain_of(city: City) -> list[Entry]:
    links: list[Entry] = []
    there = Endpoint(city.one.settings["CREDIT_GRAPH_URI"], neo4j.USER, PASSWORD, neo4j.DATABASE)
    async with open_store(there, revisions=NoRevisions()) as store:
        while page := await store.evidence.chain(after=len(links), limit=500):
            links += page
    return links


def test_a_penalty_acknowledged_by_one_is_seen_at_once_by_the_other(city: City) -> None:
    with city.client(city.one.base) as one, city.client(city.two.base) as other:
        for number in range(8):
            writer, reader = (one, other) if number % 2 else (other, one)
            party = code(200 + number)
            register(writer, party)
            path = f"/v1/parties/{party}/eligibility"
            assert reader.get(path, params=bodies.LOOK_UP).raise_for_status().json()["verdict"] != "restricted"
            writer.post("/v1/penalties", json=bodies.penalty(party=party)).raise_for_status()
            assert reader.get(path, params=bodies.LOOK_UP).raise_for_status().json()["verdict"] == "restricted"


def test_a_limit_counts_over_both(city: City) -> None:
    statuses = [200] * LIMIT + [429] * 4
    replies = counted(city)
    for _ in range(2):
        if [reply.status_code for reply in replies] == statuses:
            break
        time.sleep(2 * limits.PAUSE)  # Redis was once too slow, and a replica counted by itself
        replies = counted(city)
    assert [reply.status_code for reply in replies] == statuses
    assert [f"r={left};" in replies[LIMIT - 1 - left].headers["ratelimit"] for left in range(LIMIT)] == [True] * LIMIT
    assert all(int(reply.headers["retry-after"]) > 0 for reply in replies[LIMIT:])


def counted(city: City) -> Sequence[httpx.Response]:
    """Ask with a new key, of both replicas in turn, until it is over its limit and a little beyond."""
    with city.client() as client:
        made = client.post("/v1/callers", json={"name": "limited", "scopes": ["read"], "limit": LIMIT})
        key = made.raise_for_status().json()["key"]
    with city.client(city.one.base, key) as one, city.client(city.two.base, key) as other:
        return [(one, other)[number % 2].get("/v1/rules") for number in range(LIMIT + 4)]


def test_jobs_outlive_a_kill_of_the_process_that_runs_them(city: City) -> None:
    with city.client(city.one.base) as one:

        def states(paths: Sequence[str]) -> set[str]:
            return {str(one.get(path).raise_for_status().json()["state"]) for path in paths}

        for number in JOBS:
            paths = submitted(city, number)
            city.two.end(signal.SIGKILL)
            left = states(paths) != {"done"}
            wait_until(lambda paths=paths: states(paths) == {"done"}, within=300)
            results = [one.get(path).json()["result"] for path in paths]
            assert all(one.get(result).is_success for result in results)
            city.two.start()
            if left:
                return
    raise AssertionError("all were done before the kill, however many there were: this tells nothing")


def submitted(city: City, number: int) -> Sequence[str]:
    """Hand in so many jobs; return their paths."""
    many = bodies.check(*(code(1000 + party) for party in range(1000)))
    with city.client(city.two.base) as two:
        replies = [two.post("/v1/checks", params={"mode": "job"}, json=many) for _ in range(number)]
        return [reply.raise_for_status().headers["location"] for reply in replies]


def test_the_proxy_hides_metrics(city: City) -> None:
    with city.client() as client:
        assert client.get("/metrics").status_code == 404
