"""The graph's server stops without dying: refusals at once, no pile of waiting requests, and back by itself.

``SIGSTOP`` leaves a server whose kernel goes on taking connections and bytes, and which never answers.
"""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from bench.client import Connection, open_client
from credit.evidence import verify_chain
from tests.api import bodies
from tests.conftest import require
from tests.faults.graphs import Embedded, Graph, Neo4j, send
from tests.faults.running import Api, chain_of, code, come_true, keys_of, records_of, register, serving, stop_graph
from tests.services import neo4j

EVERY = 0.1
"""Seconds from one request to the next, answered or not."""
DETECTED_WITHIN = 20.0
"""Seconds in which the first refusal must have come; it takes three."""
AT_ONCE = 2.0
"""Seconds that a refusal takes at most afterwards; it takes some milliseconds."""
FLOODERS = 6
"""Connections that look up beside, once the stop is noticed; fewer than make a line that is refused."""
ENOUGH = 500
"""Look-ups that must have been answered on them before the server goes on."""
PARKED = 16
"""KiB that a request that is kept waiting costs the API at least: its task, its connection, its buffers."""


@dataclass(slots=True)
class Asked:
    """One request and its answer."""

    what: str
    began: float
    ended: float = 0.0
    status: int = 0
    code: str | None = None
    retry_after: str | None = None
    doc_no: str = ""

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass
class Scene:
    """A minute, or less of one, and what clients saw of it."""

    api: Api
    graph: Graph
    party: str
    asked: list[Asked] = field(default_factory=list[Asked])
    stopped: float = 0.0
    resumed: float = 0.0
    open_at_end: int = 0
    """Requests without an answer just before the server went on."""
    flooded: list[int] = field(default_factory=list[int])
    """Statuses of what was asked beside."""
    memory: tuple[int, int] = (0, 0)
    """KiB just before these and at the end of the stop."""
    server: tuple[int | None, int | None] = (None, None)

    @property
    def noticed(self) -> float:
        """When the first was told that the graph is away."""
        return min(each.ended for each in self.asked if each.code == "store_unavailable" and each.ended > self.stopped)

    @property
    def is_noticed(self) -> bool:
        return any(each.code == "store_unavailable" and each.ended > self.stopped for each in self.asked)

    def while_stopped(self) -> list[Asked]:
        return [each for each in self.asked if self.stopped < each.began < self.resumed]

    def while_noticed(self) -> list[Asked]:
        return [each for each in self.asked if self.noticed < each.began and each.ended < self.resumed]


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, long: bool) -> Iterator[Scene]:
    data = tmp_path_factory.mktemp(f"stopped-{request.param}")
    graph = made(request.param, data)
    graph.supervise()
    try:
        with serving(data, **graph.environment) as api:
            played = Scene(api, graph, code(71))
            with api.client() as client:
                register(client, played.party)
            asyncio.run(play(played, 60.0 if long else 8.0))
            print(told(played))  # noqa: T201
            yield played
    finally:
        send(graph.process(), signal.SIGCONT)
        graph.end()
        stop_graph(data)


def made(name: str, data: Path) -> Graph:
    if name == "embedded":
        return Embedded(data)
    lacking = neo4j.missing()
    require("neo4j", lacking is None, f"{lacking} is missing; it needs a JDK 17 and Maven")
    return Neo4j(data / "neo4j")


async def play(scene: Scene, seconds: float) -> None:
    """Ask all the time, and stop the server for a while; nobody waits for an answer before asking the next."""
    over = asyncio.Event()
    limits = httpx.Limits(max_connections=None)
    async with (
        httpx.AsyncClient(
            base_url=scene.api.base, headers=scene.api.headers, timeout=120, trust_env=False, limits=limits
        ) as client,
        asyncio.timeout(600),
        asyncio.TaskGroup() as group,
    ):
        group.create_task(ask_on(scene, client, group, over))
        await come_true(lambda: sum(each.status in {200, 201} for each in scene.asked) > 30)
        server = scene.graph.process()
        scene.stopped = time.monotonic()
        assert send(server, signal.SIGSTOP)
        await come_true(lambda: scene.is_noticed)
        before = memory_of(scene.api)
        await flood(scene, scene.stopped + seconds)
        scene.memory = before, memory_of(scene.api)
        scene.open_at_end = sum(not each.ended for each in scene.asked)
        scene.resumed = time.monotonic()
        assert send(server, signal.SIGCONT)
        await come_true(lambda: all(back(scene, what) for what in KINDS))
        scene.server = server, scene.graph.process()
        over.set()


KINDS = ("look-up", "penalty", "check")


