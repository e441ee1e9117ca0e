"""How far the ban of an entry surely goes, by its words and by the law, where its decision is not recorded.

The day that an entry bears is perhaps that of its publication's end (DOMAIN §6.1): a ban that its words let end
sooner, or that the law lets last no longer, is not sure to stand up to it. Law: 采购法 77, 78; DOMAIN §9 Q5, Q29.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from credit.model.record import BanScope, Listing
from credit.rules.bans import longest_months
from credit.rules.penalties import number
from credit.rules.terms import add_months, moved
from credit.rules.told_terms import told_terms
from credit.rules.world import World

_WORDED: Final[Mapping[str, tuple[BanScope, Sequence[str]]]] = {
    "with_ban": (BanScope.PROCUREMENT, ("ban_in_ground", "ban_told")),
    "agency_ban": (BanScope.AGENCY_WORK, ("agency_ban_in_ground", "agency_ban_told")),
}
"""What an L01 entry's variant bars from, and the catalogue's phrases that tell it."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Between which days a ban ends: as early as may be, surely not before ``sure``, as late as may be."""

    earliest: date
    sure: date
    latest: date


def sure_end(world: World, listing: Listing, variant: str, last: date | None) -> tuple[date | None, str]:
    """Return the last day on which an entry's ban is sure, and the doubt after it.

    ``last``: the day up to which the entry stands. A kept catalogue may not tell these doubts apart yet.
    """
    ends: list[tuple[date, str]] = [] if last is None else [(last, "term_over")]
    if variant in _WORDED and "words_over" in world.rules.doubts:
        scope, names = _WORDED[variant]
        told = words_end(world, listing, names)
        ends += [(told.sure, "words_over")] if told and _is_passed(told, listing) else []
        ends += [(e.sure, "until_beyond_law") for e in _lawful(world, listing, scope) if _is_passed(e, listing)]
    return min(ends, default=(None, "term_over"), key=lambda end: end[0] or date.max)


def _is_passed(ends: Ends, listing: Listing) -> bool:
    """Whether the day that an entry bears lies beyond every day on which the ban may end."""
    return listing.until is None or ends.latest < listing.until


def words_end(world: World, listing: Listing, names: Iterable[str]) -> Ends | None:
    """When the ban ends that an entry's words tell; None where they tell no term. ``names`` of phrases that forbid.

    A term counts from the day that the words name, else from a service that no source tells: the entry was made some
    time after it, or the service came later.
    """
    phrases = world.rules.phrases
    bans = [phrase for name in names for phrase in phrases.get(name, ())]
    told = told_terms(listing.ground or "", bans, phrases.get("other_ends", ()))
    ends: list[Ends] = []
    for term in told:
        if term.until is not None:
            ends.append(Ends(term.until, term.until, term.until))
        elif term.start is not None:
            sure, latest = moved(term.end(term.start), -1), term.end(term.start)
            ends.append(Ends(sure, sure, latest))
        else:
            sure = moved(term.end(listing.listed_on), -1)
            earliest = moved(sure, -_days(world, "listing_days"))
            ends.append(Ends(earliest, sure, moved(term.end(_shown(listing)), _days(world, "service_days"))))
    if not ends:
        return None
    return Ends(min(e.earliest for e in ends), min(e.sure for e in ends), max(e.latest for e in ends))


def _lawful(world: World, listing: Listing, scope: BanScope) -> Iterator[Ends]:
    """When the longest lawful ban of an entry that bears a day of end ends, where the law sets a longest."""
    months = longest_months(world, scope)
    if listing.until is not None and months is not None:
        sure = add_months(listing.listed_on, months)
        yield Ends(sure, sure, moved(add_months(_shown(listing), months), _days(world, "service_days")))


def _shown(listing: Listing) -> date:
    """The later of the days on which an entry was made and published."""
    return max(listing.listed_on, listing.published_on.day) if listing.published_on else listing.listed_on


def _days(world: World, name: str) -> int:
    """A number of days; beyond any where a kept catalogue does not tell it."""
    return int(number(world, name)) if name in world.rules.numbers else timedelta.max.days
