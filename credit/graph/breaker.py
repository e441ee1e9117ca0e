"""Tells a graph server that stopped from one that is slow, and lets nobody wait for the first.

A server that dies is reported by the kernel at once. One that stops (frozen, swapped out, behind a dead line) goes on
taking connections and says nothing. All work that needs the server runs inside ``Breaker.watch``. When the oldest of it
has taken `QUIET` seconds, and none came to an end meanwhile, the server is asked something trivial on a connection of
its own. An answer to that, or to other work: it is slow, and the work goes on. Silence: the breaker opens. All that
waits ends at once as unavailable, whatever comes is refused at once, and the server is asked again and again until it
answers, which closes the breaker.

Time is counted in turns of the event loop: a process that was itself paused blames nobody for it.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import Context
from enum import StrEnum
from typing import Final

from credit.errors import StoreUnavailable
from credit.logs import logger
from credit.tasks import end

TICK: Final = 0.1
"""Seconds between two looks at the work under way."""
QUIET: Final = 1.0
"""Seconds that work may take before the server is asked whether it is there."""
PULSE_WITHIN: Final = 2.5
"""Seconds that the server has to answer that."""
PATIENCE: Final = 5.0
"""The same once the breaker is open: a question left standing is answered the moment the server goes on."""
PAUSE: Final = 0.2

_log = logger(__name__)


class Pulse(StrEnum):
    """What became of the trivial question."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """Nobody listens, or an error came: the server is away, and says so."""
    SILENT = "silent"


class Breaker:
    """Guards the work that needs one server.

    ``ask`` asks it something trivial, without any time limit of its own worth naming; ``revive`` brings back one that
    is away; what it raises is logged, and it is called again.
    """

    def __init__(self, ask: Callable[[], Awaitable[object]], revive: Callable[[], Awaitable[None]]) -> None:
        """Begin closed; nothing is asked before some work takes long."""
        self._ask = ask
        self._revive = revive
        self._open = False
        self._under_way: dict[asyncio.Timeout, int] = {}
        """Work by the turn it began in, oldest first."""
        self._turn = 0
        self._answered = 0
        """Turn of the last sign of life."""
        self._watching: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether work is refused."""
        return self._open

    @asynccontextmanager
    async def watch(self, within: float | None = None) -> AsyncGenerator[None]:
        """Do work that needs the server for a block, in at most so many seconds.

        Raises: StoreUnavailable: the server has stopped, or the time is up.
        """
        if self._open:
            self._keep_watching()
            raise unavailable()
        limit = asyncio.timeout(within)
        try:
            async with limit:
                self._under_way[limit] = self._turn
                self._keep_watching()
                try:
                    yield
                    self._answered = max(self._answered, self._turn)
                finally:
                    del self._under_way[limit]
        except TimeoutError as error:
            if limit.expired():
                raise unavailable() from error
            raise

    def trust(self, seconds: float) -> None:
        """Take the server for alive for a while: it has just been started, and may be slow at first."""
        self._answered = self._turn + round(seconds / TICK)

    def open(self) -> None:
        """Refuse all work, that under way too, until the server answers."""
        if self._open:
            return
        self._open = True
        _log.warning("graph_stopped", given_up=len(self._under_way))
        now = asyncio.get_running_loop().time()
        for limit in self._under_way:
            if not limit.expired():
                limit.reschedule(now)
        self._keep_watching()

    async def close(self) -> None:
        """Watch no more."""
        if self._watching is not None:
            await end(self._watching)

    def _keep_watching(self) -> None:
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch(), context=Context())  # no request's

    async def _watch(self) -> None:
        """Look after the work as long as there is any."""
        while self._under_way or self._open:
            if self._open:
                await self._await_return()
            await asyncio.sleep(TICK)
            self._turn += 1
            if self._is_quiet() and await self._feel(PULSE_WITHIN) is Pulse.SILENT:
                self.open()

    def _is_quiet(self) -> bool:
        """Tell whether the oldest work has been without a sign of life from the server for long."""
        oldest = next(iter(self._under_way.values()), None)
        return oldest is not None and self._turn - max(oldest, self._answered) >= round(QUIET / TICK)

    async def _feel(self, seconds: float) -> Pulse:
        """Ask, and see what comes within so many turns of the loop."""
        before = self._answered
        asked = asyncio.ensure_future(self._ask())
        try:
            for _ in range(round(seconds / TICK)):
                if (await asyncio.wait([asked], timeout=TICK))[0]:
                    break
                self._turn += 1
            silent = not asked.done() and self._answered == before
        finally:
            await end(asked)
        failed = asked.cancelled() or asked.exception() is not None
        if silent:
            return Pulse.SILENT
        self._answered = max(self._answered, self._turn)
        return Pulse.REFUSED if failed else Pulse.ANSWERED

    async def _await_return(self) -> None:
        while (pulse := await self._feel(PATIENCE)) is not Pulse.ANSWERED:
            if pulse is Pulse.REFUSED:
                await self._try_to_revive()
            await asyncio.sleep(PAUSE)
        self._open = False
        _log.warning("graph_answers_again")

    async def _try_to_revive(self) -> None:
        try:
            await self._revive()
        except Exception:  # noqa: BLE001  # the edge of a background task: whatever it is, the server is asked again
            _log.exception("graph_not_revived")


def unavailable() -> StoreUnavailable:
    """Say that the graph does not answer."""
    return StoreUnavailable(
        "图数据库当前不可用，请稍后重试；若持续出现，请运行 credit serve 查看原因。",
        "The graph does not answer now. Try again; if it lasts, look at the server's log",
    )
