"""What is measured: requests as bytes, and rounds in which every kind has its turn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, cycle
from random import Random
from statistics import median, quantiles
from typing import Any, Final

import orjson

from bench.app import BARE, PLAIN
from bench.client import Client, Slice
from bench.country import code

ROUNDS: Final = 10
WARMING: Final = 2
"""The round before all others takes one such part of a kind's seconds."""
MANY: Final = 8
"""Connections by which the most requests a second are asked."""
SETS: Final = 8
"""Different lists of parties that batches take turns with."""
LOOKED_UP: Final = 4096
"""Different parties that single look-ups take turns with."""
BIDDERS: Final = 10
"""Bids in each lot of the check with many lots."""
TAIL: Final = 20
"""One party in so many, at the end of the country, gets the new penalties; nothing else asks about it."""
CHECKED_TARGET: Final = 2_500.0
"""Parties a second in a kept check of 1,000 (DESIGN.md)."""
LOOK_UP_TARGET: Final = 0.5
"""Of the requests a second of the bare route, with Redis (DESIGN.md)."""
ACKNOWLEDGED_TARGET: Final = 0.050
"""Seconds within which a restriction is acknowledged, p99 (DESIGN.md, there with two replicas)."""
QUESTION: Final = {"domain": "government_procurement", "role": "supplier"}
REGION: Final = "512000"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request: what an answer counts for, over how many connections it is asked, what it is held against.

    ``least`` is a rate to be reached, ``of_bare`` a part of the bare route's rate, ``within`` a p99 in seconds.
    """

    name: str
    requests: Iterator[bytes]
    connections: int = 1
    counts: int = 1
    bare: bool = False
    least: float | None = None
    of_bare: float | None = None
    within: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A kind with its slices, one a round, and those of the bare route over as many connections."""

    kind: Kind
    slices: list[Slice] = field(default_factory=list[Slice])
    bare: list[Slice] = field(default_factory=list[Slice])

    @property
    def rates(self) -> list[float]:
        """What was counted a second, round by round."""
        return [s.rate * self.kind.counts for s in self.slices]

    @property
    def ratios(self) -> list[float]:
        """What was counted a second, as a part of the bare route's requests a second, round by round."""
        return [rate / bare.rate for rate, bare in zip(self.rates, self.bare, strict=True)]

    @property
    def cpu(self) -> float:
        """Seconds of the server's processor time for one that was counted."""
        return sum(s.cpu for s in self.slices) / (len(self.answers) * self.kind.counts)

    @property
    def answers(self) -> list[float]:
        """Seconds of every answer."""
        return [seconds for s in self.slices for seconds in s.answers]

    def percentile(self, part: int) -> float:
        """Seconds within which so many in a hundred answers came."""
        answers = self.answers
        return quantiles(answers, n=100, method="inclusive")[part - 1] if len(answers) > 1 else answers[0]

    @property
    def of_target(self) -> float | None:
        """How much of the target was reached, 1 and more being all of it; None where there is none."""
        kind = self.kind
        if kind.least is not None:
            return median(self.rates) / kind.least
        if kind.of_bare is not None:
            return median(self.ratios) / kind.of_bare
        return kind.within / self.percentile(99) if kind.within is not None else None


async def measure(client: Client, kinds: Sequence[Kind], *, seconds: float, cpu: Callable[[], float]) -> list[Measured]:
    """Ask all kinds by turns in ``ROUNDS`` rounds, ``seconds`` a kind in all; ``cpu`` tells the server's time.

    A longer round goes before that counts for nothing: the stores' Java compiles itself while it is asked.
    """
    measured = [Measured(kind) for kind in kinds]
    for turn in range(ROUNDS + 1):
        stretch, bare = seconds / (ROUNDS if turn else WARMING), dict[int, Slice]()
        for one in measured:
            kind = one.kind
            used = cpu()
            came = await client.drive(kind.requests, connections=kind.connections, seconds=stretch)
            came.cpu = cpu() - used
            if kind.bare:
                bare[kind.connections] = came
            if turn:
                one.slices.append(came)
        for one in measured if turn else ():
            one.bare.append(bare[one.kind.connections])
    return measured


