"""Complaints with their challenge (质疑): the letter, its items, its life (the contract's "Complaints").

Law: 政府采购法 52-58; 财政部令第94号; for tendering 招标投标法 65, 条例 60-62.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, TypeAlias

from credit.model.matter import Happening, Matter, life
from credit.model.party import PartyId
from credit.model.record import Authority, Source


class ComplaintLaw(StrEnum):
    """The law a complaint is filed under; only the first counts for 94号令 37."""

    PROCUREMENT = "procurement"
    BIDDING = "bidding"


class ComplaintOutcome(StrEnum):
    """How an item, or the whole of a complaint, stands or ended (DOMAIN §3.7); numbers are paragraphs of 94号令 29."""

    PENDING = "pending"
    NOT_ACCEPTED = "not_accepted"
    TRANSFERRED = "transferred"
    CORRECTION_DUE = "correction_due"
    REJECTED_INADMISSIBLE = "rejected_inadmissible"
    REJECTED_UNFOUNDED = "rejected_unfounded"
    REJECTED_FABRICATED = "rejected_fabricated"
    REJECTED_UNLAWFUL_PROOF = "rejected_unlawful_proof"
    UPHELD_NO_EFFECT = "upheld_no_effect"
    UPHELD_EFFECT = "upheld_effect"
    PARTLY_UPHELD = "partly_upheld"
    TERMINATED_WITHDRAWN = "terminated_withdrawn"
    REVERSED_ON_REVIEW = "reversed_on_review"


class ComplaintEventKind(StrEnum):
    """What happens to a complaint."""

    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    TRANSFERRED = "transferred"
    CORRECTION_DUE = "correction_due"
    PAUSED = "paused"
    RESUMED = "resumed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A complaint as filed; joint complainants each count as complainant.

    ``challenge_items`` None: not known what was challenged before. ``participated`` None: not known.
    """

    PARTIES: ClassVar[tuple[str, ...]] = ("complainants", "respondents")

    complaint_no: str
    complainants: tuple[PartyId, ...]
    respondents: tuple[PartyId, ...] = ()
    project_no: str | None = None
    law: ComplaintLaw = ComplaintLaw.PROCUREMENT
    office: Authority
    filed_on: date
    received_on: date | None = None
    challenge_received_on: date | None = None
    challenge_replied_on: date | None = None
    items: tuple[str, ...] = ()
    challenge_items: tuple[str, ...] | None = None
    participated: bool | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """How one item ended; items are numbered from 1."""

    item: int
    outcome: ComplaintOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintEvent(Happening):
    """What happened to a complaint; ``outcome`` of the whole, ``items`` item by item, of a decision or its reversal."""

    kind: ComplaintEventKind
    outcome: ComplaintOutcome | None = None
    items: tuple[ItemOutcome, ...] = ()


__all__ = [
    "Complaint",
    "ComplaintEvent",
    "ComplaintEventKind",
    "ComplaintLaw",
    "ComplaintOutcome",
    "HeldComplaint",
    "ItemOutcome",
    "life",
]

HeldComplaint: TypeAlias = Matter[Complaint, ComplaintEvent]
