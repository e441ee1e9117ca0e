"""What the answers to a caller came to: statuses, and how long those took that were no refusal."""

import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any, Final

from bench.client import Connection

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
