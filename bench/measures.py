"""What is measured: requests as bytes, and rounds in which every kind has its turn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from random import Random
from statistics import median, quantiles
from typing import Any, Final

import orjson

from bench.app import BARE, PLAIN
from bench.client import Client, Slice
from bench.country import AGENCY, FUND, HEAD, PUNISHED, code

ROUNDS: Final = 10
WARMING: Final = 2
"""The round before all others takes one such part of a kind's seconds."""
MANY: Final = 8
"""Connections by which the most requests a second are asked."""
SETS: Final = 8
"""Different lists of parties that batches take turns with."""
LOOKED_UP: Final = 512
"""Different parties that single look-ups take turns with: each is asked about once before anything is measured."""
BIDDERS: Final = 10
"""Bids in each lot of the check with many lots."""
TAIL: Final = 20
"""One party in so many, at the end of the country, gets the new penalties; nothing else asks about it."""
CHECKED_TARGET: Final = 2_500.0
"""Parties a second in a kept check of 1,000 (DESIGN.md)."""
LOOK_UP_TARGET: Final = 0.5
"""Of the requests a second of the bare route, with Redis (DESIGN.md)."""
QUESTION: Final = {"domain": "government_procurement", "role": "supplier"}
REGION: Final = "512000"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request: of whom it is asked, over how many connections, what an answer counts for, its target.

    ``least`` is a rate to be reached, ``of_bare`` a part of the bare route's rate.
    """

    name: str
    requests: Iterator[bytes]
    client: Client
    connections: int = 1
    counts: int = 1
    bare: bool = False
    least: float | None = None
    of_bare: float | None = None


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
        pairs = zip(self.rates, self.bare, strict=True)
        return [rate / bare.rate for rate, bare in pairs if bare.answers] or [float("nan")]

    @property
    def cpu(self) -> float:
        """Seconds of the server's processor time for one that was counted."""
        return sum(s.cpu for s in self.slices) / (max(1, len(self.answers)) * self.kind.counts)

    @property
    def answers(self) -> list[float]:
        """Seconds of every answer."""
        return [seconds for s in self.slices for seconds in s.answers]

    def percentile(self, part: int) -> float:
        """Seconds within which so many in a hundred answers came."""
        answers = self.answers or [float("nan")]
        return quantiles(answers, n=100, method="inclusive")[part - 1] if len(answers) > 1 else answers[0]

    @property
    def refused(self) -> int:
        """How many were refused for want of room, and asked again."""
        return sum(s.refused for s in self.slices)

    @property
    def of_target(self) -> float | None:
        """How much of the target was reached, 1 and more being all of it; None where there is none."""
        kind = self.kind
        if kind.least is not None:
            return median(self.rates) / kind.least
        if kind.of_bare is not None:
            return median(self.ratios) / kind.of_bare
        return None


async def measure(kinds: Sequence[Kind], *, seconds: float, cpu: Callable[[], float]) -> list[Measured]:
    """Ask all kinds by turns in ``ROUNDS`` rounds, ``seconds`` a kind in all; ``cpu`` tells the servers' time.

    A longer round goes before that counts for nothing: the stores' Java compiles itself while it is asked.
    """
    measured = [Measured(kind) for kind in kinds]
    for turn in range(ROUNDS + 1):
        stretch, bare = seconds / (ROUNDS if turn else WARMING), dict[int, Slice]()
        for one in measured:
            kind = one.kind
            used = cpu()
            came = await kind.client.drive(kind.requests, connections=kind.connections, seconds=stretch)
            came.cpu = cpu() - used
            if kind.bare:
                bare[kind.connections] = came
            if turn:
                one.slices.append(came)
        for one in measured if turn and bare else ():
            one.bare.append(bare[one.kind.connections])
    return measured


