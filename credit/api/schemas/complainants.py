"""A complainant's profile, and proposals to an officer (the contract's "Complaints" and "Acting on it")."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, Literal, Self

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
from credit.oversight.proposals import state_on
from credit.oversight.signals.signal import Signal
from credit.oversight.trigger import By, TriggerState, Weight
from credit.supervision import NamedCluster

_RECORDS: Final = ("pen_", "lst_")
"""What begins the id of a record: those that a profile rests on are the party's own."""


class ProvinceOut(Out):
    """One province's letters by outcome; ``counted``: surely counted in the window of the trigger."""

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
    """Twelve months, both ends inside, with the complaints in them that count, or for ``review`` may count."""

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
    """A complainant linked with this one: a hint, never summed. The party itself is not told who it is."""

    id: str | None
    by: tuple[str, ...]


class BenefitOut(Out):
    """A supplier that won what complaints had opened; ``conspicuous``: by the line, the interval and the base.

    The party itself is not told which supplier, nor how often that wins elsewhere (``base``).
    """

    party: str | None
    projects: tuple[str, ...]
    of: int
    share: str
    interval: tuple[str, str]
    base: str | None
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


def profile_out(one: Profile, *, of_others: bool = True) -> dict[str, Any]:
    """Show a profile as plain data of the form of `ProfileOut`.

    Without ``of_others``, as to the party itself, kinds and numbers stand without the ids of others and their letters.
    """
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
        "signals": to_plain(one.signals if of_others else _own_signals(one)),
        "linked": to_plain(one.linked) if of_others else [{"id": None, "by": list(x.by)} for x in one.linked],
        "benefits": [to_plain(x) | ({} if of_others else {"party": None, "base": None}) for x in one.benefits],
        "trigger": one.trigger.state,
        "proposal": one.proposal,
        "watch": one.watch,
        "watch_until": to_plain(one.watch_until),
        "shielded": one.shielded,
    }


def _own_signals(one: Profile) -> tuple[Signal, ...]:
    """Leave of what signals rest on the party's own letters, and records on it."""
    own = {str(letter.id) for letter in one.trigger.letters}
    kept = ((s, tuple(x for x in s.rests_on if x in own or x.startswith(_RECORDS))) for s in one.signals)
    return tuple(replace(signal, rests_on=ids) for signal, ids in kept)


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


def named_in(named: NamedCluster) -> tuple[str, ...]:
    """Return whom a cluster names: its members, and who gains."""
    return (*(party for party, _ in named.cluster.members), *(one.party for one in named.cluster.benefits))


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
    """Tell what became of a proposal, whatever day its events bear."""
    return state_on(held, date.max)


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
