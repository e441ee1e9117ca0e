"""The ladder, cases, correction orders, evaluations, proposals, repairs, objections and sightings.

The contract's "Acting on it". None of these restricts anyone: only a recorded decision does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias, TypeVar, cast

from credit.model.complaint import Complaint, ComplaintEvent
from credit.model.matter import Content, Happening, Matter, MatterId, MatterKind
from credit.model.party import PartyId
from credit.model.record import Authority, RecordId

C = TypeVar("C", bound=Content)
H = TypeVar("H", bound=Happening)


class Rung(StrEnum):
    """The first three rungs of the ladder 关注 → 提醒 → 约谈; the fourth is a penalty."""

    ATTENTION = "attention"
    REMINDER = "reminder"
    INTERVIEW = "interview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One rung of the ladder, that expires; ``until`` is its last day, ``about`` ids of records, complaints, projects.

    Natural key: party, rung, authority, on.
    """

    PARTIES: ClassVar[tuple[str, ...]] = ("party",)

    party: PartyId
    rung: Rung
    authority: Authority
    on: date
    until: date | None
    about: tuple[str, ...] = ()
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing(Happening):
    """What happens to kinds of matter that have no later life: nothing."""


class CaseKind(StrEnum):
    """How a case began."""

    LEAD = "lead"
    INVESTIGATION = "investigation"
    LOOK_BACK = "look_back"


class CaseEventKind(StrEnum):
    """What happens to a case."""

    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EVIDENCE = "evidence"
    FEEDBACK = "feedback"
    DECIDED = "decided"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case of an authority; ``linked`` are numbers of cases seen with it (一案双查).

    Natural key: authority, number.
    """

    PARTIES: ClassVar[tuple[str, ...]] = ("parties",)

    case_no: str
    kind: CaseKind
    parties: tuple[PartyId, ...]
    about: tuple[str, ...] = ()
    authority: Authority
    opened_on: date
    summary: str
    linked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Happening):
    """What happened to a case; ``to`` whom it was handed, ``due_on`` when an answer is due, ``digest`` of evidence."""

    kind: CaseEventKind
    to: Authority | None = None
    due_on: date | None = None
    text: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction order (责令改正); overdue from the day after ``due_on``. Natural key: authority, number."""

    PARTIES: ClassVar[tuple[str, ...]] = ("party",)

    order_no: str
    party: PartyId
    authority: Authority
    issued_on: date
    due_on: date
    items: tuple[str, ...]
    project_no: str | None = None
    case_no: str | None = None


class CorrectionEventKind(StrEnum):
    """What happens to a correction order."""

    DONE = "done"
    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionEvent(Happening):
    """What happened to an order; ``due_on`` of an extension."""

    kind: CorrectionEventKind
    due_on: date | None = None
    text: str | None = None


class Capacity(StrEnum):
    """As what a party is evaluated."""

    EXPERT = "expert"
    AGENCY = "agency"
    SUPPLIER = "supplier"
    PURCHASER = "purchaser"


@dataclass(frozen=True, slots=True)
class Score:
    """A mark of 0-100 by one criterion."""

    criterion: str
    score: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What one party to a project thinks of another. Natural key: project, by, of. It never enters a verdict."""

    PARTIES: ClassVar[tuple[str, ...]] = ("by", "of")

    project_no: str
    by: PartyId
    of: PartyId
    as_: Capacity
    on: date
    scores: tuple[Score, ...]
    remark: str | None = None


class ProposalKind(StrEnum):
    """What is proposed: listing as bad conduct (94号令 37¶1), or listing with a ban (37¶2)."""

    LIST = "list"
    BAN = "ban"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a machine may say to an officer: facts and rule, never a decision.

    ``facts`` are ids of the complaints it rests on, the natural key with party and kind; ``office`` is to answer it.
    """

    PARTIES: ClassVar[tuple[str, ...]] = ("party",)

    party: PartyId
    kind: ProposalKind
    rule: str
    facts: tuple[MatterId, ...]
    made_on: date
    office: Authority


class ProposalEventKind(StrEnum):
    """What becomes of a proposal; ``recorded``: a decision names it.

    ``lapsed``: its letters no longer support it, or its decision was entered in error.
    """

    ACCEPTED = "accepted"
    DECLINED = "declined"
    RECORDED = "recorded"
    LAPSED = "lapsed"


class ProposalState(StrEnum):
    """How a proposal stands: before an officer, or what became of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RECORDED = "recorded"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalEvent(Happening):
    """An officer's answer with its reason, or the record that names the proposal."""

    kind: ProposalEventKind
    reason: str | None = None
    record: RecordId | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document handed in, by name and digest (``sha256:…``)."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A party's application for repair (信用修复) or its objection (异议). Natural key: record, party, applied_on."""

    PARTIES: ClassVar[tuple[str, ...]] = ("party",)

    record: RecordId
    party: PartyId
    applied_on: date
    grounds: tuple[str, ...]
    documents: tuple[Document, ...] = ()


class ApplicationEventKind(StrEnum):
    """What happens to an application."""

    ACCEPTED = "accepted"
    MORE_ASKED = "more_asked"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationEvent(Happening):
    """What happened to an application; ``due_on`` of what was asked for."""

    kind: ApplicationEventKind
    due_on: date | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A site that still shows a record after its repair or annulment; ``digest`` of the page seen.

    Natural key: record, site, seen_on.
    """

    PARTIES: ClassVar[tuple[str, ...]] = ("party",)

    record: RecordId
    party: PartyId
    site: str
    seen_on: date
    digest: str


AnyMatter: TypeAlias = (
    Matter[Complaint, ComplaintEvent]
    | Matter[Attention, Nothing]
    | Matter[Case, CaseEvent]
    | Matter[Correction, CorrectionEvent]
    | Matter[Evaluation, Nothing]
    | Matter[Proposal, ProposalEvent]
    | Matter[Application, ApplicationEvent]
    | Matter[Sighting, Nothing]
)
SHAPES: Final[Mapping[MatterKind, tuple[type[Content], type[Happening]]]] = {
    MatterKind.COMPLAINT: (Complaint, ComplaintEvent),
    MatterKind.ATTENTION: (Attention, Nothing),
    MatterKind.CASE: (Case, CaseEvent),
    MatterKind.CORRECTION: (Correction, CorrectionEvent),
    MatterKind.EVALUATION: (Evaluation, Nothing),
    MatterKind.PROPOSAL: (Proposal, ProposalEvent),
    MatterKind.REPAIR: (Application, ApplicationEvent),
    MatterKind.OBJECTION: (Application, ApplicationEvent),
    MatterKind.SIGHTING: (Sighting, Nothing),
}
"""The types of a matter's content and of its events, by its kind."""


def of_shape(matters: Iterable[AnyMatter], content: type[C], event: type[H]) -> list[Matter[C, H]]:
    """Return the matters whose content is of a type, typed so."""
    del event  # which type it is follows from the content's
    return [cast("Matter[C, H]", matter) for matter in matters if isinstance(matter.content, content)]