def told(scene: Scene) -> str:
    """Say in one line how it went."""
    refused = [each.seconds for each in scene.while_noticed() if each.status == 503]
    first = min(each.ended for each in scene.asked if each.began > scene.resumed and each.status in {200, 201})
    return (
        f"noticed after {scene.noticed - scene.stopped:.1f} s; then {len(refused)} refusals, the slowest "
        f"{max(refused) * 1000:.0f} ms; {len(scene.flooded)} answered beside; {scene.open_at_end} open at the end; "
        f"memory {scene.memory} KiB; "
        f"served {first - scene.resumed:.1f} s after it went on"
    )


def back(scene: Scene, what: str) -> bool:
    return any(each.what == what and each.began > scene.resumed and each.status in {200, 201} for each in scene.asked)


async def ask_on(scene: Scene, client: httpx.AsyncClient, group: asyncio.TaskGroup, over: asyncio.Event) -> None:
    number = 0
    while not over.is_set():
        for what in KINDS:
            number += 1
            each = Asked(what, time.monotonic(), doc_no=f"stop-{number}")
            scene.asked.append(each)
            group.create_task(ask(client, scene.party, each))
            await asyncio.sleep(EVERY)


async def flood(scene: Scene, until: float) -> None:
    """Look up by a few connections that ask again at once, until then, and so often that it would show."""
    port, key = int(scene.api.base.rpartition(":")[2]), scene.api.headers["Authorization"].split()[1]
    async with open_client(port, key, FLOODERS) as client:
        request = client.request("GET", f"/v1/parties/{scene.party}/eligibility?{urlencode(bodies.LOOK_UP)}")

        async def one(connection: Connection) -> None:
            while time.monotonic() < until or len(scene.flooded) < ENOUGH:
                status, _ = await connection.ask(request)
                scene.flooded.append(status)

        await asyncio.gather(*(one(connection) for connection in client.connections))


async def ask(client: httpx.AsyncClient, party: str, each: Asked) -> None:
    match each.what:
        case "look-up":
            asking = client.get(f"/v1/parties/{party}/eligibility", params=bodies.LOOK_UP)
        case "penalty":
            asking = client.post("/v1/penalties", json=bodies.penalty(party=party, doc_no=each.doc_no))
        case _:
            asking = client.post("/v1/checks", json=bodies.check(party))
    reply = await asking
    each.ended, each.status, each.retry_after = time.monotonic(), reply.status_code, reply.headers.get("retry-after")
    each.code = None if reply.is_success else reply.json()["code"]


def memory_of(api: Api) -> int:
    """Return what the process has in memory, in KiB."""
    lines = Path(f"/proc/{api.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_requests_are_answered_or_refused_and_never_fail(scene: Scene) -> None:
    assert {each.status for each in scene.asked} <= {200, 201, 503}


def test_the_stop_is_noticed_within_seconds(scene: Scene) -> None:
    assert scene.noticed - scene.stopped < DETECTED_WITHIN


def test_nobody_waits_longer_than_that(scene: Scene) -> None:
    assert [each for each in scene.while_stopped() if each.seconds > DETECTED_WITHIN] == []


def test_once_noticed_every_refusal_comes_at_once_and_says_when_to_ask_again(scene: Scene) -> None:
    refused = [each for each in scene.while_noticed() if each.status == 503]
    assert len(refused) > 10
    assert [each for each in refused if each.seconds > AT_ONCE] == []
    assert all(each.retry_after and each.retry_after.isdecimal() for each in refused)


def test_no_write_is_acknowledged_while_it_stands_still(scene: Scene) -> None:
    assert {each.status for each in scene.while_noticed() if each.what != "look-up"} == {503}


def test_requests_do_not_pile_up(scene: Scene) -> None:
    assert scene.open_at_end <= AT_ONCE / EVERY  # that many are sent while one is refused


def test_memory_stays_flat(scene: Scene) -> None:
    """Many more are answered than would be needed to take more, were they kept."""
    before, after = scene.memory
    assert len(scene.flooded) >= ENOUGH
    assert set(scene.flooded) <= {200, 503}
    assert after - before < PARKED * ENOUGH


def test_it_serves_again_by_itself_over_the_same_server(scene: Scene) -> None:
    before, after = scene.server
    assert before == after is not None


def test_what_was_acknowledged_is_held_once(scene: Scene) -> None:
    with scene.api.client() as client:
        held = Counter(item["doc_no"] for item in records_of(client, scene.party))
    acknowledged = {each.doc_no for each in scene.asked if each.what == "penalty" and each.status in {200, 201}}
    assert set(held.values()) == {1}
    assert acknowledged <= held.keys()


def test_the_chain_is_whole(scene: Scene) -> None:
    links = chain_of(scene.api.data, **scene.graph.environment)
    assert verify_chain(links, keys_of(scene.api.data)) == []
    assert len(links) >= sum(each.what == "check" and each.status == 201 for each in scene.asked)
