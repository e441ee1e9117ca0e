"""What became of a proposal (94号令 37): which of the things that happened to it is the last word.

One that became a record lapses where that was entered in error: nothing was decided on it. One that lapsed for its
decision was recorded without naming it is recorded once that is named.
"""

from datetime import date
from typing import Final

from credit.model.matter import Matter
from credit.model.matters import Proposal, ProposalEvent, ProposalEventKind, ProposalState

_SUREST: Final = (
    ProposalEventKind.LAPSED, ProposalEventKind.RECORDED, ProposalEventKind.DECLINED, ProposalEventKind.ACCEPTED,
)  # fmt: skip


def state_on(held: Matter[Proposal, ProposalEvent], as_of: date) -> ProposalState:
    """Tell what had become of a proposal by the end of a day, by what happened and not by the order of its days."""
    told = [event for event in held.events if event.on <= as_of]
    kinds = {event.kind for event in told}
    if ProposalEventKind.RECORDED in kinds and not any(map(is_undoing, told)):
        return ProposalState.RECORDED
    return next((ProposalState(kind) for kind in _SUREST if kind in kinds), ProposalState.OPEN)


def is_undoing(event: ProposalEvent) -> bool:
    """Tell whether a proposal lapsed by this since the decision on it was entered in error."""
    return event.kind is ProposalEventKind.LAPSED and event.record is not None
