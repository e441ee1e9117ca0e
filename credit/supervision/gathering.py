"""Gathers what lies around complainants' letters: the evidence of profiles, for many complainants at once."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from credit.model.complaint import Complaint, ComplaintEvent, HeldComplaint
from credit.model.matters import AnyMatter, Proposal, ProposalEvent, of_shape
from credit.model.naturalkey import normal
from credit.model.party import Party, PartyId
from credit.model.project import BidOutcome, Project, RecordedBid
from credit.model.record import EventKind, Listing, Record, without_put_back
from credit.model.when import legal_day
from credit.oversight import tallies
from credit.oversight.answers import HeldProposal, answered
from credit.oversight.letters import Letter, letters, office_key
from credit.oversight.links import Around, links
from credit.oversight.networks import Gains, Tenders, gains, winners
from credit.oversight.signals.evidence import BaseRate, Entry, Evidence, first_day
from credit.ports import Alike, Browser, MatterBrowser
from credit.supervision.merged import AsOne
from credit.supervision.practice import Practice

KIN_DEPTH: Final = 2
"""From a firm to its leader or owner, and to the other firms of these."""
KIN: Final = 200
"""Parties that are looked at for links; of a hub that has more, the nearest."""
_RECORDS: Final = 100
"""Records of a complainant that are looked through, the newest."""
_ENDS: Final = frozenset({
    EventKind.ANNULLED, EventKind.REPAIRED, EventKind.REMOVED, EventKind.LIFTED, EventKind.ENTERED_IN_ERROR,
})  # fmt: skip
_BEST: Final = (BidOutcome.WON, BidOutcome.LOST, BidOutcome.REJECTED, BidOutcome.PENDING)


@dataclass(frozen=True, slots=True)
class Subject:
    """A complainant with all its letters and what may answer them; ``own`` are the ids of its entries, its own too."""

    party: Party
    complaints: Sequence[HeldComplaint]
    proposals: Sequence[HeldProposal]
    records: Sequence[Record]
    own: frozenset[PartyId]

    @classmethod
    def of(
        cls,
        party: Party,
        told: tuple[Sequence[HeldComplaint], Sequence[HeldProposal], Sequence[Record]],
        alike: Mapping[str, Alike],
    ) -> Self:
        """Make a subject of a party, what was told of it, and the entries that are one with some parties."""
        one = alike.get(party.id)
        return cls(party, *told, frozenset(one.ids if one is not None else ()) | {party.id})


@dataclass(frozen=True, slots=True)
class _Shared:
    """What was read for several complainants at once."""

    tenders: Tenders
    beside: Mapping[str, Sequence[HeldComplaint]]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Gathering:
    """Reads evidence; raises StoreUnavailable where the graph does not answer."""

    matters: MatterBrowser
    browser: Browser
    practice: Practice

    async def evidence(self, subjects: Sequence[Subject], as_of: date) -> list[Evidence]:
        """Gather what lies around the letters of complainants, in their order."""
        shared = await self._shared(subjects, as_of)
        return list(await asyncio.gather(*(self._evidence(one, shared, as_of) for one in subjects)))

    async def _shared(self, subjects: Sequence[Subject], as_of: date) -> _Shared:
        complaints = [held for one in subjects for held in one.complaints]
        tenders = await self.tenders(complaints)
        projects = [project.id for project, _ in tenders.values()]
        beside, counts = await asyncio.gather(
            self.matters.about_projects(projects), self.matters.tallies(self._names(complaints, as_of))
        )
        return _Shared(tenders, _by_project(beside), counts)

    def _names(self, complaints: Iterable[HeldComplaint], as_of: date) -> list[str]:
        """Name the counts that are asked for: base rates, provinces, the offices' ledgers."""
        offices = {office_key(held.content.office): held.content.office for held in complaints}
        return [
            *tallies.names_for(as_of, self.practice.thresholds.whole("window_months")),
            *map(tallies.province, self._provinces()),
            *map(tallies.ledger, offices.values()),
        ]

    async def _evidence(self, one: Subject, shared: _Shared, as_of: date) -> Evidence:
        party, counts = one.party, shared.counts
        entries, (near, relations, _), read, records = await asyncio.gather(
            self.matters.entries(party.id),
            self.browser.neighbourhood(party.id, depth=KIN_DEPTH, limit=KIN),
            self.matters.around(sorted(one.own)),
            self.browser.records(party.id, before=None, limit=_RECORDS),
        )
        numbers = {normal(x.content.project_no) for x in one.complaints if x.content.project_no is not None}
        told = {number: shared.tenders[number] for number in numbers & shared.tenders.keys()}
        others = ({other.id for other in near} | read.beside(self.practice.thresholds)) - one.own
        met = others.union((holder.id for holder in read.holders), winners(told))
        filed, alike = await asyncio.gather(self.matters.filed(sorted(others)), self.browser.alike(sorted(met)))
        as_one = AsOne.of(alike, one.own, party.id)
        kin, around, tenders = (
            as_one.kin(x for x in near if x.id not in one.own),
            as_one.around(read),
            as_one.tenders(told),
        )
        complaining = as_one.letters(of_complaints(filed))
        beside = [as_one.letter(held) for number in tenders for held in shared.beside.get(number, ())]
        offices = {office_key(x.content.office): x.content.office for x in one.complaints}
        return Evidence(
            party=party,
            complaints=tuple(one.complaints),
            answered=answered(one.proposals, one.records, until=as_of, thresholds=self.practice.thresholds),
            provinces=self._provinces(),
            reporting=frozenset(code for code in self._provinces() if counts.get(tallies.province(code))),
            ledgers=frozenset(key for key, office in offices.items() if counts.get(tallies.ledger(office))),
            projects={number: project for number, (project, _) in tenders.items()},
            bids={number: tuple(bids) for number, (_, bids) in tenders.items() if bids},
            entries=_entries(entries) or None,
            beside=tuple(held for held in beside if party.id not in held.content.complainants),
            kin=kin,
            complaining=frozenset(complaining),
            relations=as_one.relations(relations),
            shared=self._linked(one, around, complaining, as_of),
            abnormal=self._abnormal(records, as_of) or None,
            stock=around.stock(self.practice.thresholds),
            bases=tallies.base_rates(counts, as_of, self.practice.thresholds),
            won=await self.elsewhere(gains(self.recent(one.complaints, as_of), tenders, [party.id]), tenders),
        )

    def _abnormal(self, records: Iterable[Record], as_of: date) -> tuple[str, ...]:
        """Return the entries on a list of abnormal operations that no later word has ended; none: nothing is known."""
        lists = self.practice.thresholds.sets["abnormal_lists"].values
        return tuple(
            record.id
            for record in records
            if isinstance(record.content, Listing)
            and record.content.list in lists
            and record.content.listed_on <= as_of
            and (record.content.until is None or record.content.until >= self.opened(as_of))
            and not any(event.kind in _ENDS for event in without_put_back(record.events, lambda on: on.day <= as_of))
        )

    def _linked(
        self, one: Subject, around: Around, others: Mapping[PartyId, Sequence[HeldComplaint]], as_of: date
    ) -> Mapping[PartyId, frozenset[str]]:
        """Return the complainants linked with one, by what; see `credit.oversight.links`."""
        thresholds, opened = self.practice.thresholds, self.opened(as_of)
        filed = {one.party.id: one.complaints, **others}
        windows = {party: self.recent(held, as_of) for party, held in filed.items()}
        inside = {party: [letter.held for letter in read] for party, read in windows.items() if read}
        found: dict[PartyId, frozenset[str]] = {}
        for link in links(around, inside, opened=opened, as_of=as_of, thresholds=thresholds):
            if one.party.id in link.between:
                found |= {p: found.get(p, frozenset()) | {link.kind} for p in link.between if p != one.party.id}
        return found

    async def tenders(self, complaints: Iterable[HeldComplaint]) -> Tenders:
        """Find the projects complained of, where a number means one of them."""
        numbers = {normal(x.content.project_no) for x in complaints if x.content.project_no is not None}
        found = await self.matters.tenders(numbers)
        return {number: held[0] for number, held in found.items() if len(held) == 1}

    async def elsewhere(self, found: Gains, tenders: Tenders) -> Mapping[PartyId, BaseRate]:
        """Count how often those who may gain win what they enter, the projects complained of left out."""
        candidates = found.candidates(self.practice.thresholds)
        entered = await asyncio.gather(*(self.matters.entries(party) for party in candidates))
        own = {project.id for project, _ in tenders.values()}
        rates: dict[PartyId, BaseRate] = {}
        for party, entries in zip(candidates, entered, strict=True):
            others = _entries([(project, bid) for project, bid in entries if project.id not in own])
            rates[party] = BaseRate(sum(e.result is BidOutcome.WON for e in others), len(others))
        return rates

    def opened(self, as_of: date) -> date:
        """Return the first day of the trailing window."""
        return first_day(as_of, self.practice.thresholds.whole("window_months"))

    def recent(self, complaints: Iterable[HeldComplaint], as_of: date) -> tuple[Letter, ...]:
        """Return the letters of the trailing window, each once, oldest first."""
        opened = self.opened(as_of)
        return letters([held for held in complaints if held.content.filed_on >= opened], as_of)

    def _provinces(self) -> Mapping[str, str]:
        return self.practice.regions.provinces()


def of_complaints(filed: Mapping[PartyId, Sequence[AnyMatter]]) -> Mapping[PartyId, Sequence[HeldComplaint]]:
    """Return the complaints of each complainant as such."""
    return {party: of_shape(found, Complaint, ComplaintEvent) for party, found in filed.items()}


def of_proposals(concerning: Mapping[PartyId, Sequence[AnyMatter]]) -> Mapping[PartyId, Sequence[HeldProposal]]:
    """Return the proposals on each complainant."""
    return {party: of_shape(found, Proposal, ProposalEvent) for party, found in concerning.items()}


def _by_project(found: Iterable[AnyMatter]) -> Mapping[str, Sequence[HeldComplaint]]:
    """Return complaints by the number of their project in comparable form."""
    by_number: dict[str, list[HeldComplaint]] = defaultdict(list)
    for held in of_shape(found, Complaint, ComplaintEvent):
        if held.content.project_no is not None:
            by_number[normal(held.content.project_no)].append(held)
    return by_number


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
