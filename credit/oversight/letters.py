"""Letters of complaint as they are counted: each once, how it stands, and which of them are the same matter.

The same matter is the same project (not null), complainant and item (the contract); told by two sources, or filed at
two offices, it is one. What is one letter, and what may be, says `credit.oversight.tellings`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from credit.model.complaint import Complaint, ComplaintLaw, ComplaintOutcome, HeldComplaint
from credit.model.matter import MatterId
from credit.model.naturalkey import normal
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.oversight.outcomes import DECIDED, Doubt, Standing, gravest
from credit.oversight.same_matter import item_key
from credit.oversight.tellings import Place, Telling, Told, is_one, may_be_one, may_be_told, province_of

__all__ = ["Group", "Key", "Letter", "groups", "letters", "office_key", "province_of"]

Key = tuple[str, str]
"""A matter of one complainant: project and item, in comparable form."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A complaint with the way it stands on a day; ``told`` are the ids of others that tell the same letter.

    ``keys`` are its matters, none where project or items are not known; ``may_be`` the ids of all that may tell it too.
    """

    held: HeldComplaint
    standing: Standing
    keys: frozenset[Key] = frozenset()
    told: tuple[MatterId, ...] = ()
    may_be: frozenset[MatterId] = frozenset()

    @property
    def id(self) -> MatterId:
        """The id of the matter."""
        return self.held.id

    @property
    def filed_on(self) -> date:
        """The day it was filed."""
        return self.held.content.filed_on

    @property
    def outcome(self) -> ComplaintOutcome:
        """How the whole stands."""
        return self.standing.outcome


def letters(complaints: Iterable[HeldComplaint], as_of: date) -> tuple[Letter, ...]:
    """Return the letters filed by the end of a day, oldest first, each once.

    Where two sources tell a letter, an office that tells that its decision was reversed goes before all others, and
    what is decided before what is pending; two that differ are doubtful. So is a letter that may be another: of one
    number by offices that may be one, or told once by a notice and once by another source. One of the two is doubted,
    both where the doubted one was reversed. Only letters with a complainant in common are compared.
    """
    filed = (Telling.of(held, as_of) for held in complaints if held.content.filed_on <= as_of)
    ordered = sorted(filed, key=lambda one: (one.by_notice, one.content.filed_on, one.held.id))
    told = [Told.of(group, _kept(group)) for group in _grouped(ordered)]
    doubts: dict[int, set[Doubt]] = defaultdict(set)
    may_be: dict[int, set[MatterId]] = defaultdict(set)
    for sure, less, doubt in (*_namesakes(told), *_told_twice(told)):
        doubts[less].add(doubt)
        if told[less].undone and not told[sure].undone:
            doubts[sure].add(doubt)
        may_be[less] |= told[sure].ids
        may_be[sure] |= told[less].ids
    once = (_letter(one, frozenset(doubts[nth]), frozenset(may_be[nth])) for nth, one in enumerate(told))
    return tuple(sorted(once, key=lambda letter: (letter.filed_on, letter.id)))


def _grouped(tellings: Iterable[Telling]) -> list[list[Telling]]:
    """Put together what surely tells one letter, the offices' own first; of several, that of the same project."""
    groups: list[list[Telling]] = []
    found: dict[Place, dict[int, None]] = defaultdict(dict)
    for one in tellings:
        places = list(one.places)
        near = dict.fromkeys(nth for place in places for nth in found[place])
        fits = [nth for nth in near if all(is_one(other, one) for other in groups[nth])]
        nth = next((n for n in fits if any(_one_project(x, one) for x in groups[n])), fits[0] if fits else len(groups))
        if nth == len(groups):
            groups.append([])
        groups[nth].append(one)
        for place in places:
            found[place][nth] = None
    return groups


def _one_project(one: Telling, other: Telling) -> bool:
    a, b = one.content.project_no, other.content.project_no
    return a is not None and b is not None and normal(a) == normal(b)


