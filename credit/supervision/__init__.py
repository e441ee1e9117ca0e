"""The reading use-cases of supervision: a complainant's profile, clocks of complaints, who may see what of them.

Nothing here restricts anyone, and nobody is named before a decision: profiles are for finance authorities, ``admin``
and the party itself. Law: 财政部令第94号; DOMAIN §7.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.model.caller import Caller, Scope
from credit.model.complaint import Complaint, ComplaintEvent, HeldComplaint
from credit.model.matters import Proposal, of_shape
from credit.model.party import Party, PartyId
from credit.model.record import Record
from credit.oversight.admissibility import Point, admissibility
from credit.oversight.answers import HeldProposal, answered, words_of_answers
from credit.oversight.clocks import deadlines
from credit.oversight.deadlines import OFFICE, Deadline, DeadlineState
from credit.oversight.profile import Profile, profile
from credit.oversight.trigger import TriggerState, trigger
from credit.ports import Alike, Browser, MatterBrowser
from credit.registry.rights import same_authority
from credit.supervision.clustering import Clustering, NamedCluster
from credit.supervision.gathering import Gathering, Subject, of_complaints, of_proposals
from credit.supervision.practice import Practice

__all__ = ["NamedCluster", "Practice", "Supervision", "Wanted"]

_STRETCH: Final = 100
_STRETCHES: Final = 10
"""Complainants read at once, and how often, before a page is ended short: it is gone on with its cursor."""
_AT_ONCE: Final = 10
_READ: Final = 400
"""Profiles made at once, and in one page before it is ended short."""
Told = tuple[Sequence[HeldComplaint], Sequence[HeldProposal], Sequence[Record]]
"""A complainant's letters, the proposals on it, and the records that may answer letters."""


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
        return any(c.state is DeadlineState.OVERDUE and c.kind in OFFICE for c in self.deadlines(held, as_of))

    async def admissibility(self, held: HeldComplaint, as_of: date) -> tuple[Point, ...]:
        """Answer each condition of 94号令 for a complaint, beside the others of its complainants and its project."""
        filed = await self.matters.filed(held.content.complainants)
        others = [m for found in filed.values() for m in of_shape(found, Complaint, ComplaintEvent)]
        return admissibility(self.practice.periods, held, [o for o in others if o.id != held.id], as_of)

    # ---------------------------------------------------------------- complainants

    async def profile(self, party: Party, as_of: date) -> Profile:
        """Say what is known of a complainant at the end of a day."""
        told, alike = await self._told([party.id])
        (one,) = await self._profiles([Subject.of(party, told[party.id], alike)], as_of)
        return one

    async def _told(self, parties: Sequence[PartyId]) -> tuple[Mapping[PartyId, Told], Mapping[str, Alike]]:
        """Read the letters of complainants and what may answer them, and which entries are one with them."""
        filed, others, records, alike = await asyncio.gather(
            self.matters.filed(parties),
            self.matters.concerning(parties),
            self.matters.telling(parties, words_of_answers(self.practice.thresholds)),
            self.browser.alike(parties),
        )
        complaints, proposals = of_complaints(filed), of_proposals(others)
        told = {p: (complaints.get(p, ()), proposals.get(p, ()), records.get(p, ())) for p in parties}
        return told, alike

    async def _profiles(self, subjects: Sequence[Subject], as_of: date) -> list[Profile]:
        held = await self._gathering.evidence(subjects, as_of) if subjects else []
        return [profile(evidence, as_of=as_of, thresholds=self.practice.thresholds) for evidence in held]

    async def profiles(
        self, wanted: Wanted, as_of: date, *, before: int | None, limit: int
    ) -> tuple[list[Profile], int | None]:
        """Return a page of the profiles asked for, and where the next one begins; None: there is none.

        Only complainants on the roll are looked at, each party once: the others have too few letters for a trigger or a
        rate. What links one of them, or a letter on another's project, may still be cause for attention: that its own
        profile says, and clusters do.
        """
        found: list[Profile] = []
        place, read = before, 0
        for _ in range(_STRETCHES):
            rows = await self.matters.complainants(before=place, limit=_STRETCH)
            likely = await self._likely(rows, wanted, as_of)
            for start in range(0, len(likely), _AT_ONCE):
                batch = likely[start : start + _AT_ONCE]
                for (number, _), one in zip(batch, await self._profiles([x for _, x in batch], as_of), strict=True):
                    if wanted.watch is None or one.watch is wanted.watch:
                        found.append(one)
                    if len(found) == limit:
                        return found, number if number > 1 else None
            read += len(likely)
            if len(rows) < _STRETCH:
                return found, None
            place = rows[-1][0]
            if read >= _READ:
                break
        return found, place

    async def _likely(
        self, rows: Sequence[tuple[int, PartyId]], wanted: Wanted, as_of: date
    ) -> list[tuple[int, Subject]]:
        """Return the complainants that may be asked for, with their numbers; most are told apart by their letters.

        Of entries that are one party, all of which stand on the roll, the kept one is looked at.
        """
        told, alike = await self._told([party for _, party in rows])
        fitting = [
            party
            for party, held in told.items()
            if (party not in alike or alike[party].kept.id == party) and self._may_fit(held, wanted, as_of)
        ]
        held = await self.matters.parties(fitting)
        return [(nth, Subject.of(held[party], told[party], alike)) for nth, party in rows if party in held]

    async def clusters(self, as_of: date, *, before: int | None, limit: int) -> tuple[list[NamedCluster], int | None]:
        """Return a page of the clusters of linked complainants, and where the next one begins; None: there is none."""
        return await Clustering(self.matters, self._gathering).page(as_of, before=before, limit=limit)

    @property
    def _gathering(self) -> Gathering:
        return Gathering(self.matters, self.browser, self.practice)

    def _may_fit(self, told: Told, wanted: Wanted, as_of: date) -> bool:
        """Tell by the letters, and what answered them, whether a complainant is asked for."""
        letters, proposals, records = told
        thresholds = self.practice.thresholds
        places = [x.content.office.region for x in letters if x.content.filed_on <= as_of]
        if wanted.region is not None and not any(
            place is not None and self.practice.regions.contains(wanted.region, place, as_of) for place in places
        ):
            return False
        if wanted.trigger is None:
            return True
        done = answered(proposals, records, until=as_of, thresholds=thresholds)
        return trigger(letters, as_of=as_of, thresholds=thresholds, answered=done).state is wanted.trigger

    # ---------------------------------------------------------------- who may see it

    def may_see_profile(self, caller: Caller, party: PartyId | None) -> bool:
        """Tell whether a caller may see a complainant's profile: a finance authority, ``admin``, the party itself."""
        own = party is not None and caller.is_party(party)
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
        return any(map(caller.is_party, (*complaint.complainants, *complaint.respondents)))
