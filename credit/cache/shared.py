"""The table of revisions and kept facts in Redis, for processes on several machines.

Redis may be gone, slow, emptied, replaced by a copy that lags, or come back with what it held yesterday. So a table
counts only while the graph names it (`credit.ports.Generations`), and its name holds the ``run_id`` of the one Redis
process that it was made in: no connection to another life of Redis is ever used for it. Every process asks the graph
for the name every ``ASK_EVERY`` seconds and believes the answer for ``BELIEVED``. A write that cannot mark its parties
takes the name away in its own transaction and is acknowledged only after ``LAPSE``, when nobody believes it any more;
the writes after it find no name and need not wait. Once Redis answers again, a new table gets a new name.

Nothing that Redis does can therefore make an old fact look current; the most it can do is to have the graph read.
Keys begin with ``credit:`` and end by themselves; no key or value names a natural person.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from redis.exceptions import RedisError

from credit.cache.reading import SOURCES, Reading, slots_of
from credit.cache.redis_table import Address, AnotherLifeError, Table
from credit.errors import CreditError
from credit.logs import logger
from credit.ports import Doubt, Generations

ASK_EVERY: Final = 0.5
"""Seconds between two questions to the graph which generation counts."""
BELIEVED: Final = 1.5
"""Seconds for which the answer is believed, counted from before the question."""
LAPSE: Final = 2.0
"""Seconds after which nobody believes a generation any more that was taken away."""
LONG_AGO: Final = 60_000_000
"""Microseconds by which the clocks of two machines surely do not differ."""
PAUSE: Final = 0.5
"""Seconds for which Redis is left alone after a failure."""
STEADY: Final = 3
"""Times in a row that Redis must have answered before a new generation is made."""

_log = logger(__name__)


class Lapses:
    """Waits for others to forget a generation that was taken away."""

    def __init__(self) -> None:
        self._seen: tuple[int, float] = (0, 0.0)

    async def lapse(self, closed_at: int) -> None:
        """Wait until nobody believes a generation any more that was closed at an instant (microseconds; 0: never)."""
        if not closed_at or time.time_ns() // 1000 - closed_at > LONG_AGO:
            return
        if self._seen[0] != closed_at:
            self._seen = (closed_at, time.monotonic())
        await asyncio.sleep(max(0.0, self._seen[1] + LAPSE - time.monotonic()))


class NoRevisions(Lapses):
    """`credit.ports.Revisions` of a process that shares no table: it keeps nothing, and its writes close others'."""

    up: bool = False
    failures: int = 0

    async def read(self, slots: Sequence[int]) -> Reading | None:
        """Look at nothing."""
        del slots
        return None

    async def doubt(self, generation: str, parties: Collection[str], *, sources: bool) -> Doubt | None:
        """Say that nothing can be marked."""
        del generation, parties, sources
        return None

    async def release(self, doubt: Doubt) -> None:
        """Do nothing."""


class SharedRevisions(Lapses):
    """`credit.ports.Revisions` in Redis, reading them, and the facts that lie beside them."""

    def __init__(self, address: Address) -> None:
        super().__init__()
        self._address = address
        self._table: Table | None = None
        self._believed_until = 0.0
        self._paused_until = 0.0
        self._lost = False
        self._steady = 0
        self.failures = 0
        self.up = False

    # ---------------------------------------------------------------- readers

    async def read(self, slots: Sequence[int]) -> Reading | None:
        """Look at the table; None where it cannot be had, or must not be believed."""
        table = self._table
        if table is None or time.monotonic() < self._paused_until:
            return None
        try:
            reading = await table.read(slots)
        except (RedisError, OSError) as error:
            self._failed(error)
            return None
        if reading is None:
            self._lost = True
            return None
        return reading if time.monotonic() < self._believed_until and table is self._table else None

    async def get(self, name: str) -> bytes | None:
        """Return what is kept under a name in the table's generation; None where nothing is, or Redis fails."""
        try:
            return await self._table.get(name) if self._table is not None else None
        except (RedisError, OSError) as error:
            self._failed(error)
            return None

    async def put(self, name: str, generation: str, value: bytes) -> None:
        """Keep something, if the generation is still the one; a failure changes nothing."""
        table = self._table
        if table is None or table.generation != generation or time.monotonic() < self._paused_until:
            return
        try:
            await table.put(name, value)
        except (RedisError, OSError) as error:
            self._failed(error)

    # ---------------------------------------------------------------- writers

    async def doubt(self, generation: str, parties: Collection[str], *, sources: bool) -> Doubt | None:
        """Put parties in doubt; None where there is no table, or it cannot be had."""
        if not generation:
            return None
        try:
            return await (await self._of(generation)).doubt((*([SOURCES] if sources else []), *slots_of(parties)))
        except (RedisError, OSError) as error:
            self._failed(error)
            return None

    async def release(self, doubt: Doubt) -> None:
        """Say that a write is decided; where Redis fails, its parties stay in doubt, and the graph is read."""
        try:
            await (await self._of(doubt.generation)).release(doubt)
        except (RedisError, OSError) as error:
            self._failed(error)

    async def _of(self, generation: str) -> Table:
        """Return the table of a generation, letting go of another's."""
        table = self._table
        if table is None or table.generation != generation:
            await self.aclose()
            table = self._table = Table(self._address, generation)
            self._believed_until = 0.0
            self._lost = False
        return table

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        self._steady = 0
        if isinstance(error, AnotherLifeError):
            self._lost = True
        self._paused_until = time.monotonic() + PAUSE
        if self.up:
            self.up = False
            _log.warning("cache_down", error=type(error).__name__)

    # ---------------------------------------------------------------- the generation

    @asynccontextmanager
    async def tended(self, generations: Generations) -> AsyncGenerator[None]:
        """Keep up with the generation that counts, and see that there is one, for a block."""
        task = asyncio.create_task(self._keep_tending(generations))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        table, self._table = self._table, None
        if table is not None:
            with suppress(RedisError, OSError):
                await table.client.aclose()

    async def _keep_tending(self, generations: Generations) -> None:
        while True:
            try:
                await self._tend(generations)
            except CreditError as error:
                _log.warning("cache_off", code=error.code)
            except (RedisError, OSError) as error:
                self._failed(error)
            except Exception:  # noqa: BLE001  # the edge of a background task: it goes on, and nothing is believed
                _log.exception("cache_off")
            await asyncio.sleep(ASK_EVERY)

    async def _tend(self, generations: Generations) -> None:
        asked = time.monotonic()
        generation = await generations.current()
        if not generation:
            self._believed_until = 0.0
            await self._open(generations)
            return
        self._steady = 0
        table = await self._of(generation)
        if not await self._is_there(table):
            self._believed_until = 0.0
            await generations.change(generation, "")
            return
        self._believed_until = asked + BELIEVED
        self._answered()

    async def _is_there(self, table: Table) -> bool:
        """Tell whether the table can still be used by anybody: not so once it is lost, or Redis began another life."""
        try:
            there = await table.is_there()
        except AnotherLifeError:
            return False
        return there and not self._lost

    async def _open(self, generations: Generations) -> None:
        """Make a new table once Redis has answered a few times in a row."""
        generation = await self._address.new_generation()
        self._steady += 1
        if self._steady < STEADY:
            return
        table = Table(self._address, generation)
        try:
            await table.make()
        finally:
            await table.client.aclose()
        await generations.change("", generation)

    def _answered(self) -> None:
        self._paused_until = 0.0
        if not self.up:
            self.up = True
            _log.info("cache_up")
