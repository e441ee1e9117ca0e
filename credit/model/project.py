"""Projects, lots, recorded bids, and how fresh a source is."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from credit.model.party import PartyId, PartyKind


class Domain(StrEnum):
    """The trade an activity belongs to; which rules join is the catalogue's business."""

    GOVERNMENT_PROCUREMENT = "government_procurement"
    STATUTORY_TENDER = "statutory_tender"
    LAND = "land"
    MINING = "mining"
    STATE_ASSETS = "state_assets"
    MEDICAL_PLATFORM = "medical_platform"
    MILITARY_PROCUREMENT = "military_procurement"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot; ``budget`` in yuan."""

    lot: str
    category: str | None = None
    budget: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Project:
    id: str
    project_no: str
    name: str
    domain: Domain
    region: str | None
    purchaser: PartyId
    agency: PartyId | None
    notice_on: date | None
    deadline: datetime
    lots: tuple[Lot, ...] = ()
    tick: int = 0


class BidOutcome(StrEnum):
    PENDING = "pending"
    LOST = "lost"
    WON = "won"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Signals:
    """Traces of a bid file, each a keyed hash: hints, never proof."""

    machine_code: str | None = None
    deposit_account: str | None = None
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedBid:
    """A bid as the platform recorded it; several members are a consortium led by ``lead``; ``price`` in yuan."""

    id: str
    lot: str | None
    members: tuple[PartyId, ...]
    lead: PartyId
    price: Decimal | None = None
    result: BidOutcome = BidOutcome.PENDING
    signals: Signals = Signals()
    tick: int = 0


class SyncOutcome(StrEnum):
    COMPLETE = "complete"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Sync:
    """One run over a source; only the last one finished at or before the cut-off counts.

    ``silent``: kinds of parties of which the source tells nothing, or not who they are. ``seen_at``: as of when the
    files told their list, of several the oldest; None where nobody said so.
    """

    id: str
    list: str
    finished_at: datetime
    outcome: SyncOutcome
    records: int
    tick: int = 0
    silent: tuple[PartyKind, ...] = ()
    seen_at: datetime | None = None

    @property
    def as_of(self) -> datetime:
        """The instant from which its age counts: a file does not grow younger by being run over late."""
        return self.finished_at if self.seen_at is None else min(self.finished_at, self.seen_at)
