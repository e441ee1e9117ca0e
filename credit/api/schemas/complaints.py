"""Complaints, what happens to them, their clocks and their admissibility (the contract's "Complaints")."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictBool, StrictInt

from credit.api.schemas.answers import CitationOut, ReasonOut
from credit.api.schemas.fields import Day, In, Line, Out, Paragraphs, PartyRef, party_id
from credit.api.schemas.recorded import AuthorityOut, SourceOut
from credit.api.schemas.records import AuthorityBody, SourceBody
from credit.model.complaint import (
    Complaint,
    ComplaintEvent,
    ComplaintEventKind,
    ComplaintLaw,
    ComplaintOutcome,
    HeldComplaint,
    ItemOutcome,
)
from credit.model.matter import life
from credit.model.party import PartyId
from credit.model.when import from_tick
from credit.oversight.admissibility import PointState
from credit.oversight.asked import Asked, Stage
from credit.oversight.deadlines import DeadlineKind, DeadlineState
from credit.oversight.outcomes import standing

MANY = 100
ItemNumber = Annotated[StrictInt, Field(ge=1, le=MANY)]
Items = Annotated[tuple[Paragraphs, ...], Field(max_length=MANY)]


class ComplaintBody(In):
    """A complaint as filed. Natural key: office's name, complaint_no."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "complaint_no": "资财采投〔2026〕3号",
                    "complainants": ["91512002MAF0000126"],
                    "respondents": ["11512002MBF000016W"],
                    "project_no": "N5120022026000001",
                    "law": "procurement",
                    "office": {"name": "资阳市财政局", "region": "512000", "level": "city"},
                    "filed_on": "2026-03-09",
                    "received_on": "2026-03-10",
                    "items": ["评标委员会对中标供应商业绩证明材料的认定有误"],
                    "participated": True,
                }
            ]
        }
    )

    complaint_no: Line
    complainants: Annotated[tuple[PartyRef, ...], Field(min_length=1, max_length=MANY)]
    respondents: Annotated[tuple[PartyRef, ...], Field(max_length=MANY)] = ()
    project_no: Line | None = None
    law: ComplaintLaw = ComplaintLaw.PROCUREMENT
    office: AuthorityBody
    filed_on: Day
    received_on: Day | None = None
    challenge_received_on: Day | None = None
    challenge_replied_on: Day | None = None
    items: Items = ()
    challenge_items: Items | None = None
    participated: StrictBool | None = None
    source: SourceBody | None = None

    def complaint(self) -> Complaint:
        """Return it as the model has it, its parties by the ids that the caller used.

        Raises:
            IdentifierInvalid: a party's id is of no right form.
        """
        return Complaint(
            complaint_no=self.complaint_no,
            complainants=_parties(self.complainants, "complainants"),
            respondents=_parties(self.respondents, "respondents"),
            project_no=self.project_no,
            law=self.law,
            office=self.office.authority(),
            filed_on=self.filed_on,
            received_on=self.received_on,
            challenge_received_on=self.challenge_received_on,
            challenge_replied_on=self.challenge_replied_on,
            items=self.items,
            challenge_items=self.challenge_items,
            participated=self.participated,
            source=self.source.source() if self.source else None,
        )


def _parties(refs: tuple[str, ...], field: str) -> tuple[PartyId, ...]:
    return tuple(PartyId(party_id(ref, f"/{field}/{place}")) for place, ref in enumerate(refs))


class ItemBody(In):
    """How one item ended; items are numbered from 1."""

    item: ItemNumber
    outcome: ComplaintOutcome


