"""What a complaint's coming in, or going on, brings with it in the same write: counts, the roll, proposals.

A proposal is made by the write that meets the trigger of 94号令 37¶1 or shows a route of 37¶2, never by a question; it
restricts nobody, and an officer answers it. Law: 财政部令第94号 37; DOMAIN §9 Q1–Q3.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from credit.model.complaint import Complaint, ComplaintEvent
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import AnyMatter, Proposal, ProposalEvent, ProposalEventKind, ProposalKind, of_shape
from credit.model.naturalkey import digest
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.model.when import legal_day
from credit.oversight import tallies
from credit.oversight.outcomes import standing
from credit.oversight.trigger import Trigger, TriggerState, trigger
from credit.ports import Clock, WriteUnit
from credit.rules.thresholds import Thresholds

RULES = {ProposalKind.LIST: "MOF94-37-1", ProposalKind.BAN: "MOF94-37-2"}
"""The rule that a proposal names, by its kind."""
_MACHINE = "registry"
_ENDS = frozenset({ProposalEventKind.DECLINED, ProposalEventKind.RECORDED, ProposalEventKind.LAPSED})


@dataclass(frozen=True, slots=True)
class Ledger:
    """What follows from complaints, by the thresholds and the day of writing."""

    thresholds: Thresholds
    clock: Clock

    async def follow(self, unit: WriteUnit, before: AnyMatter | None, after: AnyMatter) -> None:
        """Bring counts, roll and proposals to what they are with a letter as it is after this write."""
        for now in of_shape([after], Complaint, ComplaintEvent):
            earlier = of_shape([before] if before else [], Complaint, ComplaintEvent)
            await unit.matters.tally(tallies.change(earlier[0] if earlier else None, now))
            if not earlier:
                least = self.thresholds.whole("trigger_count")
                await unit.matters.enrol(now.content.complainants, least=least)
            elif standing(earlier[0], date.max) != standing(now, date.max):
                await self._propose(unit, now.content.complainants, now.content.office, now.events[-1].on)
        for told in of_shape([after], Proposal, ProposalEvent):
            if told.events and told.events[-1].kind is ProposalEventKind.DECLINED:
                await self._propose(unit, [told.content.party], told.content.office, told.events[-1].on)

    async def _propose(self, unit: WriteUnit, parties: Sequence[PartyId], office: Authority, event_on: date) -> None:
        """Let every party's proposals be those that its letters call for on the day of the event, or today."""
        day = max(legal_day(self.clock.now()), event_on)
        await unit.parties.find(list(parties))  # a proposal is tied to them
        filed, others = await unit.matters.filed(parties), await unit.matters.concerning(parties)
        for party in parties:
            letters = of_shape(filed.get(party, ()), Complaint, ComplaintEvent)
            held = of_shape(others.get(party, ()), Proposal, ProposalEvent)
            found = trigger(letters, as_of=day, thresholds=self.thresholds, answered=answered(held, until=day))
            if found.malicious:
                await unit.matters.enrol([party], least=1)
            for kind, facts in _called_for(found).items():
                standing_ones = [p for p in held if p.content.kind is kind and is_pending(p)]
                for proposal in standing_ones if not facts else ():
                    await _lapse(unit, proposal, day)
                if facts and not standing_ones:
                    said = Proposal(party=party, kind=kind, rule=RULES[kind], facts=facts, made_on=day, office=office)
                    await _make(unit, said, nth=len(held))


def _called_for(found: Trigger) -> Mapping[ProposalKind, tuple[MatterId, ...]]:
    """Return the letters that a proposal of each kind would rest on, none where it is not called for."""
    counted = found.window.complaints if found.window and found.state is TriggerState.MET else ()
    return {ProposalKind.BAN: found.malicious, ProposalKind.LIST: counted}


def answered(proposals: Iterable[Matter[Proposal, ProposalEvent]], *, until: date) -> frozenset[MatterId]:
    """Return the letters that a declined proposal, or one that became a record, had answered by the end of a day."""
    ends = {ProposalEventKind.DECLINED, ProposalEventKind.RECORDED}
    return frozenset(
        letter
        for proposal in proposals
        if any(e.kind in ends and e.on <= until for e in proposal.events)
        for letter in proposal.content.facts
    )


def is_pending(proposal: Matter[Proposal, ProposalEvent]) -> bool:
    """Tell whether an officer has a proposal before them, or is about to record it."""
    return not any(event.kind in _ENDS for event in proposal.events)


async def _lapse(unit: WriteUnit, proposal: Matter[Proposal, ProposalEvent], on: date) -> None:
    """End a proposal that its letters no longer support, as after a reversal."""
    event = ProposalEvent(
        id="mev_" + secrets.token_hex(12),
        kind=ProposalEventKind.LAPSED,
        on=on,
        tick=unit.next_tick(),
        recorded_by=_MACHINE,
    )
    await unit.matters.append(proposal.id, event)
    unit.announce("proposal.followed", proposal.id, [proposal.content.party])


async def _make(unit: WriteUnit, said: Proposal, *, nth: int) -> None:
    """Write a proposal that an officer of its office is to answer, the party's ``nth``."""
    natural = digest(MatterKind.PROPOSAL, said.party, said.kind, str(nth), *sorted(said.facts))
    name = MatterId("prp_" + secrets.token_hex(12))
    made = cast("AnyMatter", Matter(name, MatterKind.PROPOSAL, said, unit.next_tick(), _MACHINE))
    await unit.matters.save(MatterKind.PROPOSAL, [(natural, "", made)])
    await unit.matters.tie_to(name, said.facts)
    unit.announce("proposal.opened", name, [said.party])
