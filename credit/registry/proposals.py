"""A recorded decision that names the proposal it answers (the contract: only that makes a record of one)."""

import secrets

from credit.errors import Conflict, FieldInvalid, Unknown
from credit.model.caller import Caller
from credit.model.matter import Matter, MatterKind
from credit.model.matters import Proposal, ProposalEvent, ProposalEventKind, of_shape
from credit.model.party import PartyId
from credit.model.record import Penalty, Record
from credit.ports import WriteUnit

Held = Matter[Proposal, ProposalEvent]


async def accepted(unit: WriteUnit, name: str, party: PartyId) -> Held:
    """Find the proposal on a party that an officer has accepted.

    Raises: Unknown, FieldInvalid, Conflict.
    """
    found = of_shape(await unit.matters.named(MatterKind.PROPOSAL, name), Proposal, ProposalEvent)
    if not found:
        raise Unknown(f"没有建议 {name}", f"there is no proposal {name}", pointer="/proposal")
    held = found[0]
    if held.content.party != party:
        raise FieldInvalid("该建议针对另一主体", "the proposal is on another party", pointer="/proposal")
    kinds = {event.kind for event in held.events}
    if ProposalEventKind.ACCEPTED not in kinds:
        raise Conflict("该建议尚未被采纳", "no officer has accepted the proposal", proposal=held.id)
    if ProposalEventKind.RECORDED in kinds:
        raise Conflict("该建议已登记为决定", "a decision is recorded on the proposal", proposal=held.id)
    return held


async def close(unit: WriteUnit, caller: Caller, proposal: Held, record: Record) -> None:
    """Say that a decision was recorded on a proposal: its letters are answered."""
    decision = record.content
    day = decision.decided_on if isinstance(decision, Penalty) else decision.listed_on
    event = ProposalEvent(
        id="mev_" + secrets.token_hex(12),
        kind=ProposalEventKind.RECORDED,
        on=day,
        doc_no=decision.doc_no,
        record=record.id,
        tick=unit.next_tick(),
        recorded_by=caller.id,
    )
    await unit.matters.append(proposal.id, event)
    unit.announce("proposal.followed", proposal.id, [record.party])
