"""The table of revisions and kept facts in Redis, for processes on several machines.

Redis may be gone, slow, emptied, replaced by a copy that lags, or come back with what it held yesterday. So a table
counts only while the graph names it (`credit.ports.Generations`), and its name holds the ``run_id`` of the one Redis
process that it was made in: no connection to another life of Redis is ever used for it. That process must be a master
without replicas, for a resync would put another's data in the place of its own and keep the ``run_id``: no table is
made in one that is not alone, and the table of one that is so no longer is given up at the next look, half a second
later, long before a fail-over. Every process asks the graph for the name every ``ASK_EVERY`` seconds and believes the
answer for ``BELIEVED``. A write that cannot mark its parties takes the name away in its own transaction. No write is
acknowledged within ``LAPSE`` of a name being taken away, though a new one may be there by then: nobody believes the old
one any more after that.

Nothing that Redis does can therefore make an old fact look current; the most it can do is to have the graph read.
Keys begin with ``credit:`` and end by themselves; `credit.cache.facts` says what their values leave out.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from redis.exceptions import ReadOnlyError, RedisError

from credit.cache.reading import SOURCES, Look, slots_of
from credit.cache.redis_table import Address, AnotherLifeError, NotAloneError, RedisTable
from credit.errors import CreditError
from credit.logs import logger
from credit.ports import Doubt, Generations
from credit.tasks import end

ASK_EVERY: Final = 0.5
"""Seconds between two questions to the graph which generation counts."""
BELIEVED: Final = 1.5
"""Seconds for which the answer is believed, counted from before the question."""
LAPSE: Final = 2.0
"""Seconds after which nobody believes a generation any more that was taken away."""
PAUSE: Final = 0.5
"""Seconds for which Redis is left alone after a failure."""
STEADY: Final = 3
"""Times in a row that Redis must have answered before a new generation is made."""

_log = logger(__name__)


def _seconds() -> float:
    """Read a clock that never goes back, and goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Lapses:
    """Waits for others to forget a generation that was taken away, by the clock of this process alone."""

    def __init__(self) -> None:
        self._closed = 0
        self._forgotten_at = 0.0

    async def lapse(self, closed: int) -> bool:
        """Wait until nobody believes a generation any more that was closed at a place in the order of writes (0: none).

        That is ``LAPSE`` after this process first heard of it: once for each closing. Tells whether it had to wait.
        """
        if not closed:
            return False
        if closed != self._closed:
            self._closed, self._forgotten_at = closed, _seconds() + LAPSE
        has_waited = False
        while (left := self._forgotten_at - _seconds()) > 0:
            await asyncio.sleep(left)
            has_waited = True
        return has_waited


class NoRevisions(Lapses):
    """`credit.ports.Revisions` of a process that shares no table: it keeps nothing, and its writes close others'."""

    up: bool = False
    failures: int = 0

    def __init__(self) -> None:
        super().__init__()
        self._has_warned = False

    async def read(self, slots: Sequence[int]) -> Look | None:
        """Look at nothing."""
        del slots
        return None

    async def doubt(self, generation: str, parties: Collection[str], *, sources: bool) -> Doubt | None:
        """Say that nothing can be marked."""
        del parties, sources
        if generation and not self._has_warned:
            self._has_warned = True
            _log.warning("cache_closed_by_this_process", why="others share a Redis: set CREDIT_REDIS_URL here too")
        return None

    async def release(self, doubt: Doubt) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class _Belief:
    """The table that readers look at, and until when the graph's word for it is believed (`_seconds`)."""

    table: RedisTable
    until: float = 0.0


