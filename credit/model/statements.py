"""What callers and importers say to the registry: statements to be written, before the registry has judged them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Final

from credit.errors import CreditError
from credit.model.complaint import Complaint, ComplaintEvent
from credit.model.matters import AnyMatter
from credit.model.party import Contact, PartyKind, PartyStatus, RelationKind, Role
from credit.model.project import BidOutcome, Domain, Lot, SyncOutcome
from credit.model.record import EventKind, Listing, Penalty, Record, RecordId, Source
from credit.model.when import When


class Unset(Enum):
    """A key left out of a body: what is held stays."""

    UNSET = "unset"


UNSET = Unset.UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyStatement:
    """Registers a party or corrects it. ``id`` None: the registry gives one (persons).

    ``only_if_new``: an importer's mention of a party; one that is held already is left as it is.
    ``identity_number`` is written as a keyed hash and a mask; None never erases what is held. ``entry``: of a party
    without an id, the source's own key of its entry, kept as a keyed hash: the same entry told again is the same party.
    """

    id: str | None
    kind: PartyKind | Unset = UNSET
    name: str | Unset = UNSET
    former_names: tuple[str, ...] | Unset = UNSET
    roles: tuple[Role, ...] | Unset = UNSET
    region: str | Unset | None = UNSET
    status: PartyStatus | Unset = UNSET
    established_on: date | Unset | None = UNSET
    contacts: tuple[Contact, ...] | Unset = UNSET
    identity_number: str | Unset | None = UNSET
    only_if_new: bool = False
    entry: str | None = None

    def __repr__(self) -> str:
        """Name the party alone: the statement may carry an identity number."""
        return f"PartyStatement({self.id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationStatement:
    kind: RelationKind
    source: str
    target: str
    share: Decimal | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStatement:
    """Something that happened to a record; ``changes`` only for ``amended``, in the contract's field names."""

    kind: EventKind
    on: When
    doc_no: str | None = None
    by: str | None = None
    reason: str | None = None
    changes: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStatement:
    """A penalty or an entry on a list, on the party named by any of its ids; of import rows with what befell it.

    ``proposal``: the id of an accepted proposal that the decision answers.
    """

    party: str
    content: Penalty | Listing
    source: Source
    events: tuple[EventStatement, ...] = ()
    proposal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStatement:
    """How a run over a source ended.

    ``silent``: kinds of parties of which the source tells nothing; None: those of the run before. ``seen_at``: as of
    when what was run told its list; None: as the run before said.
    """

    finished_at: datetime
    outcome: SyncOutcome
    records: int
    silent: tuple[PartyKind, ...] | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStatement:
    project_no: str
    name: str
    domain: Domain
    region: str | None
    purchaser: str
    agency: str | None
    notice_on: date | None
    deadline: datetime
    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BidStatement:
    """A bid as the platform saw it; signal values are plain here and hashed when written."""

    lot: str | None
    members: tuple[str, ...]
    lead: str
    price: Decimal | None = None
    result: BidOutcome = BidOutcome.PENDING
    machine_code: str | None = None
    deposit_account: str | None = None
    ip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BidInProject:
    """A bid of an import row, in the project that a number (or an id) names: of the same row, or held already.

    ``name``: the project's name beside its number, which must be that of the project held: two may bear one number.
    """

    project: str
    bid: BidStatement
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintInRow:
    """A complaint of an import row with what happened to it, told or not told before; its parties by any of their ids.

    The project that its number names is tied to it where there is just one.
    """

    content: Complaint
    events: tuple[ComplaintEvent, ...] = ()


ROW_PARTY: Final = "#0"
"""In a ``LoadRow``: the row's first party, a person whose id is not known before it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """One row of an import: the party it is about, and what it says of it. All of it is written, or none.

    Relations and records name a party by an id, or by ``ROW_PARTY``: the row's first, whose id the registry gives.
    ``doubts`` (Chinese, English): parts of the row that were not certain and are not in the statements.
    """

    row: int
    parties: tuple[PartyStatement, ...] = ()
    relations: tuple[RelationStatement, ...] = ()
    records: tuple[RecordStatement, ...] = ()
    projects: tuple[ProjectStatement, ...] = ()
    bids: tuple[BidInProject, ...] = ()
    complaints: tuple[ComplaintInRow, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()


class Written(StrEnum):
    """What a write came to."""

    CREATED = "created"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one statement: its id and what was done, or the error that kept it out.

    ``record`` is the record as it stands now, where the statement was about one; ``matter`` likewise. ``records``: all
    that an import row told, new or held.
    """

    id: str = ""
    written: Written = Written.UNCHANGED
    error: CreditError | None = None
    record: Record | None = None
    matter: AnyMatter | None = None
    records: tuple[RecordId, ...] = ()
