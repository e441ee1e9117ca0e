"""The report of a region as plain data: what `gather` brings together, and what is laid out from it.

A count is of all there is: rows are never left out, a region and period with too many of them is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from credit.model.complaint import ComplaintLaw, ComplaintOutcome
from credit.model.matters import ProposalKind, ProposalState
from credit.model.verdict import Reason
from credit.oversight.deadlines import Deadline, DeadlineState
from credit.oversight.outcomes import Doubt
from credit.oversight.trigger import By, TriggerState, Weight
from credit.reports.acts import CaseRow, Named, OrderRow, Publisher, RungRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report is asked for; ``first`` and ``last`` are inside.

    ``authorities`` are publishers to look up beside those that are seen; ``made_at`` None: now.
    """

    region: str
    first: date
    last: date
    authorities: tuple[str, ...] = ()
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Whose report it is: ``as_of`` is the period's last day, or the day it was made if that came before.

    ``bound_to`` is the authority of the reader's key, None for the operator, who sees all.
    """

    region: str
    region_name: str
    first: date
    last: date
    as_of: date
    made_at: datetime
    rules: str
    digest: str
    thresholds: str
    periods: str
    bound_to: str | None = None


@dataclass(frozen=True, slots=True)
class District:
    """A division right below the region, and how many letters its offices have: in the ledger, and ever.

    ``code`` None: offices of the region itself.
    """

    code: str | None
    name: str
    letters: int
    ever: int


class Belongs(StrEnum):
    """Why a letter is in the ledger: filed in the period, or earlier and still open in it."""

    FILED = "filed"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A letter of the ledger; ``items`` counts its items by outcome, ``told`` how many tell the same letter."""

    id: str
    number: str
    complainants: tuple[Named, ...]
    project: str | None
    law: ComplaintLaw
    office: str
    filed_on: date
    decided_on: date | None
    outcome: ComplaintOutcome
    items: tuple[tuple[ComplaintOutcome, int], ...]
    belongs: Belongs
    own_ledger: bool
    told: int = 1
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock of a letter."""

    number: str
    office: str
    clock: Deadline


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in a month, and how much of what was decided is surely wholly unproven in the sense of 37¶1."""

    month: str
    filed: int = 0
    decided: int = 0
    unfounded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The letters, their clocks and their course.

    ``mix`` counts letters filed in the period by how they stand, ``item_mix`` their items; ``unplaced`` are letters of
    the whole registry whose office's place is not known, and which are in no region's report.
    """

    letters: tuple[LetterRow, ...]
    clocks: tuple[ClockRow, ...]
    clock_counts: Mapping[tuple[str, DeadlineState], int]
    unknown_clocks: Mapping[Reason, int]
    months: tuple[Month, ...]
    mix: tuple[tuple[ComplaintOutcome, int], ...]
    item_mix: tuple[tuple[ComplaintOutcome, int], ...]
    districts: tuple[District, ...]
    unplaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerRow:
    """A complainant's statutory count; ``letters`` are the numbers in the window, each with what it is worth.

    ``provinces`` split what is surely counted in it.
    """

    party: Named
    state: TriggerState
    from_: date | None
    to: date | None
    by: By | None
    by_filing: int
    by_decision: int
    letters: tuple[tuple[str, Weight], ...]
    provinces: tuple[tuple[str, int], ...]
    questions: tuple[str, ...]
    proposal: ProposalKind | None


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A complainant under attention, to when, and what led to it: each with what it rests on."""

    party: Named
    until: date | None
    signals: tuple[tuple[Reason, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """What two or more complainants have in common, and what that rests on: a hint, and nothing is summed over it."""

    kind: str
    between: tuple[Named, ...]
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """Linked complainants, each with the number of its own letters in the trailing window; no number is of all.

    ``projects`` are those on which they meet, ``gains`` (supplier, projects won, of how many) who won what their
    complaints opened; ``whole`` False: more may be linked than was read.
    """

    members: tuple[tuple[Named, int], ...]
    by: tuple[str, ...]
    projects: tuple[str, ...]
    gains: tuple[tuple[Named, int, int], ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Network:
    """The groups of linked complainants of whom one has a letter in the ledger, and the links that make them."""

    clusters: tuple[ClusterRow, ...]
    links: tuple[LinkRow, ...]


@dataclass(frozen=True, slots=True)
class Standings:
    """What is said of complainants; ``looked_at`` is of how many: those on the roll with a letter in the region."""

    looked_at: int
    triggers: tuple[TriggerRow, ...]
    watched: tuple[WatchRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """A proposal that waits: for an officer, or accepted and not recorded yet."""

    id: str
    party: Named
    kind: ProposalKind
    rule: str
    letters: tuple[str, ...]
    made_on: date
    office: str
    state: ProposalState


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the report does not know: how much of it (None: nobody can count it), and the words."""

    count: int | None
    words: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of it. ``orders_issued`` and ``cases_held`` are the denominators of the rows beside them."""

    head: Head
    ledger: Ledger
    standings: Standings
    network: Network
    proposals: tuple[ProposalRow, ...]
    publishers: tuple[Publisher, ...]
    orders: tuple[OrderRow, ...]
    orders_issued: int
    cases: tuple[CaseRow, ...]
    cases_held: int
    rungs: tuple[RungRow, ...]
    gaps: tuple[Gap, ...]
