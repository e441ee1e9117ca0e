"""What a calm caller gets while others flood, run as ``python -m tests.replicas.flood PORT KEY_FILE PATH BODY``.

First it asks alone (the unloaded figures), then learns how much the API can serve (what it can take), then asks beside
floods of ten times that: at a steady rate, whoever is answered or not, and by connections that ask again at once; then
beside a few callers more than it can serve, who do the same. After each flood the time until it is served again as
before. Then the same for the heavy lane: checks with the body that stands in a file. The floods are processes of their
own (`tests.replicas.flooder`): who floods is busy with that, and times its own delays. Everything is bounded in time;
figures are JSON, those of a flood under ``flood``.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.client import REFUSED, REST, Connection, open_client
from credit.api.lanes import GOAL
from tests.replicas.came import TAKEN, Came, ask
from tests.replicas.flooder import Flooder

TIMES: Final = 10
SERVED: Final = 8
"""Connections that the API serves without refusing any."""
SPREAD: Final = 200
"""Connections over which a flood at a steady rate is spread."""
EAGER: Final = {"eager": 80, "sixteen": 16, "few_more": 27, "thirty_two": 32}
"""Connections that ask again at once, in one flood after another."""
HEAVY: Final = {"heavy_eager": 80, "heavy_sixteen": 16}
CHECKED_BY: Final = 4
"""Connections whose checks the API serves without refusing any."""
CALM_AFTER: Final = 20
"""Answers in a row after which the API is taken to have recovered."""
GIVE_UP: Final = 30.0
CHECKS: Final = "/v1/checks"
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """A calm caller: its connection, what it asks, and the words for those who ask the same in a flood."""

    connection: Connection
    request: bytes
    words: Sequence[str]
    seconds: float

    async def alone(self) -> Figures:
        """Ask in turn, after a rest where it is refused."""
        came, began = Came(), time.perf_counter()
        while time.perf_counter() - began < self.seconds:
            if await ask(self.connection, self.request, came) == REFUSED:
                await asyncio.sleep(REST)
        came.seconds = time.perf_counter() - began
        return came.told()

    async def beside(self, connections: int, p99: float, rate: float = 0.0) -> Figures:
        """Ask while others flood; then until it is served as before."""
        flooder = await asyncio.to_thread(Flooder.ready, self.words, connections, self.seconds, rate)
        flooder.begin()
        told = await self.alone()
        flood = await asyncio.to_thread(flooder.end)
        return told | {"flood": flood, "recovered_after_s": await self._recovery(p99)}

    async def taken(self, connections: int) -> Figures:
        """Let so many callers ask in turn, and look on."""
        flooder = await asyncio.to_thread(Flooder.ready, self.words, connections, self.seconds)
        flooder.begin()
        return await asyncio.to_thread(flooder.end)

    async def _recovery(self, p99: float) -> float:
        """Return the seconds until it gets so many answers in a row as it may expect."""
        began, good = time.perf_counter(), 0
        while good < CALM_AFTER and time.perf_counter() - began < GIVE_UP:
            came = Came()
            status = await ask(self.connection, self.request, came)
            good = good + 1 if status in TAKEN and came.accepted[0] * 1000 <= GOAL * p99 else 0
        return time.perf_counter() - began


async def quick(caller: Caller) -> Figures:
    """Flood the lane of quick look-ups."""
    await caller.taken(SERVED)  # what is made at first use
    unloaded, taken = await caller.alone(), await caller.taken(SERVED)
    p99 = unloaded["accepted_p99_ms"]
    steady = await caller.beside(SPREAD, p99, rate=TIMES * taken["a_second"])
    return {"unloaded": unloaded, "taken": taken, "steady": steady} | await one_by_one(caller, EAGER, p99)


async def heavy(caller: Caller) -> Figures:
    """Flood the lane of checks and writes."""
    await caller.taken(CHECKED_BY)
    unloaded, taken = await caller.alone(), await caller.taken(CHECKED_BY)
    floods = await one_by_one(caller, HEAVY, unloaded["accepted_p99_ms"])
    return {"heavy_unloaded": unloaded, "heavy_taken": taken} | floods


async def one_by_one(caller: Caller, floods: Mapping[str, int], p99: float) -> Figures:
    """Flood by so many connections, one flood after another."""
    return {name: await caller.beside(many, p99) for name, many in floods.items()}


async def main(given: argparse.Namespace) -> None:
    key, body, seconds = given.key_file.read_text().strip(), given.body.read_bytes(), given.seconds
    to = (str(given.port), str(given.key_file))
    async with asyncio.timeout(16 * (seconds + GIVE_UP)), open_client(given.port, key, 1) as client:
        (connection,) = client.connections
        look_up = Caller(connection, client.request("GET", given.path), (*to, "GET", given.path), seconds)
        words = (*to, "POST", CHECKS, str(given.body))
        check = Caller(connection, client.request("POST", CHECKS, body), words, seconds)
        figures = await quick(look_up) | await heavy(check)
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.replicas.flood")
    parser.add_argument("port", type=int)
    parser.add_argument("key_file", type=Path, help="file of the API key, so that it is on no command line")
    parser.add_argument("path", help="path and query of a quick look-up")
    parser.add_argument("body", type=Path, help="file of the body of a check")
    parser.add_argument("--seconds", type=float, default=5.0)
    asyncio.run(main(parser.parse_args()))
