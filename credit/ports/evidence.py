"""The evidence chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from credit.model.merge import Merge
from credit.model.record import Event, RecordId


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the evidence chain: a kept check or a decision, as canonical JSON with its proof.

    ``body`` is the RFC 8785 text that ``digest`` is taken of; ``previous`` the digest of the link before.
    """

    id: str
    kind: str
    body: str
    digest: str
    signature: str
    key_id: str
    previous: str
    number: int
    tick: int
    subject: str
    project_no: str | None = None
    records: tuple[RecordId, ...] = ()


class EvidenceWriter(Protocol):
    """The chain within one write."""

    async def head(self) -> tuple[int, str]:
        """Number and digest of the last link; (0, "") before the first."""
        ...

    async def revisions(self, parties: Sequence[str], project_no: str | None) -> Mapping[str, int]:
        """The last write that touched each party, the syncs (``"sources"``) and the project (``"project"``)."""
        ...

    async def append(self, entry: Entry) -> None: ...


class EvidenceReader(Protocol):
    async def entry(self, entry_id: str) -> Entry | None: ...

    async def of_subject(self, subject: str) -> Sequence[Entry]:
        """The decisions on a check, oldest first."""
        ...

    async def of_project(self, project_no: str | None, *, before: int | None, limit: int) -> Sequence[Entry]:
        """Kept checks, newest first, before a chain number."""
        ...

    async def chain(self, *, after: int, limit: int) -> Sequence[Entry]:
        """Links in order, for verifying the whole."""
        ...

    async def events_since(self, records: Sequence[RecordId], tick: int) -> Sequence[tuple[RecordId, Event]]:
        """What happened to these records after a place in the order of writes."""
        ...

    async def merges_since(self, parties: Sequence[str], tick: int) -> Sequence[Merge]:
        """The merges made or undone after a place in the order of writes that concern these parties (any ids)."""
        ...
