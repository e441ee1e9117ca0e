"""Complaints, cases, orders and the like, within a write and outside it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from credit.model.matter import Happening, MatterId, MatterKind
from credit.model.matters import AnyMatter
from credit.model.party import Party, PartyId
from credit.model.project import Project, RecordedBid
from credit.model.record import Record
from credit.oversight.links import Around


class MatterReader(Protocol):
    """Complaints, cases, orders and the like, as held now."""

    async def named(self, kind: MatterKind, name: str) -> Sequence[AnyMatter]:
        """The matters of a kind with this id, or this number (several authorities may have given it)."""
        ...

    async def numbered(self, kind: MatterKind, told: Collection[tuple[str, str]]) -> Sequence[AnyMatter]:
        """The matters of a kind with one of these numbers in which the word beside the number stands."""
        ...

    async def filed(self, parties: Collection[PartyId]) -> Mapping[PartyId, Sequence[AnyMatter]]:
        """Every complaint of these complainants, in no order; absent where none (so for the next three)."""
        ...

    async def faced(self, parties: Collection[PartyId]) -> Mapping[PartyId, Sequence[AnyMatter]]:
        """Every complaint against these parties."""
        ...

    async def concerning(self, parties: Collection[PartyId]) -> Mapping[PartyId, Sequence[AnyMatter]]:
        """All other matters of these parties."""
        ...

    async def telling(self, parties: Collection[PartyId], words: Collection[str]) -> Mapping[PartyId, Sequence[Record]]:
        """The records of these parties in the text of which, or of what happened to them, one of these words stands."""
        ...

    async def about_record(self, record: str) -> Sequence[AnyMatter]: ...

    async def about_projects(self, projects: Collection[str]) -> Sequence[AnyMatter]: ...

    async def tallies(self, names: Collection[str]) -> Mapping[str, int]:
        """Counts by name (`credit.oversight.tallies`); absent where nothing was counted."""
        ...

    async def linked(self, matter: MatterId) -> Sequence[AnyMatter]:
        """The matters that a matter is about, and those that are about it."""
        ...


class MatterBrowser(MatterReader, Protocol):
    """Matters by the page."""

    async def page(self, kind: MatterKind, *, before: int | None, limit: int) -> Sequence[AnyMatter]:
        """Those of a kind, newest first, before a number within the kind (``Matter.nth``)."""
        ...

    async def tenders(self, numbers: Collection[str]) -> Mapping[str, Sequence[tuple[Project, Sequence[RecordedBid]]]]:
        """Projects by number (`naturalkey.normal`) with their bids; of one number there may be several."""
        ...

    async def entries(self, party: PartyId) -> Sequence[tuple[Project, RecordedBid]]:
        """The projects that a party entered, with its bid in each."""
        ...

    async def filers(self, *, before: int | None, limit: int) -> Sequence[tuple[int, Sequence[PartyId]]]:
        """The complainants of complaints with their numbers (``Matter.nth``), newest first, before a number."""
        ...

    async def around(self, parties: Collection[PartyId]) -> Around:
        """What complainants may be linked by: who holds them, what they bear in common with others; bounded."""
        ...

    async def parties(self, ids: Collection[PartyId]) -> Mapping[PartyId, Party]:
        """The parties of these ids; absent where none."""
        ...

    async def complainants(self, *, before: int | None, limit: int) -> Sequence[tuple[int, PartyId]]:
        """Complainants on the roll (see ``MatterWriter.enrol``) with their number there, newest first."""
        ...


class MatterWriter(MatterReader, Protocol):
    """Matters within one write."""

    async def by_keys(self, natural_keys: Sequence[str]) -> Mapping[str, AnyMatter]: ...

    async def save(self, kind: MatterKind, matters: Sequence[tuple[str, str, AnyMatter]]) -> None:
        """Write (natural key, number or "", matter); its parties were found or saved before in this write."""
        ...

    async def tie_to(self, matter: MatterId, about: Collection[str]) -> set[str]:
        """Tie a matter saved in this write to the records, projects and matters of these ids; return those held."""
        ...

    async def append(self, matter: MatterId, event: Happening) -> None: ...

    async def tally(self, counts: Mapping[str, int]) -> None:
        """Add to counts."""
        ...

    async def enrol(self, parties: Collection[PartyId], *, least: int) -> None:
        """Put complainants that have filed so many complaints on the roll of those whose profile is worth reading."""
        ...
