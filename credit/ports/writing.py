"""The one door for writing, and what can be done within a write."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from credit.model.party import Party, PartyId, Relation
from credit.model.project import Project, RecordedBid, Sync
from credit.model.record import Event, Record, RecordId
from credit.ports.evidence import EvidenceWriter
from credit.ports.matters import MatterWriter
from credit.ports.merging import MergeWriter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HeldParty:
    """A party as held now: ``key`` is its lasting inner key, ``revision`` the last write that touched it.

    ``mistaken`` says that one of its records was entered by mistake, so that natural keys have to be looked at closer;
    ``recorded`` that it may have records at all, ``merged`` that it was ever told to be one with another. ``told``, of
    one to be saved: the digest of the words of the import row that it says now (`credit.registry.wording`).
    """

    key: str
    party: Party
    revision: int
    mistaken: bool = False
    recorded: bool = True
    merged: bool = False
    told: str | None = None


class PartyWriter(Protocol):
    """Parties and relations within one write."""

    async def find(self, ids: Sequence[str]) -> Mapping[str, HeldParty]:
        """The parties that these identifiers name (any of a party's, ``idhash:…`` too); absent where none."""
        ...

    async def told(
        self, parties: Mapping[str, str], records: Sequence[str]
    ) -> tuple[Mapping[str, PartyId], Mapping[str, RecordId]]:
        """Who and what is held just as import rows said last, of these digests.

        Of ``parties`` by identifier (an empty digest: whatever it says), with its id; of ``records`` with their ids.
        """
        ...

    async def tell(self, parties: Mapping[str, str], records: Mapping[RecordId, str]) -> None:
        """Keep with parties (by inner key) and records that stay as they are the digests of words that say so."""
        ...

    async def save(self, parties: Sequence[tuple[HeldParty, Sequence[str]]]) -> None:
        """Write (state, identifiers that name it): a new party, or a further state of one found before.

        An ``idhash:`` among the identifiers takes the place of the one held.
        """
        ...

    async def relations(self, natural_keys: Sequence[str]) -> Mapping[str, Relation]:
        """The relations held under these natural keys; absent where none."""
        ...

    async def relation(self, relation_id: str) -> Relation | None: ...

    async def relate(self, relations: Sequence[tuple[str, Relation]]) -> None:
        """Write (natural key, relation) between parties found or saved before in this write."""
        ...

    async def end_relation(self, relation: Relation) -> None:
        """Write the relation's newest end."""
        ...


class RecordWriter(Protocol):
    """Records and their events within one write."""

    async def by_keys(self, natural_keys: Sequence[str]) -> Mapping[str, Record]: ...

    async def by_ids(self, ids: Sequence[RecordId]) -> Sequence[Record]: ...

    async def by_id_or_number(self, name: str) -> Sequence[Record]:
        """The records with this id, or this document number (several authorities may have given it)."""
        ...

    async def save(self, records: Sequence[tuple[str, Record]], told: Mapping[RecordId, str] = ...) -> None:
        """Write (natural key, record), each tied to its party, which was found or saved before in this write.

        ``told``: digests of the words of the import rows that records say (`credit.registry.wording`).
        """
        ...

    async def append(self, record: RecordId, event: Event, *, suffix: str = "") -> None:
        """Append an event; ``suffix`` is put to the natural key, which is then free for another content."""
        ...

    async def append_all(self, events: Sequence[tuple[RecordId, Event]]) -> None:
        """Append events, none of which amends its record."""
        ...


class ProjectWriter(Protocol):
    """Projects, bids and syncs within one write."""

    async def project(self, name: str) -> Sequence[Project]:
        """The projects with this id, or this number (several purchasers may have given it)."""
        ...

    async def named(self, names: Sequence[str]) -> Mapping[str, Sequence[Project]]:
        """The same of many names at once, by name."""
        ...

    async def save_projects(self, projects: Sequence[tuple[str, Project]]) -> None:
        """Write (natural key, project)."""
        ...

    async def bids(self, projects: Sequence[str]) -> Mapping[str, Sequence[RecordedBid]]:
        """By each of these ids of projects the bids recorded in it."""
        ...

    async def save_bids(self, bids: Sequence[tuple[str, RecordedBid]]) -> None:
        """Write (id of the project, bid)."""
        ...

    async def sync(self, list_id: str, finished_at: datetime) -> Sync | None: ...

    async def sync_before(self, list_id: str, finished_at: datetime) -> Sync | None:
        """The last run over a list that finished at or before an instant."""
        ...

    async def save_sync(self, sync: Sync) -> None: ...


class WriteUnit(Protocol):
    """One transaction with its place in the order of writes (``tick``, strictly growing microseconds)."""

    @property
    def tick(self) -> int: ...

    def next_tick(self) -> int:
        """Take a place within this write for one of several things that are paged by it; the first is ``tick``."""
        ...

    @property
    def parties(self) -> PartyWriter: ...

    @property
    def records(self) -> RecordWriter: ...

    @property
    def projects(self) -> ProjectWriter: ...

    @property
    def matters(self) -> MatterWriter: ...

    @property
    def merges(self) -> MergeWriter: ...

    @property
    def evidence(self) -> "EvidenceWriter": ...

    def announce(self, kind: str, subject: str, parties: Sequence[PartyId]) -> None:
        """Add a line to the change event that is written with this transaction."""
        ...


class Writes(Protocol):
    """The one door for writing."""

    async def write(self, work: Callable[[WriteUnit], Awaitable[T]]) -> T:
        """Run ``work`` in one transaction; it may run again after a conflict, so it must not act outside the unit.

        Raises: StoreUnavailable, StorageFull, WriteContended.
        """
        ...
