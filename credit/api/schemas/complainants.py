"""A complainant's profile, and proposals to an officer (the contract's "Complaints" and "Acting on it")."""

from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, StrictBool

from credit.api.schemas.answers import ReasonOut
from credit.api.schemas.fields import Day, In, LongLine, Out
from credit.api.schemas.recorded import AuthorityOut
from credit.model.complaint import ComplaintOutcome
from credit.model.matter import Matter, life
from credit.model.matters import Proposal, ProposalEvent, ProposalEventKind, ProposalKind, ProposalState
from credit.model.plain import to_plain
from credit.model.when import from_tick
from credit.oversight.profile import Profile
from credit.oversight.trigger import By, TriggerState, Weight
from credit.supervision import NamedCluster


class ProvinceOut(Out):
    """One province's letters by outcome; ``counted`` in the window of the trigger."""

    region: str | None
    name: str | None
    counts: dict[ComplaintOutcome, int]
    counted: int


class CoverageOut(Out):
    """Whether the registry has any complaint of a province."""

    region: str
    name: str
    reports: bool


class WindowOut(Out):
    """Twelve months, both ends inside, with the complaints counted in them."""

    from_: date = Field(alias="from")
    to: date
    by: By
    complaints: tuple[str, ...]


class SignalOut(Out):
    """One hint with what it was made of; ``unknown``: what it needs is not held."""

    name: str
    status: Literal["known", "unknown"]
    value: str | int | None
    of: int | None
    interval: tuple[str, str] | None
    base: str | None
    threshold: str | None
    points_to_watch: bool
    rests_on: tuple[str, ...]
    reason: ReasonOut
    inputs: tuple[tuple[str, str], ...]


class LinkedOut(Out):
    """A complainant linked with this one: a hint, never summed."""

    id: str
    by: tuple[str, ...]


class BenefitOut(Out):
    """A supplier that won what complaints had opened; ``conspicuous``: by the line, the interval and the base."""

    party: str
    projects: tuple[str, ...]
    of: int
    share: str
    interval: tuple[str, str]
    base: str
    conspicuous: bool
    rests_on: tuple[str, ...]


class MemberOut(Out):
    """A complainant of a cluster."""

    id: str
    name: str | None


class LinkOut(Out):
    """What two or more complainants have in common, with the ids that it rests on."""

    kind: str
    between: tuple[str, ...]
    rests_on: tuple[str, ...]


class TogetherOut(Out):
    """A project on which linked complainants meet: some complain, others complain apart or bid."""

    project_no: str
    complained: tuple[str, ...]
    bid: tuple[str, ...]
    won: tuple[str, ...]
    rests_on: tuple[str, ...]


class ClusterOut(Out):
    """Linked complainants with the links that make them; ``complaints`` of each, and no number for all.

    ``whole`` false: more may be linked than was read.
    """

    id: str
    members: tuple[MemberOut, ...]
    links: tuple[LinkOut, ...]
    complaints: dict[str, int]
    together: tuple[TogetherOut, ...]
    benefits: tuple[BenefitOut, ...]
    whole: bool


class LetterOut(Out):
    """A letter with what it is worth for the trigger, and why."""

    id: str
    complaint_no: str
    filed_on: date
    decided_on: date | None
    province: str | None
    weight: Weight
    why: ReasonOut
    question: str | None


class ProfileOut(Out):
    """All that is said of a complainant on a day; it restricts nobody."""

    id: str
    as_of: date
    counts: dict[ComplaintOutcome, int]
    by_province: tuple[ProvinceOut, ...]
    coverage: tuple[CoverageOut, ...]
    window: WindowOut | None
    by_filing: int
    by_decision: int
    letters: tuple[LetterOut, ...]
    questions: tuple[str, ...]
    signals: tuple[SignalOut, ...]
    linked: tuple[LinkedOut, ...]
    benefits: tuple[BenefitOut, ...]
    trigger: TriggerState
    proposal: ProposalKind | None
    watch: bool
    watch_until: date | None
    shielded: bool


