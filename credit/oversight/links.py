"""What links complainants, as it is read: who holds them, what they bear in common; and the links that follow.

A link is a hint and sums nothing: the law counts one complainant (DOMAIN §9 Q3). What more parties have in common than
a hub line says links nobody: it is an agent's telephone, a park's address, a state fund, a stock phrase.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Final, TypeAlias

from credit.errors import CatalogueInvalid
from credit.model.complaint import HeldComplaint
from credit.model.matter import MatterId
from credit.model.party import PartyId, Relation
from credit.oversight.joining import Joined
from credit.oversight.same_matter import item_key
from credit.oversight.signals.likeness import KEPT_FROM, jaccard, shingled
from credit.oversight.signals.ties import bond, stood
from credit.rules.thresholds import Thresholds

MOST_READ: Final = 200
"""What is read of one holder or one thing in common; a hub is seen as one by more than its line, which is lower."""
STOCK_FROM: Final = 50
"""Complainants from which on a wording is noted down as a stock phrase, whatever the line; it is lower."""
LEAST_LIKE: Final = 0.8
"""Likeness below which no two wordings are looked at closer."""
TEXT: Final = "text"
HOLDING: Final = "holding"
_COMPARED: Final = 50
"""Wordings that one is held against, of those that one key proposes."""
_HELD_KINDS: Final = ("unit_leader", "owner", "agent")

Letters = Mapping[PartyId, Iterable[HeldComplaint]]
"""The letters of each complainant that are looked at."""


@dataclass(frozen=True, slots=True)
class Holder:
    """One who holds or leads parties; ``complaining`` are those of them, and it itself, that ever complained."""

    id: PartyId
    relations: tuple[Relation, ...]
    complaining: frozenset[PartyId]


@dataclass(frozen=True, slots=True)
class Common:
    """One thing that several bear: (party, id that tells of it), and how many parties bear it, complainants or not.

    ``kind`` is that of a contact, or ``text``: then the ids are those of letters that may be worded alike.
    """

    kind: str
    key: str
    found: tuple[tuple[PartyId, str], ...]
    parties: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What two or more complainants have in common, with the ids that it rests on; never what it is in clear."""

    kind: str
    between: tuple[PartyId, ...]
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """All that was read around some complainants; ``whole`` False: there was more than is read."""

    holders: tuple[Holder, ...] = ()
    commons: tuple[Common, ...] = ()

    def stock(self, thresholds: Thresholds) -> frozenset[str]:
        """Return the keys of wordings that so many complainants use that they tell nothing."""
        return frozenset(c.key for c in self.commons if c.kind == TEXT and _is_common(c, thresholds))

    def beside(self, thresholds: Thresholds) -> frozenset[PartyId]:
        """Return the complainants that may be linked by what was read."""
        held = (h.complaining for h in self.holders if not _is_hub(h, thresholds))
        common = (frozenset(p for p, _ in c.found) for c in self.commons if not _is_common(c, thresholds))
        return frozenset[PartyId]().union(*(parties for parties in (*held, *common) if len(parties) > 1))


def links(around: Around, letters: Letters, *, opened: date, as_of: date, thresholds: Thresholds) -> tuple[Link, ...]:
    """Return the links between complainants with letters in a window, each once; ``letters`` are those of the window.

    Relations count that held on some day of it. Texts are compared here: what was read says that they may be alike.
    """
    found = [
        *_by_holders(around.holders, opened=opened, as_of=as_of, thresholds=thresholds),
        *_by_things(around.commons, thresholds),
        *_by_texts(around.commons, letters, thresholds),
    ]
    kept: dict[tuple[str, tuple[PartyId, ...]], set[str]] = defaultdict(set)
    for link in found:
        between = tuple(sorted(p for p in set(link.between) if p in letters))
        if len(between) > 1:
            kept[link.kind, between].update(link.rests_on)
    return tuple(Link(kind=k, between=b, rests_on=tuple(sorted(ids))) for (k, b), ids in sorted(kept.items()))


def must_be_readable(thresholds: Thresholds) -> None:
    """Refuse lines that what is kept and read of wordings and ties cannot tell.

    Raises: CatalogueInvalid.
    """
    for name, most in (("holder_hub", MOST_READ), ("contact_hub", MOST_READ), ("text_hub", STOCK_FROM)):
        if thresholds.whole(name) >= most:
            raise CatalogueInvalid(f"{name} 须小于 {most}", f"{name} must be below {most}")
    if thresholds.number("likeness") < Decimal(str(LEAST_LIKE)):
        raise CatalogueInvalid(f"文本相似度界限不得低于 {LEAST_LIKE}", f"a likeness must be {LEAST_LIKE} or more")
    if thresholds.whole("text_link_minimum") < KEPT_FROM:
        raise CatalogueInvalid(f"文本长度界限不得小于 {KEPT_FROM}", f"a text that links has at least {KEPT_FROM} signs")


def _is_hub(holder: Holder, thresholds: Thresholds) -> bool:
    return len({r.target for r in holder.relations}) > thresholds.whole("holder_hub")


