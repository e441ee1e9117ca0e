"""The place of one write in the order of writes, and the counters that move with it."""

from dataclasses import dataclass

from credit.graph.bolt import Row


@dataclass(slots=True)
class Place:
    """What the ledger says when a write takes it, and what it will say at its end.

    ``tick`` is the write's place, ``last`` the last one used within it; ``facts`` the last write of facts at or before
    it, ``horizon`` the place up to which readers see when it began. The others count syncs, changes and links.
    ``touched`` says that it brings facts, ``moved`` that the ledger has to say something else at its end.
    """

    tick: int
    facts: int
    syncs: int
    changes: int
    number: int
    digest: str
    horizon: int
    last: int = 0
    sources: int | None = None
    touched: bool = False
    moved: bool = False

    @classmethod
    def of(cls, row: Row) -> "Place":
        """Read the row of ``TAKE_LEDGER``."""
        place = cls(*row)
        place.last = place.tick
        return place

    def write_facts(self) -> int:
        """Note that this write brings facts; return its place."""
        self.touched = self.moved = True
        return self.tick

    def take_change(self) -> int:
        """Take the next number of a change."""
        self.moved = True
        self.changes += 1
        return self.changes

    def take_link(self, number: int, digest: str) -> None:
        """Note that a link was appended to the chain.

        Raises: ValueError where it is not the next one.
        """
        if number != self.number + 1:
            raise ValueError(f"link {number} does not follow link {self.number}")
        self.moved = True
        self.number, self.digest = number, digest

    @property
    def seen(self) -> int:
        """The place that readers may see up to once this write is committed."""
        return self.last if self.touched else self.facts
