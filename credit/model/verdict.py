"""What ``evaluate`` answers: verdicts, findings with rule, record, path, law and reason (the contract's "Checks")."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from credit.model.party import PartyId
from credit.model.record import RecordId


class Effect(StrEnum):
    """What one finding does; mildest first."""

    FLAG = "flag"
    REVIEW = "review"
    UNKNOWN = "unknown"
    RESTRICT = "restrict"

    @property
    def rank(self) -> int:
        return _RANK[self]


_RANK = {effect: rank for rank, effect in enumerate(Effect)}


class Verdict(StrEnum):
    """The answer on a party or a bid, mildest first. Law: precedence of DOMAIN §8 R8."""

    ELIGIBLE = "eligible"
    ELIGIBLE_WITH_FLAGS = "eligible_with_flags"
    REVIEW = "review"
    UNKNOWN = "unknown"
    RESTRICTED = "restricted"


VERDICT_OF = {
    Effect.FLAG: Verdict.ELIGIBLE_WITH_FLAGS,
    Effect.REVIEW: Verdict.REVIEW,
    Effect.UNKNOWN: Verdict.UNKNOWN,
    Effect.RESTRICT: Verdict.RESTRICTED,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """The same words twice; the Chinese ones are for the minutes."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Citation:
    instrument: str
    article: str


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of the path that led from the bidder to the record."""

    from_: PartyId
    relation: str
    to: PartyId


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that bit. ``until`` is the last day on which it surely restricts; None: open, or not restricting."""

    rule: str
    effect: Effect
    reason: Reason
    member: str | None = None
    records: tuple[RecordId, ...] = ()
    path: tuple[Step, ...] = ()
    until: date | None = None
    question: str | None = None
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberVerdict:
    id: str
    name: str | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Result:
    """The answer on one bid; ``until`` is the latest of the restrictions', None where one is open or none is."""

    ref: str
    verdict: Verdict
    until: date | None
    members: tuple[MemberVerdict, ...]
    findings: tuple[Finding, ...]


class Freshness(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    FAILED = "failed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class SourceState:
    """How fresh a list was at the cut-off."""

    list: str
    synced_at: datetime | None
    status: Freshness


class AlertKind(StrEnum):
    LATER_FACT = "later_fact"
    LEAD = "lead"
    REOPENED = "reopened"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Alert:
    """What the verdict does not hold but a person should see."""

    kind: AlertKind
    records: tuple[RecordId, ...]
    on: date
    reason: Reason


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything ``evaluate`` says to a question."""

    results: tuple[Result, ...]
    sources: tuple[SourceState, ...]
    alerts: tuple[Alert, ...]
