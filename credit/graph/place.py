"""The place of one write in the order of writes, and the counters that move with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from credit.graph.bolt import Row


@dataclass(slots=True)
class Place:
    """What the ledger says when a write takes it, and what it will say at its end.

    ``tick`` is the write's place, ``last`` the last one used within it; ``facts`` the last write of facts at or before
    it, ``horizon`` the place up to which readers see when it began. The others count syncs, changes and links.
    ``generation`` is the table of revisions that counts (`credit.ports.Generations`), ``closed`` the place at which the
    one before was taken away (0: so long ago that nobody believes it any more). ``touched`` says that the write brings
    facts, ``moved`` that the ledger has to say something else at its end; ``touches`` are the inner keys of the parties
    whose eligibility may be another after it.
    """

    tick: int
    facts: int
    syncs: int
    changes: int
    number: int
    digest: str
    horizon: int
    generation: str
    closed: int
    last: int = 0
    sources: int | None = None
    touched: bool = False
    moved: bool = False
    touches: set[str] = field(default_factory=set[str])
    links: list[Mapping[str, object]] = field(default_factory=list[Mapping[str, object]])
    """The fields of the links of the chain that are written at its end."""

    @classmethod
    def of(cls, row: Row) -> "Place":
        """Read the row of ``TAKE_LEDGER``, without the schema's version."""
        place = cls(*row)
        place.last = place.tick
        return place

    def write_facts(self) -> int:
        """Note that this write brings facts; return its place."""
        self.touched = self.moved = True
        return self.tick

    def touch(self, parties: Iterable[str]) -> None:
        """Note the inner keys of parties whose eligibility may be another after this write."""
        self.touches.update(parties)

    def take_change(self) -> int:
        """Take the next number of a change."""
        self.moved = True
        self.changes += 1
        return self.changes

    def take_link(self, number: int, digest: str, fields: Mapping[str, object]) -> None:
        """Note that a link is appended to the chain.

        Raises: ValueError where it is not the next one.
        """
        if number != self.number + 1:
            raise ValueError(f"link {number} does not follow link {self.number}")
        self.moved = True
        self.number, self.digest = number, digest
        self.links.append(fields)

    @property
    def stirs(self) -> bool:
        """Whether facts that somebody keeps may be old once this write is committed."""
        return bool(self.touches) or self.sources is not None

    @property
    def seen(self) -> int:
        """The place that readers may see up to once this write is committed."""
        return self.last if self.touched else self.facts
