"""How sources tell letters of complaint, and whether what they tell is, or may be, one letter.

An office tells a letter under its own number; a notice under the number of the decision, of the publisher's series, or
of a process. What differs in writing alone (a project with its lot, an office with its section) differs in nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final, Self

from credit.model.complaint import Complaint, ComplaintEventKind, ComplaintLaw, ComplaintOutcome, HeldComplaint
from credit.model.matter import MatterId
from credit.model.naturalkey import normal
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.oversight.outcomes import Standing, standing

_NOTICE: Final = "notice"
"""The kind of a source that publishes what an office decided."""
_OPEN: Final = frozenset({
    ComplaintOutcome.PENDING, ComplaintOutcome.CORRECTION_DUE, ComplaintOutcome.TRANSFERRED,
})  # fmt: skip
_PARTS: Final = re.compile(r"\d+|[a-z]+|[^\W\da-z_]+")
_PROVINCE: Final = re.compile(r"^(?:[^省]{2,3}省|[^区]{2,6}自治区)(?=[^省]{1,8}?[市县区州盟旗])")
"""A province before the name of a place's office."""
_OF_PROCESS: Final = re.compile(r"ocds-[0-9a-z]{6}(?:-|$)")
"""The number that a publisher of OCDS gives a process (ocid): it says nothing of the tender's own."""
Place = tuple[PartyId, ComplaintLaw, str]
"""Where tellings of one letter are looked for: complainant, law, number."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A letter as one source tells it, to the end of a day.

    ``decided`` are the numbers of its decisions, ``days`` those on which it was decided, whatever became of it;
    ``undone``: something was reversed.
    """

    held: HeldComplaint
    standing: Standing
    number: str
    by_notice: bool
    decided: frozenset[str]
    days: frozenset[date]
    undone: bool

    @classmethod
    def of(cls, held: HeldComplaint, as_of: date) -> Self:
        """Read a complaint to the end of a day."""
        content, events = held.content, [event for event in held.events if event.on <= as_of]
        decisions = [event for event in events if event.kind is ComplaintEventKind.DECIDED]
        stands = standing(held, as_of)
        return cls(
            held,
            stands,
            normal(content.complaint_no),
            content.source is not None and content.source.kind == _NOTICE,
            frozenset(normal(event.doc_no) for event in decisions if event.doc_no),
            frozenset([event.on for event in decisions] + ([stands.decided_on] if stands.decided_on else [])),
            any(event.kind is ComplaintEventKind.REVERSED for event in events),
        )

    @property
    def content(self) -> Complaint:
        """What it says."""
        return self.held.content

    @property
    def named(self) -> frozenset[str]:
        """The numbers that its decision may bear: a notice is numbered as the decision is, or in a way of its own."""
        return self.decided | {self.number} if self.by_notice else self.decided

    @property
    def places(self) -> Iterator[Place]:
        """Where others that tell the same letter are looked for."""
        numbers = self.named | {self.number}
        yield from ((party, self.content.law, number) for party in self.content.complainants for number in numbers)


@dataclass(frozen=True, slots=True)
class Told:
    """All that surely tells one letter; ``kept`` is the telling by which it stands. What one knows, all know."""

    tellings: Sequence[Telling]
    kept: Telling
    parties: frozenset[PartyId]
    own: bool
    sources: frozenset[str]
    decided: frozenset[str]
    named: frozenset[str]
    days: frozenset[date]
    filed: date
    ended: date

    @classmethod
    def of(cls, tellings: Sequence[Telling], kept: Telling) -> Self:
        """Put together what each of them knows; ``ended`` is the last day where it has not ended."""
        stands = kept.standing
        return cls(
            tellings,
            kept,
            frozenset(party for one in tellings for party in one.content.complainants),
            not all(one.by_notice for one in tellings),
            frozenset(one.content.source.name for one in tellings if one.content.source),
            frozenset[str]().union(*(one.decided for one in tellings)),
            frozenset[str]().union(*(one.named for one in tellings)),
            frozenset[date]().union(*(one.days for one in tellings)),
            min(one.content.filed_on for one in tellings),
            stands.ended_on if stands.ended_on and stands.outcome not in _OPEN else date.max,
        )

    @property
    def law(self) -> ComplaintLaw:
        """The law it is filed under."""
        return self.kept.content.law

    @property
    def undone(self) -> bool:
        """Whether one of them tells of a reversal."""
        return any(one.undone for one in self.tellings)

    @property
    def ids(self) -> frozenset[MatterId]:
        """The ids of all that tell it."""
        return frozenset(one.held.id for one in self.tellings)


