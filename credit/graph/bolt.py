"""The connection to a graph server over Bolt: sessions, errors in our own words, a new try after the server came back.

Only this module opens sessions. A read that fails for want of a server is asked once more after ``on_unavailable`` has
brought one back; so is a write, whose work must therefore find what an earlier run may have left behind.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
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
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from credit.errors import StoreUnavailable, WriteContended
from credit.graph.embedded import Endpoint
from credit.graph.engines import Meaning, meaning

T = TypeVar("T")
Row = list[Any]
Revive = Callable[[], Awaitable[Endpoint | None]]
"""Brings a server back and says where it listens; None: where it did."""

TIMEOUT: Final = 30.0
"""Seconds that one transaction may take on the server; the embedded one is started with the same."""
SILENCE: Final = 40.0
"""Seconds after which a server that has not answered, or not ended a transaction, counts as gone."""
REVIVE_WITHIN: Final = 20.0
TRIES: Final = 12
LONGEST_PAUSE: Final = 0.5


class GoneError(Exception):
    """The server did not serve."""


class ConflictError(Exception):
    """Another write was there first."""


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
        self._revive = on_unavailable
        self._bookmarks = AsyncGraphDatabase.bookmark_manager()
        self._driver = _driver(endpoint)
        self._lives = 0
        self._reviving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Hold it for a block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        if self._reviving is not None:
            self._reviving.cancel()
        await self._driver.close()

    async def fetch(self, query: LiteralString, **parameters: object) -> list[Row]:
        """Read: one round trip, asked again once if the server was gone.

        Raises: StoreUnavailable.
        """
        return await self.outlive(lambda: self._run(query, parameters, READ_ACCESS))

    async def put(self, query: LiteralString, **parameters: object) -> list[Row]:
        """Write in a transaction of its own; the query must be one that may run twice.

        Raises: StoreUnavailable, WriteContended.
        """
        return await insist(lambda: self.outlive(lambda: self._run(query, parameters, WRITE_ACCESS)))

    async def _run(self, query: LiteralString, parameters: dict[str, object], access: str) -> list[Row]:
        with _in_our_words():
            async with asyncio.timeout(SILENCE), self._session(access) as session:
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
        """Open a transaction for a block; its end commits, an error undoes all of it."""
        with _in_our_words():
            async with (
                asyncio.timeout(SILENCE),
                self._session(WRITE_ACCESS) as session,
                await session.begin_transaction(timeout=TIMEOUT) as tx,
            ):
                yield Transaction(tx)

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
            raise _unavailable() from error

    async def _come_back(self, lives: int) -> None:
        """Have the server brought back, once for all that miss it at the same time."""
        if self._revive is None or self._lives != lives:
            return
        if self._reviving is None or self._reviving.done():
            self._reviving = asyncio.create_task(self._bring_back(self._revive))
        try:
            async with asyncio.timeout(REVIVE_WITHIN):
                await asyncio.shield(self._reviving)
        except TimeoutError as error:
            raise _unavailable() from error

    async def _bring_back(self, revive: Revive) -> None:
        endpoint = await revive()
        self._lives += 1
        if endpoint is not None and endpoint != self._endpoint:
            gone, self._endpoint, self._driver = self._driver, endpoint, _driver(endpoint)
            await gone.close()


async def insist(work: Callable[[], Awaitable[T]]) -> T:
    """Do some work again until no other write is in its way.

    Raises: WriteContended.
    """
    again = AsyncRetrying(
        stop=stop_after_attempt(TRIES),
        wait=wait_random_exponential(multiplier=0.004, max=LONGEST_PAUSE),
        retry=retry_if_exception_type(ConflictError),
        reraise=True,
    )
    try:
        async for attempt in again:
            with attempt:
                return await work()
    except ConflictError as error:
        raise _contended() from error
    raise _contended()  # never reached: the last attempt raises


class _in_our_words:  # noqa: N801  # used as a function
    """Turn what driver and network raise into what it asks of us."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raise our own error in place of the driver's."""
        if not isinstance(error, Exception) or isinstance(error, GoneError | ConflictError):
            return
        match meaning(error):
            case Meaning.GONE:
                raise GoneError(str(error)) from error
            case Meaning.SLOW:
                raise _unavailable() from error
            case Meaning.CONFLICT:
                raise ConflictError(str(error)) from error
            case Meaning.MISTAKE:
                return


def _driver(endpoint: Endpoint) -> AsyncDriver:
    return AsyncGraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType]  # **config
        endpoint.uri,
        auth=(endpoint.user, endpoint.password),
        connection_timeout=3.0,
        connection_acquisition_timeout=10.0,
        max_connection_lifetime=math.inf,
        max_transaction_retry_time=0.0,
        notifications_min_severity=NotificationMinimumSeverity.OFF,
        user_agent="credit-registry",
    )


def _contended() -> WriteContended:
    return WriteContended(
        f"写入冲突，已重试 {TRIES} 次，请稍后再试。", f"Other writes were in the way {TRIES} times. Try again later"
    )


def _unavailable() -> StoreUnavailable:
    return StoreUnavailable(
        "图数据库当前不可用，请稍后重试；若持续出现，请运行 credit serve 查看原因。",
        "The graph does not answer now. Try again; if it lasts, look at the server's log",
    )