def profile_out(one: Profile) -> dict[str, Any]:
    """Show a profile as plain data of the form of `ProfileOut`."""
    return {
        "id": one.id,
        "as_of": one.as_of.isoformat(),
        "counts": {str(outcome): count for outcome, count in one.counts},
        "by_province": [
            {"region": p.region, "name": p.name, "counts": {str(o): n for o, n in p.counts}, "counted": p.counted}
            for p in one.by_province
        ],
        "coverage": to_plain(one.coverage),
        "window": to_plain(one.window),
        "by_filing": one.trigger.by_filing,
        "by_decision": one.trigger.by_decision,
        "letters": to_plain(one.trigger.letters),
        "questions": list(one.trigger.questions),
        "signals": to_plain(one.signals),
        "linked": to_plain(one.linked),
        "benefits": to_plain(one.benefits),
        "trigger": one.trigger.state,
        "proposal": one.proposal,
        "watch": one.watch,
        "watch_until": to_plain(one.watch_until),
        "shielded": one.shielded,
    }


def cluster_out(named: NamedCluster) -> dict[str, Any]:
    """Show a cluster as plain data of the form of `ClusterOut`."""
    one = named.cluster
    return {
        "id": one.id,
        "members": [{"id": party, "name": named.names.get(party)} for party, _ in one.members],
        "links": to_plain(one.links),
        "complaints": dict(one.members),
        "together": to_plain(one.together),
        "benefits": to_plain(one.benefits),
        "whole": named.whole,
    }


class AnswerBody(In):
    """An officer's answer to a proposal, with the reason."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"accept": False, "reason": "投诉人已说明情况并补充证据", "on": "2026-07-20"}]}
    )

    accept: StrictBool
    reason: LongLine
    on: Day

    def event(self) -> ProposalEvent:
        """Return it as the model has it."""
        kind = ProposalEventKind.ACCEPTED if self.accept else ProposalEventKind.DECLINED
        return ProposalEvent(kind=kind, on=self.on, reason=self.reason)


class ProposalEventOut(Out):
    """What became of a proposal."""

    id: str
    kind: ProposalEventKind
    on: date
    reason: str | None
    record: str | None
    recorded_at: datetime
    recorded_by: str


def state_of(held: Matter[Proposal, ProposalEvent]) -> ProposalState:
    """Tell what became of a proposal, by what happened and not by its days."""
    kinds = {event.kind for event in held.events}
    ends = (ProposalEventKind.RECORDED, ProposalEventKind.LAPSED, ProposalEventKind.DECLINED)
    surest_first = (*ends, ProposalEventKind.ACCEPTED)
    return next((ProposalState(kind) for kind in surest_first if kind in kinds), ProposalState.OPEN)


class ProposalOut(Out):
    """A proposal: facts and rule for an officer, who decides; ``hearing`` is the party's right to be heard first."""

    id: str
    party: str
    kind: ProposalKind
    rule: str
    facts: tuple[str, ...]
    made_on: date
    office: AuthorityOut
    state: ProposalState
    hearing: ReasonOut
    events: tuple[ProposalEventOut, ...]

    @classmethod
    def of(cls, held: Matter[Proposal, ProposalEvent], hearing: ReasonOut) -> Self:
        """Show a proposal with what became of it."""
        said, course = held.content, life(held.events, date.max)
        return cls(
            id=held.id,
            party=said.party,
            kind=said.kind,
            rule=said.rule,
            facts=tuple(said.facts),
            made_on=said.made_on,
            office=AuthorityOut.of(said.office),
            state=state_of(held),
            hearing=hearing,
            events=tuple(
                ProposalEventOut(
                    id=e.id,
                    kind=e.kind,
                    on=e.on,
                    reason=e.reason,
                    record=e.record,
                    recorded_at=from_tick(e.tick),
                    recorded_by=e.recorded_by,
                )
                for e in course
            ),
        )