def is_one(one: Telling, other: Telling) -> bool:
    """Tell whether two tellings are surely of one letter, which nothing in them gainsays.

    Of one decision, which a notice tells or which both tell of one number: whatever the project is called. Else of one
    number: the office is the same, or the place and the day are.
    """
    a, b = one.content, other.content
    if not _meet(one, other):
        return False
    of_notice = one.by_notice or other.by_notice
    if (of_notice or one.number == other.number) and one.named & other.named and _may_be_one_office(a, b):
        return True
    places = [x.office.region or normal(x.office.name) for x in (a, b)]
    same = _one_office(a, b) or a.filed_on == b.filed_on
    return one.number == other.number and places[0] == places[1] and same and not of_two_projects(a, b)


def may_be_one(one: Telling, other: Telling) -> bool:
    """Tell whether two tellings of one number may be of one letter.

    Where they share a decision; else where no two projects are named and the offices may be one, or a place is not
    known and office or day is the same.
    """
    a, b = one.content, other.content
    if not _meet(one, other) or not _may_be_one_province(a, b):
        return False
    unknown = a.office.region is None or b.office.region is None
    near = _may_be_one_office(a, b) or (unknown and (_one_office(a, b) or a.filed_on == b.filed_on))
    return bool(one.named & other.named) or (near and not of_two_projects(a, b))


def may_be_told(one: Told, notice: Told) -> bool:
    """Tell whether a notice may tell a letter that another source tells too, of one complainant and law.

    So it may where they share the number of a decision in one province, whatever the offices are called. Else not where
    both are decided under numbers, the projects or offices are two, one ended in another way, or came in once the
    other had ended.
    """
    contents = list(product([x.content for x in one.tellings], [x.content for x in notice.tellings]))
    if one.named & notice.named:
        return any(_may_be_one_province(a, b) for a, b in contents)
    if (one.decided and notice.decided) or _apart(one, notice):
        return False
    return any(_may_be_one_office(a, b) and not of_two_projects(a, b) for a, b in contents)


def of_two_projects(one: Complaint, other: Complaint) -> bool:
    """Tell whether the projects are plainly two: both known, and neither the other with a lot or a word beside it."""
    numbers = [normal(x.project_no).casefold() for x in (one, other) if x.project_no is not None]
    process = [_OF_PROCESS.match(number) is not None for number in numbers]
    parts = sorted((_PARTS.findall(number) for number in numbers), key=len)
    if len(parts) < len((one, other)) or process[0] is not process[1] or "".join(parts[0]) == "".join(parts[1]):
        return False
    shorter, longer = (f" {' '.join(found)} " for found in parts)
    return process[0] or not shorter.strip() or shorter not in longer


def province_of(office: Authority) -> str | None:
    """Return the six-digit code of an office's province, None where its place is not known.

    >>> province_of(Authority("资阳市财政局", region="512000")), province_of(Authority("某局"))
    ('510000', None)
    """
    return office.region[:2].ljust(6, "0") if office.region else None


def _apart(one: Told, notice: Told) -> bool:
    """Whether one was filed once the other had ended, or they ended in two ways.

    Days do not tell of what was decided on one day; nor does the filing that a notice puts on its decision's day or
    later, which is the day of publishing.
    """
    if date.max not in {one.ended, notice.ended} and bool(one.days) is not bool(notice.days):
        return True
    if one.days & notice.days:
        return False
    late, early = (_is_real(x) and x.filed > y.ended for x, y in ((one, notice), (notice, one)))
    return late or early


def _is_real(told: Told) -> bool:
    """Whether the day of filing can be one: an office's own, or one before the decision."""
    return told.own or not told.days or told.filed < min(told.days)


def _meet(one: Telling, other: Telling) -> bool:
    a, b = one.content, other.content
    return a.law is b.law and not set(a.complainants).isdisjoint(b.complainants)


def _one_office(one: Complaint, other: Complaint) -> bool:
    return normal(one.office.name) == normal(other.office.name)


def _may_be_one_province(one: Complaint, other: Complaint) -> bool:
    return len({province_of(one.office), province_of(other.office)} - {None}) <= 1


def _may_be_one_office(one: Complaint, other: Complaint) -> bool:
    """Whether two offices may be one: a notice may leave out the province before a name, or add the section behind."""
    names = sorted((normal(one.office.name), normal(other.office.name)), key=len)
    heads = {found[0] for name in names if (found := _PROVINCE.match(name))}
    bare = sorted((_PROVINCE.sub("", name, count=1) for name in names), key=len)
    within = names[0] in names[1] or bare[0] in bare[1]
    return len(heads) <= 1 and _may_be_one_province(one, other) and within
