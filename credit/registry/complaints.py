"""What a complaint's coming in, or going on, brings with it in the same write: counts, the roll, proposals.

A proposal is made by the write that meets the trigger of 94号令 37¶1 or shows a route of 37¶2, never by a question; it
restricts nobody, and an officer answers it. A letter that a notice may tell too is written like any other:
`credit.oversight.letters` doubts one of the two. Law: 财政部令第94号 37; DOMAIN §9 Q1–Q3.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import AnyMatter, Proposal, ProposalEvent, ProposalEventKind, ProposalKind, of_shape
from credit.model.naturalkey import digest, normal
from credit.model.party import PartyId
from credit.model.record import Authority, EventKind, Record, RecordId
from credit.model.when import legal_day
from credit.oversight import tallies
from credit.oversight.answers import HeldProposal, answered, may_answer, words_of_answers
from credit.oversight.letters import Letter, letters
from credit.oversight.outcomes import standing
from credit.oversight.proposals import is_undoing
from credit.oversight.trigger import Trigger, TriggerState, Weight, trigger_of
from credit.ports import Clock, WriteUnit
from credit.rules.thresholds import Thresholds

RULES = {ProposalKind.LIST: "MOF94-37-1", ProposalKind.BAN: "MOF94-37-2"}
"""The rule that a proposal names, by its kind."""
_MACHINE = "registry"
_UNDONE: Final = "据本建议登记的决定系登记有误 · the decision recorded on it was entered in error"
_ANSWERS = frozenset({ProposalEventKind.DECLINED, ProposalEventKind.RECORDED})
"""After which letters count no more for what else was proposed."""
_MAY_COUNT: Final = frozenset({Weight.COUNTED, Weight.DOUBTFUL})
ENDS = frozenset({ProposalEventKind.DECLINED, ProposalEventKind.RECORDED, ProposalEventKind.LAPSED})
"""After which an officer has a proposal before them no more."""


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
                recorded = (e.record for e in proposal.events if e.kind is ProposalEventKind.RECORDED)
                record = next(recorded, None)
                if record is not None and record in mistakes and not any(map(is_undoing, proposal.events)):
                    await _lapse(unit, proposal, mistakes[record], record)

    async def _propose(self, unit: WriteUnit, parties: Sequence[PartyId], event_on: date) -> None:
        """Let every party's proposals be those that its letters call for, read to the event's day or today.

        A proposal lapses only where its letters surely call for it no more: a doubt leaves it to its officer.
        """
        await unit.parties.find(list(parties))  # a proposal is tied to them
        for seen in await self._look(unit, parties, event_on):
            if seen.found.malicious:
                await unit.matters.enrol([seen.party], least=1)
            for kind, facts in _called_for(seen.found).items():
                pending = [p for p in seen.held if p.content.kind is kind and is_pending(p)]
                kept = [p for p in pending if self._stands(p.content, seen)]
                for proposal in pending:
                    if proposal not in kept:
                        await _lapse(unit, proposal, seen.today)
                if facts and not kept:
                    said = Proposal(
                        party=seen.party,
                        kind=kind,
                        rule=RULES[kind],
                        facts=facts,
                        made_on=max(seen.today, event_on),
                        office=_last_office(seen.ordered, facts),
                    )
                    await _make(unit, said, nth=len(seen.held))

    async def lapsed_by(self, unit: WriteUnit, proposal: HeldProposal, record: Record) -> bool:
        """Tell whether a proposal that lapsed would be called for, had one decision not been recorded."""
        said, number = proposal.content, normal(record.content.doc_no or "")

        def is_another(other: Record) -> bool:
            return other.id != record.id and (not number or normal(other.content.doc_no or "") != number)

        (now,) = await self._look(unit, [said.party], said.made_on)
        (otherwise,) = await self._look(unit, [said.party], said.made_on, is_another)
        return self._stands(said, otherwise) and not self._stands(said, now)

    async def _look(
        self,
        unit: WriteUnit,
        parties: Sequence[PartyId],
        event_on: date,
        counts: Callable[[Record], bool] = lambda _: True,
    ) -> list["_Seen"]:
        """Read what parties' letters call for, with those of the records that count.

        Limitation runs to today whatever day the event bears: a mistyped year ends no proposal. An officer's answer
        stands on whatever day: what was declined, or recorded, is not proposed again.
        """
        today = legal_day(self.clock.now())
        filed, others = await unit.matters.filed(parties), await unit.matters.concerning(parties)
        records = await self._answering(unit, filed, others)
        seen: list[_Seen] = []
        for party in parties:
            held = of_shape(others.get(party, ()), Proposal, ProposalEvent)
            day = max([today, event_on, *(p.content.made_on for p in held if is_pending(p))])
            ordered = letters(of_shape(filed.get(party, ()), Complaint, ComplaintEvent), day)
            told = [record for record in records.get(party, ()) if counts(record)]
            done = answered(held, told, until=day, thresholds=self.thresholds, told_until=date.max)
            found = trigger_of(ordered, as_of=today, thresholds=self.thresholds, answered=done)
            seen.append(_Seen(party, held, ordered, found, today))
        return seen

    async def _answering(
        self, unit: WriteUnit, filed: Mapping[PartyId, Sequence[AnyMatter]], others: Mapping[PartyId, object]
    ) -> Mapping[PartyId, Sequence[Record]]:
        """Read the records that may answer letters, where these are enough for a count or something was proposed."""
        least = self.thresholds.whole("trigger_count")
        asked = [party for party, held in filed.items() if len(held) >= least or party in others]
        return await unit.matters.telling(asked, words_of_answers(self.thresholds)) if asked else {}

    def _stands(self, proposal: Proposal, seen: "_Seen") -> bool:
        """Tell whether every letter that a proposal names may still count, and they may call for it without others."""
        facts = frozenset(proposal.facts)
        own = [letter for letter in seen.ordered if facts.intersection((letter.id, *letter.told))]
        alone = trigger_of(own, as_of=seen.today, thresholds=self.thresholds)
        if proposal.kind is ProposalKind.BAN:
            sound, called = set(seen.found.perhaps_malicious), bool(alone.perhaps_malicious)
        else:
            sound = {x.id for x in seen.found.letters if x.weight in _MAY_COUNT}
            called = alone.state is not TriggerState.NOT_MET
        return called and sound.issuperset(letter.id for letter in own)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A party with what was proposed on it, its letters, and what they call for today."""

    party: PartyId
    held: Sequence[HeldProposal]
    ordered: Sequence[Letter]
    found: Trigger
    today: date


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
    return not any(event.kind in ENDS for event in proposal.events)


def _mistaken_on(record: Record) -> list[date]:
    return [event.on.day for event in record.events if event.kind is EventKind.ENTERED_IN_ERROR]


async def _lapse(unit: WriteUnit, proposal: HeldProposal, on: date, undone: RecordId | None = None) -> None:
    """End a proposal that its letters surely support no more, as after a reversal, or whose decision was a mistake."""
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
