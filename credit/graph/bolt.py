"""The connection to a graph server over Bolt: sessions, errors in our own words, a new try after the server came back.

Only this module opens sessions. A read that fails for want of a server is asked once more after ``on_unavailable`` has
brought one back; so is a write, whose work must therefore find what an earlier run may have left behind. For a server
that has stopped without dying nobody waits: see `credit.graph.breaker`.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from contextvars import Context
from typing import Any, Final, LiteralString, Self, TypeVar

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncSession,
    AsyncTransaction,
    NotificationMinimumSeverity,
    Query,
)

from credit.errors import CreditError
from credit.graph.breaker import Breaker, unavailable
from credit.graph.conflicts import GoneError, NoRoomError, in_our_words, insist
from credit.graph.embedded import Endpoint
from credit.graph.room import FLOOR, Room, full
from credit.tasks import end

T = TypeVar("T")
Row = list[Any]
Revive = Callable[[], Awaitable[Endpoint | None]]
"""Brings a server back and says where it listens; None: where it did."""

TIMEOUT: Final = 30.0
"""Seconds that one transaction may take on the server; the embedded one is started with the same."""
SILENCE: Final = 40.0
"""Seconds that a read or a transaction may take in all, whatever the server makes of `TIMEOUT`."""
REVIVE_WITHIN: Final = 20.0
"""Seconds for which work waits for a server that is brought back; what comes later is refused until it is there."""
CONNECTIONS: Final = 100
FREE_WITHIN: Final = 10.0
"""Seconds that work waits for one of them to become free."""


class Transaction:
    """An open transaction: runs queries, answers rows as lists."""

    __slots__ = ("_tx",)

    def __init__(self, tx: AsyncTransaction) -> None:
        """Wrap a transaction of the driver."""
        self._tx = tx

    async def run(self, query: LiteralString, **parameters: object) -> list[Row]:
        """Run a query to its end."""
        return await (await self._tx.run(query, parameters)).values()


class Bolt:
    """One server and one database on it."""

    def __init__(self, endpoint: Endpoint, *, on_unavailable: Revive | None = None) -> None:
        """Make the driver; nothing is connected before the first query."""
        self._endpoint: Endpoint = endpoint
        self._room = Room(endpoint.home) if endpoint.home is not None else None
        self._revive = on_unavailable
        self._bookmarks = AsyncGraphDatabase.bookmark_manager()
        self._driver = _driver(endpoint)
        self._pulse = _driver(endpoint, pulse=True)
        self._breaker = Breaker(self._ask_pulse, self._revive_quietly)
        self._lives = 0
        self._reviving: asyncio.Task[None] | None = None
        self._revived_until = 0.0

    async def __aenter__(self) -> Self:
        """Hold it for a block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._breaker.close()
        if self._reviving is not None:
            await end(self._reviving)
        await self._driver.close()
        await self._pulse.close()

    def needed(self) -> AbstractAsyncContextManager[None]:
        """Do for a block what is of no use without the server, such as waiting for the turn to write.

        Raises: StoreUnavailable: at once, or as soon as the server stops.
        """
        return self._breaker.watch()

    async def fetch(self, query: LiteralString, **parameters: object) -> list[Row]:
        """Read: one round trip, asked again once if the server was gone.

        Raises: StoreUnavailable.
        """
        return await self.outlive(lambda: self._run(query, parameters, READ_ACCESS))

    async def fetch_latest(self, query: LiteralString, **parameters: object) -> list[Row]:
        """Read where writes go: of several servers the one that holds every write, whichever process made it.

        Raises: StoreUnavailable.
        """
        return await self.outlive(lambda: self._run(query, parameters, WRITE_ACCESS))

    async def put(self, query: LiteralString, **parameters: object) -> list[Row]:
        """Write in a transaction of its own; the query must be one that may run twice.

        Raises: StoreUnavailable, StorageFull, WriteContended.
        """
        return await insist(lambda: self.outlive(lambda: self._put(query, parameters)))

    async def _put(self, query: LiteralString, parameters: dict[str, object]) -> list[Row]:
        with self._with_room(FLOOR // 2):
            return await self._run(query, parameters, WRITE_ACCESS)

    async def _run(self, query: LiteralString, parameters: dict[str, object], access: str) -> list[Row]:
        with in_our_words():
            async with self._breaker.watch(SILENCE), self._session(access) as session:
                return await (await session.run(Query(query, timeout=TIMEOUT), parameters)).values()

    def _session(self, access: str) -> AsyncSession:
        return self._driver.session(  # pyright: ignore[reportUnknownMemberType]  # **config
            database=self._endpoint.database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
            fetch_size=-1,
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """Open a transaction for a block; its end commits, an error undoes all of it.

        Raises: StoreUnavailable, StorageFull.
        """
        with self._with_room(FLOOR), in_our_words():
            async with (
                self._breaker.watch(SILENCE),
                self._session(WRITE_ACCESS) as session,
                await session.begin_transaction(timeout=TIMEOUT) as tx,
            ):
                yield Transaction(tx)

    @contextmanager
    def _with_room(self, least: int) -> Generator[None]:
        """Write for a block if the disk has room for it, and tell of a server that ran out of it all the same."""
        if self._room is not None:
            self._room.check(least)
        try:
            yield
        except NoRoomError as error:
            if self._room is not None:
                self._room.report()
            raise full() from error
        if self._room is not None:
            self._room.check_sound()

    async def outlive(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do some work, once more if the server was gone and came back.

        Raises: StoreUnavailable.
        """
        lives = self._lives
        try:
            return await work()
        except GoneError:
            await self._come_back(lives)
        try:
            return await work()
        except GoneError as error:
            raise unavailable() from error

    async def _come_back(self, lives: int) -> None:
        """Have the server brought back, once for all that miss it at the same time."""
        if self._revive is None or self._lives != lives:
            return
        revival = self._revival(self._revive)
        try:
            async with asyncio.timeout_at(self._revived_until):
                await asyncio.shield(revival)
        except (TimeoutError, CreditError) as error:
            self._breaker.open()
            raise unavailable() from error

    def _revival(self, revive: Revive) -> asyncio.Task[None]:
        """Return the one that is under way, else begin it."""
        if self._reviving is None or self._reviving.done():
            self._reviving = asyncio.create_task(self._bring_back(revive), context=Context())
            self._revived_until = asyncio.get_running_loop().time() + REVIVE_WITHIN
        return self._reviving

    async def _bring_back(self, revive: Revive) -> None:
        endpoint = await revive()
        self._lives += 1
        self._breaker.trust(REVIVE_WITHIN / 2)
        if endpoint is not None and endpoint != self._endpoint:
            gone = self._driver, self._pulse
            self._endpoint, self._driver, self._pulse = endpoint, _driver(endpoint), _driver(endpoint, pulse=True)
            for driver in gone:
                await driver.close()

    async def _revive_quietly(self) -> None:
        if self._revive is not None:
            with suppress(CreditError):
                await asyncio.shield(self._revival(self._revive))

    async def _ask_pulse(self) -> None:
        """Ask the server something trivial; one that is just being brought back is not there yet, whatever it says."""
        if self._reviving is not None and not self._reviving.done():
            raise GoneError
        async with self._pulse.session(database=self._endpoint.database) as session:  # pyright: ignore[reportUnknownMemberType]  # **config
            await (await session.run("RETURN 1")).consume()


def _driver(endpoint: Endpoint, *, pulse: bool = False) -> AsyncDriver:
    """Make a driver; the one for the pulse leaves it to the breaker how long to wait."""
    return AsyncGraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType]  # **config
        endpoint.uri,
        auth=(endpoint.user, endpoint.password),
        connection_timeout=60.0 if pulse else 3.0,
        connection_acquisition_timeout=60.0 if pulse else FREE_WITHIN,
        max_connection_pool_size=1 if pulse else CONNECTIONS,
        max_connection_lifetime=math.inf,
        max_transaction_retry_time=0.0,
        notifications_min_severity=NotificationMinimumSeverity.OFF,
        user_agent="credit-registry",
    )
