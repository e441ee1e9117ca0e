"""Who complains in a region, and what the law makes of it: counts, attention, proposals that wait.

Each complainant is counted alone (DOMAIN §9 Q3).
"""

from collections.abc import AsyncIterator
from datetime import date
from typing import Final

from credit.model.matter import Matter, MatterKind
from credit.model.matters import Proposal, ProposalEvent, ProposalState
from credit.oversight.profile import Profile
from credit.oversight.proposals import state_on
from credit.oversight.trigger import TriggerState
from credit.reports.model import ProposalRow, Standings, TriggerRow, WatchRow
from credit.reports.reading import Reading, must_fit, told
from credit.supervision import Wanted

PAGE: Final = 100
_WAITS: Final = frozenset({ProposalState.OPEN, ProposalState.ACCEPTED})


async def gather_standings(reading: Reading, as_of: date) -> Standings:
    """Go through the profiles of complainants with a letter in the region, and keep what is said of them.

    Raises:
        TooLarge: there are more than a report may hold.
    """
    looked_at = 0
    triggers, watched = list[TriggerRow](), list[WatchRow]()
    async for profile in _profiles(reading, as_of):
        looked_at += 1
        if profile.trigger.state is not TriggerState.NOT_MET:
            triggers.append(await _trigger(reading, profile))
        if profile.watch:
            watched.append(await _watch(reading, profile))
        must_fit(max(len(triggers), len(watched)))
    return Standings(
        looked_at,
        tuple(sorted(triggers, key=lambda row: (row.state, -row.by_filing, row.party.id))),
        tuple(sorted(watched, key=lambda row: row.party.id)),
    )


async def _profiles(reading: Reading, as_of: date) -> AsyncIterator[Profile]:
    supervision = reading.services.supervision
    if not supervision.may_see_profile(reading.caller, None):
        return
    wanted, before = Wanted(region=reading.asked.region), None
    while True:
        page, before = await supervision.profiles(wanted, as_of, before=before, limit=PAGE)
        for profile in page:
            yield profile
        if before is None:
            return


async def _trigger(reading: Reading, profile: Profile) -> TriggerRow:
    found, window = profile.trigger, profile.trigger.window
    told = {letter.id: (letter.complaint_no, letter.weight) for letter in found.letters}
    provinces = reading.regions.provinces()
    return TriggerRow(
        party=await reading.named(profile.id),
        state=found.state,
        from_=window.from_ if window else None,
        to=window.to if window else None,
        by=window.by if window else None,
        by_filing=found.by_filing,
        by_decision=found.by_decision,
        letters=tuple(told[letter] for letter in window.complaints) if window else (),
        provinces=tuple((provinces.get(code or "", code or "?"), count) for code, count in found.provinces),
        questions=found.questions,
        proposal=found.proposal,
    )


async def _watch(reading: Reading, profile: Profile) -> WatchRow:
    numbers = {str(letter.id): letter.complaint_no for letter in profile.trigger.letters}
    pointing = (signal for signal in profile.signals if signal.points_to_watch)
    told_by = tuple((s.reason, tuple(numbers.get(name, name) for name in dict.fromkeys(s.rests_on))) for s in pointing)
    return WatchRow(await reading.named(profile.id), profile.watch_until, told_by)


# ---------------------------------------------------------------- proposals


async def gather_proposals(reading: Reading, as_of: date) -> tuple[ProposalRow, ...]:
    """Return the proposals to offices of the region that wait at the end of a day, newest first."""
    rows = list[ProposalRow]()
    async for held in reading.all(MatterKind.PROPOSAL, Proposal, ProposalEvent):
        content, state = held.content, state_on(held, as_of)
        shown = reading.services.supervision.may_see_proposal(reading.caller, content)
        if shown and content.made_on <= as_of and state in _WAITS and reading.is_here(content.office):
            rows.append(await _proposal(reading, held, state))
            must_fit(len(rows))
    return tuple(rows)


async def _proposal(reading: Reading, held: Matter[Proposal, ProposalEvent], state: ProposalState) -> ProposalRow:
    content = held.content
    return ProposalRow(
        id=held.id,
        party=await reading.named(content.party),
        kind=content.kind,
        rule=content.rule,
        letters=tuple([await reading.number(letter) for letter in content.facts]),
        made_on=content.made_on,
        office=told(content.office.name),
        state=state,
    )
