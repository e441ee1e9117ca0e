"""How a complaint stands on a day: the outcome of the whole, of each item, and what makes it doubtful.

Events are read in the order of their days; on one day in the order in which an office acts, never in that of arrival.
A life that cannot be (a withdrawal after the decision, two decisions that differ) is read to its end and marked.

Law: 财政部令第94号 21, 29–32; DOMAIN §3.7, §9 Q2.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintOutcome, HeldComplaint, life

UPHELD: Final = frozenset({
    ComplaintOutcome.UPHELD_EFFECT, ComplaintOutcome.UPHELD_NO_EFFECT, ComplaintOutcome.PARTLY_UPHELD,
})  # fmt: skip
"""Outcomes in which the complainant was right, at least in part."""
ON_MERITS: Final = frozenset({
    ComplaintOutcome.REJECTED_UNFOUNDED, ComplaintOutcome.REJECTED_FABRICATED, ComplaintOutcome.REJECTED_UNLAWFUL_PROOF,
})  # fmt: skip
"""Rejections that say something of the matter itself; 29(1) says only that it could not be heard."""
REJECTED: Final = ON_MERITS | {ComplaintOutcome.REJECTED_INADMISSIBLE}
DECIDED: Final = UPHELD | REJECTED

_MILDEST_FIRST: Final = (
    ComplaintOutcome.UPHELD_EFFECT,
    ComplaintOutcome.UPHELD_NO_EFFECT,
    ComplaintOutcome.PARTLY_UPHELD,
    ComplaintOutcome.REVERSED_ON_REVIEW,
    ComplaintOutcome.PENDING,
    ComplaintOutcome.TRANSFERRED,
    ComplaintOutcome.CORRECTION_DUE,
    ComplaintOutcome.NOT_ACCEPTED,
    ComplaintOutcome.TERMINATED_WITHDRAWN,
    ComplaintOutcome.REJECTED_INADMISSIBLE,
    ComplaintOutcome.REJECTED_UNFOUNDED,
    ComplaintOutcome.REJECTED_UNLAWFUL_PROOF,
    ComplaintOutcome.REJECTED_FABRICATED,
)
_MILDNESS: Final = {outcome: place for place, outcome in enumerate(_MILDEST_FIRST)}

_COURSE: Final = {
    kind: place
    for place, kind in enumerate(
        (
            ComplaintEventKind.CORRECTION_DUE,
            ComplaintEventKind.ACCEPTED,
            ComplaintEventKind.PAUSED,
            ComplaintEventKind.RESUMED,
            ComplaintEventKind.TRANSFERRED,
            ComplaintEventKind.NOT_ACCEPTED,
            ComplaintEventKind.WITHDRAWN,
            ComplaintEventKind.DECIDED,
            ComplaintEventKind.REVERSED,
        )
    )
}
"""The order in which an office acts where several things bear one day."""

_NO_ITEMS: Final[Mapping[int, ComplaintOutcome]] = MappingProxyType({})


class Doubt(StrEnum):
    """Why a letter cannot be taken as it stands; ``TOLD_TWICE``: it may be another one, which a notice tells."""

    CONTRADICTION = "contradiction"
    MIXED = "mixed"
    INCOMPLETE = "incomplete"
    IMPOSSIBLE = "impossible"
    TOLD_TWICE = "told_twice"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a complaint stands: ``decided_on`` the day its standing outcome was first decided, None where none was.

    ``ended_on`` is the day of whatever gave the outcome, a withdrawal too; ``items`` are numbered from 1 and hold
    only what is known. ``paused`` are (first day, day it ended or None) of each suspension.
    """

    outcome: ComplaintOutcome = ComplaintOutcome.PENDING
    items: Mapping[int, ComplaintOutcome] = field(default_factory=lambda: _NO_ITEMS)
    decided_on: date | None = None
    ended_on: date | None = None
    accepted_on: date | None = None
    paused: tuple[tuple[date, date | None], ...] = ()
    doubts: frozenset[Doubt] = frozenset()

    @property
    def outcomes(self) -> frozenset[ComplaintOutcome]:
        """All that was said, of the whole and of its items."""
        return frozenset((self.outcome, *self.items.values()))


def standing(held: HeldComplaint, as_of: date) -> Standing:
    """Read a complaint's life up to the end of a day.

    A withdrawal, or anything else, that follows a decision leaves it standing; a reversal undoes it.
    """
    if not held.events:
        return Standing()
    course = _Course(held.content)
    for event in sorted(life(held.events, as_of), key=_place):
        course.take(event)
    return course.standing()