def _is_common(common: Common, thresholds: Thresholds) -> bool:
    return common.parties > thresholds.whole("text_hub" if common.kind == TEXT else "contact_hub")


def _by_holders(holders: Iterable[Holder], *, opened: date, as_of: date, thresholds: Thresholds) -> Iterator[Link]:
    """Links by one leader, owner or manager; ``holding`` where one holds the other, or by different ties both."""
    for holder in holders:
        if _is_hub(holder, thresholds):
            continue
        by: dict[str, dict[PartyId, str]] = {kind: {} for kind in _HELD_KINDS}
        for relation in holder.relations:
            kind = bond(relation, thresholds)
            if kind and relation.target in holder.complaining and stood(relation, opened, as_of):
                by[kind][relation.target] = relation.id
        for kind, held in by.items():
            yield Link(kind=kind, between=tuple(held), rests_on=tuple(held.values()))
        every = {party: id_ for held in by.values() for party, id_ in held.items()}
        own = frozenset({holder.id}) & holder.complaining
        if own or not any(every.keys() == held.keys() for held in by.values()):
            yield Link(kind=HOLDING, between=(*own, *every), rests_on=tuple(every.values()))


def _by_things(commons: Iterable[Common], thresholds: Thresholds) -> Iterator[Link]:
    """Links by a contact, a device, an account; bids of one consortium are open and tell nothing."""
    for common in commons:
        if common.kind == TEXT or _is_common(common, thresholds):
            continue
        told: dict[PartyId, set[str]] = defaultdict(set)
        for party, id_ in common.found:
            told[party].add(id_)

        def apart(one: PartyId, other: PartyId, told: Mapping[PartyId, set[str]] = told) -> bool:
            return bool(told[one] - told[other]) and bool(told[other] - told[one])

        yield from _grouped(common.kind, told, apart)


def _by_texts(commons: Iterable[Common], letters: Letters, thresholds: Thresholds) -> Iterator[Link]:
    """Links by two letters with an item worded alike, filed by different complainants."""
    wordings = _Wordings(letters, thresholds)
    joined, rests_on = Joined(), defaultdict[PartyId, set[str]](set)
    for common in commons:
        if common.kind == TEXT and not _is_common(common, thresholds):
            for (one, mine), (other, theirs) in wordings.pairs(common, joined):
                joined.join(one, other)
                rests_on[one].add(mine)
                rests_on[other].add(theirs)
    for group in joined.groups(sorted(rests_on)):
        parties = tuple(map(PartyId, group))
        yield Link(kind=TEXT, between=parties, rests_on=tuple(id_ for p in parties for id_ in rests_on[p]))


_Teller: TypeAlias = tuple[PartyId, MatterId]
"""A complainant and one of its letters."""


class _Wordings:
    """The items of letters, long enough to tell anything, as they are compared: every wording once."""

    def __init__(self, letters: Letters, thresholds: Thresholds) -> None:
        self._held = {letter.id: letter for of_one in letters.values() for letter in of_one}
        self._parties = letters.keys()
        self._likeness = float(thresholds.number("likeness"))
        self._least, self._signs = thresholds.whole("text_link_minimum"), thresholds.whole("shingle")

    def pairs(self, common: Common, joined: Joined) -> Iterator[tuple[_Teller, _Teller]]:
        """Yield letters worded alike of complainants that are not joined yet."""
        told = self._told(common)
        for place, (wording, tellers) in enumerate(told):
            for other, others in told[place : place + _COMPARED]:
                between = [(a, b) for a in tellers for b in others if joined.top(a[0]) != joined.top(b[0])]
                if between and (wording is other or jaccard(wording, other) >= self._likeness):
                    yield from (pair for pair in between if self._apart(*pair))

    def _told(self, common: Common) -> list[tuple[frozenset[str], list[_Teller]]]:
        """Return each wording with one letter of each complainant that told it."""
        told: dict[str, dict[PartyId, MatterId]] = defaultdict(dict)
        for party, id_ in sorted(common.found):
            letter = self._held.get(MatterId(id_)) if party in self._parties else None
            for key in map(item_key, letter.content.items if letter is not None else ()):
                if len(key) >= self._least:
                    told[key].setdefault(party, MatterId(id_))
        return [(shingled(key, self._signs), list(tellers.items())) for key, tellers in told.items()]

    def _apart(self, one: _Teller, other: _Teller) -> bool:
        filed = [frozenset(self._held[letter].content.complainants) for _, letter in (one, other)]
        return one[1] != other[1] and not filed[0] & filed[1]


def _grouped(kind: str, told: Mapping[PartyId, set[str]], linked: Callable[[PartyId, PartyId], bool]) -> Iterator[Link]:
    """Links of the groups in which each is linked with some other."""
    joined = Joined()
    for one, other in combinations(sorted(told), 2):
        if joined.top(one) != joined.top(other) and linked(one, other):
            joined.join(one, other)
    for group in joined.groups(sorted(told)):
        if len(group) > 1:
            parties = tuple(map(PartyId, group))
            yield Link(kind=kind, between=parties, rests_on=tuple(id_ for p in parties for id_ in told[p]))
