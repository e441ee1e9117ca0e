"""What a complaint's coming in, or going on, brings with it in the same write: counts, the roll, proposals.

A proposal is made by the write that meets the trigger of 94号令 37¶1 or shows a route of 37¶2, never by a question; it
restricts nobody, and an officer answers it. Law: 财政部令第94号 37; DOMAIN §9 Q1–Q3.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from credit.model.complaint import Complaint, ComplaintEvent, HeldComplaint
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import AnyMatter, Proposal, ProposalEvent, ProposalEventKind, ProposalKind, of_shape
from credit.model.naturalkey import digest
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.model.when import legal_day
from credit.oversight import tallies
from credit.oversight.trigger import Trigger, trigger
from credit.ports import Clock, WriteUnit
from credit.rules.thresholds import Thresholds

RULES = {ProposalKind.LIST: "MOF94-37-1", ProposalKind.BAN: "MOF94-37-2"}
"""The rule that a proposal names, by its kind."""
_MACHINE = "registry"


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
            complainants = now.content.complainants
            if not earlier:
                await unit.matters.enrol(complainants, least=self.thresholds.whole("trigger_count"))
            else:
                await self._propose(unit, now, complainants)

    async def _propose(self, unit: WriteUnit, letter: HeldComplaint, complainants: Sequence[PartyId]) -> None:
        today = legal_day(self.clock.now())
        await unit.parties.find(list(complainants))  # a proposal is tied to them
        filed = await unit.matters.filed(complainants)
        others = await unit.matters.concerning(complainants)
        for party in complainants:
            letters = of_shape(filed.get(party, ()), Complaint, ComplaintEvent)
            proposals = of_shape(others.get(party, ()), Proposal, ProposalEvent)
            found = trigger(letters, as_of=today, thresholds=self.thresholds, answered=answered(proposals, until=today))
            if found.malicious:
                await unit.matters.enrol([party], least=1)
            if found.proposal is not None and not _is_open(proposals, found.proposal):
                await _make(unit, party, found, on=today, office=letter.content.office)


def answered(proposals: Iterable[Matter[Proposal, ProposalEvent]], *, until: date) -> frozenset[MatterId]:
    """Return the letters that a declined proposal, or one that became a record, had answered by the end of a day."""
    ends = {ProposalEventKind.DECLINED, ProposalEventKind.RECORDED}
    return frozenset(
        letter
        for proposal in proposals
        if any(e.kind in ends and e.on <= until for e in proposal.events)
        for letter in proposal.content.facts
    )


def _is_open(proposals: Collection[Matter[Proposal, ProposalEvent]], kind: ProposalKind) -> bool:
    """Tell whether an officer has such a proposal before them, or is about to record it."""
    ends = {ProposalEventKind.DECLINED, ProposalEventKind.RECORDED}
    return any(p.content.kind is kind and not any(e.kind in ends for e in p.events) for p in proposals)


async def _make(unit: WriteUnit, party: PartyId, found: Trigger, *, on: date, office: Authority) -> None:
    """Write a proposal that an officer of the office is to answer."""
    if found.proposal is None:
        return
    said = Proposal(
        party=party, kind=found.proposal, rule=RULES[found.proposal], facts=found.facts, made_on=on, office=office
    )
    natural = digest(MatterKind.PROPOSAL, party, said.kind, *sorted(said.facts))
    if await unit.matters.by_keys([natural]):
        return
    name = MatterId("prp_" + secrets.token_hex(12))
    made = cast("AnyMatter", Matter(name, MatterKind.PROPOSAL, said, unit.next_tick(), _MACHINE))
    await unit.matters.save(MatterKind.PROPOSAL, [(natural, "", made)])
    await unit.matters.tie_to(name, said.facts)
    unit.announce("proposal.opened", name, [party])
