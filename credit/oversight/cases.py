"""The life of a case: lead, investigation or look-back, handed from office to office, closed only when all is answered.

The loop of DOMAIN's Qingdao plan: what was sent to another department comes back as feedback before the case closes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from credit.model.bodies import may_be_same
from credit.model.matter import Matter, life
from credit.model.matters import Case, CaseEvent, CaseEventKind, Correction, CorrectionEvent
from credit.model.record import Authority
from credit.oversight.corrections import is_open


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case at the end of a day: with whom it lies, what is awaited and since when it is late.

    ``awaiting`` are the hand-overs that were not answered yet, oldest first; ``overdue_since`` is the earliest last
    day that has passed without an answer.
    """

    open: bool
    holder: Authority
    awaiting: tuple[CaseEvent, ...] = ()
    due_on: date | None = None
    overdue_since: date | None = None


def case_state(case: Matter[Case, CaseEvent], as_of: date) -> CaseState:
    """Read a case's life up to the end of a day; an impossible life is read as it stands."""
    is_open, holder = True, case.content.authority
    awaiting: list[CaseEvent] = []
    assigned: CaseEvent | None = None
    for event in life(case.events, as_of):
        match event.kind:
            case CaseEventKind.ASSIGNED:
                holder, assigned = event.to or holder, event
            case CaseEventKind.TRANSFERRED:
                awaiting.append(event)
            case CaseEventKind.FEEDBACK | CaseEventKind.DECLINED:
                awaiting = _answered(awaiting, event)
            case CaseEventKind.CLOSED | CaseEventKind.REOPENED:
                is_open = event.kind is CaseEventKind.REOPENED
                assigned = None
            case CaseEventKind.DECIDED:
                assigned = None
            case _:
                pass
    if not is_open:
        return CaseState(open=False, holder=holder, awaiting=tuple(awaiting))
    due = sorted(e.due_on for e in (*awaiting, *filter(None, [assigned])) if e.due_on is not None)
    late = due[0] if due and due[0] < as_of else None
    return CaseState(
        open=True,
        holder=holder,
        awaiting=tuple(awaiting),
        due_on=due[0] if due else None,
        overdue_since=late,
    )


def _answered(awaiting: list[CaseEvent], answer: CaseEvent) -> list[CaseEvent]:
    """Take away the hand-over that an answer is on: the one to the body that it names; the oldest where it names none.

    What a body says that nothing was handed to answers nothing; one whose place is left out is the one of that name.
    """
    named = [n for n, event in enumerate(awaiting) if answer.to and event.to and may_be_same(event.to, answer.to)]
    if not named and answer.to is not None:
        return awaiting
    place = named[0] if named else 0
    return awaiting[:place] + awaiting[place + 1 :]


def open_orders(orders: Sequence[Matter[Correction, CorrectionEvent]], as_of: date) -> list[str]:
    """Return the numbers of the orders that are still to be carried out at the end of a day."""
    return [order.content.order_no for order in orders if is_open(order, as_of)]
