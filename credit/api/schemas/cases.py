"""Cases of an authority and what happens to them (the contract's "Acting on it")."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from credit.api.schemas.fields import Day, In, Line, Out, Paragraphs, PartyRef, party_id
from credit.api.schemas.handled import MANY, About, Digest
from credit.api.schemas.recorded import AuthorityOut
from credit.api.schemas.records import AuthorityBody
from credit.model.matter import Matter
from credit.model.matters import (
    AnyMatter,
    Case,
    CaseEvent,
    CaseEventKind,
    CaseKind,
    Correction,
    CorrectionEvent,
    of_shape,
)
from credit.model.party import PartyId
from credit.model.when import from_tick
from credit.oversight.cases import case_state
from credit.oversight.corrections import OrderState, standing


class OpenOrClosed(StrEnum):
    """How a case stands."""

    OPEN = "open"
    CLOSED = "closed"


class CaseBody(In):
    """A case; ``linked`` are numbers of cases that are looked into with it. Natural key: authority's name, case_no."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case_no": "资财采查〔2026〕1号",
                    "kind": "lead",
                    "parties": ["91512002MAF0000126"],
                    "about": [],
                    "authority": {"name": "资阳市财政局", "region": "512000", "level": "city"},
                    "opened_on": "2026-04-28",
                    "summary": "疑似收取撤诉费",
                    "linked": [],
                }
            ]
        }
    )

    case_no: Line
    kind: CaseKind
    parties: Annotated[tuple[PartyRef, ...], Field(max_length=MANY)]
    about: About = ()
    authority: AuthorityBody
    opened_on: Day
    summary: Paragraphs
    linked: Annotated[tuple[Line, ...], Field(max_length=MANY)] = ()

    def content(self, about: tuple[str, ...]) -> Case:
        """Return it as the model has it, about what these ids name.

        Raises:
            IdentifierInvalid: a party's id is of no right form.
        """
        return Case(
            case_no=self.case_no,
            kind=self.kind,
            parties=tuple(PartyId(party_id(p, f"/parties/{place}")) for place, p in enumerate(self.parties)),
            about=about,
            authority=self.authority.authority(),
            opened_on=self.opened_on,
            summary=self.summary,
            linked=self.linked,
        )


