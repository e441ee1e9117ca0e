"""Which facts that somebody keeps are no longer true."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Doubt:
    """Parties whose facts count as doubtful until a write is decided: its mark, their slots, marks of dead writes."""

    generation: str
    number: int
    slots: tuple[int, ...]
    dead: tuple[int, ...] = ()


class Revisions(Protocol):
    """Tells every process which facts are no longer those that it may have kept; see `credit.cache`."""

    async def doubt(self, generation: str, parties: Collection[str], *, sources: bool) -> Doubt | None:
        """Put parties (inner keys), and the syncs of sources, in doubt: within a write, before its commit.

        None says that it could not be done: then the write closes the table's generation.
        """
        ...

    async def release(self, doubt: Doubt) -> None:
        """Say that the write is committed and seen by every reader, before it is acknowledged; never raises."""
        ...

    async def lapse(self, closed: int) -> bool:
        """Wait until no process believes a generation any more that was closed at a place in the order of writes.

        0: there is none. Tells whether this process had to wait.
        """
        ...


class Generations(Protocol):
    """Which table of revisions counts: its name stands in the graph, and changes in the order of writes."""

    async def current(self) -> str:
        """Return the generation that counts now; empty where facts must not be kept. Raises: StoreUnavailable."""
        ...

    async def change(self, before: str, after: str) -> bool:
        """Let another generation count; False where ``before`` is no longer the one.

        Raises: StoreUnavailable, WriteContended.
        """
        ...
