"""Writers take turns: within a process by a lock of its loop, between processes of one machine by a file lock.

The embedded engine refuses the later of two writers at its commit; taking turns spares both the work. A second file
lock is the queue: who has just written and comes again at once stands behind whoever waits. The kernel frees both locks
of a process that dies.
"""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from credit.errors import WriteContended

PATIENCE: Final = 60.0
"""Seconds that a writer waits for its turn."""
POLL: Final = 0.001


class Gate:
    """The turnstile before every write; without a path, other processes are left to the engine's own locks."""

    def __init__(self, path: Path | None = None) -> None:
        """Name the lock file; nothing is opened before the first turn."""
        self._path = path
        self._here = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Hold the turn for a block.

        Raises: WriteContended.
        """
        until = time.monotonic() + PATIENCE
        await self._stand_first()
        try:
            if self._path is None:
                yield
                return
            held = await _queue_for(self._path, until)
            try:
                yield
            finally:
                os.close(held)
        finally:
            self._here.release()

    async def _stand_first(self) -> None:
        """Take the turn within this process, in as much time as the one between processes may take."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._here.acquire()
        except TimeoutError as error:
            raise _not_free(self._path) from error


async def _queue_for(path: Path, until: float) -> int:
    queue = await _lock(path.with_name(f"{path.name}.next"), until)
    try:
        return await _lock(path, until)
    finally:
        os.close(queue)


async def _lock(path: Path, until: float) -> int:
    """Take a lock; polled rather than waited for in a thread, so that a cancelled writer leaves none behind."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _try(file):
            await _wait(path, until)
    except BaseException:
        os.close(file)
        raise
    return file


async def _wait(path: Path, until: float) -> None:
    if time.monotonic() > until:
        raise _not_free(path)
    await asyncio.sleep(POLL)


def _not_free(path: Path | None) -> WriteContended:
    return WriteContended(
        f"等待写入锁 {path or ''} 超时，请稍后重试。", f"The write lock {path or ''} did not become free. Try again"
    )


def _try(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
