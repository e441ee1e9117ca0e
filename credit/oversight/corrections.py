"""Correction orders (责令改正): when one is due, whether it was carried out, whether it comes again (整而不改)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from credit.model.matter import Matter, life
from credit.model.matters import Correction, CorrectionEvent, CorrectionEventKind
from credit.oversight.same_matter import item_key
from credit.rules.terms import add_months

Order = Matter[Correction, CorrectionEvent]


class OrderState(StrEnum):
    """How an order stands; an overdue one is open too."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class OrderStanding:
    """An order at the end of a day, its last day as extended, and when it was carried out."""

    state: OrderState
    due_on: date
    done_on: date | None = None


def standing(order: Order, as_of: date) -> OrderStanding:
    """Read an order's life up to the end of a day."""
    due, done = order.content.due_on, None
    state = OrderState.OPEN
    for event in life(order.events, as_of):
        match event.kind:
            case CorrectionEventKind.EXTENDED:
                due = event.due_on or due
            case CorrectionEventKind.DONE:
                state, done = OrderState.DONE, event.on
            case CorrectionEventKind.WITHDRAWN:
                state = OrderState.WITHDRAWN
    if state is OrderState.OPEN and due < as_of:
        state = OrderState.OVERDUE
    return OrderStanding(state, due, done)


def is_open(order: Order, as_of: date) -> bool:
    """Tell whether an order is still to be carried out, late or not."""
    return standing(order, as_of).state in {OrderState.OPEN, OrderState.OVERDUE}


def relapse_of(order: Order, earlier: Iterable[Order], *, within_months: int) -> Order | None:
    """Return the party's latest earlier order for the same matter, where it was issued within so many months before.

    The same matter is an item told in the same words; an order that was withdrawn does not count.
    """
    found = [
        other
        for other in earlier
        if other.id != order.id
        and other.content.party == order.content.party
        and order.content.issued_on <= add_months(other.content.issued_on, within_months)
        and (other.content.issued_on, other.tick) < (order.content.issued_on, order.tick)
        and not _matters(other).isdisjoint(_matters(order))
        and standing(other, order.content.issued_on).state is not OrderState.WITHDRAWN
    ]
    return max(found, key=lambda other: (other.content.issued_on, other.tick), default=None)


def _matters(order: Order) -> set[str]:
    return {item_key(item) for item in order.content.items}
