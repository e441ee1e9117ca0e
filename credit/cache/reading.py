"""What a look at the table of revisions says, and which slot is whose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

SLOTS: Final = 1 << 18
SOURCES: Final = 0
"""The slot of the syncs of all sources."""


def slot_of(key: str) -> int:
    """Return the slot of a party, by its lasting inner key.

    >>> 0 < slot_of("9f8c1d") < SLOTS
    True
    """
    return 1 + crc32(key.encode()) % (SLOTS - 1)


def slots_of(keys: Iterable[str]) -> tuple[int, ...]:
    """Return the slots of some parties, each once, in order."""
    return tuple(sorted({slot_of(key) for key in keys}))


@dataclass(frozen=True, slots=True)
class Stamp:
    """When facts were gathered: the table's generation, and the number that stood in it before."""

    generation: str
    number: int


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the table: its generation, its number, its floor, and the slots that were asked for."""

    generation: str
    number: int
    floor: int
    values: tuple[int, ...]

    @property
    def stamp(self) -> Stamp:
        """The stamp of facts that are gathered from now on."""
        return Stamp(self.generation, self.number)

    def vouches_for(self, stamp: Stamp | None, values: Sequence[int]) -> bool:
        """Tell whether nothing in these slots was touched, or is in doubt, since facts were gathered.

        >>> now = Look("g", 9, 0, ())
        >>> now.vouches_for(Stamp("g", 5), (0, 5)), now.vouches_for(Stamp("g", 5), (6,)), now.vouches_for(
        ...     Stamp("g", 5), (-4,)
        ... )
        (True, False, False)
        """
        if stamp is None or stamp.generation != self.generation or stamp.number < self.floor:
            return False
        return all(0 <= value <= stamp.number or 0 < -value < self.floor for value in values)
