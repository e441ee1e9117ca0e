"""The table of revisions of one machine: a file that every process of a data directory maps into its memory.

It belongs to the embedded graph, whose writers already take turns at a file lock; marking and releasing happen within
a turn. What lies in it matters to living processes alone: facts are kept in their memory, and go with them.
"""

import errno
import mmap
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from credit.cache.reading import SLOTS, SOURCES, Look, slots_of
from credit.errors import StorageFull
from credit.ports import Doubt

NUMBER, FLOOR, BUSY, SLOT_0 = 0, 1, 2, 8
"""Where the number, the floor, the mark of the write under way (0: none) and the slots stand, in words."""
WORD: Final = 8
HERE: Final = "file"


class FileRevisions:
    """`credit.ports.Revisions`, and reading it: never old, and out of reach only while the disk has no room for it."""

    def __init__(self, path: Path) -> None:
        """Map the file, making it where it is not there; where it finds no room, that waits for the next write.

        Raises: OSError: it cannot be made for another reason.
        """
        self._path = path
        self._map: mmap.mmap | None = None
        self._words: memoryview[int] = memoryview(b"")
        self.failures = 0
        try:
            self._open()
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise

    @property
    def up(self) -> bool:
        """Whether the file is mapped."""
        return self._map is not None

    def _open(self) -> None:
        """Map the file whole: what has no room on the disk must not be written into.

        Raises: OSError.
        """
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(file, 0, (SLOT_0 + SLOTS) * WORD)
            self._map = mmap.mmap(file, (SLOT_0 + SLOTS) * WORD)
        except OSError:
            self.failures += 1
            raise
        finally:
            os.close(file)
        self._words = memoryview(self._map).cast("q")

    def close(self) -> None:
        """Let go of the file."""
        self._words.release()
        if self._map is not None:
            self._map.close()

    async def read(self, slots: Sequence[int]) -> Look | None:
        """Look at the table; None where it is not mapped."""
        if self._map is None:
            return None
        words = self._words
        number, floor = words[NUMBER], words[FLOOR]
        return Look(HERE, number, floor, tuple([words[SLOT_0 + slot] for slot in slots]))

    async def doubt(self, generation: str, parties: Collection[str], *, sources: bool) -> Doubt:
        """Put parties in doubt; within a turn of the writers.

        Raises: StorageFull: the file cannot be mapped, so that other processes would not be told.
        """
        del generation
        if self._map is None:
            try:
                self._open()
            except OSError as error:
                raise _no_room(self._path) from error
        words = self._words
        dead, number = words[BUSY], words[NUMBER] + 1
        words[NUMBER] = words[BUSY] = number
        slots = (*([SOURCES] if sources else []), *slots_of(parties))
        for slot in slots:
            words[SLOT_0 + slot] = -number
        return Doubt(HERE, number, slots, (dead,) if dead else ())

    async def release(self, doubt: Doubt) -> None:
        """Say that a write is decided and can be seen; within the same turn."""
        words = self._words
        number = words[NUMBER] + 1
        if doubt.dead:
            words[FLOOR] = max(words[FLOOR], doubt.number)
        for slot in doubt.slots:
            words[SLOT_0 + slot] = number
        words[NUMBER] = number
        words[BUSY] = 0

    async def lapse(self, closed: int) -> bool:
        """Return at once: nobody believes anything but the file."""
        del closed
        return False


def _no_room(path: Path) -> StorageFull:
    return StorageFull(
        f"磁盘空间不足，无法建立 {path}，暂停写入，查询不受影响；请腾出空间，写入会自行恢复。",
        f"There is no room for {path}: writes are refused, reads go on. Make room, and writing goes on by itself",
    )
