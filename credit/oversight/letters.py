"""Letters of complaint as they are counted: each once, how it stands, and which of them are the same matter.

The same matter is the same project (not null), complainant and item (the contract); told by two sources, or filed at
two offices, it is one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self

from credit.model.complaint import Complaint, ComplaintEventKind, ComplaintLaw, ComplaintOutcome, HeldComplaint
from credit.model.matter import MatterId
from credit.model.naturalkey import normal
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.oversight.outcomes import DECIDED, Doubt, Standing, gravest, standing
from credit.oversight.same_matter import item_key

_NOTICE: Final = "notice"
"""The kind of a source that publishes what an office decided."""
_ENDED: Final = frozenset({
    ComplaintEventKind.DECIDED, ComplaintEventKind.WITHDRAWN, ComplaintEventKind.NOT_ACCEPTED,
})  # fmt: skip
Key = tuple[str, str]
"""A matter of one complainant: project and item, in comparable form."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A complaint with the way it stands on a day; ``told`` are the ids of others that tell the same letter.

    ``keys`` are its matters, none where project or items are not known.
    """

    held: HeldComplaint
    standing: Standing
    keys: frozenset[Key] = frozenset()
    told: tuple[MatterId, ...] = ()

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

    Where two sources tell a letter, what is decided goes before what is pending; two that differ are doubtful. So is a
    letter that may be another: of one number by offices that may be one, or told once by an office and once by a
    notice. Only letters with a complainant in common are compared.
    """
    filed = (held for held in complaints if held.content.filed_on <= as_of)
    groups = _grouped(_Telling.of(one, as_of) for one in sorted(filed, key=lambda x: (x.content.filed_on, x.id)))
    doubts = _doubts(groups)
    once = [_doubted(_one_of(group), doubts.get(nth, frozenset())) for nth, group in enumerate(groups)]
    return tuple(sorted(once, key=lambda letter: (letter.filed_on, letter.id)))


@dataclass(frozen=True, slots=True)
class _Telling:
    """A letter as one source tells it; ``decided`` are the numbers of its decisions, ``ended`` the day it first ended.

    A notice bears the number of the decision.
    """

    letter: Letter
    number: str
    by_notice: bool
    decided: frozenset[str]
    ended: date

    @classmethod
    def of(cls, held: HeldComplaint, as_of: date) -> Self:
        """Read a complaint to the end of a day."""
        content = held.content
        number, events = normal(content.complaint_no), [event for event in held.events if event.on <= as_of]
        by_notice = content.source is not None and content.source.kind == _NOTICE
        decided = {normal(e.doc_no) for e in events if e.kind is ComplaintEventKind.DECIDED and e.doc_no}
        return cls(
            Letter(held, standing(held, as_of), _keys(content)),
            number,
            by_notice,
            frozenset(decided | ({number} if by_notice else set())),
            min((event.on for event in events if event.kind in _ENDED), default=date.max),
        )

    @property
    def content(self) -> Complaint:
        """What it says."""
        return self.letter.held.content

    @property
    def places(self) -> Iterator[tuple[PartyId, ComplaintLaw, str]]:
        """Where others that tell the same letter are looked for."""
        numbers = self.decided | {self.number}
        yield from ((party, self.content.law, number) for party in self.content.complainants for number in numbers)


def _grouped(tellings: Iterable[_Telling]) -> list[list[_Telling]]:
    """Put together what surely tells one letter."""
    groups: list[list[_Telling]] = []
    found: dict[tuple[PartyId, ComplaintLaw, str], dict[int, None]] = defaultdict(dict)
    for one in tellings:
        places = list(one.places)
        near = (nth for place in places for nth in found[place])
        nth = next((nth for nth in near if all(_is_one(other, one) for other in groups[nth])), len(groups))
        if nth == len(groups):
            groups.append([])
        groups[nth].append(one)
        for place in places:
            found[place][nth] = None
    return groups


def _doubts(groups: Sequence[Sequence[_Telling]]) -> Mapping[int, frozenset[Doubt]]:
    """Say by their place which letters may be another one: of each pair that which is less sure."""
    found: dict[int, set[Doubt]] = defaultdict(set)
    namesakes: dict[tuple[PartyId, ComplaintLaw, str], list[int]] = defaultdict(list)
    notices: dict[tuple[PartyId, ComplaintLaw], list[int]] = defaultdict(list)
    for nth, group in enumerate(groups):
        first, law = group[0], group[0].content.law
        for party in first.content.complainants:
            if any(_may_be_one(groups[other][0], first) for other in namesakes[party, law, first.number]):
                found[nth].add(Doubt.CONTRADICTION)
            namesakes[party, law, first.number].append(nth)
            if all(one.by_notice for one in group):
                notices[party, law].append(nth)
    for nth, group in enumerate(groups) if notices else ():
        for one in (one for one in group if not one.by_notice):
            near = {other for party in one.content.complainants for other in notices.get((party, one.content.law), ())}
            for other in near:
                if any(_may_be_told(one, notice) for notice in groups[other]):
                    found[_less_sure(groups, nth, other)].add(Doubt.TOLD_TWICE)
    return {nth: frozenset(doubts) for nth, doubts in found.items()}


