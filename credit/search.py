"""Finding parties by the name that a tender document prints; a candidate is never an identification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from credit.model.party import Party, PartyKind
from credit.model.when import legal_day
from credit.names.matching import LEAST, Likeness, best
from credit.ports import Clock, NameFinder
from credit.regions import Regions


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


def _rank(found: Candidate) -> tuple[float, bool, str]:
    return (-found.likeness.score, found.party.status != "active", found.party.id)