def kinds_of(client: Client, uncached: Client, parties: int, day: date) -> list[Kind]:
    """Say what is measured in a country of so many organisations, asked about a day; ``uncached`` keeps no facts."""
    asked = parties - parties // TAIL
    batches = [Random(number).sample(range(asked), min(1000, asked)) for number in range(SETS)]
    return [
        *_singles(client, uncached, parties, day, MANY),
        *_singles(client, uncached, parties, day, 1),
        Kind("look-up of 100", _batches(client, batches, 100, day), client, 1, 100),
        Kind("look-up of 1,000", _batches(client, batches, 1000, day), client, 1, 1000),
        Kind("kept check of 1", _checks(client, batches, 1, day), client),
        Kind("kept check of 1,000 in 100 lots", _lots(client, batches, day), client, 1, 1000, least=CHECKED_TARGET),
        Kind(
            "kept check of 1,000 in one lot", _checks(client, batches, 1000, day), client, 1, 1000, least=CHECKED_TARGET
        ),
    ]


def growing(client: Client, uncached: Client, parties: int, day: date) -> list[Kind]:
    """Say what must not grow with the country; everything over one connection."""
    asked = parties - parties // TAIL
    singles = [[number] for number in Random(1).sample(range(asked), min(LOOKED_UP, asked))]
    hubs = {"fund": FUND, "one of its firms": 100, "head office": HEAD, "its branch": 107, "agency": AGENCY}
    ordinary = [n for n in range(asked) if n % 10 == 3 and n != PUNISHED][:LOOKED_UP]
    return [
        Kind("quick look-up", look_ups(client, parties, day), client),
        Kind("look-up without cache", look_ups(uncached, parties, day), uncached),
        *(Kind(f"without cache: {name}", _look_up_of(uncached, n, day), uncached) for name, n in hubs.items()),
        Kind("without cache: firm with records", _look_up_of(uncached, PUNISHED, day), uncached),
        Kind("kept check of 1", _checks(client, singles, 1, day), client),
        Kind("graph picture", _gets(client, "graph?depth=2", Random(2).sample(range(asked), 500)), client),
        Kind("graph picture: fund", _gets(client, "graph?depth=1", [FUND]), client),
        Kind("graph picture: one of its firms", _gets(client, "graph?depth=2", [100]), client),
        Kind("records page", _gets(client, "records?limit=20", ordinary), client),
        Kind("records page: firm with records", _gets(client, "records?limit=20", [PUNISHED]), client),
        Kind("profile", _gets(client, "", Random(3).sample(range(asked), 500)), client),
    ]


def _singles(client: Client, uncached: Client, parties: int, day: date, connections: int) -> list[Kind]:
    target = LOOK_UP_TARGET if connections > 1 else None
    plain, bare = client.request("GET", PLAIN), client.request("GET", BARE)
    return [
        Kind("plain route", cycle([plain]), client, connections),
        Kind("bare route", cycle([bare]), client, connections, bare=True),
        Kind("quick look-up, cache on", look_ups(client, parties, day), client, connections, of_bare=target),
        Kind("quick look-up, cache off", look_ups(uncached, parties, day), uncached, connections),
    ]


def _look_up_of(client: Client, number: int, day: date) -> Iterator[bytes]:
    return cycle([look_up(client, code(number), day)])


def _gets(client: Client, what: str, numbers: Sequence[int]) -> Iterator[bytes]:
    return cycle([client.request("GET", f"/v1/parties/{code(n)}/{what}".rstrip("/")) for n in numbers])


def look_up(client: Client, party: str, day: date) -> bytes:
    """Ask about one party."""
    query = "&".join(f"{name}={value}" for name, value in {**QUESTION, "on": day, "region": REGION}.items())
    return client.request("GET", f"/v1/parties/{party}/eligibility?{query}")


def look_ups(client: Client, parties: int, day: date) -> Iterator[bytes]:
    """Ask about one party after another, without end."""
    return cycle(every_look_up(client, parties, day))


def every_look_up(client: Client, parties: int, day: date) -> list[bytes]:
    """Ask about each of the parties that look-ups take turns with, once."""
    asked = parties - parties // TAIL
    return [look_up(client, code(n), day) for n in Random(0).sample(range(asked), min(LOOKED_UP, asked))]


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


def penalty(client: Client, party: str, number: int, day: date) -> bytes:
    """Record a penalty with a ban in force, under a number of its own."""
    return client.request("POST", "/v1/penalties", orjson.dumps(_penalty(party, number, day)))


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
