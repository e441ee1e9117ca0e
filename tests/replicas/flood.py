"""Floods as a process of its own, run as ``python -m tests.replicas.flood PORT KEY_FILE PATH BODY``; prints figures.

First one caller in turn (the unloaded figures), then as many as the API can serve (what it can take), then ten times
that: at a steady rate, whoever is answered or not, and by connections that ask again at once; then a few callers more
than it can serve, who do the same. After each flood the time until one caller is served again as before. Then the same
for the heavy lane: checks with the body that stands in a file. Everything is bounded in time; figures are JSON.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

from bench.client import Connection, open_client

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
TAKEN: Final = {200, 201}


@dataclass(slots=True)
class Came:
    """Statuses, and the seconds of every answer that was no refusal."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    accepted: list[float] = field(default_factory=list[float])
    refused: list[float] = field(default_factory=list[float])
    seconds: float = 0.0
    unsent: int = 0

    def note(self, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        (self.accepted if status in TAKEN else self.refused).append(seconds)

    def told(self) -> dict[str, Any]:
        return {
            "statuses": dict(self.statuses),
            "a_second": round(len(self.accepted) / self.seconds),
            "shed_share": round(len(self.refused) / max(1, self.statuses.total()), 3),
            **_percentiles("accepted", self.accepted),
            **_percentiles("refused", self.refused),
            "unsent": self.unsent,
        }


def _percentiles(name: str, seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {}
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {f"{name}_p{n}_ms": round(cuts[n - 1] * 1000, 2) for n in (50, 99)}


async def ask(connection: Connection, request: bytes, came: Came) -> int:
    began = time.perf_counter()
    status, _ = await connection.ask(request)
    came.note(status, time.perf_counter() - began)
    return status


async def in_turn(connections: list[Connection], request: bytes, seconds: float) -> Came:
    """Ask on every connection, again as soon as it is answered."""
    came, began = Came(), time.perf_counter()

    async def one(connection: Connection) -> None:
        while time.perf_counter() - began < seconds:
            await ask(connection, request, came)

    await asyncio.gather(*(one(connection) for connection in connections))
    came.seconds = time.perf_counter() - began
    return came


async def at_rate(connections: list[Connection], request: bytes, rate: float, seconds: float) -> Came:
    """Ask so often, on whichever connection is free; where none is, the request counts as unsent."""
    came, began, sent = Came(), time.perf_counter(), 0
    free, asked = list(connections), set[asyncio.Task[None]]()

    async def one(connection: Connection) -> None:
        await ask(connection, request, came)
        free.append(connection)

    while (passed := time.perf_counter() - began) < seconds:
        due = int(passed * rate) - sent
        sent += due
        came.unsent += max(0, due - len(free))
        for _ in range(min(due, len(free))):
            task = asyncio.create_task(one(free.pop()))
            asked.add(task)
            task.add_done_callback(asked.discard)
        await asyncio.sleep(0.001)
    await asyncio.gather(*asked)
    came.seconds = time.perf_counter() - began
    return came


async def recovery(connection: Connection, request: bytes, p99: float) -> float:
    """Return the seconds until one caller gets so many answers in a row in unloaded time."""
    began, good = time.perf_counter(), 0
    while good < CALM_AFTER and time.perf_counter() - began < GIVE_UP:
        came = Came()
        status = await ask(connection, request, came)
        good = good + 1 if status in TAKEN and came.accepted[0] <= p99 else 0
    return time.perf_counter() - began


async def quick(connections: list[Connection], request: bytes, seconds: float) -> dict[str, Any]:
    """Flood the lane of quick look-ups."""
    await in_turn(connections[:SERVED], request, min(1.0, seconds))  # what is made at first use
    unloaded = await in_turn(connections[:1], request, seconds)
    taken = await in_turn(connections[:SERVED], request, seconds)
    steady = await at_rate(connections, request, TIMES * len(taken.accepted) / taken.seconds, seconds)
    figures = {"unloaded": unloaded.told(), "taken": taken.told(), "steady": steady.told()}
    p99 = p99_of(unloaded)
    figures["steady"]["recovered_after_s"] = await recovery(connections[0], request, p99)
    return figures | await eagerly(connections, request, seconds, EAGER, p99)


async def heavy(connections: list[Connection], request: bytes, seconds: float) -> dict[str, Any]:
    """Flood the lane of checks and writes."""
    await in_turn(connections[:CHECKED_BY], request, min(1.0, seconds))
    unloaded = await in_turn(connections[:1], request, seconds)
    taken = await in_turn(connections[:CHECKED_BY], request, seconds)
    figures = {"heavy_unloaded": unloaded.told(), "heavy_taken": taken.told()}
    return figures | await eagerly(connections, request, seconds, HEAVY, p99_of(unloaded))


async def eagerly(
    connections: list[Connection], request: bytes, seconds: float, floods: Mapping[str, int], p99: float
) -> dict[str, Any]:
    """Flood by so many connections, one flood after another."""
    figures: dict[str, Any] = {}
    for name, many in floods.items():
        figures[name] = (await in_turn(connections[:many], request, seconds)).told()
        figures[name]["recovered_after_s"] = await recovery(connections[0], request, p99)
    return figures


def p99_of(came: Came) -> float:
    return quantiles(came.accepted, n=100, method="inclusive")[98]


async def main(port: int, key: str, path: str, body: bytes, seconds: float) -> None:
    async with asyncio.timeout(16 * (seconds + GIVE_UP)), open_client(port, key, SPREAD) as client:
        connections = list(client.connections)
        figures = await quick(connections, client.request("GET", path), seconds)
        figures |= await heavy(connections, client.request("POST", "/v1/checks", body), seconds)
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.replicas.flood")
    parser.add_argument("port", type=int)
    parser.add_argument("key_file", type=Path, help="file of the API key, so that it is on no command line")
    parser.add_argument("path", help="path and query of a quick look-up")
    parser.add_argument("body", type=Path, help="file of the body of a check")
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    asyncio.run(
        main(given.port, given.key_file.read_text().strip(), given.path, given.body.read_bytes(), given.seconds)
    )
