"""How many requests a process serves at once: quick ones and heavy ones each in a lane of their own.

A lane serves ``at_once`` and lets others stand in line. A short line may stand for as long as it likes, for that is how
a few callers look who ask again as soon as they are answered. A burst may fill a long line, for it is gone in a moment;
there the newest come first, so that some are served in time even if it was no burst. A long line that does not go away
is a flood: every place in line only makes all wait. From there on nobody stands in line, one fewer is served at once,
since refusing takes its share of the processor, and who finds no place is refused, until for ``CALM`` seconds nobody
had to be.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from credit.logs import logger
from credit.settings import Settings

GOAL: Final = 3
"""Times the unloaded p99 in which what is accepted is to be answered."""
WRITE_SPREAD: Final = 4 / 3
"""Times the middle of the unloaded times of writes and checks that their p99 is at the least: they wait for a disk."""
CALM: Final = 1.0
"""Seconds without a refusal after which bursts are taken again."""

OPEN: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""What says how the process is: it is asked most where the process has most to do."""
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
WIDE: Final = (
    "/graph",
    "/dossier",
    "/v1/attentions",
    "/v1/cases",
    "/v1/complainants",
    "/v1/complaints",
    "/v1/corrections",
    "/v1/proposals",
    "/v1/publications",
)
"""How the path of a read ends that is no quick one: it answers, or goes through, thousands of parties or matters."""

_log = logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """What a lane takes: requests served ``at_once``, a line of ``steady``, or of ``burst`` for ``standing`` seconds.

    ``patience`` is how many seconds one stands in line at most. Whoever stands behind ``n`` times ``at_once`` others
    waits as long as ``n`` requests take, and is then served: a line that may stand for ever is no longer than ``GOAL``
    allows.
    """

    at_once: int
    steady: int
    burst: int
    standing: float
    patience: float


class Lane:
    """One lane; not for use from several threads."""

    def __init__(self, name: str, width: Width, now: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self.width = width
        self.taken = 0
        self._now = now
        self._line: deque[Place] = deque()
        self._standing_since = 0.0
        self._flood_until = 0.0

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._line)

    def ask(self, place: "Place") -> bool:
        """Hold a place or let it stand in line, before anything else can happen; False when refused."""
        if self.taken < self._at_once():
            self.taken += 1
            place.held = True
            return True
        if len(self._line) >= self._room():
            return False
        place.stand()
        self._line.append(place)
        return True

    def leave(self) -> None:
        """Pass a place that was held to the next in line."""
        while self._line:
            following = self._line.pop() if len(self._line) > self.width.steady else self._line.popleft()
            if following.answer(held=True):
                return
        self.taken -= 1

    def forget(self, place: "Place") -> None:
        """Take one out of the line that waits no longer."""
        if place in self._line:
            self._line.remove(place)

    def _at_once(self) -> int:
        """Return how many are served at once now: one fewer in a flood, where refusing takes its share of the time."""
        return max(1, self.width.at_once - 1) if self._now() < self._flood_until else self.width.at_once

    def _room(self) -> int:
        """Return how long a line may be now; when one is too long for too long, it is no line any more."""
        now = self._now()
        if now < self._flood_until:
            self._flood_until = now + CALM
            return 0
        if not self._line:
            self._standing_since = now
        if len(self._line) < self.width.steady or now - self._standing_since <= self.width.standing:
            return self.width.burst
        _log.warning("requests_shed", lane=self.name, at_once=self.width.at_once, waiting=len(self._line))
        self._flood_until = now + CALM
        while self._line:
            self._line.popleft().answer(held=False)
        return 0


class Place:
    """One request's place in a lane, which it may leave early and take again."""

    __slots__ = ("_turn", "held", "lane")

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self._turn: asyncio.Future[bool] | None = None
        self.held = False

    async def take(self) -> bool:
        """Hold it, once it is this one's turn; False when refused."""
        if not self.held and self._turn is None and not self.lane.ask(self):
            return False
        if self.held or self._turn is None:
            return self.held
        patience = asyncio.get_running_loop().call_later(self.lane.width.patience, self.answer, False)  # noqa: FBT003
        try:
            return await self._turn
        finally:
            patience.cancel()
            self._turn = None
            self.lane.forget(self)

    def leave(self) -> None:
        """Give it back if it is held."""
        if self.held:
            self.held = False
            self.lane.leave()

    def stand(self) -> None:
        """Wait for an answer; for the lane."""
        self._turn = asyncio.get_running_loop().create_future()

    def answer(self, held: bool) -> bool:  # noqa: FBT001  # called by a timer
        """Tell whether its turn has come or never will; False when nobody waits for it any more. For the lane."""
        if self._turn is None or self._turn.done():
            return False
        self.held = held
        self._turn.set_result(held)
        return True


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of one process: single look-ups and pages, and all that writes, checks, or asks for many."""

    quick: Lane
    heavy: Lane

    @classmethod
    def of(cls, settings: Settings) -> "Lanes":
        """Make the lanes as wide as is set."""
        quick, heavy = settings.quick_at_once, settings.heavy_at_once
        return cls(
            Lane("quick", _width(quick, 1, standing=0.1, patience=10)),
            Lane("heavy", _width(heavy, WRITE_SPREAD, standing=1, patience=60)),
        )

    def of_request(self, method: str, path: str) -> Lane | None:
        """Say which lane serves a request; None for those that nothing holds up."""
        if path in OPEN:
            return None
        return self.quick if method in READS and not path.endswith(WIDE) else self.heavy


def _width(at_once: int, spread: float, *, standing: float, patience: float) -> Width:
    """Let a line be so long that waiting and being served together take no longer than ``GOAL`` allows."""
    steady = round((GOAL * spread - 1) * at_once)
    return Width(at_once=at_once, steady=steady, burst=64 * at_once, standing=standing, patience=patience)
