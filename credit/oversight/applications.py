"""Applications for repair (信用修复) and objections (异议): how one stands on a day, and the clocks of who must act.

While one is open the fact stays, and is marked. Law: 信用修复管理办法; 国办发〔2025〕22号; 山东省社会信用条例 39;
法释〔2017〕7号 12; DOMAIN §§5.1, 5.3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from credit.model.matter import Matter, MatterKind, life
from credit.model.matters import Application, ApplicationEvent, ApplicationEventKind
from credit.model.objections import is_of_another
from credit.model.record import EventKind, Listing, Record
from credit.model.verdict import Reason
from credit.oversight.deadlines import Clock, Deadline, DeadlineKind, DeadlineState, Span, judged
from credit.rules.periods import Periods
from credit.rules.standing import as_amended

Held = Matter[Application, ApplicationEvent]
ASKED: Final = "ASKED"
"""Names the term that the authority itself set for further documents."""
_COURT: Final = "L03"
_SHANDONG: Final = "37"
_SHORT: Final = "OBJECTION-SHANDONG"
_LONG: Final = "OBJECTION-SHANDONG-CHECKED"
_DECISIONS: Final = frozenset({ApplicationEventKind.GRANTED, ApplicationEventKind.REFUSED})
_HANDED_IN: Final = Reason("补交材料之日没有记录", "the day the documents were handed in is not recorded")


class ApplicationState(StrEnum):
    """How an application stands; ``closed``: the record's authority told so on the record itself."""

    FILED = "filed"
    ACCEPTED = "accepted"
    MORE_ASKED = "more_asked"
    GRANTED = "granted"
    REFUSED = "refused"
    CLOSED = "closed"


_OPEN: Final = frozenset({ApplicationState.FILED, ApplicationState.ACCEPTED, ApplicationState.MORE_ASKED})


@dataclass(frozen=True, slots=True)
class ApplicationStanding:
    """An application at the end of a day, and when it was decided."""

    state: ApplicationState
    decided_on: date | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to be decided."""
        return self.state in _OPEN


def standing(held: Held, record: Record | None, as_of: date) -> ApplicationStanding:
    """Read an application's life up to the end of a day, and what befell its record, where that is known."""
    state = ApplicationState.FILED
    for event in life(held.events, as_of):
        state = ApplicationState(event.kind)
        if event.kind in _DECISIONS:
            return ApplicationStanding(state, event.on)
    ended = _ended_on_record(held, record, as_of)
    return ApplicationStanding(ApplicationState.CLOSED, ended) if ended else ApplicationStanding(state)


def _ended_on_record(held: Held, record: Record | None, as_of: date) -> date | None:
    """The day on which the record itself says that the matter was over, without a word on the application.

    A record that is repaired is so for whoever applied; what closed another objection leaves this one open.
    """
    first = held.content.applied_on
    events = [e for e in record.events if first <= e.on.day <= as_of] if record else []
    if held.kind is MatterKind.REPAIR:
        return min((e.on.day for e in events if e.kind is EventKind.REPAIRED), default=None)
    closed = (e for e in events if e.kind is EventKind.OBJECTION_CLOSED and not is_of_another(e, held.id))
    return min((e.on.day for e in closed), default=None)


def clocks(periods: Periods, held: Held, record: Record, as_of: date) -> tuple[Deadline, ...]:
    """Tell how the clocks stand: the authority's for its decision, and the party's for what was asked of it.

    Whether time for further documents counts is not said: past the shortest day the decision is then ``unknown``.
    """
    return (_decision(periods, held, record, as_of), *_documents(held, as_of))


def _decision(periods: Periods, held: Held, record: Record, as_of: date) -> Deadline:
    events = life(held.events, as_of)
    accepted = min((e.on for e in events if e.kind is ApplicationEventKind.ACCEPTED), default=None)
    repair = held.kind is MatterKind.REPAIR
    rule, longest = ("REPAIR-DECISION", 0) if repair else _rule_of_objection(periods, record, as_of)
    asked = any(e.kind is ApplicationEventKind.MORE_ASKED for e in events)
    applied = held.content.applied_on if held.content.applied_on <= as_of else None
    clock = Clock(
        kind=DeadlineKind.DECISION,
        rule=rule,
        starts=Span.on(accepted if repair else applied),
        met_on=standing(held, record, as_of).decided_on,
        extra=(0, None if asked else longest),
    )
    return judged(periods, clock, as_of)


def _rule_of_objection(periods: Periods, record: Record, as_of: date) -> tuple[str, int]:
    """The period for an objection, and by how much it is longer where others must check.

    A court has its own for its list, Shandong its own for its offices; else the national plan's.
    """
    content = as_amended(record, as_of)
    if isinstance(content, Listing) and content.list == _COURT:
        return "OBJECTION-COURT", 0
    if content.authority and (content.authority.region or "").startswith(_SHANDONG):
        short, long = (
            periods.period(name).length or 0 for name in ("OBJECTION-SHANDONG", "OBJECTION-SHANDONG-CHECKED")
        )
        return "OBJECTION-SHANDONG", long - short
    return "OBJECTION-DECISION", 0


def _documents(held: Held, as_of: date) -> Iterator[Deadline]:
    """Each term for further documents; nobody is late by it, for the day they came is not recorded."""
    events = life(held.events, as_of)
    for place, event in enumerate(events):
        if event.kind is ApplicationEventKind.MORE_ASKED and event.due_on:
            over = event.due_on < as_of or place + 1 < len(events)
            yield Deadline(
                kind=DeadlineKind.CORRECTION,
                from_=event.on,
                due=event.due_on,
                met_on=None,
                state=DeadlineState.UNKNOWN if over else DeadlineState.OPEN,
                rule=ASKED,
                citations=(),
                mark="",
                note=_HANDED_IN if over else None,
            )
