"""One store of one size: filled, served, measured."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Final

import orjson
from rich.console import Console

from bench import table
from bench.acknowledging import acknowledge
from bench.app import PROFILE
from bench.client import Client, open_client
from bench.country import Country, Hubs, code
from bench.measures import MANY, QUESTION, REGION, Kind, Measured, every_look_up, growing, kinds_of, measure
from bench.serving import Served, api, memory, with_redis
from bench.stores import STORES, Graph, filled
from credit.callers import CallerStatement
from credit.model.caller import Scope
from credit.model.party import Role
from credit.model.project import Domain
from credit.model.when import SHANGHAI
from credit.settings import Settings
from credit.wiring import Services, open_services

LIMIT: Final = 1_000_000
"""Calls a minute: never reached, so that every call is counted and none refused."""
TYPICAL_OF: Final = 200
WARM_WITHIN: Final = 60.0
BY_FILES: Final = "neo4j"
PROFILED: Final = {
    "quick look-up, cache on": "look-up",
    "quick look-up, cache off": "look-up-uncached",
    "kept check of 1": "check-1",
    "kept check of 1,000 in 100 lots": "check-1000-lots",
    "kept check of 1,000 in one lot": "check-1000",
}
"""Kinds of which a profile is made, and the names of its files."""


@dataclass(frozen=True, slots=True)
class Sized:
    """What is wanted of a country of one size; ``seconds`` for each kind of request."""

    parties: int
    hubs: Hubs
    seconds: float
    by_files: bool = False
    profile: Path | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A filled store with three APIs over it: two replicas that keep facts, and one that keeps none."""

    graph: Graph
    day: date
    settings: Settings
    answer: Path
    served: tuple[Served, Served, Served]
    replicas: tuple[Client, Client]
    uncached: Client

    def cpu(self) -> float:
        """Return the processor time of all three."""
        return sum(one.cpu() for one in self.served)


async def bench(name: str, sized: Sized, data: Path, console: Console) -> None:
    """Fill a store, measure everything, print."""
    async with STORES[name](data) as graph:
        async with _stage(graph, sized, data, console) as stage:
            client, uncached = stage.replicas[0], stage.uncached
            kinds = kinds_of(client, uncached, sized.parties, stage.day)
            await _warm(stage, sized)
            measured = await measure(kinds, seconds=sized.seconds, cpu=stage.cpu)
            table.show_asking(console, name, measured)
            seconds = 2 * sized.seconds
            acknowledged = await acknowledge(stage.replicas, sized.parties, stage.day, seconds=seconds)
            held = {"API": memory(stage.served[0].process), "store": memory(graph.process())}
            if sized.profile is not None:
                await _profile(kinds, sized.profile / name, sized.seconds)
        table.show_facts(console, name, acknowledged, held, await _cold(stage))


async def grow(name: str, sized: Sized, data: Path, console: Console) -> list[Measured]:
    """Fill a store and measure what must not grow."""
    async with STORES[name](data) as graph, _stage(graph, sized, data, console) as stage:
        kinds = growing(stage.replicas[0], stage.uncached, sized.parties, stage.day)
        await _warm(stage, sized)
        measured = await measure(kinds, seconds=sized.seconds, cpu=stage.cpu)
        held = f"API {memory(stage.served[0].process):,.0f}, store {memory(graph.process()):,.0f}"
        console.print(f"{name}: {sized.parties:,} organisations: 内存 · memory, MiB: {held}")
        return measured


@asynccontextmanager
async def _stage(graph: Graph, sized: Sized, data: Path, console: Console) -> AsyncGenerator[Stage]:
    async with AsyncExitStack() as stack:
        day = await asyncio.to_thread(_day, data)
        country = Country(sized.parties, day, sized.hubs)
        loaded = await filled(graph, country, by_files=sized.by_files and graph.name == BY_FILES)
        table.show_loading(console, f"{graph.name}, {sized.parties:,} organisations", loaded)
        settings = await stack.enter_async_context(with_redis(graph.settings, data / "redis"))
        services = await stack.enter_async_context(open_services(settings))
        key, answer = await _key(services), data / "answer.json"
        await asyncio.to_thread(answer.write_bytes, await _typical_answer(services, sized.parties))
        off = settings.model_copy(update={"cache": False})
        served = [await stack.enter_async_context(api(s, answer)) for s in (settings, settings, off)]
        clients = [await stack.enter_async_context(open_client(one.port, key, MANY)) for one in served]
        yield Stage(
            graph, day, settings, answer, (served[0], served[1], served[2]), (clients[0], clients[1]), clients[2]
        )


async def _warm(stage: Stage, sized: Sized) -> None:
    """Ask about every party that look-ups ask about, so that what keeps facts keeps theirs."""
    for client in (stage.replicas[0], stage.uncached):
        asked = every_look_up(client, sized.parties, stage.day)
        await client.drive(iter(asked), connections=1, seconds=WARM_WITHIN)


async def _cold(stage: Stage) -> dict[str, float]:
    """Time a start of the store, and of an API over it; nobody else has it open."""
    await stage.graph.stop()
    began = time.perf_counter()
    await stage.graph.start()
    started = time.perf_counter()
    async with api(stage.graph.settings, stage.answer):
        ready = time.perf_counter()
    return {"store": started - began, "API ready": ready - started}


async def _profile(kinds: Sequence[Kind], directory: Path, seconds: float) -> None:
    """Profile the API while it answers the kinds that matter, each alone over one connection."""
    await asyncio.to_thread(directory.mkdir, parents=True, exist_ok=True)
    for kind in (k for k in kinds if k.name in PROFILED and k.connections == 1):
        await kind.client.ask("POST", f"{PROFILE}/start")
        await kind.client.drive(kind.requests, connections=1, seconds=seconds)
        text = await kind.client.ask("POST", f"{PROFILE}/stop")
        await asyncio.to_thread((directory / f"{PROFILED[kind.name]}.txt").write_bytes, text)


def _day(data: Path) -> date:
    """Return the day of a kept country, or today for a new one."""
    file = data / "day"
    if not file.exists():
        file.write_text(time.strftime("%Y-%m-%d"))
    return date.fromisoformat(file.read_text())


async def _key(services: Services) -> str:
    scopes = frozenset({Scope.READ, Scope.CHECK, Scope.RECORD, Scope.ADMIN})
    return (await services.gate.make(CallerStatement(name="bench", scopes=scopes, limit=LIMIT)))[1]


async def _typical_answer(services: Services, parties: int) -> bytes:
    """Return a quick look-up's answer of middling length: what the routes that are compared answer."""
    numbers = range(0, parties, max(1, parties // TYPICAL_OF))
    found = await services.eligibility.look_up(
        [code(number) for number in numbers],
        domain=Domain(QUESTION["domain"]),
        role=Role(QUESTION["role"]),
        on=services.clock.now().astimezone(SHANGHAI).date(),
        region=REGION,
    )
    answers = sorted((orjson.dumps(answer) for answer in found), key=len)
    middle = median(map(len, answers))
    return next(answer for answer in answers if len(answer) >= middle)
