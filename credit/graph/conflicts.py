"""What the errors of driver and network come to, and trying again until no other write is in the way."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from credit.errors import WriteContended
from credit.graph.breaker import unavailable
from credit.graph.engines import Meaning, meaning

T = TypeVar("T")

TRIES: Final = 12
TRYING: Final = 30.0
"""Seconds after which no further try is begun: each may have waited long for a lock."""
LONGEST_PAUSE: Final = 0.5
SAME: Final = 3
"""Runs that may end in one and the same uniqueness error: work that did not find what it met by then never will."""


class GoneError(Exception):
    """The server did not serve."""


class ConflictError(Exception):
    """Another write was there first."""


class TakenError(ConflictError):
    """What must be unique is held already."""


class NoRoomError(Exception):
    """The server has no room to write."""


class in_our_words:  # noqa: N801  # used as a function
    """Turn what driver and network raise into what it asks of us."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raise our own error in place of the driver's."""
        if not isinstance(error, Exception) or isinstance(error, GoneError | ConflictError | NoRoomError):
            return
        match meaning(error):
            case Meaning.GONE:
                raise GoneError(str(error)) from error
            case Meaning.SLOW:
                raise unavailable() from error
            case Meaning.CONFLICT:
                raise ConflictError(str(error)) from error
            case Meaning.TAKEN:
                raise TakenError(str(error)) from error
            case Meaning.FULL:
                raise NoRoomError(str(error)) from error
            case Meaning.MISTAKE:
                return


class _Worth:
    """Whether work that met a conflict is worth another try; judged by what its runs ended in."""

    def __init__(self) -> None:
        self._met: list[str] = []

    @property
    def a_try(self) -> bool:
        """Not after ``SAME`` runs in a row that ended in one and the same uniqueness error."""
        last = self._met[-SAME:]
        return len(last) < SAME or not last[0] or len(set(last)) > 1

    def noting(self, error: BaseException) -> bool:
        """Note an error; tell whether to try again."""
        self._met.append(str(error) if isinstance(error, TakenError) else "")
        return isinstance(error, ConflictError) and self.a_try


async def insist(work: Callable[[], Awaitable[T]]) -> T:
    """Do some work again until no other write is in its way.

    Raises: WriteContended, TakenError where the work meets what is held again and again, but does not find it.
    """
    worth = _Worth()
    again = AsyncRetrying(
        stop=stop_after_attempt(TRIES) | stop_after_delay(TRYING),
        wait=wait_random_exponential(multiplier=0.004, max=LONGEST_PAUSE),
        retry=retry_if_exception(worth.noting),
        reraise=True,
    )
    try:
        async for attempt in again:
            with attempt:
                return await work()
    except ConflictError as error:
        if not worth.a_try:
            raise
        raise _contended() from error
    raise _contended()  # never reached: the last attempt raises


def _contended() -> WriteContended:
    return WriteContended(
        "写入冲突，多次重试未果，请稍后再试。", "Other writes were in the way again and again. Try again later"
    )
