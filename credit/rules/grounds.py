"""What the words of an entry on L01 say of it, where its decision is not recorded.

Law: 财库〔2016〕125号; 采购法 77, 78; DOMAIN §2 L01, §6.1, §9 Q4.
"""

import re

from credit.model.party import Role
from credit.model.record import Listing
from credit.rules.world import World


def told_variant(world: World, listing: Listing, role: Role) -> str:
    """What an L01 entry says of itself, where its decision is not recorded.

    Its last day tells that it bars where its words do not tell that it was made by a fine alone.
    """
    ground, phrases = listing.ground or "", world.rules.phrases
    if _tells(world, ground, "agency_ban_in_ground"):
        return "agency_ban" if role is Role.AGENCY else "other_role"
    if _tells(world, ground, "ban_in_ground"):
        return "with_ban"
    fined = any(p in ground for p in phrases.get("fine_in_ground", ()))
    return "with_ban" if listing.until is not None and not fined else "undetermined"


def _tells(world: World, ground: str, name: str) -> bool:
    """Whether an entry's words tell a ban, and not that there is none."""
    phrases = world.rules.phrases
    negations = tuple(phrases.get("not_in_ground", ()))
    places = (found.start() for p in phrases[name] for found in re.finditer(re.escape(p), ground))
    return any(not ground[:place].endswith(negations) for place in places)
