"""Letters of complaint as they are counted: each once, how it stands, and which of them are the same matter.

The same matter is the same project (not null), complainant and item (the contract); told by two sources, or filed at
two offices, it is one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from credit.model.complaint import Complaint, ComplaintLaw, ComplaintOutcome, HeldComplaint
from credit.model.matter import MatterId
from credit.model.naturalkey import normal
from credit.model.record import Authority
from credit.oversight.outcomes import DECIDED, Doubt, Standing, gravest, standing
from credit.oversight.same_matter import item_key

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

    Where two sources tell a letter, what is decided goes before what is pending; two that differ are doubtful. Of two
    letters of one number by offices that may be one, the second is doubtful.
    """
    found: dict[tuple[str, ComplaintLaw], list[list[Letter]]] = {}
    for held in sorted(complaints, key=lambda one: (one.content.filed_on, one.id)):
        content = held.content
        if content.filed_on <= as_of:
            told = found.setdefault((normal(content.complaint_no), content.law), [])
            letter = Letter(held, standing(held, as_of), _keys(content))
            copies = next((copies for copies in told if _is_one(copies[0], letter)), None)
            if copies is not None:
                copies.append(letter)
            else:
                told.append([_doubted(letter) if any(_may_be_one(c[0], letter) for c in told) else letter])
    once = (copies[0] if len(copies) == 1 else _one_of(copies) for told in found.values() for copies in told)
    return tuple(sorted(once, key=lambda letter: (letter.filed_on, letter.id)))


def _is_one(one: Letter, other: Letter) -> bool:
    """Tell whether two letters of one number and law are surely one: of one place, and nothing in them differs."""
    a, b = one.held.content, other.held.content
    places = [x.office.region or normal(x.office.name) for x in (a, b)]
    projects = {normal(x.project_no) for x in (a, b) if x.project_no is not None}
    same_office = normal(a.office.name) == normal(b.office.name)
    return places[0] == places[1] and len(projects) <= 1 and (same_office or a.filed_on == b.filed_on)


def _may_be_one(one: Letter, other: Letter) -> bool:
    """Tell whether two letters of one number and law may be one: a place is not known, office or day is the same."""
    a, b = one.held.content, other.held.content
    unknown = a.office.region is None or b.office.region is None
    projects = {normal(x.project_no) for x in (a, b) if x.project_no is not None}
    same = a.filed_on == b.filed_on or normal(a.office.name) == normal(b.office.name)
    return unknown and same and len(projects) <= 1


def _doubted(letter: Letter) -> Letter:
    doubts = letter.standing.doubts | {Doubt.CONTRADICTION}
    return replace(letter, standing=replace(letter.standing, doubts=doubts))


def _one_of(copies: list[Letter]) -> Letter:
    """Take one of several tellings of a letter."""
    copies.sort(key=lambda letter: (letter.filed_on, letter.id))
    decided = [letter for letter in copies if letter.outcome in DECIDED]
    weightiest = gravest(letter.outcome for letter in decided or copies)
    kept = next(letter for letter in decided or copies if letter.outcome is weightiest)
    if len({letter.outcome for letter in decided}) > 1:
        doubts = kept.standing.doubts | {Doubt.CONTRADICTION}
        kept = replace(kept, standing=replace(kept.standing, doubts=doubts))
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