def _namesakes(told: Sequence[Told]) -> Iterator[tuple[int, int, Doubt]]:
    """Pair the letters of one number that may be one: the surer is the earlier."""
    found: dict[Place, dict[int, None]] = defaultdict(dict)
    for nth, group in enumerate(told):
        places = {(party, group.law, one.number) for party in group.parties for one in group.tellings}
        for other in sorted({other for place in places for other in found[place]}):
            pairs = product(told[other].tellings, group.tellings)
            if any(a.number == b.number and may_be_one(a, b) for a, b in pairs):
                yield other, nth, Doubt.CONTRADICTION
        for place in places:
            found[place][nth] = None


def _told_twice(told: Sequence[Told]) -> Iterator[tuple[int, int, Doubt]]:
    """Pair the letters that notices tell with those of other sources that they may be, the surer first.

    What one publisher tells in two notices is two letters.
    """
    notices: dict[tuple[PartyId, ComplaintLaw], list[int]] = defaultdict(list)
    for nth, group in enumerate(told):
        for party in group.parties if not group.own else ():
            notices[party, group.law].append(nth)
    for nth, group in enumerate(told) if notices else ():
        near = {other for party in group.parties for other in notices.get((party, group.law), ())}
        for other in sorted(near):
            pair = group.own or (nth < other and group.sources.isdisjoint(told[other].sources))
            if pair and may_be_told(group, told[other]):
                sure, less = sorted((nth, other), key=lambda n: (_unsure(told[n]), n))
                yield sure, less, Doubt.TOLD_TWICE


def _unsure(told: Told) -> tuple[bool, bool, bool]:
    """The order of those that may be one: ever decided, told by an office, decided under a number go before others."""
    return not told.days, not told.own, not told.decided


def _kept(group: Sequence[Telling]) -> Telling:
    """Choose by which telling a letter stands: an office's that tells of a reversal, else the gravest decision."""
    undone = [one for one in group if one.undone and not one.by_notice]
    among = undone or [one for one in group if one.standing.outcome in DECIDED] or group
    weightiest = gravest(one.standing.outcome for one in among)
    return next(one for one in among if one.standing.outcome is weightiest)


def _letter(told: Told, doubts: frozenset[Doubt], may_be: frozenset[MatterId]) -> Letter:
    """Say how a letter stands: doubtful also where its tellings differ, unless the office tells of a reversal."""
    kept = told.kept
    differ = len({one.standing.outcome for one in told.tellings if one.standing.outcome in DECIDED}) > 1
    if not kept.undone and (differ or told.undone):
        doubts |= {Doubt.CONTRADICTION}
    others = tuple(one.held.id for one in told.tellings if one is not kept)
    stands = replace(kept.standing, doubts=kept.standing.doubts | doubts) if doubts else kept.standing
    return Letter(kept.held, stands, _keys(kept.content), others, may_be)


def _keys(content: Complaint) -> frozenset[Key]:
    if content.project_no is None:
        return frozenset()
    project = normal(content.project_no)
    return frozenset((project, item_key(item)) for item in content.items)


def office_key(office: Authority) -> str:
    """Return what an office is known by: its id, else its name in comparable form."""
    return office.id or normal(office.name)


@dataclass(frozen=True, slots=True)
class Group:
    """The matter that a letter is of: ``leads`` where it was the first; ``unclear``: parts are another letter's."""

    number: int
    leads: bool = True
    unclear: bool = False


def groups(ordered: Iterable[Letter]) -> Mapping[MatterId, Group]:
    """Say for each of these letters, oldest first, which matter it is of.

    A letter whose items all stand in one earlier letter is its repetition; one that shares some, or of which project
    but not items are known where another letter has the project, is unclear.
    """
    owners: dict[Key, int] = {}
    projects: dict[str, bool] = {}
    found: dict[MatterId, Group] = {}
    for number, letter in enumerate(ordered):
        keys, project = letter.keys, letter.held.content.project_no
        before = {owners[key] for key in keys if key in owners}
        if len(before) == 1 and all(key in owners for key in keys):
            found[letter.id] = Group(before.pop(), leads=False)
            continue
        place = normal(project) if project is not None else None
        unclear = bool(before) or (place in projects and (not keys or projects[place]))
        found[letter.id] = Group(number, unclear=unclear)
        owners.update((key, number) for key in keys if key not in owners)
        if place is not None:
            projects[place] = projects.get(place, False) or not keys
    return found
