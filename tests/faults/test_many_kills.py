"""`kill -9` of whatever there is, again and again, at moments that chance chooses, under writers and an import.

Nothing acknowledged is lost, nothing is doubled, the chain is whole, and the service comes back by itself. The
environment's ``TEST_SEED`` repeats a run's choices. What a supervisor would do (start the API, Neo4j and Redis again)
the test does.
"""

import asyncio
import csv
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from credit.evidence import verify, verify_chain
from credit.ports import Entry
from credit.wiring import open_graph
from tests.api import bodies
from tests.conftest import require
from tests.faults.graphs import Embedded, Graph, Neo4j, send
from tests.faults.running import (
    CREDIT,
    ENVIRONMENT,
    ROOT,
    TAKEN,
    Api,
    Written,
    chain_of,
    code,
    come_true,
    credit,
    is_ready,
    keys_of,
    launch,
    records_of,
    register,
    resend,
    settings_of,
    wait_until,
)
from tests.faults.running import stop_graph as stop_embedded
from tests.services import neo4j, redis
from tests.services.ports import free_port

KILLS = {False: 8, True: 60}
"""In the short form and in the long one."""
SEED = int(os.environ.get("TEST_SEED", "0")) or random.randrange(1_000_000)
PARTY = code(81)
FIRST, ROWS = 60_000, 6_000
BETWEEN = 2
"""Acknowledgements, at least, between two kills that are not to strike together."""
BACK_WITHIN = 400.0
NAME = "连环商贸"


@dataclass
class Site:
    """All processes of one registry."""

    data: Path
    graph: Graph
    file: Path
    api: Api
    cache: redis.Redis | None = None
    importer: subprocess.Popen[bytes] | None = None
    imports: int = 0
    """Imports that came to their end."""

    @property
    def environment(self) -> Mapping[str, str]:
        return self.api.environment

    def targets(self) -> dict[str, Callable[[], int | None]]:
        """Name what may be killed, and how to find it."""
        found: dict[str, Callable[[], int | None]] = {
            "api": lambda: self.api.process.pid if self.api.process.poll() is None else None,
            "graph": self.graph.process,
            "importer": lambda: self.importer.pid if self.importer and self.importer.poll() is None else None,
        }
        if isinstance(self.graph, Embedded):
            found["keeper"] = self.graph.keeper
        if self.cache is not None:
            found["redis"] = lambda: self.cache.process.pid if self.cache else None
        return found

    def supervise(self) -> None:
        """Start again what died, but for the graph, and has nobody else to do so."""
        if self.cache is not None and self.cache.process.poll() is not None:
            self.cache = redis.start(self.data / "redis", port=self.cache.port)
        if not self.graph.is_kept():  # what needs it would only end again, and keep the machine busy meanwhile
            return
        if self.api.process.poll() is not None:
            self.api.process = launch(self.data, int(self.api.base.rpartition(":")[2]), self.environment)
        if self.importer is None or self.importer.poll() is not None:
            self.imports += self.importer is not None and self.importer.returncode == 0
            self.importer = self.start_import()

    def start_import(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*CREDIT, "import", "company_register", str(self.file), "--data", str(self.data)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**ENVIRONMENT, **self.environment},
        )

    def end(self) -> None:
        for process in (self.importer, self.api.process):
            if process is not None:
                process.kill()
                process.wait()
        self.graph.end()
        if self.cache is not None:
            redis.stop(self.cache)
        stop_embedded(self.data)


