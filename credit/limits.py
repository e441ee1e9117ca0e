"""Calls of each key counted in windows of a minute: in Redis for all processes, else in this one.

Redis is asked once for a call, and once more where a process first sees a key's window, for its end. It never fails a
call: where it does not answer in time, this process counts for itself, and asks again after a pause.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from cachetools import TTLCache
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.errors import StorageError

from credit.logs import logger
from credit.settings import Settings

WINDOW: Final = 60
"""Seconds."""
PREFIX: Final = "credit:limit"
"""Before the caller's id in Redis; the key itself is never sent."""
WITHIN: Final = 0.2
"""Seconds in which Redis is to answer."""
PAUSE: Final = 5.0
"""Seconds for which Redis is left alone after it failed."""
REMEMBERED: Final = 4096

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether a call passed, how many are ``left`` in the window, and in how many seconds it ends."""

    passed: bool
    left: int
    ends_in: int


class Limits:
    """Counts calls; ``shared`` is None where there is no Redis, ``on_failure`` is called each time it fails."""

    def __init__(
        self,
        shared: Storage | None,
        on_failure: Callable[[], None] = lambda: None,
        *,
        within: float = WITHIN,
        pause: float = PAUSE,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._shared = shared
        self._on_failure = on_failure
        self._local = MemoryStorage()
        self._within = within
        self._pause = pause
        self._now = now
        self._ends: TTLCache[str, float] = TTLCache(REMEMBERED, WINDOW)
        self._rests_until = 0.0

    @property
    def sharing(self) -> bool:
        """Tell whether calls are counted in Redis, as far as is known."""
        return self._shared is not None and self._rests_until == 0

    async def count(self, caller: str, limit: int) -> Counted:
        """Count a call against a caller's ``limit`` a minute."""
        number, ends = await self._in_shared(caller) or await self._in_process(caller)
        return Counted(number <= limit, max(0, limit - number), max(1, round(ends - self._now())))

    async def _in_process(self, caller: str) -> tuple[int, float]:
        number = await self._local.incr(caller, WINDOW)
        return number, await self._local.get_expiry(caller)

    async def _in_shared(self, caller: str) -> tuple[int, float] | None:
        """Return the number of the call and the end of its window; None where Redis does not tell."""
        if self._shared is None or self._now() < self._rests_until:
            return None
        if self._rests_until:  # one call tries, while the others go on without
            self._rests_until = self._now() + self._pause
        try:
            async with asyncio.timeout(self._within):
                number = await self._shared.incr(caller, WINDOW)
                ends = await self._end_of(self._shared, caller, number)
        except (StorageError, OSError, TimeoutError) as error:
            self._fail(error)
            return None
        if self._rests_until:
            self._rests_until = 0.0
            _log.info("limits_shared_again")
        return number, ends

    async def _end_of(self, shared: Storage, caller: str, number: int) -> float:
        """Tell when a caller's window ends, from memory where that knows."""
        now = self._now()
        ends = self._ends.get(caller, 0.0)
        if number == 1:
            ends = self._ends[caller] = now + WINDOW
        elif ends <= now:
            ends = self._ends[caller] = await shared.get_expiry(caller)
        return ends

    def _fail(self, error: Exception) -> None:
        self._on_failure()
        if not self._rests_until:
            _log.warning("limits_not_shared", error=type(error).__name__)
        self._rests_until = self._now() + self._pause


@asynccontextmanager
async def open_limits(
    settings: Settings, on_failure: Callable[[], None], *, within: float = WITHIN, pause: float = PAUSE
) -> AsyncGenerator[Limits]:
    """Count for a block, in Redis where one is set; it need not answer yet.

    It has ``within`` seconds to answer, the first time for the connection too, and is left alone for ``pause`` seconds
    after it failed.
    """
    if not settings.redis_url:
        yield Limits(None, on_failure)
        return
    tls = {"ssl_ca_certs": str(settings.redis_ca)} if settings.redis_ca else {}
    shared = RedisStorage(
        settings.redis_url,
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix=PREFIX,
        socket_timeout=within,
        socket_connect_timeout=within,
        **tls,
    )
    try:
        yield Limits(shared, on_failure, within=within, pause=pause)
    finally:
        if isinstance(shared.bridge, RedispyBridge):
            await shared.bridge.storage.aclose()
