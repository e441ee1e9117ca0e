"""The reading use-cases of supervision: a complainant's profile, clocks of complaints, who may see what of them.

Nothing here restricts anyone, and nobody is named before a decision: profiles are for finance authorities, ``admin``
and the party itself. Law: 财政部令第94号; DOMAIN §7.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.model.caller import Caller, Scope
from credit.model.complaint import Complaint, ComplaintEvent, HeldComplaint
from credit.model.matter import Matter
from credit.model.matters import Proposal, ProposalEvent, of_shape
from credit.model.naturalkey import normal
from credit.model.party import Party, PartyId
from credit.model.project import BidOutcome, Project, RecordedBid
from credit.model.when import legal_day
from credit.oversight import tallies
from credit.oversight.admissibility import Point, admissibility
from credit.oversight.clocks import deadlines
from credit.oversight.deadlines import Deadline, DeadlineKind, DeadlineState
from credit.oversight.letters import office_key
from credit.oversight.profile import Profile, profile
from credit.oversight.signals.evidence import Entry, Evidence
from credit.oversight.trigger import TriggerState, trigger
from credit.ports import Browser, MatterBrowser
from credit.regions import Regions
from credit.registry.complaints import answered
from credit.registry.rights import same_authority
from credit.rules.periods import Periods
from credit.rules.thresholds import Thresholds

KIN_DEPTH: Final = 2
"""From a firm to its leader or owner, and to the other firms of these."""
KIN: Final = 200
"""Parties that are looked at for links; of a hub that has more, the nearest."""
_STRETCH: Final = 100
_STRETCHES: Final = 20
"""Complainants read at once, and how often, before a page is ended short: it is gone on with its cursor."""
_OFFICE: Final = frozenset({DeadlineKind.ACCEPTANCE, DeadlineKind.DECISION, DeadlineKind.PAUSE})
"""Clocks of the office; whether a purchaser replied, or a complainant came in time, is not for it to mend."""
_BEST: Final = (BidOutcome.WON, BidOutcome.LOST, BidOutcome.REJECTED, BidOutcome.PENDING)


@dataclass(frozen=True, slots=True)
class Practice:
    """The periods and thresholds of supervision, and the country's divisions."""

    periods: Periods
    thresholds: Thresholds
    regions: Regions


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which profiles are asked for; None: whatever it is."""

    trigger: TriggerState | None = None
    watch: bool | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Supervision:
    """Answers about complaints and complainants; raises StoreUnavailable where the graph does not answer."""

    matters: MatterBrowser
    browser: Browser
    practice: Practice

    # ---------------------------------------------------------------- one complaint

    def deadlines(self, held: HeldComplaint, as_of: date) -> tuple[Deadline, ...]:
        """Tell how every clock of a complaint stands at the end of a day."""
        return deadlines(self.practice.periods, held, as_of)

    def is_overdue(self, held: HeldComplaint, as_of: date) -> bool:
        """Tell whether an act of the office itself was still to be done after the last day that the law gives it."""
        return any(c.state is DeadlineState.OVERDUE and c.kind in _OFFICE for c in self.deadlines(held, as_of))

    async def admissibility(self, held: HeldComplaint, as_of: date) -> tuple[Point, ...]:
        """Answer each condition of 94号令 for a complaint, beside the others of its complainants and its project."""
        filed = await self.matters.filed(held.content.complainants)
        others = [m for found in filed.values() for m in of_shape(found, Complaint, ComplaintEvent)]
        return admissibility(self.practice.periods, held, [o for o in others if o.id != held.id], as_of)

    # ---------------------------------------------------------------- complainants

    async def profile(self, party: Party, as_of: date) -> Profile:
        """Say what is known of a complainant at the end of a day."""
        filed = await self.matters.filed([party.id])
        return await self._profile(party, of_shape(filed.get(party.id, ()), Complaint, ComplaintEvent), as_of)

    async def _profile(self, party: Party, letters: Sequence[HeldComplaint], as_of: date) -> Profile:
        evidence = await self._evidence(party, letters, as_of)
        return profile(evidence, as_of=as_of, thresholds=self.practice.thresholds)

    async def profiles(
        self, wanted: Wanted, as_of: date, *, before: int | None, limit: int
    ) -> tuple[list[Profile], int | None]:
        """Return a page of the profiles asked for, and where the next one begins; None: there is none.

        Only complainants on the roll are looked at: the others have too few letters for a trigger or a rate.
        """
        found: list[Profile] = []
        place = before
        for _ in range(_STRETCHES):
            rows = await self.matters.complainants(before=place, limit=_STRETCH)
            async for number, one in self._those(rows, wanted, as_of):
                found.append(one)
                if len(found) == limit:
                    return found, number if number > 1 else None
            if len(rows) < _STRETCH:
                return found, None
            place = rows[-1][0]
        return found, place

    async def _those(
        self, rows: Sequence[tuple[int, PartyId]], wanted: Wanted, as_of: date
    ) -> AsyncIterator[tuple[int, Profile]]:
        """Go through complainants and give the profiles that are asked for; most are told apart by their letters."""
        parties = [party for _, party in rows]
        filed, others = await self.matters.filed(parties), await self.matters.concerning(parties)
        for number, party_id in rows:
            letters = of_shape(filed.get(party_id, ()), Complaint, ComplaintEvent)
            proposals = of_shape(others.get(party_id, ()), Proposal, ProposalEvent)
            if not self._may_fit(letters, proposals, wanted, as_of):
                continue
            held = await self.browser.party(party_id)
            one = await self._profile(held.party, letters, as_of) if held is not None else None
            if one is not None and (wanted.watch is None or one.watch is wanted.watch):
                yield number, one

    def _may_fit(
        self,
        letters: Sequence[HeldComplaint],
        proposals: Sequence[Matter[Proposal, ProposalEvent]],
        wanted: Wanted,
        as_of: date,
    ) -> bool:
        """Tell by the letters alone whether a complainant is asked for."""
        places = [x.content.office.region for x in letters if x.content.filed_on <= as_of]
        if wanted.region is not None and not any(
            place is not None and self.practice.regions.contains(wanted.region, place, as_of) for place in places
        ):
            return False
        if wanted.trigger is None:
            return True
        done = answered(proposals, until=as_of)
        return trigger(letters, as_of=as_of, thresholds=self.practice.thresholds, answered=done).state is wanted.trigger

    async def _evidence(self, party: Party, letters: Sequence[HeldComplaint], as_of: date) -> Evidence:
        """Gather what lies around a complainant's letters."""
        tenders = await self._tenders(letters)
        projects = {number: project for number, (project, _) in tenders.items()}
        entries = await self.matters.entries(party.id)
        beside = await self.matters.about_projects([project.id for project in projects.values()])
        near, relations, _ = await self.browser.neighbourhood(party.id, depth=KIN_DEPTH, limit=KIN)
        kin = {other.id: other for other in near if other.id != party.id}
        complaining = await self.matters.filed(list(kin))
        offices = {office_key(x.content.office): x.content.office for x in letters}
        counts = await self.matters.tallies([
            *tallies.names_for(as_of, self.practice.thresholds.whole("window_months")),
            *map(tallies.province, self._provinces()),
            *map(tallies.ledger, offices.values()),
        ])  # fmt: skip
        return Evidence(
            party=party,
            complaints=tuple(letters),
            answered=answered(await self._proposals(party.id), until=as_of),
            provinces=self._provinces(),
            reporting=frozenset(code for code in self._provinces() if counts.get(tallies.province(code))),
            ledgers=frozenset(key for key, office in offices.items() if counts.get(tallies.ledger(office))),
            projects=projects,
            bids={number: bids for number, (_, bids) in tenders.items() if bids},
            entries=_entries(entries) or None,
            beside=tuple(
                m for m in of_shape(beside, Complaint, ComplaintEvent) if party.id not in m.content.complainants
            ),
            kin=kin,
            complaining=frozenset(complaining),
            relations=tuple(relations),
            bases=tallies.base_rates(counts, as_of, self.practice.thresholds),
        )

    async def _tenders(self, letters: Iterable[HeldComplaint]) -> Mapping[str, tuple[Project, tuple[RecordedBid, ...]]]:
        """Find the projects complained of, where a number means one of them."""
        numbers = {normal(x.content.project_no) for x in letters if x.content.project_no is not None}
        if not numbers:
            return {}
        found = await self.matters.tenders(numbers)
        return {number: (held[0][0], tuple(held[0][1])) for number, held in found.items() if len(held) == 1}

    async def _proposals(self, party: PartyId) -> list[Matter[Proposal, ProposalEvent]]:
        found = await self.matters.concerning([party])
        return of_shape(found.get(party, ()), Proposal, ProposalEvent)

    def _provinces(self) -> Mapping[str, str]:
        return self.practice.regions.provinces()

    # ---------------------------------------------------------------- who may see it

    def may_see_profile(self, caller: Caller, party: PartyId | None) -> bool:
        """Tell whether a caller may see a complainant's profile: a finance authority, ``admin``, the party itself."""
        own = party is not None and caller.party == party
        return own or caller.has(Scope.ADMIN) or self.is_finance(caller)

    def is_finance(self, caller: Caller) -> bool:
        """Tell whether a key is bound to a finance authority, by the words of the thresholds."""
        name = caller.authority.name if caller.authority is not None else ""
        return any(word in name for word in self.practice.thresholds.sets["finance_offices"].values)

    def may_see_proposal(self, caller: Caller, proposal: Proposal) -> bool:
        """Tell whether a caller may see a proposal: its office, and whoever may see the party's profile."""
        own = caller.authority is not None and same_authority(caller.authority, proposal.office)
        return own or self.may_see_profile(caller, proposal.party)

    def may_see_complaint(self, caller: Caller, complaint: Complaint) -> bool:
        """Tell whether a caller may see a complaint: its office, its parties, a finance authority, ``admin``.

        The respondents and the other suppliers concerned get a copy of the letter (94号令 21).
        """
        if caller.has(Scope.ADMIN) or self.is_finance(caller):
            return True
        if caller.authority is not None and same_authority(caller.authority, complaint.office):
            return True
        return caller.party is not None and caller.party in {*complaint.complainants, *complaint.respondents}


def _entries(found: Collection[tuple[Project, RecordedBid]]) -> tuple[Entry, ...]:
    """Return each project once, with the best result of the party's bids in it."""
    best: dict[str, tuple[Project, BidOutcome]] = {}
    for project, bid in found:
        held = best.get(project.id)
        if held is None or _BEST.index(bid.result) < _BEST.index(held[1]):
            best[project.id] = (project, bid.result)
    return tuple(
        Entry(normal(project.project_no), legal_day(project.deadline), result) for project, result in best.values()
    )