@dataclass
class Run:
    """What was done to a site, and what its clients were told meanwhile."""

    site: Site
    written: Written = field(default_factory=Written)
    kills: Counter[str] = field(default_factory=Counter[str])
    away: float = 0.0
    """Seconds, at the longest, from a kill to the next acknowledgement."""
    chain: list[Entry] = field(default_factory=list[Entry])
    import_said: str = ""


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, long: bool) -> Iterator[Run]:
    data = tmp_path_factory.mktemp(f"kills-{request.param}")
    with ExitStack() as stack:
        site = build(request.param, data)
        stack.callback(site.end)
        run = Run(site)
        site.graph.supervise()
        site.api.process = launch(data, int(site.api.base.rpartition(":")[2]), site.environment)
        wait_until(lambda: is_ready(site.api.base), within=BACK_WITHIN)
        with site.api.client() as client:
            register(client, PARTY)
        print(f"seed {SEED}")  # noqa: T201
        asyncio.run(strike_on(run, random.Random(SEED), KILLS[long]))
        finish(run)
        print(dict(run.kills), f"away {run.away:.1f} s", Counter(run.written.statuses))  # noqa: T201
        yield run


def build(name: str, data: Path) -> Site:
    graph: Graph = Embedded(data)
    cache = None
    environment: dict[str, str] = {}
    if name == "neo4j":
        lacking = neo4j.missing()
        require("neo4j", lacking is None, f"{lacking} is missing; it needs a JDK 17 and Maven")
        require("redis", redis.missing() is None, "redis-server is missing")
        graph = Neo4j(data / "neo4j")
        cache = redis.start(data / "redis")
        environment = {**graph.environment, "CREDIT_REDIS_URL": cache.url}
    never = subprocess.Popen(["true"])  # noqa: S607  # stands for an API that has yet to be started
    never.wait()
    api = Api(never, f"http://127.0.0.1:{free_port()}", data, environment)
    return Site(data, graph, write_file(data), api, cache)


def write_file(data: Path) -> Path:
    """Write a register of organisations."""
    path = data / "register.csv"
    with path.open("w", newline="", encoding="utf-8") as output:
        writer = csv.writer(output)
        writer.writerow(["统一社会信用代码", "企业名称", "登记状态", "成立日期"])
        for number in range(ROWS):
            writer.writerow([code(FIRST + number), f"{NAME}{number}号有限公司", "存续", "2020-01-02"])
    return path


# ---------------------------------------------------------------- what happens


