"""Finds clusters of linked complainants by the page, from the newest letter on.

A cluster is shown where its newest letter stands, so that it comes once however its members are met. What is read for a
page does not grow with the country: only letters that stand on the page and complainants linked with theirs are read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from credit.model.complaint import HeldComplaint
from credit.model.naturalkey import normal
from credit.model.party import PartyId
from credit.oversight.letters import Letter
from credit.oversight.links import Around, links
from credit.oversight.networks import Cluster, Tenders, benefits, clusters, gains, together
from credit.ports import MatterBrowser
from credit.rules.world import shown_name
from credit.supervision.gathering import Gathering, of_complaints
from credit.supervision.merged import AsOne

_STRETCHES: Final = (50, 100, 200)
"""Letters looked at at once, one after the other, before a page is ended short: it is gone on with its cursor."""
_STEPS: Final = 6
"""From one complainant to those linked with it, and so on."""
_MOST: Final = 1000
"""Complainants gathered for one stretch."""


@dataclass(frozen=True, slots=True)
class NamedCluster:
    """A cluster with the names of its members and of who gains; ``whole`` False: more may be linked than was read."""

    cluster: Cluster
    names: Mapping[PartyId, str]
    whole: bool


@dataclass(slots=True)
class _Found:
    """What was read around the complainants of a stretch, and the letters of those that may be linked."""

    around: list[Around]
    letters: dict[PartyId, list[HeldComplaint]]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Made:
    """A cluster with the complaints of its members in the window, and the number of the newest of them.

    ``filed`` has them by every entry that a member is read from, its own id among these.
    """

    cluster: Cluster
    filed: Mapping[PartyId, Sequence[HeldComplaint]]
    newest: int
    whole: bool
    as_one: AsOne


@dataclass(frozen=True, slots=True)
class Clustering:
    """Answers pages of clusters; raises StoreUnavailable where the graph does not answer."""

    matters: MatterBrowser
    gathering: Gathering

    async def page(self, as_of: date, *, before: int | None, limit: int) -> tuple[list[NamedCluster], int | None]:
        """Return a page of clusters, and where the next one begins; None: there is none."""
        found, ended = await self._found(as_of, before=before, limit=limit)
        return await self._shown(found, as_of), ended

    async def _found(self, as_of: date, *, before: int | None, limit: int) -> tuple[list[_Made], int | None]:
        """Return the clusters of a page, and where the next one begins."""
        found: list[_Made] = []
        place, newest, done = before, 0, set[PartyId]()
        for stretch in _STRETCHES:
            rows = await self.matters.filers(before=place, limit=stretch)
            if not rows:
                return found, None
            last, place = rows[0][0], rows[-1][0]
            seeds = {party for _, parties in rows for party in parties} - done
            told = await self._told(seeds, as_of)
            done |= seeds - {party for made in told if made.newest < place for party in made.filed}
            for made in sorted((m for m in told if place <= m.newest <= last), key=lambda m: -m.newest):
                if len(found) >= limit and made.newest != newest:  # what stands at one place comes on one page
                    return found, newest
                newest = made.newest
                found.append(made)
            if place == 1:
                return found, None
            if len(found) >= limit:
                break
        return found, place

    async def _told(self, seeds: Collection[PartyId], as_of: date) -> list[_Made]:
        """Return the clusters in which these complainants are."""
        read = await self._spread(seeds, as_of)
        around = Around(
            tuple({h.id: h for one in read.around for h in one.holders}.values()),
            tuple(dict.fromkeys(c for one in read.around for c in one.commons)),
        )
        thresholds, opened = self.gathering.practice.thresholds, self.gathering.opened(as_of)
        as_one = await self._main(read.letters, around)
        filed = as_one.letters(read.letters)
        made = links(as_one.around(around), filed, opened=opened, as_of=as_of, thresholds=thresholds)
        found: list[_Made] = []
        for cluster in clusters(made, filed):
            members = {party for party, _ in cluster.members}
            entries = {entry: filed[as_one.party(entry)] for entry in read.letters if as_one.party(entry) in members}
            own = {party: filed[party] for party in members} | entries
            newest = max(held.nth for party in members for held in filed[party])
            found.append(_Made(cluster, own, newest, read.whole, as_one))
        return found

    async def _main(self, filed: Mapping[PartyId, Sequence[HeldComplaint]], around: Around) -> AsOne:
        """Say which entries are read as one party: complainants, those they complained with, and their holders."""
        beside = {party for of_one in filed.values() for held in of_one for party in held.content.complainants}
        met = beside.union(filed, (holder.id for holder in around.holders))
        return AsOne.of(await self.gathering.browser.alike(sorted(met)))

    async def _spread(self, seeds: Collection[PartyId], as_of: date) -> _Found:
        """Read from complainants to those linked with them, step by step, as far as there are any."""
        found, seen = _Found([], {}), set(seeds)
        edge = set(seeds)
        for _ in range(_STEPS):
            around = await self.matters.around(edge | await self._entries(edge))
            met = around.beside(self.gathering.practice.thresholds)
            found.around.append(around)
            found.letters |= await self._letters(met - found.letters.keys(), as_of)
            edge = {party for party in met if party in found.letters} - seen
            seen |= met
            if not edge:
                return found
            if len(found.letters) > _MOST:
                break
        found.whole = False
        return found

    async def _entries(self, parties: Collection[PartyId]) -> set[PartyId]:
        """Return the entries that are one with others: what complainants have in common may stand with any of them."""
        alike = await self.gathering.browser.alike(sorted(parties))
        return {entry for one in alike.values() for entry in one.ids}

    async def _letters(self, parties: Collection[PartyId], as_of: date) -> dict[PartyId, list[HeldComplaint]]:
        """Read the complaints of the window; who has none is no complainant in it."""
        filed, opened = of_complaints(await self.matters.filed(parties)), self.gathering.opened(as_of)
        recent = {p: [x for x in held if opened <= x.content.filed_on <= as_of] for p, held in filed.items()}
        return {party: held for party, held in recent.items() if held}

    async def _shown(self, found: Sequence[_Made], as_of: date) -> list[NamedCluster]:
        """Put to clusters who meets whom on which project, who gains, and the names; read at once for all of them."""
        letters = [
            {party: self.gathering.recent(made.filed[party], as_of) for party, _ in made.cluster.members}
            for made in found
        ]
        every = [letter.held for of_one in letters for own in of_one.values() for letter in own]
        tenders = await self.gathering.tenders(every)
        shown = [await self._met(made, own, tenders) for made, own in zip(found, letters, strict=True)]
        named = [party for one in shown for party in _all_of(one)]
        held = await self.matters.parties(list(dict.fromkeys(named)))
        names = {party: shown_name(one) for party, one in held.items()}
        return [
            NamedCluster(one, {party: names[party] for party in _all_of(one) if party in names}, made.whole)
            for one, made in zip(shown, found, strict=True)
        ]

    async def _met(self, made: _Made, letters: Mapping[PartyId, Sequence[Letter]], tenders: Tenders) -> Cluster:
        """Put to a cluster who meets whom on which project, and who gains."""
        thresholds = self.gathering.practice.thresholds
        every = [letter for of_one in letters.values() for letter in of_one]
        numbers = {normal(x.held.content.project_no) for x in every if x.held.content.project_no is not None}
        own = made.as_one.tenders({number: tenders[number] for number in numbers & tenders.keys()})
        opened = gains(every, own, letters)
        return replace(
            made.cluster,
            members=tuple((party, len(read)) for party, read in letters.items()),
            together=together(letters, own),
            benefits=benefits(opened, await self.gathering.elsewhere(opened, own), thresholds),
        )


def _all_of(cluster: Cluster) -> list[PartyId]:
    """Members, and who gains."""
    return [*dict(cluster.members), *(gain.party for gain in cluster.benefits)]
