"""L02: the ban that a bad-conduct entry tells, where its decision is not recorded.

The entry bars nobody; the ban in its result does (DOMAIN §2 L02), and pages print no number of the decision by which to
record it. Until a person has entered it, who is listed with a ban that may still run must not pass for clean.
Law: 采购法 77; 条例 72, 73; 94号令 37.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from credit.model.naturalkey import normal
from credit.model.record import BanScope, Listing, Penalty
from credit.rules.penalties import Held, number
from credit.rules.terms import add_months
from credit.rules.world import World


def told_ban(world: World, listing: Listing, held: Iterable[Held]) -> str:
    """Return ``with_ban`` where an entry tells a ban that is not known to be over, else nothing.

    ``held``: the party's decisions; one that is the entry's speaks for itself, also where it is annulled.
    """
    ground = listing.ground or ""
    told = any(phrase in ground for phrase in world.rules.phrases["ban_in_ground"])
    if not told or _is_over(world, listing) or any(_tells(listing, one) for one in held):
        return ""
    return "with_ban"


def _is_over(world: World, listing: Listing) -> bool:
    """Whether the last day that the entry states is past, else that of the longest lawful ban, served at the latest."""
    return (listing.until or _longest(world, listing.listed_on)) < world.cut_off.day


def _longest(world: World, decided: date) -> date:
    terms = [a.max_months for row in world.rules.ban_terms(BanScope.PROCUREMENT) for a in row.articles]
    months = [m for m in terms if m is not None]
    if not months or len(months) < len(terms) or "service_days" not in world.rules.numbers:
        return date.max
    return add_months(decided, max(months)) + timedelta(days=int(number(world, "service_days")))


def _tells(listing: Listing, held: Held) -> bool:
    """Whether a recorded decision is the one that an entry tells: of its number, or of its day and authority."""
    penalty = held.standing.content
    if held.standing.mistaken or not isinstance(penalty, Penalty) or not (penalty.ban or held.standing.gone):
        return False
    if listing.doc_no and normal(listing.doc_no) == normal(penalty.doc_no):
        return True
    authority = normal(listing.authority.name) if listing.authority else None
    return penalty.decided_on == listing.listed_on and authority in {None, normal(penalty.authority.name)}
