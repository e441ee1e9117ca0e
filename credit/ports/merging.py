"""Merges: within a write and outside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from credit.model.merge import Merge, called_too
from credit.model.party import Party, PartyId


@dataclass(frozen=True, slots=True)
class Alike:
    """The entries that are one party now, the kept one first, with the one that was named (``own``).

    ``ever``: inner keys of all that any merge, in force or not, let be one.
    """

    own: Party
    entries: tuple[Party, ...]
    ever: frozenset[str]

    @property
    def kept(self) -> Party:
        """The entry under which the party is shown."""
        return self.entries[0]

    @property
    def kept_with_names(self) -> Party:
        """The entry under which the party is shown, the names of the others among its former ones."""
        return called_too(self.kept, self.entries[1:])

    @property
    def ids(self) -> tuple[PartyId, ...]:
        """The ids of the entries, that of the kept one first."""
        return tuple(party.id for party in self.entries)

    @property
    def others(self) -> tuple[PartyId, ...]:
        """The ids of the entries beside the one that was named."""
        return tuple(entry for entry in self.ids if entry != self.own.id)


class MergeReader(Protocol):
    """Which entries are one party."""

    async def alike(self, ids: Sequence[str]) -> Mapping[str, Alike]:
        """By id (any identifier) the entries that are one with it; absent where there never was another."""
        ...


class MergeBrowser(MergeReader, Protocol):
    """Merges as they are shown."""

    async def merge(self, merge_id: str) -> Merge | None: ...

    async def page(self, *, before: int | None, limit: int) -> Sequence[Merge]:
        """Merges, newest first, before a number (``Merge.nth``)."""
        ...


class MergeWriter(MergeReader, Protocol):
    """Merges within one write."""

    async def by_key(self, natural: str) -> Merge | None:
        """The merge under a natural key that was not undone."""
        ...

    async def by_id(self, merge_id: str) -> Merge | None: ...

    async def save(self, natural: str, merge: Merge) -> None:
        """Write a merge of two parties found before in this write."""
        ...

    async def part(self, natural: str, apart: Merge) -> None:
        """Write that two parties found before in this write are not one: as a merge undone from the start."""
        ...

    async def undo(self, merge: Merge) -> None:
        """Write the merge's undoing."""
        ...


@dataclass(frozen=True, slots=True)
class Stated:
    """That a write stated a party: the number of its change, the place among those it stated, its tick."""

    change: int
    nth: int
    tick: int
    party: PartyId


@dataclass(frozen=True, slots=True)
class Entered:
    """An entry as held now: inner key, when it was stated last, which it was told to be one with or not (inner keys).

    ``is_kept`` is False for one that is shown under another.
    """

    key: str
    party: Party
    tick: int
    told: frozenset[str]
    is_kept: bool


class TwinFinder(Protocol):
    """Entries that may be one party."""

    async def stated(self, *, before: int | None) -> tuple[Sequence[Stated], int | None]:
        """A stretch of what writes stated, newest first, before the number of a change, and where the next begins."""
        ...

    async def namesakes(self, ids: Sequence[str]) -> Mapping[str, tuple[Entered, Sequence[Entered]]]:
        """Parties by id with those that bear one of their names; of a name that very many bear, some."""
        ...

    async def firms(self, keys: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """By inner key the ids of some firms that a party leads or holds."""
        ...