def mildest(outcomes: Iterable[ComplaintOutcome]) -> ComplaintOutcome:
    """Return the outcome that weighs least on the complainant.

    >>> mildest([ComplaintOutcome.REJECTED_UNFOUNDED, ComplaintOutcome.REJECTED_INADMISSIBLE]).value
    'rejected_inadmissible'
    """
    return min(outcomes, key=_MILDNESS.__getitem__)


def gravest(outcomes: Iterable[ComplaintOutcome]) -> ComplaintOutcome:
    """Return the outcome that weighs most on the complainant."""
    return max(outcomes, key=_MILDNESS.__getitem__)


def whole_of(items: Iterable[ComplaintOutcome]) -> ComplaintOutcome:
    """Derive the whole from its items: their common outcome, partly upheld where some were, else the mildest.

    Items rejected on the merits in several ways make the graver one, since each of them is unproven.

    >>> whole_of([ComplaintOutcome.UPHELD_EFFECT, ComplaintOutcome.REJECTED_UNFOUNDED]).value
    'partly_upheld'
    """
    said = frozenset(items)
    if len(said) == 1:
        return next(iter(said))
    if said <= ON_MERITS:
        return gravest(said)
    if said & UPHELD:
        return mildest(said) if said <= UPHELD - {ComplaintOutcome.PARTLY_UPHELD} else ComplaintOutcome.PARTLY_UPHELD
    return mildest(said)


def _place(event: ComplaintEvent) -> tuple[date, int, int, str, str]:
    """Order by day, then by the office's course; two decisions of one day by weight, the mildest last."""
    said = event.outcome or (whole_of(i.outcome for i in event.items) if event.items else ComplaintOutcome.PENDING)
    return event.on, _COURSE[event.kind], -_MILDNESS[said], event.doc_no or "", event.id


def _fits(whole: ComplaintOutcome, items: frozenset[ComplaintOutcome]) -> bool:
    """Whether what is said of the items can stand beside what is said of the whole."""
    if not items or whole is ComplaintOutcome.REVERSED_ON_REVIEW:
        return True
    if whole in UPHELD:
        return bool(items & UPHELD)
    if whole in ON_MERITS:
        return items <= ON_MERITS
    return items <= {whole}