def kinds_of(client: Client, parties: int, day: date) -> list[Kind]:
    """Say what is measured in a country of so many organisations, asked about a day."""
    asked = parties - parties // TAIL
    batches = [Random(number).sample(range(asked), min(1000, asked)) for number in range(SETS)]
    return [
        *_singles(client, look_ups(client, asked, day), MANY),
        *_singles(client, look_ups(client, asked, day), 1),
        Kind("look-up of 100", _batches(client, batches, 100, day), 1, 100),
        Kind("look-up of 1,000", _batches(client, batches, 1000, day), 1, 1000),
        Kind("kept check of 1", _checks(client, batches, 1, day), 1, 1),
        Kind("kept check of 1,000 in 100 lots", _lots(client, batches, day), 1, 1000, least=CHECKED_TARGET),
        Kind(
            "kept check of 1,000 in one lot",
            _checks(client, batches, 1000, day), 1, 1000, least=CHECKED_TARGET,
        ),
        Kind("penalty recorded", _penalties(client, parties, day), within=ACKNOWLEDGED_TARGET),
    ]  # fmt: skip


def _singles(client: Client, requests: Iterator[bytes], connections: int) -> list[Kind]:
    target = LOOK_UP_TARGET if connections > 1 else None
    plain, bare = client.request("GET", PLAIN), client.request("GET", BARE)
    return [
        Kind("plain route", cycle([plain]), connections),
        Kind("bare route", cycle([bare]), connections, bare=True),
        Kind("quick look-up", requests, connections, of_bare=target),
    ]


def look_ups(client: Client, parties: int, day: date) -> Iterator[bytes]:
    """Ask about one party after another, without end."""
    query = "&".join(f"{name}={value}" for name, value in {**QUESTION, "on": day, "region": REGION}.items())
    numbers = Random(0).sample(range(parties), min(LOOKED_UP, parties))
    return cycle([client.request("GET", f"/v1/parties/{code(n)}/eligibility?{query}") for n in numbers])


def _batches(client: Client, batches: Sequence[Sequence[int]], size: int, day: date) -> Iterator[bytes]:
    asked = {**QUESTION, "on": day, "region": REGION}
    return _posts(client, "/v1/eligibility", [{**asked, "parties": [code(n) for n in b[:size]]} for b in batches])


def _checks(client: Client, batches: Sequence[Sequence[int]], size: int, day: date) -> Iterator[bytes]:
    return _posts(client, "/v1/checks", [check([code(n) for n in batch[:size]], day) for batch in batches])


def _lots(client: Client, batches: Sequence[Sequence[int]], day: date) -> Iterator[bytes]:
    return _posts(client, "/v1/checks", [check([code(n) for n in b], day, bidders=BIDDERS) for b in batches])


def check(parties: Sequence[str], day: date, *, bidders: int | None = None) -> dict[str, Any]:
    """Make a question about one bid of each party: so many in a lot, or all in one."""
    return {
        "activity": {
            "domain": QUESTION["domain"],
            "region": REGION,
            "notice_on": day - timedelta(days=25),
            "deadline": f"{day}T09:30:00+08:00",
            "cut_off": f"{day}T23:59:00+08:00",
        },
        "bids": [
            {
                "ref": f"B{place}",
                "role": QUESTION["role"],
                "lot": str(place // (bidders or len(parties))),
                "members": [{"id": party, "name": None}],
            }
            for place, party in enumerate(parties)
        ],
    }


def _posts(client: Client, path: str, bodies: Sequence[object]) -> Iterator[bytes]:
    return cycle([client.request("POST", path, orjson.dumps(body)) for body in bodies])


def _penalties(client: Client, parties: int, day: date) -> Iterator[bytes]:
    """Record one penalty after another, each of a number of its own, on the parties of the country's end."""
    tail = parties // TAIL
    for number in count():
        body = _penalty(code(parties - 1 - number % max(tail, 1)), number, day)
        yield client.request("POST", "/v1/penalties", orjson.dumps(body))


def _penalty(party: str, number: int, day: date) -> dict[str, Any]:
    return {
        "party": party,
        "doc_no": f"虚测〔{day.year}〕{number}号",
        "authority": {"name": "虚构市财政局", "region": REGION, "level": "city"},
        "decided_on": day - timedelta(days=9),
        "served_on": day - timedelta(days=8),
        "published_on": day - timedelta(days=2),
        "violation": "提供虚假材料谋取中标",
        "category": "false_materials",
        "kinds": ["fine", "ban"],
        "fine": "9000.00",
        "legal_basis": ["采购法 77"],
        "ban": {"scope": "procurement", "from": day - timedelta(days=8), "months": 12},
    }
