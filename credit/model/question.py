"""What is asked: an activity, its document, and the bids that want to take part (``POST /v1/checks``)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from credit.model.party import PartyId, Role
from credit.model.project import Domain
from credit.model.when import day_end, legal_day


class CreditClause(StrEnum):
    """How the procurement document words its credit condition (Q4)."""

    STANDARD = "standard"
    BANS_IN_TERM_ONLY = "bans_in_term_only"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A list whose subjects the document excludes, and the law it gives for that."""

    list: str
    basis: str


@dataclass(frozen=True, slots=True)
class Document:
    credit_clause: CreditClause = CreditClause.STANDARD
    excludes: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class PriorService:
    party: PartyId
    service: str


@dataclass(frozen=True, slots=True)
class Activity:
    """What the parties want to take part in; ``cut_off`` None: the document is silent on it (Q21)."""

    domain: Domain
    deadline: datetime
    cut_off: datetime | None
    region: str | None = None
    project_no: str | None = None
    lot: str | None = None
    notice_on: date | None = None
    works: bool = False
    single_source: bool = False
    product_category: str | None = None
    document: Document = Document()
    prior_services: tuple[PriorService, ...] = ()

    @property
    def reference_day(self) -> date:
        """The day that the three-year test counts back from. Law: DOMAIN §8 R4, §9 Q6."""
        return legal_day(self.deadline)

    @property
    def cut_off_at(self) -> datetime:
        """The instant whose facts count; the end of the deadline's day where the document is silent."""
        return self.cut_off or day_end(self.reference_day)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a bid, as the bid names it.

    ``differs``: whether its name was found to differ, where a kept question holds a person's name only masked.
    """

    id: str
    name: str | None = None
    differs: bool | None = None


@dataclass(frozen=True, slots=True)
class Bid:
    """One bid of the question; several members are a consortium."""

    ref: str
    role: Role
    members: tuple[Member, ...]
    lot: str | None = None
    no_major_record: bool | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What ``evaluate`` answers; ``asked_at`` stands in for the clock; ``together``: the bids compete."""

    activity: Activity
    bids: tuple[Bid, ...]
    asked_at: datetime
    together: bool = True