@dataclass(slots=True)
class _Course:
    """A life as read so far."""

    complaint: Complaint
    outcome: ComplaintOutcome = ComplaintOutcome.PENDING
    items: Mapping[int, ComplaintOutcome] = field(default_factory=lambda: _NO_ITEMS)
    decided_on: date | None = None
    ended_on: date | None = None
    accepted_on: date | None = None
    paused: list[tuple[date, date | None]] = field(default_factory=list[tuple[date, date | None]])
    doubts: frozenset[Doubt] = frozenset()
    impossible: bool = False
    decided: bool = False
    closed: bool = False

    def take(self, event: ComplaintEvent) -> None:
        """Read one more event."""
        self.impossible |= event.on < self.complaint.filed_on
        match event.kind:
            case ComplaintEventKind.DECIDED:
                self._decide(event)
            case ComplaintEventKind.REVERSED:
                self._reverse(event)
            case ComplaintEventKind.PAUSED:
                self._pause(event.on)
            case ComplaintEventKind.RESUMED:
                self._resume(event.on)
            case ComplaintEventKind.ACCEPTED:
                self.accepted_on = self.accepted_on or event.on
                self._step(ComplaintOutcome.PENDING, event.on)
            case ComplaintEventKind.CORRECTION_DUE:
                self._step(ComplaintOutcome.CORRECTION_DUE, event.on)
            case ComplaintEventKind.NOT_ACCEPTED:
                self._step(ComplaintOutcome.NOT_ACCEPTED, event.on)
            case ComplaintEventKind.TRANSFERRED:
                self._step(ComplaintOutcome.TRANSFERRED, event.on)
            case ComplaintEventKind.WITHDRAWN:
                self._step(ComplaintOutcome.TERMINATED_WITHDRAWN, event.on)

    def standing(self) -> Standing:
        """Say how it stands now."""
        doubts = self.doubts | {Doubt.IMPOSSIBLE} if self.impossible else self.doubts
        return Standing(
            self.outcome, self.items, self.decided_on, self.ended_on, self.accepted_on, tuple(self.paused), doubts
        )

    def _step(self, outcome: ComplaintOutcome, on: date) -> None:
        """Take a step that is none of a decision: it leaves a decision, and a withdrawal, as they stand."""
        withdrawn = self.outcome is ComplaintOutcome.TERMINATED_WITHDRAWN
        reopened = outcome is ComplaintOutcome.PENDING and self.closed and not withdrawn and not self.decided
        if self.decided or (self.closed and not reopened):
            self.impossible |= outcome is not self.outcome
            return
        if self.outcome is ComplaintOutcome.REVERSED_ON_REVIEW and outcome is not ComplaintOutcome.TERMINATED_WITHDRAWN:
            return
        self.outcome, self.items = outcome, _NO_ITEMS
        self.closed = outcome not in {ComplaintOutcome.PENDING, ComplaintOutcome.CORRECTION_DUE}
        self.ended_on = on if self.closed else None
        self._resume(on, ended=self.closed)

    def _decide(self, event: ComplaintEvent) -> None:
        outcome, items, doubts = self._said(event, _NO_ITEMS)
        if self.decided and outcome is self.outcome and all(items.get(n, o) is o for n, o in self.items.items()):
            self.items, self.doubts = {**self.items, **items}, self.doubts | doubts
            return
        self.impossible |= self.decided or self.closed
        self.outcome, self.items, self.doubts = outcome, items, doubts
        self.decided, self.closed = True, False
        self.decided_on = self.ended_on = event.on
        self._resume(event.on, ended=True)

    def _reverse(self, event: ComplaintEvent) -> None:
        """Undo what was decided; a body that decides itself gives the new outcome, perhaps of some items only."""
        self.impossible |= not (self.decided or self.closed or self.outcome is ComplaintOutcome.REVERSED_ON_REVIEW)
        before = self.outcome
        if event.outcome is None and not event.items:
            self.outcome, self.items, self.doubts = ComplaintOutcome.REVERSED_ON_REVIEW, _NO_ITEMS, frozenset()
        else:
            kept = self.items if event.outcome is None else _NO_ITEMS
            self.outcome, self.items, self.doubts = self._said(event, kept)
        self.decided = self.outcome in DECIDED
        self.closed = self.outcome in {ComplaintOutcome.NOT_ACCEPTED, ComplaintOutcome.TERMINATED_WITHDRAWN}
        self.ended_on = event.on
        if not self.decided:
            self.decided_on = None
        elif self.outcome is not before:
            self.decided_on = event.on

    def _said(
        self, event: ComplaintEvent, kept: Mapping[int, ComplaintOutcome]
    ) -> tuple[ComplaintOutcome, Mapping[int, ComplaintOutcome], frozenset[Doubt]]:
        """What a decision says of the whole and of each item, and what does not fit in it."""
        if not event.items and event.outcome is not None:
            return event.outcome, self._filled(event.outcome), frozenset()
        items, doubts = _merged(event, kept)
        if event.outcome is not None:
            if not _fits(event.outcome, frozenset(items.values())):
                doubts |= {Doubt.CONTRADICTION}
            return event.outcome, {**self._filled(event.outcome), **items}, doubts
        if len(items) < len(self.complaint.items) or not items:
            doubts |= {Doubt.INCOMPLETE}
        whole = whole_of(items.values()) if items else ComplaintOutcome.PENDING
        if not _fits(whole, frozenset(items.values())):
            doubts |= {Doubt.MIXED}
        return whole, items, doubts

    def _filled(self, whole: ComplaintOutcome) -> Mapping[int, ComplaintOutcome]:
        """Every item's outcome where the whole has one for all."""
        if not self.complaint.items or whole in {ComplaintOutcome.PARTLY_UPHELD, ComplaintOutcome.REVERSED_ON_REVIEW}:
            return _NO_ITEMS
        return dict.fromkeys(range(1, len(self.complaint.items) + 1), whole)

    def _pause(self, on: date) -> None:
        if not self.paused or self.paused[-1][1] is not None:
            self.paused.append((on, None))

    def _resume(self, on: date, *, ended: bool = True) -> None:
        if ended and self.paused and self.paused[-1][1] is None:
            self.paused[-1] = (self.paused[-1][0], on)


def _merged(
    event: ComplaintEvent, kept: Mapping[int, ComplaintOutcome]
) -> tuple[dict[int, ComplaintOutcome], frozenset[Doubt]]:
    """Lay an event's items over those kept; an item told in two ways has the mildest, and is a contradiction."""
    told: dict[int, list[ComplaintOutcome]] = {}
    for item in event.items:
        told.setdefault(item.item, []).append(item.outcome)
    twice = any(len(set(said)) > 1 for said in told.values())
    merged: Sequence[tuple[int, ComplaintOutcome]] = [(item, mildest(said)) for item, said in told.items()]
    return {**kept, **dict(merged)}, frozenset({Doubt.CONTRADICTION}) if twice else frozenset()
