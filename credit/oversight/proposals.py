"""What became of a proposal (94号令 37): which of the things that happened to it is the last word.

One that became a record lapses where that was entered in error: nothing was decided on it.
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
    kinds = {event.kind for event in held.events if event.on <= as_of}
    return next((ProposalState(kind) for kind in _SUREST if kind in kinds), ProposalState.OPEN)
