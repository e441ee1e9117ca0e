"""A recorded decision that names the proposal it answers (the contract: only that makes a record of one)."""

import secrets
from dataclasses import replace
from typing import Final

from credit.errors import Conflict, FieldInvalid, NotYourAuthority, Unknown
from credit.model.caller import Caller
from credit.model.matter import Matter, MatterKind
from credit.model.matters import Proposal, ProposalEvent, ProposalEventKind, ProposalKind, of_shape
from credit.model.party import PartyId
from credit.model.record import BanScope, EventKind, Listing, Penalty, PenaltyKind, Record
from credit.ports import WriteUnit
from credit.registry.complaints import ENDS, Ledger, is_pending
from credit.registry.rights import is_one_party, same_authority

Held = Matter[Proposal, ProposalEvent]
_BAD_CONDUCT: Final = "L02"
"""The list on which 94号令 37¶1 enters (不良行为记录名单)."""


async def accepted(unit: WriteUnit, name: str, party: PartyId, decision: Penalty | Listing) -> Held:
    """Find the proposal on a party that an officer has accepted and that a decision answers.

    The decision is its office's own, and of the kind proposed: a ban from procurement, or a listing as bad conduct
    without any ban (94号令 37¶1 knows none).

    Raises: Unknown, FieldInvalid, NotYourAuthority, Conflict.
    """
    held = await _fitting(unit, name, party, decision)
    _must_be_accepted(held)
    if not is_pending(held):
        raise _ended(held)
    return held


async def accepted_before(unit: WriteUnit, name: str, record: Record, ledger: Ledger | None) -> Held | None:
    """Find the accepted proposal that a record held already answers, which its author names only now.

    One that lapsed for nothing else than that decision is among them. None: it is named with that record already.

    Raises: Unknown, Conflict where the record is no decision on it, or is on another one.
    """
    try:
        held = await _fitting(unit, name, record.party, record.content)
    except (FieldInvalid, NotYourAuthority) as error:
        raise Conflict(error.zh, error.en, pointer=error.pointer, record=record.id) from None
    if any(event.record == record.id for event in held.events):
        return None
    if any(event.kind is EventKind.ENTERED_IN_ERROR for event in record.events):
        raise Conflict("该记录系登记有误", "the record was entered in error", pointer="/proposal", record=record.id)
    _must_be_accepted(held)
    if any(event.record == record.id for other in await _others(unit, held) for event in other.events):
        raise Conflict("该记录已对应另一项建议", "the record is on another proposal", record=record.id)
    if not is_pending(held) and not await _lapsed_by(unit, held, record, ledger):
        raise _ended(held)
    return held


async def _fitting(unit: WriteUnit, name: str, party: PartyId, decision: Penalty | Listing) -> Held:
    """Find a proposal on a party that is for the decision's office, and of its kind."""
    found = of_shape(await unit.matters.named(MatterKind.PROPOSAL, name), Proposal, ProposalEvent)
    if not found:
        raise Unknown(f"没有建议 {name}", f"there is no proposal {name}", pointer="/proposal")
    held = found[0]
    if not await is_one_party(unit, party, held.content.party):
        raise FieldInvalid("该建议针对另一主体", "the proposal is on another party", pointer="/proposal")
    if not _answers(held.content.kind, decision):
        raise FieldInvalid("该决定与建议内容不符", "the decision is not of the kind proposed", pointer="/proposal")
    if decision.authority is None or not same_authority(decision.authority, held.content.office):
        raise NotYourAuthority(
            "该建议应由其承办机关作出决定", "the proposal is for its own office", pointer="/proposal"
        )
    return held


async def _lapsed_by(unit: WriteUnit, held: Held, record: Record, ledger: Ledger | None) -> bool:
    """Tell whether a proposal lapsed for nothing else than a decision."""
    ends = [event.kind for event in held.events if event.kind in ENDS]
    return ledger is not None and ends == [ProposalEventKind.LAPSED] and await ledger.lapsed_by(unit, held, record)


def _must_be_accepted(held: Held) -> None:
    if all(event.kind is not ProposalEventKind.ACCEPTED for event in held.events):
        raise Conflict("该建议尚未被采纳", "no officer has accepted the proposal", proposal=held.id)


def _ended(held: Held) -> Conflict:
    return Conflict("该建议已了结", "the proposal has been decided or has lapsed", proposal=held.id)


async def _others(unit: WriteUnit, held: Held) -> list[Held]:
    """Return the other proposals on its party."""
    party = held.content.party
    found = of_shape((await unit.matters.concerning([party])).get(party, ()), Proposal, ProposalEvent)
    return [other for other in found if other.id != held.id]


def _answers(kind: ProposalKind, decision: Penalty | Listing) -> bool:
    if kind is ProposalKind.BAN:
        ban = decision.ban if isinstance(decision, Penalty) else None
        return ban is not None and ban.scope is BanScope.PROCUREMENT
    if isinstance(decision, Listing):
        return decision.list == _BAD_CONDUCT
    bans = decision.ban is not None or PenaltyKind.BAN in decision.kinds
    return PenaltyKind.BAD_CONDUCT_LISTING in decision.kinds and not bans


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