def _less_sure(groups: Sequence[Sequence[_Telling]], own: int, notice: int) -> int:
    """Choose of an office's letter and a notice that which is doubted: what is not decided, else the notice."""
    decided = [any(one.letter.outcome in DECIDED for one in groups[place]) for place in (own, notice)]
    return own if decided == [False, True] else notice


def _may_fit(one: _Telling, other: _Telling) -> bool:
    """Whether nothing in two tellings says that they are of two letters."""
    a, b = one.content, other.content
    projects = {normal(x.project_no) for x in (a, b) if x.project_no is not None}
    return a.law is b.law and len(projects) <= 1 and not set(a.complainants).isdisjoint(b.complainants)


def _is_one(one: _Telling, other: _Telling) -> bool:
    """Tell whether two tellings are surely of one letter, which nothing in them gainsays.

    Of one number: the office is the same, or the place and the day are. Of two: a notice tells of the same decision.
    """
    a, b = one.content, other.content
    if not _may_fit(one, other):
        return False
    if (one.by_notice or other.by_notice) and one.decided & other.decided and _may_be_one_office(a.office, b.office):
        return True
    places = [x.office.region or normal(x.office.name) for x in (a, b)]
    same_office = normal(a.office.name) == normal(b.office.name)
    return one.number == other.number and places[0] == places[1] and (same_office or a.filed_on == b.filed_on)


def _may_be_one(one: _Telling, other: _Telling) -> bool:
    """Tell whether two tellings of one number may be of one letter: a place is not known, office or day is the same."""
    a, b = one.content, other.content
    unknown = a.office.region is None or b.office.region is None
    same = a.filed_on == b.filed_on or normal(a.office.name) == normal(b.office.name)
    return _may_fit(one, other) and unknown and same


def _may_be_told(own: _Telling, notice: _Telling) -> bool:
    """Tell whether a notice may tell an office's letter, under the number of its decision.

    Not where the letter was decided under another number or ended in another way, nor where one of the two came in once
    the other had ended.
    """
    if not _may_fit(own, notice) or not _may_be_one_office(own.content.office, notice.content.office):
        return False
    ended = date.max not in {own.ended, notice.ended}
    decided = [one.letter.outcome in DECIDED for one in (own, notice)]
    apart = own.content.filed_on > notice.ended or notice.content.filed_on > own.ended
    return not own.decided and not apart and not (ended and decided[0] is not decided[1])


def _may_be_one_office(one: Authority, other: Authority) -> bool:
    """Whether two offices may be one: a notice may leave out the province before a name, or set it there."""
    provinces = {province_of(one), province_of(other)} - {None}
    names = sorted((normal(one.name), normal(other.name)), key=len)
    return len(provinces) <= 1 and names[1].endswith(names[0])


def _doubted(letter: Letter, doubts: frozenset[Doubt]) -> Letter:
    if not doubts:
        return letter
    return replace(letter, standing=replace(letter.standing, doubts=letter.standing.doubts | doubts))


def _one_of(group: Sequence[_Telling]) -> Letter:
    """Take one of several tellings of a letter, the office's own before a notice."""
    if len(group) == 1:
        return group[0].letter
    copies = [one.letter for one in sorted(group, key=lambda x: (x.by_notice, x.letter.filed_on, x.letter.id))]
    decided = [letter for letter in copies if letter.outcome in DECIDED]
    weightiest = gravest(letter.outcome for letter in decided or copies)
    kept = next(letter for letter in decided or copies if letter.outcome is weightiest)
    if len({letter.outcome for letter in decided}) > 1:
        kept = _doubted(kept, frozenset({Doubt.CONTRADICTION}))
    return replace(kept, told=tuple(letter.id for letter in copies if letter.id != kept.id))


def _keys(content: Complaint) -> frozenset[Key]:
    if content.project_no is None:
        return frozenset()
    project = normal(content.project_no)
    return frozenset((project, item_key(item)) for item in content.items)


def office_key(office: Authority) -> str:
    """Return what an office is known by: its id, else its name in comparable form."""
    return office.id or normal(office.name)


def province_of(office: Authority) -> str | None:
    """Return the six-digit code of an office's province, None where its place is not known.

    >>> province_of(Authority("资阳市财政局", region="512000")), province_of(Authority("某局"))
    ('510000', None)
    """
    return office.region[:2].ljust(6, "0") if office.region else None


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
