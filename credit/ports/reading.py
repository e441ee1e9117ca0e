"""Facts for verdicts, and what is shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from credit.model.facts import Facts
from credit.model.party import Party, PartyId, Relation
from credit.model.project import Project, RecordedBid, Sync
from credit.model.record import Record, RecordId
from credit.ports.merging import MergeReader
from credit.ports.writing import HeldParty


class FactReader(Protocol):
    """Facts for the eligibility of parties."""

    async def gather(
        self, ids: Sequence[str], *, project_no: str | None, known: int | None, cut_off: datetime | None
    ) -> Facts:
        """All that bears on these parties, in one round trip.

        ``known`` None is now; of each list, the last sync finished at or before ``cut_off`` (None: now) is there.

        Raises: StoreUnavailable.
        """
        ...

    async def syncs(self, *, cut_off: datetime, ask: bool) -> tuple[Sync, ...]:
        """Of each list, the last sync finished at or before ``cut_off``.

        ``ask`` False: of those that this process saw when it gathered last. Raises: StoreUnavailable.
        """
        ...


class CurrentFacts(Protocol):
    """Facts for the quick look-up of one party."""

    async def current(self, party: str, *, cut_off: datetime) -> Facts:
        """All that bears on a party now, kept from before where it surely still holds. Raises: StoreUnavailable."""
        ...


class Browser(MergeReader, Protocol):
    """What is shown of parties, relations, records, projects and sources."""

    async def party(self, party_id: str) -> HeldParty | None: ...

    async def records(self, party: PartyId, *, before: int | None, limit: int) -> Sequence[Record]:
        """A party's records, newest first, before a place in the order of writes."""
        ...

    async def record(self, name: str) -> Sequence[Record]: ...

    async def relation(self, relation_id: str) -> Relation | None: ...

    async def neighbourhood(
        self, party: PartyId, *, depth: int, limit: int
    ) -> tuple[Sequence[Party], Sequence[Relation], bool]:
        """Parties and relations within ``depth`` steps; the last says that more than ``limit`` parties were there."""
        ...

    async def project(self, project_no: str) -> Sequence[Project]: ...

    async def bids(self, project_id: str) -> Sequence[RecordedBid]: ...

    async def sync(self, sync_id: str) -> Sync | None: ...


class NameFinder(Protocol):
    """Parties by name."""

    async def called(self, name: str, *, province: str = "") -> Sequence[Party]:
        """The parties whose name may be meant, in no order, at most some hundreds; a former name counts too.

        ``province`` (two digits) is where to look first when the name says no place.
        """
        ...


class PublicationBrowser(Protocol):
    """The penalties of an authority by the page."""

    async def page(self, authority: str, *, before: int | None, limit: int) -> Sequence[tuple[int, Record]]:
        """Those of the authority of a name with their number there, newest first, before a number."""
        ...


class FeedBrowser(Protocol):
    """The entries of a list that the source of a name told, in the order in which they were written."""

    async def entries(self, list_id: str, source: str, *, after: int, limit: int) -> Sequence[tuple[int, RecordId]]:
        """Their numbers and ids past a number, oldest first. Raises: StoreUnavailable."""
        ...

    async def records(self, ids: Sequence[RecordId]) -> Sequence[Record]:
        """Records by id. Raises: StoreUnavailable."""
        ...

    async def newest_seen(self, list_id: str) -> datetime | None:
        """As of when the newest run that told anything of a list saw it; None without one. Raises: StoreUnavailable."""
        ...
