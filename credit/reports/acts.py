"""What offices do, as rows of the report: publications, correction orders, cases, rungs; and how parties are named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from credit.model.matters import CaseKind, Rung
from credit.model.party import PartyId
from credit.model.verdict import Reason
from credit.oversight.corrections import OrderState
from credit.oversight.deadlines import DeadlineState


@dataclass(frozen=True, slots=True)
class Named:
    """A party by id and by the name that the reader is shown: a natural person's is masked."""

    id: PartyId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRow:
    """A decision published late, or not yet, or of which that cannot be told."""

    number: str
    party: Named
    decided_on: date
    published_on: date | None
    due: date | None
    days_late: int | None
    state: DeadlineState
    note: Reason | None


@dataclass(frozen=True, slots=True)
class Publisher:
    """An authority's decisions of the period by how they were published, and the rows behind the numbers."""

    name: str
    counts: Mapping[DeadlineState, int]
    rows: tuple[PublicationRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """A correction order that is still to be carried out, or that repeats an earlier one."""

    number: str
    party: Named
    authority: str
    issued_on: date
    due_on: date
    state: OrderState
    items: tuple[str, ...]
    case_no: str | None
    relapse_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """An open case, with whom it lies and what is awaited."""

    number: str
    kind: CaseKind
    parties: tuple[Named, ...]
    authority: str
    holder: str
    opened_on: date
    summary: str
    awaiting: tuple[str, ...]
    due_on: date | None
    overdue_since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RungRow:
    """A rung of the ladder that stands; ``last_day`` None: the catalogue gives it no end."""

    party: Named
    rung: Rung
    authority: str
    on: date
    last_day: date | None
    reason: str
