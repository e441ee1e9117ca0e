"""How long a restriction takes to be acknowledged while two replicas serve, and whether both then know of it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import quantiles
from typing import Final

import orjson

from bench.client import Client
from bench.country import code
from bench.measures import TAIL, look_up, penalty

ACKNOWLEDGED_TARGET: Final = 0.050
"""Seconds within which a restriction is acknowledged, p99, with two replicas (DESIGN.md)."""
WARMING: Final = 20
LEAST, MOST = 100, 2000
"""How often it is measured."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Seconds of every acknowledgement; ``stale`` counts answers of either replica that did not know of it."""

    seconds: Sequence[float]
    stale: int

    def percentile(self, part: int) -> float:
        """Seconds within which so many in a hundred were acknowledged."""
        return quantiles(self.seconds, n=100, method="inclusive")[part - 1]


async def acknowledge(replicas: Sequence[Client], parties: int, day: date, *, seconds: float) -> Acknowledged:
    """Ban one party after another, by turns through either replica, each looked up before and after on both.

    The parties are the last of the country, of which nothing else asks.
    """
    taken, stale = list[float](), 0
    tail, until, first = max(1, parties // TAIL), 0.0, time.time_ns() // 1_000_000
    for number in range(min(tail, MOST)):
        party = code(parties - 1 - number)
        for replica in replicas:
            await replica.send(look_up(replica, party, day))
        writer = replicas[number % len(replicas)]
        began = time.perf_counter()
        await writer.send(penalty(writer, party, first + number, day))
        ended = time.perf_counter()
        answers = [await replica.send(look_up(replica, party, day)) for replica in replicas]
        if number >= WARMING:
            taken.append(ended - began)
            stale += sum(orjson.loads(answer)["verdict"] != "restricted" for answer in answers)
            if ended > until and len(taken) >= LEAST:
                break
        else:
            until = ended + seconds
    return Acknowledged(taken, stale)
