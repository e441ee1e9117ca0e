"""Applications for repair (信用修复) and objections (异议), and what happens to them."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from credit.api.schemas.fields import Day, In, Line, LongLine, Out, Paragraphs, PartyRef, party_id
from credit.api.schemas.handled import MANY, ClockOut, Digest
from credit.model.matter import Matter
from credit.model.matters import Application, ApplicationEvent, ApplicationEventKind, Document
from credit.model.party import PartyId
from credit.model.record import Record
from credit.model.when import from_tick
from credit.oversight.applications import ApplicationState, clocks, standing
from credit.rules.periods import Periods


class AttachmentBody(In):
    """A document handed in, by name and digest."""

    name: LongLine
    digest: Digest


class ApplicationBody(In):
    """A party's application about a record on it. Natural key: record, party, applied_on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "record": "pen_0123456789abcdef01234567",
                    "party": "91512002MAF0000126",
                    "applied_on": "2026-08-03",
                    "grounds": ["已缴清罚款并完成整改"],
                    "documents": [
                        {
                            "name": "缴款凭证.pdf",
                            "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                        }
                    ],
                }
            ]
        }
    )

    record: Line
    party: PartyRef
    applied_on: Day
    grounds: Annotated[tuple[Paragraphs, ...], Field(min_length=1, max_length=MANY)]
    documents: Annotated[tuple[AttachmentBody, ...], Field(max_length=MANY)] = ()

    def content(self, record: Record) -> Application:
        """Return it as the model has it, about a record.

        Raises:
            IdentifierInvalid: the party's id is of no right form.
        """
        return Application(
            record=record.id,
            party=PartyId(party_id(self.party, "/party")),
            applied_on=self.applied_on,
            grounds=self.grounds,
            documents=tuple(Document(document.name, document.digest) for document in self.documents),
        )


class ApplicationEventBody(In):
    """What happened to an application; ``due_on`` of what was asked for. Natural key: application, kind, on, doc_no."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "accepted", "on": "2026-08-05"}]})

    kind: ApplicationEventKind
    on: Day
    due_on: Day | None = None
    doc_no: Line | None = None
    text: Paragraphs | None = None

    def event(self) -> ApplicationEvent:
        """Return it as the model has it."""
        return ApplicationEvent(kind=self.kind, on=self.on, due_on=self.due_on, doc_no=self.doc_no, text=self.text)


class ApplicationEventOut(Out):
    """What happened to an application."""

    id: str
    kind: ApplicationEventKind
    on: date
    due_on: date | None
    doc_no: str | None
    text: str | None
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, event: ApplicationEvent) -> Self:
        """Show an event."""
        return cls(
            id=event.id,
            kind=event.kind,
            on=event.on,
            due_on=event.due_on,
            doc_no=event.doc_no,
            text=event.text,
            recorded_at=from_tick(event.tick),
            recorded_by=event.recorded_by,
        )


class AttachmentOut(Out):
    """A document handed in."""

    name: str
    digest: str


class ApplicationOut(Out):
    """An application with its events in the order of their days, how it stands, and the clocks that run."""

    id: str
    kind: str
    record: str
    party: str
    applied_on: date
    grounds: tuple[str, ...]
    documents: tuple[AttachmentOut, ...]
    state: ApplicationState
    open: bool
    decided_on: date | None
    deadlines: tuple[ClockOut, ...]
    events: tuple[ApplicationEventOut, ...]
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, held: Matter[Application, ApplicationEvent], record: Record, periods: Periods, as_of: date) -> Self:
        """Show an application as of the end of a day."""
        content, stands = held.content, standing(held, record, as_of)
        return cls(
            id=held.id,
            kind=held.kind,
            record=content.record,
            party=content.party,
            applied_on=content.applied_on,
            grounds=content.grounds,
            documents=tuple(
                AttachmentOut(name=document.name, digest=document.digest) for document in content.documents
            ),
            state=stands.state,
            open=stands.open,
            decided_on=stands.decided_on,
            deadlines=tuple(ClockOut.of(clock) for clock in clocks(periods, held, record, as_of)),
            events=tuple(ApplicationEventOut.of(e) for e in sorted(held.events, key=lambda e: (e.on, e.tick))),
            recorded_at=from_tick(held.tick),
            recorded_by=held.recorded_by,
        )