async def strike_on(run: Run, chance: random.Random, kills: int) -> None:
    """Kill so many processes while clients write and an import runs."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(write_penalties(run, over, f"kill-{number}"))
        for _ in range(2):
            group.create_task(write_checks(run, over))
        for supervisor in (run.site.supervise, run.site.graph.supervise):
            group.create_task(supervise(supervisor, over))
        await acknowledged(run, BETWEEN)
        while run.kills.total() < kills:
            await strike(run, chance)
        await acknowledged(run, 3 * BETWEEN)
        over.set()


async def strike(run: Run, chance: random.Random) -> None:
    """Kill one process, then wait, most times, until something was acknowledged again."""
    targets = run.site.targets()
    left = targets.keys() - run.kills.keys()  # each kind once before any again
    name = chance.choice(sorted(left or targets))
    await asyncio.sleep(chance.uniform(0, 0.5))
    if not send(targets[name](), signal.SIGKILL):
        return
    run.kills[name] += 1
    began = time.monotonic()
    if chance.random() < 0.75:  # else the next one strikes while this one is still being got over
        await acknowledged(run, BETWEEN)
        seconds = time.monotonic() - began
        run.away = max(run.away, seconds)
        print(run.kills.total(), name, f"{seconds:.1f} s", flush=True)  # noqa: T201


async def acknowledged(run: Run, more: int) -> None:
    """Wait for further penalties and a check."""
    penalties, checks = len(run.written.penalties) + more, len(run.written.checks) + 1
    async with asyncio.timeout(BACK_WITHIN):
        await come_true(lambda: run.written.enough(penalties, checks))


async def supervise(look: Callable[[], None], over: asyncio.Event) -> None:
    while not over.is_set():
        await asyncio.to_thread(look)
        await asyncio.sleep(0.2)


async def write_penalties(run: Run, over: asyncio.Event, name: str) -> None:
    """Send one penalty after another; one that got no answer is sent again, as a careful client does."""
    async with run.site.api.async_client() as client:
        number = 0
        while not over.is_set():
            number += 1
            doc_no = f"{name}-{number}"
            run.written.sent.append(doc_no)
            body = bodies.penalty(party=PARTY, doc_no=doc_no)
            for _ in range(3):
                reply = await post(client, run.written, "/v1/penalties", body)
                if reply is not None:
                    run.written.penalties[doc_no] = reply["id"]
                    break


async def write_checks(run: Run, over: asyncio.Event) -> None:
    async with run.site.api.async_client() as client:
        while not over.is_set():
            reply = await post(client, run.written, "/v1/checks", bodies.check(PARTY))
            if reply is not None:
                run.written.checks[reply["id"]] = reply


async def post(client: httpx.AsyncClient, written: Written, path: str, body: object) -> dict[str, Any] | None:
    """Return what was acknowledged; None where nothing was, after a moment."""
    with suppress(httpx.TransportError):
        reply = await client.post(path, json=body)
        written.statuses.append(reply.status_code)
        if reply.status_code in TAKEN:
            return dict(reply.json())
    await asyncio.sleep(0.2)
    return None


def finish(run: Run) -> None:
    """Let all come back, load the file to its end, and read the chain."""
    site = run.site
    site.graph.supervise()
    site.supervise()
    wait_until(lambda: is_ready(site.api.base), within=BACK_WITHIN)
    if site.importer is not None:
        site.importer.kill()
        site.importer.wait()
    run.import_said = credit(site.data, "import", "company_register", str(site.file), **site.environment).stderr
    run.chain = chain_of(site.data, **site.environment)


# ---------------------------------------------------------------- what must hold


@pytest.fixture
def client(ran: Run) -> Iterator[httpx.Client]:
    with ran.site.api.client() as opened:
        yield opened


def test_as_many_were_killed_as_was_asked_for(ran: Run, long: bool) -> None:
    assert ran.kills.total() >= KILLS[long]
    assert len(ran.kills) >= 3


def test_every_answer_was_an_acknowledgement_or_a_refusal_for_now(ran: Run) -> None:
    assert set(ran.written.statuses) <= {200, 201, 503}


def test_every_acknowledged_penalty_is_held_and_none_twice(ran: Run, client: httpx.Client) -> None:
    held = Counter(item["doc_no"] for item in records_of(client, PARTY))
    assert set(held.values()) == {1}
    assert ran.written.penalties.keys() <= held.keys() <= set(ran.written.sent)


def test_what_is_sent_again_is_the_same_record(ran: Run, client: httpx.Client) -> None:
    sample = sorted(ran.written.penalties)[:500]
    assert resend(client, PARTY, sample) == {doc_no: (200, ran.written.penalties[doc_no]) for doc_no in sample}


def test_every_acknowledged_check_is_a_link_of_a_whole_chain(ran: Run) -> None:
    assert verify_chain(ran.chain, keys_of(ran.site.data)) == []
    assert [link.number for link in ran.chain] == list(range(1, len(ran.chain) + 1))
    assert ran.written.checks.keys() <= {link.id for link in ran.chain}


def test_acknowledged_checks_verify(ran: Run, client: httpx.Client) -> None:
    keys = keys_of(ran.site.data)
    for check in sorted(ran.written.checks)[:50]:
        certificate = client.get(f"/v1/checks/{check}/certificate.json").raise_for_status().json()
        assert verify(certificate, keys) == []


def test_the_imported_file_is_held_once(ran: Run) -> None:
    async def count() -> tuple[int, int]:
        async with open_graph(settings_of(ran.site.data, ran.site.environment)) as (store, _):
            ((parties, states),) = await store.bolt.fetch(
                f"MATCH (p:Party) WHERE p.states[-1] CONTAINS '{NAME}' RETURN count(p), sum(size(p.states))"
            )
            return int(parties), int(states)

    assert asyncio.run(count()) == (ROWS, ROWS), ran.import_said


def test_it_came_back_by_itself(ran: Run) -> None:
    assert is_ready(ran.site.api.base)
