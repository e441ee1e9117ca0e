"""Finding parties by the name that a tender document prints, and entries that may be one party.

A candidate is never an identification, and no twins are merged by machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.model.party import Party, PartyKind
from credit.model.when import legal_day
from credit.names.matching import LEAST, Likeness, best
from credit.names.twins import Suspicion, suspicion
from credit.ports import Clock, Entered, NameFinder, Stated, TwinFinder
from credit.regions import Regions

_STRETCHES: Final = 40
"""Stretches of the feed that one page reads at most."""
_LOOKED_AT: Final = 1000
"""Parties that it looks at."""
_AT_ONCE: Final = 200
_NTH: Final = 6
_CHANGE: Final = 26
"""Bits for the pairs of a party, and for these and the parties of a change."""
_PAIRS: Final = 1 << _NTH


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party whose name may be meant, with how like it is and why."""

    party: Party
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class NameSearch:
    """Looks for parties by name."""

    _finder: NameFinder
    _regions: Regions
    _clock: Clock

    async def search(
        self, name: str, *, region: str | None = None, limit: int = 20, persons: bool = False
    ) -> Sequence[Candidate]:
        """Return the parties whose names are likest, the likest first, of equals those that are active.

        ``region`` leaves out parties registered elsewhere; where nobody knows a party's region, it stays. Natural
        persons are among them only where ``persons`` says so, and by their whole name alone.

        Raises: StoreUnavailable.
        """
        today = legal_day(self._clock.now())
        found = await self._finder.called(name, province=(region or "")[:2])
        meant = [p for p in found if self._may_be(p, region, today) and (persons or p.kind is not PartyKind.PERSON)]
        compared = [Candidate(party, best(name, party.name, party.former_names)) for party in meant]
        likely = [c for c in compared if c.likeness.score >= (1.0 if c.party.kind is PartyKind.PERSON else LEAST)]
        return sorted(likely, key=_rank)[:limit]

    def _may_be(self, party: Party, region: str | None, today: date) -> bool:
        return region is None or party.region is None or self._regions.contains(region, party.region, today)


@dataclass(frozen=True, slots=True)
class Twin:
    """Two entries that may be one party; ``place`` is theirs in the list of all twins."""

    place: int
    parties: tuple[Party, Party]
    suspicion: Suspicion


@dataclass(frozen=True, slots=True)
class Twins:
    """Lists suspected twins, by where the later stated of the two was stated last.

    Nothing is kept for it: a page reads the feed backwards, so many parties at most, and is ended short then; each
    party costs the look-up of its names. It does not grow with the registry; going through all of it does.
    """

    _finder: TwinFinder

    async def page(self, *, before: int | None, limit: int) -> tuple[list[Twin], int | None]:
        """Return a page before a place, and where the next one begins; None: there is none. Raises: StoreUnavailable.

        Pairs that are merged, or were told not to be one, are left out.
        """
        found: list[Twin] = []
        looked, change = 0, None if before is None else (before >> _CHANGE) + 1
        for _ in range(_STRETCHES):
            stated, change = await self._finder.stated(before=change)
            ahead = [one for one in stated if before is None or _place(one, 0) < before]
            for start in range(0, len(ahead), _AT_ONCE):
                batch = ahead[start : start + _AT_ONCE]
                found += [twin for twin in await self._of(batch) if before is None or twin.place < before]
                looked += len(batch)
                if len(found) > limit:
                    return found[:limit], found[limit - 1].place
                if looked >= _LOOKED_AT:
                    return found, _place(batch[-1], 0)
            if change is None:
                break
        return found, None if change is None else change << _CHANGE

    async def _of(self, stated: Sequence[Stated]) -> list[Twin]:
        """Return the twins of parties that were stated last just there, the places descending."""
        held = await self._finder.namesakes([one.party for one in stated])
        pairs = [
            (_place(one, nth), own, other)
            for one in stated
            if one.party in held
            for own, others in [held[one.party]]
            if own.is_kept and own.tick == one.tick
            for nth, other in enumerate(sorted(_earlier(own, others), key=lambda entry: entry.key))
        ]
        firms = await self._firms([entry for _, *two in pairs for entry in two])
        twins: list[Twin] = []
        for place, own, other in sorted(pairs, key=lambda pair: -pair[0]):
            both = firms.get(own.key, frozenset()) & firms.get(other.key, frozenset())
            doubt = suspicion(own.party, other.party, firms=both)
            if doubt is not None:
                twins.append(Twin(place, (own.party, other.party), doubt))
        return twins

    async def _firms(self, entries: Iterable[Entered]) -> Mapping[str, frozenset[str]]:
        persons = {entry.key for entry in entries if entry.party.kind is PartyKind.PERSON}
        return await self._finder.firms(sorted(persons))


def _earlier(own: Entered, others: Iterable[Entered]) -> list[Entered]:
    """Those that were stated before, so that a pair is met once, and of whom nothing has been told."""
    return [x for x in others if x.is_kept and x.key not in own.told and (x.tick, x.key) < (own.tick, own.key)][:_PAIRS]


def _place(stated: Stated, nth: int) -> int:
    """The place of a party's nth pair: those of later changes are greater."""
    return (stated.change << _CHANGE) + (stated.nth << _NTH) + nth


def _rank(found: Candidate) -> tuple[float, bool, str]:
    return (-found.likeness.score, found.party.status != "active", found.party.id)
