"""L02: the ban that a bad-conduct entry tells, where its decision is not recorded.

The entry bars nobody; the ban in its result does (DOMAIN §2 L02), and pages print no number of the decision by which to
record it. Until a person has entered it, who is listed with a ban that may still run must not pass for clean.
Law: 采购法 77, 78; 条例 72, 73, 75; 94号令 37.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from credit.model.naturalkey import normal
from credit.model.record import BanScope, Listing, Penalty
from credit.rules.bans import longest_months
from credit.rules.grounds import tells
from credit.rules.listed_bans import words_end
from credit.rules.penalties import Held, number
from credit.rules.terms import add_months
from credit.rules.world import World

_WORDED: Final[Mapping[str, BanScope]] = {
    "ban_told": BanScope.PROCUREMENT,
    "agency_ban_told": BanScope.AGENCY_WORK,
    "review_ban_told": BanScope.REVIEW_WORK,
}
"""The catalogue's phrases by which an entry tells a ban of a scope; a kept catalogue may have none of them yet."""


def told_ban(world: World, listing: Listing, held: Iterable[Held]) -> str:
    """Return ``with_ban`` where an entry tells a ban that is not known to be over, else nothing.

    ``held``: the party's decisions; one that is the entry's speaks for itself, also where it is annulled.
    """
    scopes = _scopes(world, listing.ground or "")
    if not scopes or _is_over(world, listing, scopes) or any(_tells(listing, one) for one in held):
        return ""
    return "with_ban"


def _scopes(world: World, ground: str) -> frozenset[BanScope]:
    """The scopes of the bans that a reason may tell."""
    plain, phrases = normal(ground), world.rules.phrases
    told = {scope for name, scope in _WORDED.items() if tells(plain, phrases.get(name, ()))}
    return frozenset(told | {BanScope.PROCUREMENT for phrase in phrases["ban_in_ground"] if phrase in ground})


def _is_over(world: World, listing: Listing, scopes: Iterable[BanScope]) -> bool:
    """Whether the last day that the entry states is past, else that of the longest lawful ban, served at the latest.

    A last day before the entry itself, or before its words let the ban end, contradicts it and ends nothing.
    """
    last = listing.until
    if last is None or _contradicts(world, listing, last):
        last = max(_longest(world, listing.listed_on, scope) for scope in scopes)
    return last < world.cut_off.day


def _contradicts(world: World, listing: Listing, last: date) -> bool:
    told = words_end(world, listing, ("ban_in_ground", *_WORDED))
    return last < listing.listed_on or (told is not None and last < told.earliest)


def _longest(world: World, decided: date, scope: BanScope) -> date:
    months = longest_months(world, scope)
    if months is None or "service_days" not in world.rules.numbers:
        return date.max
    return add_months(decided, months) + timedelta(days=int(number(world, "service_days")))


def _tells(listing: Listing, held: Held) -> bool:
    """Whether a recorded decision is the one that an entry tells: of its number, or of its day and authority."""
    penalty = held.standing.content
    if held.standing.mistaken or not isinstance(penalty, Penalty) or not (penalty.ban or held.standing.gone):
        return False
    if listing.doc_no and normal(listing.doc_no) == normal(penalty.doc_no):
        return True
    authority = normal(listing.authority.name) if listing.authority else None
    return penalty.decided_on == listing.listed_on and authority in {None, normal(penalty.authority.name)}
