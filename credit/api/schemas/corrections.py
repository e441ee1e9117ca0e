"""Correction orders (责令改正) and what happens to them (the contract's "Acting on it")."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from credit.api.schemas.fields import Day, In, Line, Out, Paragraphs, PartyRef, party_id
from credit.api.schemas.handled import MANY
from credit.api.schemas.recorded import AuthorityOut
from credit.api.schemas.records import AuthorityBody
from credit.model.matters import Correction, CorrectionEvent, CorrectionEventKind
from credit.model.party import PartyId
from credit.model.when import from_tick
from credit.oversight.corrections import Order, OrderState, relapse_of, standing
from credit.rules.periods import Periods

RELAPSE = "CORRECTION-RELAPSE"


class AskedState(StrEnum):
    """Which orders are asked for; ``open``: still to be carried out, the overdue ones too."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"

    def takes(self, state: OrderState) -> bool:
        """Tell whether orders that stand so are meant."""
        return state == self.value or (self is AskedState.OPEN and state is OrderState.OVERDUE)


class CorrectionBody(In):
    """A correction order; overdue from the day after ``due_on``. Natural key: authority's name, order_no."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "order_no": "资财采改〔2026〕1号",
                    "party": "91512002MAF0000126",
                    "authority": {"name": "资阳市财政局", "region": "512000", "level": "city"},
                    "issued_on": "2026-03-02",
                    "due_on": "2026-03-16",
                    "items": ["公告期限不足"],
                    "project_no": None,
                    "case_no": None,
                }
            ]
        }
    )

    order_no: Line
    party: PartyRef
    authority: AuthorityBody
    issued_on: Day
    due_on: Day
    items: Annotated[tuple[Paragraphs, ...], Field(min_length=1, max_length=MANY)]
    project_no: Line | None = None
    case_no: Line | None = None

    def content(self) -> Correction:
        """Return it as the model has it.

        Raises:
            IdentifierInvalid: the party's id is of no right form.
        """
        return Correction(
            order_no=self.order_no,
            party=PartyId(party_id(self.party, "/party")),
            authority=self.authority.authority(),
            issued_on=self.issued_on,
            due_on=self.due_on,
            items=self.items,
            project_no=self.project_no,
            case_no=self.case_no,
        )


class CorrectionEventBody(In):
    """What happened to an order; ``due_on`` of an extension. Natural key: order, kind, on, doc_no."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "done", "on": "2026-03-12"}]})

    kind: CorrectionEventKind
    on: Day
    due_on: Day | None = None
    doc_no: Line | None = None
    text: Paragraphs | None = None

    def event(self) -> CorrectionEvent:
        """Return it as the model has it."""
        return CorrectionEvent(kind=self.kind, on=self.on, due_on=self.due_on, doc_no=self.doc_no, text=self.text)


class CorrectionEventOut(Out):
    """What happened to an order."""

    id: str
    kind: CorrectionEventKind
    on: date
    due_on: date | None
    doc_no: str | None
    text: str | None
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, event: CorrectionEvent) -> Self:
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


class RelapseOut(Out):
    """The order that another follows for the same matter (整而不改)."""

    id: str
    order_no: str
    authority: AuthorityOut
    issued_on: date


class CorrectionOut(Out):
    """An order as issued, with its events in the order of their days, and how it stands.

    ``extended_to`` is its last day as extended; ``relapse_of`` the number of the same party's earlier order for the
    same matter, ``relapse`` what that was.
    """

    id: str
    order_no: str
    party: str
    authority: AuthorityOut
    issued_on: date
    due_on: date
    items: tuple[str, ...]
    project_no: str | None
    case_no: str | None
    state: OrderState
    extended_to: date | None
    done_on: date | None
    relapse_of: str | None
    relapse: RelapseOut | None
    events: tuple[CorrectionEventOut, ...]
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, order: Order, others: Iterable[Order], periods: Periods, as_of: date) -> Self:
        """Show an order as of the end of a day; ``others`` are the party's, in any order."""
        content, stands = order.content, standing(order, as_of)
        months = periods.period(RELAPSE).length or 0
        earlier = relapse_of(order, others, within_months=months)
        return cls(
            id=order.id,
            order_no=content.order_no,
            party=content.party,
            authority=AuthorityOut.of(content.authority),
            issued_on=content.issued_on,
            due_on=content.due_on,
            items=content.items,
            project_no=content.project_no,
            case_no=content.case_no,
            state=stands.state,
            extended_to=stands.due_on if stands.due_on != content.due_on else None,
            done_on=stands.done_on,
            relapse_of=earlier.content.order_no if earlier else None,
            relapse=_relapse(earlier) if earlier else None,
            events=tuple(CorrectionEventOut.of(e) for e in sorted(order.events, key=lambda e: (e.on, e.tick))),
            recorded_at=from_tick(order.tick),
            recorded_by=order.recorded_by,
        )


def _relapse(order: Order) -> RelapseOut:
    content = order.content
    return RelapseOut(
        id=order.id,
        order_no=content.order_no,
        authority=AuthorityOut.of(content.authority),
        issued_on=content.issued_on,
    )
