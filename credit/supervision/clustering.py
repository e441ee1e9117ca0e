"""Finds clusters of linked complainants by the page, from the newest letter on.

A cluster is shown where its newest letter stands, so that it comes once however its members are met. What is read for a
page does not grow with the country: only letters that stand on the page and complainants linked with theirs are read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from credit.model.complaint import HeldComplaint
from credit.model.party import PartyId
from credit.oversight.joining import Joined
from credit.oversight.links import Around, links
from credit.oversight.networks import Cluster, benefits, clusters, gains, together
from credit.ports import MatterBrowser
from credit.rules.world import shown_name
from credit.supervision.gathering import Gathering, of_complaints

_STRETCHES: Final = (50, 100, 200, 400)
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
    """A cluster with the complaints of its members in the window, and the number of the newest of them."""

    cluster: Cluster
    filed: Mapping[PartyId, Sequence[HeldComplaint]]
    newest: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Clustering:
    """Answers pages of clusters; raises StoreUnavailable where the graph does not answer."""

    matters: MatterBrowser
    gathering: Gathering

    async def page(self, as_of: date, *, before: int | None, limit: int) -> tuple[list[NamedCluster], int | None]:
        """Return a page of clusters, and where the next one begins; None: there is none."""
        found: list[NamedCluster] = []
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
                found.append(await self._shown(made, as_of))
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
        main = _main(read.letters)
        told = links(around, read.letters, opened=opened, as_of=as_of, thresholds=thresholds)
        between = [(link, tuple(sorted({main[party] for party in link.between}))) for link in told]
        made = [replace(link, between=parties) for link, parties in between if len(parties) > 1]
        found: list[_Made] = []
        for cluster in clusters(made, {party: read.letters[party] for party in set(main.values())}):
            own = {party: read.letters[party] for party, _ in cluster.members}
            newest = max(held.nth for of_one in own.values() for held in of_one)
            found.append(_Made(cluster, own, newest, read.whole))
        return found

    async def _spread(self, seeds: Collection[PartyId], as_of: date) -> _Found:
        """Read from complainants to those linked with them, step by step, as far as there are any."""
        found, seen = _Found([], {}), set(seeds)
        edge = set(seeds)
        for _ in range(_STEPS):
            around = await self.matters.around(edge)
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

    async def _letters(self, parties: Collection[PartyId], as_of: date) -> dict[PartyId, list[HeldComplaint]]:
        """Read the complaints of the window; who has none is no complainant in it."""
        filed, opened = of_complaints(await self.matters.filed(parties)), self.gathering.opened(as_of)
        recent = {p: [x for x in held if opened <= x.content.filed_on <= as_of] for p, held in filed.items()}
        return {party: held for party, held in recent.items() if held}

    async def _shown(self, made: _Made, as_of: date) -> NamedCluster:
        """Put to a cluster who meets whom on which project, who gains, and the names."""
        letters = {party: self.gathering.recent(held, as_of) for party, held in made.filed.items()}
        thresholds = self.gathering.practice.thresholds
        every = [letter for of_one in letters.values() for letter in of_one]
        tenders = await self.gathering.tenders(letter.held for letter in every)
        opened = gains(every, tenders, letters)
        gaining = benefits(opened, await self.gathering.elsewhere(opened, tenders), thresholds)
        shown = replace(
            made.cluster,
            members=tuple((party, len(read)) for party, read in letters.items()),
            together=together(letters, tenders),
            benefits=gaining,
        )
        held = await self.matters.parties([*letters, *(one.party for one in gaining)])
        return NamedCluster(shown, {party: shown_name(one) for party, one in held.items()}, made.whole)


def _main(filed: Mapping[PartyId, Sequence[HeldComplaint]]) -> Mapping[PartyId, PartyId]:
    """Return of each complainant the entry it is shown as: of several entries that are one party, the first.

    Such entries are read with the same letters, each as if it alone had filed them: nobody is linked with itself.
    """
    joined, read = Joined(), dict[str, PartyId]()
    for party, own in filed.items():
        for held in own:
            other = read.setdefault(held.id, party)
            if other != party and other not in held.content.complainants:
                joined.join(other, party)
    return {party: PartyId(joined.top(party)) for party in filed}
