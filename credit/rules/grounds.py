"""What the words of an entry on a list say of it: whether phrases tell something; of L01, whether it bars.

Law: 财库〔2016〕125号; 采购法 77, 78; DOMAIN §2 L01, §6.1, §9 Q4.
"""

import re
from collections.abc import Iterable
from typing import Final

from credit.model.party import Role
from credit.model.record import Listing
from credit.rules.world import World

_BETWEEN: Final = "[^。；;]{0,30}?"
"""What a ``…`` in a phrase stands for: up to 30 signs of one clause."""

_SENTENCE = re.compile(r"[;；。]")


def told_variant(world: World, listing: Listing, role: Role) -> str:
    """What an L01 entry says of itself, where its decision is not recorded.

    Its last day tells that it bars where its words tell neither that it was made by a fine alone, nor that it has no
    ban, or one no more.
    """
    ground, phrases = listing.ground or "", world.rules.phrases
    if _tells(world, ground, "agency_ban_in_ground"):
        return "agency_ban" if role is Role.AGENCY else "other_role"
    if _tells(world, ground, "ban_in_ground"):
        return "with_ban"
    other = any(p in ground for name in ("fine_in_ground", "ban_in_ground") for p in phrases.get(name, ()))
    return "with_ban" if listing.until is not None and not other else "undetermined"


def tells(text: str, phrases: Iterable[str], negations: tuple[str, ...] = ()) -> bool:
    """Tell whether a text has the words of a phrase, with none of the negations right before them.

    >>> tells("十二个月内多次投诉均查无实据", ["投诉…查无实据"]), tells("不禁止参加", ["禁止参加"], ("不",))
    (True, False)
    """
    places = (found.start() for phrase in phrases for found in pattern_of([phrase]).finditer(text))
    return any(not text[:place].endswith(negations) for place in places)


def pattern_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of some phrases in a text."""
    told = "|".join(_BETWEEN.join(map(re.escape, phrase.split("…"))) for phrase in phrases)
    return re.compile(told or r"(?!)")


def _tells(world: World, ground: str, name: str) -> bool:
    """Whether an entry's words tell a ban, and neither that there is none nor that it is no more."""
    phrases = world.rules.phrases
    negations, over = tuple(phrases.get("not_in_ground", ())), phrases.get("over_in_ground", ())
    return any(
        tells(sentence, phrases[name], negations) and not tells(sentence, over) for sentence in _SENTENCE.split(ground)
    )