class SharedRevisions(Lapses):
    """`credit.ports.Revisions` in Redis, reading them, and the facts that lie beside them.

    Readers have the one belief that the ticker last put down, whole; writers have a table of their own, of the
    generation that the ledger told them.
    """

    def __init__(self, address: Address) -> None:
        super().__init__()
        self._address = address
        self._belief: _Belief | None = None
        self._marked: RedisTable | None = None
        self._paused_until = 0.0
        self._steady = 0
        self._is_refused = False
        self.failures = 0
        self.up = False

    async def read(self, slots: Sequence[int]) -> Look | None:
        """Look at the table; None where it cannot be had, or must not be believed."""
        belief = self._belief
        if belief is None or self._is_paused():
            return None
        try:
            async with belief.table.asked() as table:
                look = await table.read(slots)
        except (RedisError, OSError) as error:
            self._failed(error)
            return None
        return look if _seconds() < belief.until else None

    async def get(self, name: str, generation: str) -> bytes | None:
        """Return what is kept under a name in a generation; None where nothing is, or it is not the one any more."""
        if (table := self._readable(generation)) is None:
            return None
        try:
            async with table.asked():
                return await table.get(name)
        except (RedisError, OSError) as error:
            self._failed(error)
            return None

    async def put(self, name: str, generation: str, value: bytes) -> None:
        """Keep something, if the generation is still the one; a failure changes nothing."""
        if (table := self._readable(generation)) is None:
            return
        try:
            async with table.asked():
                await table.put(name, value)
        except (RedisError, OSError) as error:
            self._failed(error)

    def _readable(self, generation: str) -> RedisTable | None:
        belief = self._belief
        if belief is None or belief.table.generation != generation or self._is_paused():
            return None
        return belief.table

    def _is_paused(self) -> bool:
        return _seconds() < self._paused_until

    async def doubt(self, generation: str, parties: Collection[str], *, sources: bool) -> Doubt | None:
        """Put parties in doubt; None where there is no table, or it cannot be had."""
        if not generation:
            return None
        table, gone = self._marked, None
        if table is None or table.generation != generation:
            gone, table = table, RedisTable(self._address, generation)
            self._marked = table
        try:
            async with table.asked():
                await _put_away(gone)
                return await table.doubt((*([SOURCES] if sources else []), *slots_of(parties)))
        except (RedisError, OSError) as error:
            self._failed(error)
            return None

    async def release(self, doubt: Doubt) -> None:
        """Say that a write is decided; where Redis fails, its parties stay in doubt, and the graph is read."""
        table = self._marked
        if table is None or table.generation != doubt.generation:
            return  # a later write found another generation: that of the doubt counts no more
        try:
            async with table.asked():
                await table.release(doubt)
        except (RedisError, OSError) as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        self._steady = 0
        self._paused_until = _seconds() + PAUSE
        if self.up:
            self.up = False
            _log.warning("cache_down", error=type(error).__name__)

    @asynccontextmanager
    async def tended(self, generations: Generations) -> AsyncGenerator[None]:
        """Keep up with the generation that counts, and see that there is one, for a block."""
        task = asyncio.create_task(self._keep_tending(generations))
        try:
            yield
        finally:
            await end(task)
            await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        gone, self._marked = self._marked, None
        await self._look_at(None)
        await _put_away(gone)

    async def _keep_tending(self, generations: Generations) -> None:
        while True:
            try:
                await self._tend(generations)
            except CreditError as error:
                _log.warning("cache_off", code=error.code)
            except (RedisError, OSError) as error:
                self._failed(error)
                self._refuse(error)
            except Exception:  # noqa: BLE001  # the edge of a background task: it goes on, and nothing is believed
                _log.exception("cache_off")
            await asyncio.sleep(ASK_EVERY)

    async def _tend(self, generations: Generations) -> None:
        asked = _seconds()
        generation = await generations.current()
        if not generation:
            await self._look_at(None)
            await self._open(generations)
            return
        self._steady = 0
        table = await self._table_of(generation)
        if not await _is_there(table):
            await self._look_at(None)
            await generations.change(generation, "")
            return
        self._belief = _Belief(table, asked + BELIEVED)
        self._answered()

    async def _table_of(self, generation: str) -> RedisTable:
        """Return the table of a generation for readers, which is not believed yet where it is another than before."""
        if self._belief is not None and self._belief.table.generation == generation:
            return self._belief.table
        table = RedisTable(self._address, generation)
        await self._look_at(table)
        return table

    async def _look_at(self, table: RedisTable | None) -> None:
        """Have readers look at another table, or at none, without believing it."""
        gone, self._belief = self._belief, _Belief(table) if table is not None else None
        await _put_away(gone.table if gone is not None else None)

    async def _open(self, generations: Generations) -> None:
        """Make a new table once Redis has answered a few times in a row."""
        generation = await self._address.new_generation()
        self._is_refused = False
        self._steady += 1
        if self._steady < STEADY:
            return
        table = RedisTable(self._address, generation)
        try:
            await table.make()
        finally:
            await table.client.aclose()
        await generations.change("", generation)

    def _refuse(self, error: Exception) -> None:
        """Say once why no table is made in a Redis that answers."""
        if isinstance(error, NotAloneError) and not self._is_refused:
            self._is_refused = True
            _log.warning("cache_off_replicated_redis", why="facts are kept only in a Redis that is and has no replica")

    def _answered(self) -> None:
        self._paused_until = 0.0
        if not self.up:
            self.up = True
            _log.info("cache_up")


async def _is_there(table: RedisTable) -> bool:
    """Tell whether a table can still be used by anybody: not so once it is lost, or Redis is not what it was."""
    try:
        return await table.is_there()
    except (AnotherLifeError, ReadOnlyError):
        return False


async def _put_away(table: RedisTable | None) -> None:
    if table is not None:
        await table.put_away()
