"""``python -m bench``: how fast the registry is, on both stores, printed as plain text."""

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Final

import orjson
import uvloop
from rich.console import Console

from bench import stores, table
from bench.app import PROFILE
from bench.client import Client, open_client
from bench.country import code
from bench.filling import fill
from bench.measures import MANY, QUESTION, REGION, Kind, kinds_of, measure
from credit.callers import CallerStatement
from credit.logs import configure
from credit.model.caller import Scope
from credit.model.party import Role
from credit.model.project import Domain
from credit.model.when import SHANGHAI
from credit.wiring import Services, open_services

LIMIT: Final = 1_000_000
"""Calls a minute: never reached, so that every call is counted and none refused."""
TYPICAL_OF: Final = 200
PROFILED: Final = {
    "quick look-up": "look-up",
    "kept check of 1": "check-1",
    "kept check of 1,000 in 100 lots": "check-1000-lots",
    "kept check of 1,000 in one lot": "check-1000",
    "penalty recorded": "penalty",
}
"""Kinds of which a profile is made, and the names of its files."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the command line asks for; ``seconds`` is for each kind of request, ``profile`` where profiles go."""

    parties: int
    store: str
    seconds: float
    profile: Path | None


def main() -> None:
    """Run the benchmark."""
    run = _run_of(sys.argv[1:])
    configure("warning")
    console = Console(width=table.WIDTH, highlight=False)
    console.print(_machine(run))
    for name in stores.STORES if run.store == "both" else (run.store,):
        uvloop.run(_bench(run, name, console))


def _run_of(arguments: list[str]) -> Run:
    parser = argparse.ArgumentParser(prog="python -m bench", description="性能基准 · how fast the registry is")
    parser.add_argument("--parties", type=int, default=20_000, help="主体数 · organisations (each with a leader)")
    parser.add_argument("--store", choices=(*stores.STORES, "both"), default="both", help="图数据库 · the store")
    parser.add_argument("--seconds", type=float, default=5.0, help="每类请求的秒数 · seconds for each kind of request")
    parser.add_argument("--profile", type=Path, help="剖析结果目录 · where to write profiles of the API (cProfile)")
    given = parser.parse_args(arguments)
    if given.parties < 1000 or given.seconds <= 0:
        parser.error("--parties >= 1000, --seconds > 0")
    return Run(given.parties, given.store, given.seconds, given.profile)


def _machine(run: Run) -> str:
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    return (
        f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M} Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load before the run {load}; {run.parties:,} organisations, {run.seconds:g} s a kind"
    )


async def _bench(run: Run, name: str, console: Console) -> None:
    """Fill a store in a directory of its own, measure it, print."""
    with tempfile.TemporaryDirectory(prefix="credit-bench-") as directory:
        data = Path(directory)
        async with stores.STORES[name](data) as settings, open_services(settings) as services:
            day = services.clock.now().astimezone(SHANGHAI).date()
            loaded = await fill(services, run.parties, day)
            key = await _key(services)
            answer = data / "answer.json"
            answer.write_bytes(await _typical_answer(services, run.parties))
            async with stores.api(settings, answer) as served, open_client(served.port, key, MANY) as client:
                kinds = kinds_of(client, run.parties, day)
                measured = await measure(client, kinds, seconds=run.seconds, cpu=served.cpu)
                table.show(console, name, loaded, measured)
                if run.profile is not None:
                    await _profile(client, kinds, run.profile / name, run.seconds)


async def _profile(client: Client, kinds: list[Kind], directory: Path, seconds: float) -> None:
    """Profile the API while it answers the kinds that matter, each alone over one connection."""
    await asyncio.to_thread(directory.mkdir, parents=True, exist_ok=True)
    for kind in (k for k in kinds if k.name in PROFILED and k.connections == 1):
        await client.ask("POST", f"{PROFILE}/start")
        await client.drive(kind.requests, connections=1, seconds=seconds)
        text = await client.ask("POST", f"{PROFILE}/stop")
        await asyncio.to_thread((directory / f"{PROFILED[kind.name]}.txt").write_bytes, text)


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


if __name__ == "__main__":
    main()