class ComplaintEventBody(In):
    """What happened to a complaint. Natural key: complaint, kind, on, doc_no."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "decided",
                    "on": "2026-04-21",
                    "outcome": "rejected_unfounded",
                    "items": [{"item": 1, "outcome": "rejected_unfounded"}],
                    "doc_no": "资财采决〔2026〕3号",
                }
            ]
        }
    )

    kind: ComplaintEventKind
    on: Day
    outcome: ComplaintOutcome | None = None
    items: Annotated[tuple[ItemBody, ...], Field(max_length=MANY)] = ()
    doc_no: Line | None = None

    def event(self) -> ComplaintEvent:
        """Return it as the model has it."""
        items = tuple(ItemOutcome(one.item, one.outcome) for one in self.items)
        return ComplaintEvent(kind=self.kind, on=self.on, outcome=self.outcome, items=items, doc_no=self.doc_no)


class ItemOut(Out):
    """How one item ended."""

    item: int
    outcome: ComplaintOutcome


class ComplaintEventOut(Out):
    """What happened to a complaint."""

    id: str
    kind: ComplaintEventKind
    on: date
    outcome: ComplaintOutcome | None
    items: tuple[ItemOut, ...]
    doc_no: str | None
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, event: ComplaintEvent) -> Self:
        """Show an event."""
        return cls(
            id=event.id,
            kind=event.kind,
            on=event.on,
            outcome=event.outcome,
            items=tuple(ItemOut(item=one.item, outcome=one.outcome) for one in event.items),
            doc_no=event.doc_no,
            recorded_at=from_tick(event.tick),
            recorded_by=event.recorded_by,
        )


class ComplaintOut(Out):
    """A complaint as recorded, with its events in the order of their days and how it stands."""

    id: str
    complaint_no: str
    complainants: tuple[str, ...]
    respondents: tuple[str, ...]
    project_no: str | None
    law: ComplaintLaw
    office: AuthorityOut
    filed_on: date
    received_on: date | None
    challenge_received_on: date | None
    challenge_replied_on: date | None
    items: tuple[str, ...]
    challenge_items: tuple[str, ...] | None
    participated: bool | None
    source: SourceOut | None
    outcome: ComplaintOutcome
    outcomes: tuple[ItemOut, ...]
    recorded_at: datetime
    recorded_by: str
    events: tuple[ComplaintEventOut, ...]

    @classmethod
    def of(cls, held: HeldComplaint, today: date) -> Self:
        """Show a complaint as it stands today."""
        said, stands = held.content, standing(held, today)
        return cls(
            id=held.id,
            complaint_no=said.complaint_no,
            complainants=said.complainants,
            respondents=said.respondents,
            project_no=said.project_no,
            law=said.law,
            office=AuthorityOut.of(said.office),
            filed_on=said.filed_on,
            received_on=said.received_on,
            challenge_received_on=said.challenge_received_on,
            challenge_replied_on=said.challenge_replied_on,
            items=said.items,
            challenge_items=said.challenge_items,
            participated=said.participated,
            source=SourceOut.of(said.source) if said.source else None,
            outcome=stands.outcome,
            outcomes=tuple(ItemOut(item=item, outcome=outcome) for item, outcome in sorted(stands.items.items())),
            recorded_at=from_tick(held.tick),
            recorded_by=held.recorded_by,
            events=tuple(ComplaintEventOut.of(event) for event in life(held.events, date.max)),
        )


class DeadlineOut(Out):
    """A statutory clock on a day: ``due`` is its last day, null where unknown; ``note`` says why it is not plain."""

    kind: DeadlineKind
    from_: date | None = Field(alias="from")
    due: date | None
    met_on: date | None
    state: DeadlineState
    rule: str
    citations: tuple[CitationOut, ...]
    mark: str
    question: str | None
    note: ReasonOut | None


class DeadlinesOut(Out):
    """Every clock of a complaint on a day; null for what the registry does not hold."""

    complaint_no: str | None
    as_of: date
    items: tuple[DeadlineOut, ...]


class AskedBody(In):
    """The dates from which a clock is to be counted of what the registry does not hold."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "question",
                    "stage": "result",
                    "notice_on": "2026-06-15",
                    "notice_working_days": 1,
                    "acted_on": "2026-06-26",
                    "as_of": "2026-06-30",
                }
            ]
        }
    )

    kind: DeadlineKind
    stage: Stage | None = None
    notice_on: Day | None = None
    notice_working_days: Annotated[StrictInt, Field(ge=0, le=366)] | None = None
    acted_on: Day | None = None
    as_of: Day | None = None
    law: ComplaintLaw = ComplaintLaw.PROCUREMENT

    def asked(self) -> Asked:
        """Return it as the rules take it."""
        return Asked(
            kind=self.kind,
            stage=self.stage,
            notice_on=self.notice_on,
            notice_working_days=self.notice_working_days,
            acted_on=self.acted_on,
            law=self.law,
        )


class PointOut(Out):
    """A condition of the law; ``items`` are the numbers it fails at, ``complaints`` others that it rests on."""

    point: str
    title: ReasonOut
    state: PointState
    items: tuple[int, ...]
    complaints: tuple[str, ...]
    reason: ReasonOut
    citations: tuple[CitationOut, ...]
    mark: str
    question: str | None


class AdmissibilityOut(Out):
    """Every condition for a complaint to be accepted."""

    complaint_no: str
    as_of: date
    items: tuple[PointOut, ...]
