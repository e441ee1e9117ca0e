"""The table of revisions of one machine: a file that every process of a data directory maps into its memory.

It belongs to the embedded graph, whose writers already take turns at a file lock; marking and releasing happen within
a turn. What lies in it matters to living processes alone: facts are kept in their memory, and go with them.
"""

import mmap
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from credit.cache.reading import SLOTS, SOURCES, Reading, slots_of
from credit.ports import Doubt

NUMBER, FLOOR, BUSY, SLOT_0 = 0, 1, 2, 8
"""Where the number, the floor, the mark of the write under way (0: none) and the slots stand, in words."""
WORD: Final = 8
HERE: Final = "file"


class FileRevisions:
    """`credit.ports.Revisions`, and reading it: never out of reach, never old."""

    up: bool = True
    failures: int = 0

    def __init__(self, path: Path) -> None:
        """Map the file, making it where it is not there.

        Raises: OSError.
        """
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(file, 0, (SLOT_0 + SLOTS) * WORD)
            self._map = mmap.mmap(file, (SLOT_0 + SLOTS) * WORD)
        finally:
            os.close(file)
        self._words = memoryview(self._map).cast("q")

    def close(self) -> None:
        """Let go of the file."""
        self._words.release()
        self._map.close()

    async def read(self, slots: Sequence[int]) -> Reading:
        """Look at the table."""
        words = self._words
        number, floor = words[NUMBER], words[FLOOR]
        return Reading(HERE, number, floor, tuple([words[SLOT_0 + slot] for slot in slots]))

    async def doubt(self, generation: str, parties: Collection[str], *, sources: bool) -> Doubt:
        """Put parties in doubt; within a turn of the writers."""
        del generation
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
            words[FLOOR] = number
        for slot in doubt.slots:
            words[SLOT_0 + slot] = number
        words[NUMBER] = number
        words[BUSY] = 0

    async def lapse(self, closed_at: int) -> None:
        """Return at once: nobody believes anything but the file."""
