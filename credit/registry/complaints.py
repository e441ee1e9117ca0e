"""What a complaint's coming in, or going on, brings with it in the same write: counts, the roll, proposals.

A proposal is made by the write that meets the trigger of 94号令 37¶1 or shows a route of 37¶2, never by a question; it
restricts nobody, and an officer answers it. A letter that a notice may tell too is written like any other:
`credit.oversight.letters` doubts one of the two. Law: 财政部令第94号 37; DOMAIN §9 Q1–Q3.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import AnyMatter, Proposal, ProposalEvent, ProposalEventKind, ProposalKind, of_shape
from credit.model.naturalkey import digest
from credit.model.party import PartyId
from credit.model.record import Authority, EventKind, Record, RecordId
from credit.model.when import legal_day
from credit.oversight import tallies
from credit.oversight.answers import HeldProposal, answered, may_answer, words_of_answers
from credit.oversight.letters import Letter, letters
from credit.oversight.outcomes import standing
from credit.oversight.trigger import Trigger, TriggerState, Weight, trigger_of
from credit.ports import Clock, WriteUnit
from credit.rules.thresholds import Thresholds

RULES = {ProposalKind.LIST: "MOF94-37-1", ProposalKind.BAN: "MOF94-37-2"}
"""The rule that a proposal names, by its kind."""
_MACHINE = "registry"
_UNDONE: Final = "据本建议登记的决定系登记有误 · the decision recorded on it was entered in error"
_ANSWERS = frozenset({ProposalEventKind.DECLINED, ProposalEventKind.RECORDED})
"""After which letters count no more for what else was proposed."""
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
                await self._propose(unit, now.content.complainants, now.events[-1].on)
        for told in of_shape([after], Proposal, ProposalEvent):
            if told.events and told.events[-1].kind in _ANSWERS:
                await self._propose(unit, [told.content.party], told.events[-1].on)

    async def regroup(self, unit: WriteUnit, parties: Sequence[PartyId]) -> None:
        """Bring roll and proposals to what the letters of parties call for that became one party, or are it no more.

        Of entries that are one, the kept one alone is given.
        """
        await unit.parties.find(list(parties))
        await unit.matters.enrol(parties, least=self.thresholds.whole("trigger_count"))
        await self._propose(unit, parties, date.min)

    async def answer(self, unit: WriteUnit, changed: Sequence[Record]) -> None:
        """Bring proposals to what is called for with records as they are after this write.

        A proposal whose decision was entered in error lapses: its letters are unanswered, and another may be made.
        """
        known = [record for record in changed if may_answer(record, self.thresholds)]
        if not known:
            return
        alike = await unit.merges.alike([record.party for record in known])
        entries = (alike[r.party].kept.id if r.party in alike else r.party for r in known)
        filed = await unit.matters.filed(list(dict.fromkeys(entries)))
        if not filed:
            return
        mistakes = {r.id: min(days) for r in known if (days := _mistaken_on(r))}
        if mistakes:
            await self._undo(unit, filed, mistakes)
        await self._propose(unit, list(filed), max(mistakes.values(), default=date.min))

    async def _undo(self, unit: WriteUnit, parties: Collection[PartyId], mistakes: Mapping[RecordId, date]) -> None:
        """Let lapse what became a record that was entered in error, on the day of that."""
        for found in (await unit.matters.concerning(parties)).values():
            for proposal in of_shape(found, Proposal, ProposalEvent):
                ends = {event.kind: event.record for event in proposal.events}
                record = ends.get(ProposalEventKind.RECORDED)
                if record is not None and record in mistakes and ProposalEventKind.LAPSED not in ends:
                    await _lapse(unit, proposal, mistakes[record], record)

    async def _propose(self, unit: WriteUnit, parties: Sequence[PartyId], event_on: date) -> None:
        """Let every party's proposals be those that its letters call for, read to the event's day or today.

        Limitation runs to today whatever day the event bears: a mistyped year ends no proposal.
        """
        today = legal_day(self.clock.now())
        await unit.parties.find(list(parties))  # a proposal is tied to them
        filed, others = await unit.matters.filed(parties), await unit.matters.concerning(parties)
        records = await self._answering(unit, filed, others)
        for party in parties:
            held = of_shape(others.get(party, ()), Proposal, ProposalEvent)
            day = max([today, event_on, *(p.content.made_on for p in held if is_pending(p))])
            ordered = letters(of_shape(filed.get(party, ()), Complaint, ComplaintEvent), day)
            done = answered(held, records.get(party, ()), until=day, thresholds=self.thresholds)
            found = trigger_of(ordered, as_of=today, thresholds=self.thresholds, answered=done)
            if found.malicious:
                await unit.matters.enrol([party], least=1)
            for kind, facts in _called_for(found).items():
                pending = [p for p in held if p.content.kind is kind and is_pending(p)]
                kept = [p for p in pending if self._stands(p.content, ordered, found, today)]
                for proposal in pending:
                    if proposal not in kept:
                        await _lapse(unit, proposal, today)
                if facts and not kept:
                    said = Proposal(
                        party=party,
                        kind=kind,
                        rule=RULES[kind],
                        facts=facts,
                        made_on=max(today, event_on),
                        office=_last_office(ordered, facts),
                    )
                    await _make(unit, said, nth=len(held))

    async def _answering(
        self, unit: WriteUnit, filed: Mapping[PartyId, Sequence[AnyMatter]], others: Mapping[PartyId, object]
    ) -> Mapping[PartyId, Sequence[Record]]:
        """Read the records that may answer letters, where these are enough for a count or something was proposed."""
        least = self.thresholds.whole("trigger_count")
        asked = [party for party, held in filed.items() if len(held) >= least or party in others]
        return await unit.matters.telling(asked, words_of_answers(self.thresholds)) if asked else {}

    def _stands(self, proposal: Proposal, ordered: Sequence[Letter], found: Trigger, today: date) -> bool:
        """Tell whether every letter that a proposal names still counts, and they call for it without others."""
        facts = frozenset(proposal.facts)
        own = [letter for letter in ordered if facts.intersection((letter.id, *letter.told))]
        sound = {x.id for x in found.letters if x.weight is Weight.COUNTED}
        if proposal.kind is ProposalKind.BAN:
            sound = set(found.malicious)
        alone = _called_for(trigger_of(own, as_of=today, thresholds=self.thresholds))
        return sound.issuperset(letter.id for letter in own) and bool(alone[proposal.kind])


def _called_for(found: Trigger) -> Mapping[ProposalKind, tuple[MatterId, ...]]:
    """Return the letters that a proposal of each kind would rest on, none where it is not called for."""
    counted = found.window.complaints if found.window and found.state is TriggerState.MET else ()
    return {ProposalKind.BAN: found.malicious, ProposalKind.LIST: counted}


def _last_office(ordered: Iterable[Letter], facts: Iterable[MatterId]) -> Authority:
    """Return the office that decided last of the letters a proposal rests on; on one day, the one recorded last."""
    named = frozenset(facts)
    last = max((x for x in ordered if x.id in named), key=lambda x: (x.standing.decided_on or x.filed_on, _recorded(x)))
    return last.held.content.office


def _recorded(letter: Letter) -> int:
    """The place in the order of writes of the last decision on a letter."""
    return max((e.tick for e in letter.held.events if e.kind is ComplaintEventKind.DECIDED), default=letter.held.tick)


def is_pending(proposal: HeldProposal) -> bool:
    """Tell whether an officer has a proposal before them, or is about to record it."""
    return not any(event.kind in _ENDS for event in proposal.events)


def _mistaken_on(record: Record) -> list[date]:
    return [event.on.day for event in record.events if event.kind is EventKind.ENTERED_IN_ERROR]


async def _lapse(unit: WriteUnit, proposal: HeldProposal, on: date, undone: RecordId | None = None) -> None:
    """End a proposal that its letters no longer support, as after a reversal, or whose decision was a mistake."""
    event = ProposalEvent(
        id="mev_" + secrets.token_hex(12),
        kind=ProposalEventKind.LAPSED,
        on=on,
        reason=None if undone is None else _UNDONE,
        record=undone,
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
