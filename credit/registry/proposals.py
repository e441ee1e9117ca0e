"""A recorded decision that names the proposal it answers (the contract: only that makes a record of one)."""

import secrets
from dataclasses import replace
from typing import Final

from credit.errors import Conflict, FieldInvalid, NotYourAuthority, Unknown
from credit.model.caller import Caller
from credit.model.matter import Matter, MatterKind
from credit.model.matters import Proposal, ProposalEvent, ProposalEventKind, ProposalKind, of_shape
from credit.model.party import PartyId
from credit.model.record import BanScope, Listing, Penalty, PenaltyKind, Record
from credit.ports import WriteUnit
from credit.registry.complaints import is_pending
from credit.registry.rights import same_authority

Held = Matter[Proposal, ProposalEvent]
_BAD_CONDUCT: Final = "L02"
"""The list on which 94号令 37¶1 enters (不良行为记录名单)."""


async def accepted(unit: WriteUnit, name: str, party: PartyId, decision: Penalty | Listing) -> Held:
    """Find the proposal on a party that an officer has accepted and that a decision answers.

    The decision is its office's own, and of the kind proposed: a ban from procurement, or a listing as bad conduct
    without any ban (94号令 37¶1 knows none).

    Raises: Unknown, FieldInvalid, NotYourAuthority, Conflict.
    """
    found = of_shape(await unit.matters.named(MatterKind.PROPOSAL, name), Proposal, ProposalEvent)
    if not found:
        raise Unknown(f"没有建议 {name}", f"there is no proposal {name}", pointer="/proposal")
    held = found[0]
    if not await _is_one(unit, party, held.content.party):
        raise FieldInvalid("该建议针对另一主体", "the proposal is on another party", pointer="/proposal")
    if not _answers(held.content.kind, decision):
        raise FieldInvalid("该决定与建议内容不符", "the decision is not of the kind proposed", pointer="/proposal")
    if decision.authority is None or not same_authority(decision.authority, held.content.office):
        raise NotYourAuthority(
            "该建议应由其承办机关作出决定", "the proposal is for its own office", pointer="/proposal"
        )
    if all(event.kind is not ProposalEventKind.ACCEPTED for event in held.events):
        raise Conflict("该建议尚未被采纳", "no officer has accepted the proposal", proposal=held.id)
    if not is_pending(held):
        raise Conflict("该建议已了结", "the proposal has been decided or has lapsed", proposal=held.id)
    return held


def _answers(kind: ProposalKind, decision: Penalty | Listing) -> bool:
    if kind is ProposalKind.BAN:
        ban = decision.ban if isinstance(decision, Penalty) else None
        return ban is not None and ban.scope is BanScope.PROCUREMENT
    if isinstance(decision, Listing):
        return decision.list == _BAD_CONDUCT
    bans = decision.ban is not None or PenaltyKind.BAN in decision.kinds
    return PenaltyKind.BAD_CONDUCT_LISTING in decision.kinds and not bans


async def _is_one(unit: WriteUnit, one: PartyId, other: PartyId) -> bool:
    """Tell whether two ids name one party, by a merge if not by themselves."""
    if one == other:
        return True
    alike = (await unit.merges.alike([one])).get(one)
    return alike is not None and other in alike.ids


async def close(unit: WriteUnit, caller: Caller, proposal: Held, record: Record) -> Held:
    """Say that a decision was recorded on a proposal, and return that: its letters are answered."""
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
    return replace(proposal, events=(*proposal.events, event))
