"""What is answered: verdicts with their findings, kept checks, replays, decisions, jobs (the contract's "Checks")."""

from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field

from credit.api.schemas.fields import Out
from credit.model.project import SyncOutcome
from credit.model.verdict import AlertKind, Effect, Freshness, Verdict
from credit.ports import Job


class ReasonOut(Out):
    """The same in Chinese and English."""

    zh: str
    en: str


class CitationOut(Out):
    """Law."""

    instrument: str
    article: str


class StepOut(Out):
    """One edge of the path from the member to the record."""

    from_: str = Field(alias="from")
    relation: str
    to: str


class FindingOut(Out):
    """One rule that bit; ``until`` is the last day on which it surely restricts."""

    rule: str
    effect: Effect
    member: str | None = None
    records: tuple[str, ...]
    path: tuple[StepOut, ...]
    until: date | None = None
    question: str | None = None
    reason: ReasonOut
    citations: tuple[CitationOut, ...]


class RulesOut(Out):
    """The catalogue by which was answered."""

    version: str
    digest: str


class SourceStateOut(Out):
    """How fresh a list was."""

    list: str
    synced_at: datetime | None = None
    status: Freshness


class SourceOut(SourceStateOut):
    """A list with its last run and whether it counts as fresh now; ``seen_at``: as of when that told it."""

    seen_at: datetime | None = None
    name: ReasonOut
    keeper: ReasonOut
    outcome: SyncOutcome | None = None
    records: int | None = None
    allowed_age_hours: int
    required_for: tuple[dict[str, Any], ...]


class LookUpOut(Out):
    """The quick answer on one party, not kept as evidence."""

    party: str
    on: date
    verdict: Verdict
    until: date | None = None
    findings: tuple[FindingOut, ...]
    sources: tuple[SourceStateOut, ...]
    rules: RulesOut


class LookUpsOut(Out):
    """The quick answers in the order asked."""

    results: tuple[LookUpOut, ...]


class MemberOut(Out):
    """The verdict on one member."""

    id: str
    name: str | None = None
    verdict: Verdict


class ResultOut(Out):
    """The verdict on one bid."""

    ref: str
    verdict: Verdict
    until: date | None = None
    members: tuple[MemberOut, ...]
    findings: tuple[FindingOut, ...]


class AlertOut(Out):
    """What the verdict does not hold but a person should see."""

    kind: AlertKind
    records: tuple[str, ...]
    on: str
    reason: ReasonOut


class ProofOut(Out):
    """A link of the chain: digest of the canonical text, signature, key, digest of the link before."""

    digest: str
    signature: str
    key_id: str
    previous: str
    number: int


class CheckOut(Out):
    """A kept check; ``annotations`` grow, the rest is never rewritten."""

    model_config = ConfigDict(extra="allow")

    id: str
    checked_at: datetime
    rules: RulesOut
    known_at: datetime
    sources: tuple[SourceStateOut, ...]
    results: tuple[ResultOut, ...]
    alerts: tuple[AlertOut, ...]
    annotations: tuple[dict[str, Any], ...]
    proof: ProofOut


class NowOut(Out):
    """Today's answer to the same question."""

    known_at: datetime
    rules: RulesOut
    results: tuple[ResultOut, ...]


class ChangedOut(Out):
    """A bid whose verdict differs today, and the records that make the difference."""

    model_config = ConfigDict(extra="allow")

    ref: str
    from_: Verdict = Field(alias="from")
    to: Verdict
    records: tuple[str, ...]


class ReplayOut(Out):
    """The question of a kept check asked again: as of then, and now."""

    model_config = ConfigDict(extra="allow")

    id: str
    known_at: datetime
    rules: RulesOut
    results: tuple[ResultOut, ...]
    same: bool
    now: NowOut
    changed: tuple[ChangedOut, ...]


class DecisionOut(Out):
    """A decision as kept."""

    model_config = ConfigDict(extra="allow")

    id: str
    ref: str
    decision: Literal["admit", "refuse"]
    by: str
    reason: str


class JobOut(Out):
    """How far a long check is; ``error`` is the code of what made it fail."""

    id: str
    state: Literal["queued", "running", "done", "failed"]
    done: int
    total: int
    result: str | None
    error: str | None

    @classmethod
    def of(cls, job: Job) -> Self:
        """Show a job."""
        return cls.model_validate(
            {
                "id": job.id,
                "state": job.state,
                "done": job.done,
                "total": job.total,
                "result": job.result,
                "error": job.error,
            }
        )
