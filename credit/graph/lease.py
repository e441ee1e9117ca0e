"""A share in the embedded graph server: it stays up for as long as anybody holds one."""

import asyncio
import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from credit.errors import StoreUnavailable
from credit.graph.home import Home, open_lock, reported, try_lock
from credit.graph.keeper import PATIENCE

STOP_WITHIN: Final = PATIENCE + 5
"""Seconds in which a keeper comes to its end."""
POLL: Final = 0.05


class Lease:
    """Keeps the server up for as long as it is held; the kernel gives it back for a process that dies."""

    __slots__ = ("_lock",)

    def __init__(self, lock: int) -> None:
        """Hold an open descriptor whose shared lock is taken; see `take`."""
        self._lock = lock

    @classmethod
    async def take(cls, home: Path) -> Self:
        """Take a share of the users lock; while a keeper ends for want of users, wait until it is gone.

        Raises:
            StoreUnavailable: the directory cannot be written, or a keeper does not come to its end.
        """
        place = Home.of(home)
        with reported(place):
            place.make()
            lease = cls(open_lock(place.lock("users")))
        until = time.monotonic() + STOP_WITHIN
        try:
            while not try_lock(lease._lock, fcntl.LOCK_SH) and time.monotonic() < until:  # noqa: ASYNC110  # no event
                await asyncio.sleep(POLL)
        except BaseException:  # cancelled
            lease.close()
            raise
        if time.monotonic() < until:
            return lease
        lease.close()
        raise StoreUnavailable(
            f"{home} 的内置图数据库未能结束，请运行 credit stop。",
            f"The embedded graph server in {home} does not come to its end. Run: credit stop",
        )

    def close(self) -> None:
        """Give the share back; a second time does nothing."""
        lock, self._lock = self._lock, -1
        if lock >= 0:
            os.close(lock)

    def __enter__(self) -> Self:
        """Hold it for a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give it back."""
        self.close()