class CaseEventBody(In):
    """What happened to a case; ``to`` whom it was handed, or who answered. Natural key: case, kind, on, doc_no."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "transferred",
                    "on": "2026-05-01",
                    "to": {"name": "资阳市公安局", "region": "512000", "level": "city"},
                    "due_on": "2026-06-01",
                }
            ]
        }
    )

    kind: CaseEventKind
    on: Day
    to: AuthorityBody | None = None
    due_on: Day | None = None
    doc_no: Line | None = None
    text: Paragraphs | None = None
    digest: Digest | None = None

    def event(self) -> CaseEvent:
        """Return it as the model has it."""
        return CaseEvent(
            kind=self.kind,
            on=self.on,
            to=self.to.authority() if self.to else None,
            due_on=self.due_on,
            doc_no=self.doc_no,
            text=self.text,
            digest=self.digest,
        )


class CaseEventOut(Out):
    """What happened to a case."""

    id: str
    kind: CaseEventKind
    on: date
    to: AuthorityOut | None
    due_on: date | None
    doc_no: str | None
    text: str | None
    digest: str | None
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, event: CaseEvent) -> Self:
        """Show an event."""
        return cls(
            id=event.id,
            kind=event.kind,
            on=event.on,
            to=AuthorityOut.of(event.to) if event.to else None,
            due_on=event.due_on,
            doc_no=event.doc_no,
            text=event.text,
            digest=event.digest,
            recorded_at=from_tick(event.tick),
            recorded_by=event.recorded_by,
        )


class AwaitingOut(Out):
    """A hand-over that was not answered yet."""

    event: str
    to: AuthorityOut | None
    on: date
    due_on: date | None


class CaseOut(Out):
    """A case with its events in the order of their days, and how it stands.

    ``holder`` is with whom it lies, ``awaiting`` the hand-overs without an answer; ``overdue_since`` the earliest last
    day that has passed without one.
    """

    id: str
    case_no: str
    kind: CaseKind
    parties: tuple[str, ...]
    about: tuple[str, ...]
    authority: AuthorityOut
    opened_on: date
    summary: str
    linked: tuple[str, ...]
    state: OpenOrClosed
    holder: AuthorityOut
    awaiting: tuple[AwaitingOut, ...]
    due_on: date | None
    overdue_since: date | None
    events: tuple[CaseEventOut, ...]
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, held: Matter[Case, CaseEvent], as_of: date, **more: object) -> Self:
        """Show a case as of the end of a day."""
        content, state = held.content, case_state(held, as_of)
        told = {
            "id": held.id,
            "case_no": content.case_no,
            "kind": content.kind,
            "parties": content.parties,
            "about": content.about,
            "authority": AuthorityOut.of(content.authority),
            "opened_on": content.opened_on,
            "summary": content.summary,
            "linked": content.linked,
            "state": OpenOrClosed.OPEN if state.open else OpenOrClosed.CLOSED,
            "holder": AuthorityOut.of(state.holder),
            "awaiting": tuple(_awaiting(event) for event in state.awaiting),
            "due_on": state.due_on,
            "overdue_since": state.overdue_since,
            "events": tuple(CaseEventOut.of(e) for e in sorted(held.events, key=lambda e: (e.on, e.tick))),
            "recorded_at": from_tick(held.tick),
            "recorded_by": held.recorded_by,
        }
        return cls.model_validate(told | more)


class LinkedCaseOut(Out):
    """A case that is looked into with another, whichever of them named the other; each closes for itself."""

    id: str
    case_no: str
    kind: CaseKind
    authority: AuthorityOut
    state: OpenOrClosed


class OrderOut(Out):
    """A correction order of a case, as of a day."""

    id: str
    order_no: str
    party: str
    due_on: date
    state: OrderState


class CaseFullOut(CaseOut):
    """A case with the cases linked with it, from both sides, and its correction orders."""

    linked_cases: tuple[LinkedCaseOut, ...]
    corrections: tuple[OrderOut, ...]

    @classmethod
    def full(cls, held: Matter[Case, CaseEvent], tied: Sequence[AnyMatter], as_of: date) -> Self:
        """Show a case with what is tied to it; ``linked`` then has the numbers from both sides."""
        cases = of_shape(tied, Case, CaseEvent)
        orders = of_shape(tied, Correction, CorrectionEvent)
        numbers = (*held.content.linked, *(case.content.case_no for case in cases))
        return cls.of(
            held,
            as_of,
            linked=tuple(dict.fromkeys(numbers)),
            linked_cases=tuple(_linked(case, as_of) for case in cases),
            corrections=tuple(_order(order, as_of) for order in orders),
        )


def _awaiting(event: CaseEvent) -> AwaitingOut:
    to = AuthorityOut.of(event.to) if event.to else None
    return AwaitingOut(event=event.id, to=to, on=event.on, due_on=event.due_on)


def _linked(case: Matter[Case, CaseEvent], as_of: date) -> LinkedCaseOut:
    state = OpenOrClosed.OPEN if case_state(case, as_of).open else OpenOrClosed.CLOSED
    content = case.content
    return LinkedCaseOut(
        id=case.id,
        case_no=content.case_no,
        kind=content.kind,
        authority=AuthorityOut.of(content.authority),
        state=state,
    )


def _order(order: Matter[Correction, CorrectionEvent], as_of: date) -> OrderOut:
    stands, content = standing(order, as_of), order.content
    return OrderOut(
        id=order.id, order_no=content.order_no, party=content.party, due_on=stands.due_on, state=stands.state
    )
