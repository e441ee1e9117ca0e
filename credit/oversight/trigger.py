"""The statutory trigger: letters wholly unproven, three or more in 12 months, nationwide, of one complainant.

Counted by filing and by decision; where the two differ, or an anniversary decides, the answer is ``review`` (Q1); so
it is where only doubtful letters make the number (Q2). A trigger is a proposal to an officer, never a listing.

Law: 财政部令第94号 37, 42; 处罚法 36; DOMAIN §8 R5, §9 Q1–Q3.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from credit.model.complaint import ComplaintEventKind, HeldComplaint
from credit.model.matter import MatterId
from credit.model.matters import ProposalKind
from credit.model.verdict import Reason
from credit.oversight.answers import Answered
from credit.oversight.letters import Group, Key, Letter, groups, letters, province_of
from credit.oversight.offices import decides
from credit.oversight.outcomes import UPHELD, Doubt
from credit.oversight.windows import Point, Span, boxed, densest
from credit.rules.terms import DAY, add_months, years_before
from credit.rules.thresholds import Thresholds


class TriggerState(StrEnum):
    """Whether 94号令 37¶1 is met; ``REVIEW``: a person must say."""

    MET = "met"
    NOT_MET = "not_met"
    REVIEW = "review"


class By(StrEnum):
    """Which day of a letter is counted."""

    FILING = "filing"
    DECISION = "decision"


class Weight(StrEnum):
    """What a letter is worth in the count."""

    COUNTED = "counted"
    DOUBTFUL = "doubtful"
    REPEATED = "repeated"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Window:
    """Twelve months, both ends inside, with the ids of the letters in them that count, or for ``REVIEW`` may count."""

    from_: date
    to: date
    by: By
    complaints: tuple[MatterId, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A letter with what it is worth, and why; ``question`` names the open point."""

    id: MatterId
    complaint_no: str
    filed_on: date
    decided_on: date | None
    province: str | None
    weight: Weight
    why: Reason
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """The answer, with both counts and the evidence behind every number.

    ``window`` is the one that the answer rests on, else the fullest, None where no letter counts; ``by_filing`` and
    ``by_decision`` the most letters surely counted in any 12 months; ``provinces`` (code, None where unknown; letters)
    splits what is surely counted in the window, which may hold doubtful letters too. ``malicious`` are letters with a
    finding under 37¶2, ``perhaps_malicious`` these and those of which it is in doubt, ``facts`` those a proposal rests
    on.
    """

    state: TriggerState
    window: Window | None
    by_filing: int
    by_decision: int
    provinces: tuple[tuple[str | None, int], ...]
    letters: tuple[Weighed, ...]
    questions: tuple[str, ...]
    malicious: tuple[MatterId, ...]
    perhaps_malicious: tuple[MatterId, ...]
    proposal: ProposalKind | None
    facts: tuple[MatterId, ...]


_NOTHING: Final = Answered()
_QUESTION = {
    "not_unproven": "Q2", "overlap": "Q2", "upheld_elsewhere": "Q2", "office_unclear": "Q2",
    "perhaps_answered": "Q2",
} | dict.fromkeys(Doubt, "Q2")  # fmt: skip


def trigger(
    complaints: Iterable[HeldComplaint], *, as_of: date, thresholds: Thresholds, answered: Answered = _NOTHING
) -> Trigger:
    """Count one complainant's letters; ``complaints`` are all of that complainant's, joint ones too, in any order."""
    return trigger_of(letters(complaints, as_of), as_of=as_of, thresholds=thresholds, answered=answered)


def trigger_of(
    ordered: Sequence[Letter], *, as_of: date, thresholds: Thresholds, answered: Answered = _NOTHING
) -> Trigger:
    """Count letters that were read before (`credit.oversight.letters.letters`), oldest first."""
    since = years_before(as_of, thresholds.whole("limitation_years"))
    weighed = tuple(_weighed(ordered, thresholds, answered))
    points = [point for _, point in weighed if point is not None]
    count = _Count(points, thresholds.whole("trigger_count"), thresholds.whole("trigger_months"), since)
    state, window, questions = count.answer()
    told = [x for x in ordered if _is_told(x, thresholds, answered.punished, since)]
    malicious = tuple(_malicious(told, {*answered.punished, *_undone(ordered)}))
    inside = frozenset(window.complaints) if window else frozenset[MatterId]()
    counted = (x for x, _ in weighed if x.id in inside and x.weight is Weight.COUNTED)
    split = Counter(letter.province for letter in counted)
    kind = ProposalKind.BAN if malicious else ProposalKind.LIST if state is TriggerState.MET else None
    facts = malicious or (window.complaints if window and state is TriggerState.MET else ())
    return Trigger(
        state=state,
        window=window,
        by_filing=count.by_filing,
        by_decision=count.by_decision,
        provinces=tuple(sorted(split.items(), key=lambda pair: pair[0] or "")),
        letters=tuple(letter for letter, _ in weighed),
        questions=questions,
        malicious=malicious,
        perhaps_malicious=tuple(letter.id for letter in told),
        proposal=kind,
        facts=facts,
    )


def _is_told(letter: Letter, thresholds: Thresholds, answered: frozenset[MatterId], since: date) -> bool:
    """Whether fabrication, false material or unlawful proof was found in a letter, of the whole or of an item.

    So it may be too where its life is doubtful, or it may be another letter, that was answered or undone.
    """
    found = bool(letter.standing.outcomes & thresholds.malicious) and letter.filed_on >= since
    return found and _not_ours(letter, thresholds) is None and answered.isdisjoint((letter.id, *letter.told))


def _malicious(told: Iterable[Letter], done: set[MatterId]) -> Iterator[MatterId]:
    """Letters in which it surely was.

    A letter is answered, or undone, where one was that may be the same; of such letters the surest tells of it.
    """
    sure = [letter for letter in told if not letter.standing.doubts & {Doubt.CONTRADICTION, Doubt.IMPOSSIBLE}]
    for letter in sorted(sure, key=lambda one: Doubt.TOLD_TWICE in one.standing.doubts):
        if done.isdisjoint((letter.id, *letter.told, *letter.may_be)):
            done.update((letter.id, *letter.told))
            yield letter.id


def _undone(letters: Iterable[Letter]) -> Iterator[MatterId]:
    """Return the ids under which letters are told whose decision was reversed."""
    for letter in letters:
        if any(event.kind is ComplaintEventKind.REVERSED for event in letter.held.events):
            yield from (letter.id, *letter.told)


def _weighed(
    ordered: Sequence[Letter], thresholds: Thresholds, answered: Answered
) -> Iterator[tuple[Weighed, Point | None]]:
    """Weigh each letter; a point is what may count, at least as a doubt."""
    left_out = {letter.id: why for letter in ordered if (why := _left_out(letter, thresholds)) is not None}
    of = groups(letter for letter in ordered if letter.id not in left_out)
    done, perhaps = answered.surely(ordered), answered.doubtfully(ordered, thresholds)
    closed, unsure = (
        {of[x.id].number for x in ordered if x.id in of and ids.intersection((x.id, *x.told))}
        for ids in (done, perhaps)
    )
    upheld = _upheld(ordered, thresholds)
    for letter in ordered:
        group = of.get(letter.id)
        if group is None:
            yield _told(letter, Weight.LEFT_OUT, left_out[letter.id], thresholds), None
        elif group.number in closed:
            yield _told(letter, Weight.LEFT_OUT, "answered", thresholds), None
        else:
            weight, why = _weight(letter, group, upheld)
            if weight is Weight.COUNTED and not done.isdisjoint(letter.may_be):
                weight, why = Weight.DOUBTFUL, Doubt.TOLD_TWICE
            if weight is Weight.COUNTED and (group.number in unsure or not perhaps.isdisjoint(letter.may_be)):
                weight, why = Weight.DOUBTFUL, "perhaps_answered"
            if weight is Weight.COUNTED and decides(letter.held.content.office, thresholds) is None:
                weight, why = Weight.DOUBTFUL, "office_unclear"
            decided = letter.standing.decided_on or letter.filed_on
            point = Point(letter.id, letter.filed_on, decided, group.number, weight is Weight.COUNTED)
            yield _told(letter, weight, why, thresholds), point


def _left_out(letter: Letter, thresholds: Thresholds) -> str | None:
    """Why a letter cannot count at all; None where it may."""
    if (why := _not_ours(letter, thresholds)) is not None:
        return why
    if letter.filed_on < thresholds.dates["trigger_from"].value:
        return "old_rule"
    return None if letter.outcome in thresholds.unproven else "not_unproven"


def is_unproven(letter: Letter, thresholds: Thresholds) -> bool:
    """Tell whether a letter, taken alone, surely counts as wholly unproven under 37¶1."""
    sure = not letter.standing.doubts and decides(letter.held.content.office, thresholds) is True
    return sure and _left_out(letter, thresholds) is None


def _not_ours(letter: Letter, thresholds: Thresholds) -> str | None:
    """Why a letter is none that a finance department decides under 94号令; None where it is, or may be."""
    if letter.held.content.law not in thresholds.trigger_laws:
        return "other_law"
    return "other_office" if decides(letter.held.content.office, thresholds) is False else None


def _weight(letter: Letter, group: Group, upheld: frozenset[Key]) -> tuple[Weight, str]:
    """What a letter that may count is worth, and why."""
    if not group.leads:
        return Weight.REPEATED, "repeat"
    if letter.standing.doubts:
        return Weight.DOUBTFUL, min(letter.standing.doubts)
    if upheld and not upheld.isdisjoint(letter.keys):
        return Weight.DOUBTFUL, "upheld_elsewhere"
    return (Weight.DOUBTFUL, "overlap") if group.unclear else (Weight.COUNTED, "counted")


def _upheld(ordered: Iterable[Letter], thresholds: Thresholds) -> frozenset[Key]:
    """The matters that some letter was upheld on, at least in part."""
    right = (x for x in ordered if x.held.content.law in thresholds.trigger_laws and x.standing.outcomes & UPHELD)
    return frozenset(key for letter in right for key in letter.keys)


def _told(letter: Letter, weight: Weight, why: str, thresholds: Thresholds) -> Weighed:
    content = letter.held.content
    return Weighed(
        letter.id,
        content.complaint_no,
        content.filed_on,
        letter.standing.decided_on,
        province_of(content.office),
        weight,
        thresholds.reason(why),
        _QUESTION.get(why),
    )


class _Count:
    """Both counts over the letters that may count; ``since``: the first day on which the last letter may be filed."""

    def __init__(self, points: list[Point], need: int, months: int, since: date) -> None:
        self._need, self._months, self._since = need, months, since
        self._by_filing = sorted(points, key=lambda p: (p.filed, p.decided, p.id))
        self._by_decision = sorted(points, key=lambda p: (p.decided, p.filed, p.id))
        self._sure_filing = self._most(By.FILING, sure=True)
        self._sure_decision = self._most(By.DECISION, sure=True)
        self.by_filing = self._sure_filing.size if self._sure_filing else 0
        self.by_decision = self._sure_decision.size if self._sure_decision else 0

    def answer(self) -> tuple[TriggerState, Window | None, tuple[str, ...]]:
        """Say whether it is met, on which window, and which questions are open."""
        sure = [p for p in self._by_filing if p.sure]
        if met := boxed(sure, self._need, self._months, self._since):
            return TriggerState.MET, self._window(met, By.FILING), ()
        edge = {by: self._most(by, sure=True, edge=True) for by in By}
        most = {by: self._most(by, sure=False, edge=True) for by in By}
        for spans, question in ((edge, "Q1"), (most, "Q2")):
            for by, span in spans.items():
                if span and span.size >= self._need:
                    return TriggerState.REVIEW, self._window(span, by), (question,)
        return TriggerState.NOT_MET, self._window(self._sure_filing or most[By.FILING], By.FILING), ()

    def _most(self, by: By, *, sure: bool, edge: bool = False) -> Span | None:
        ordered = self._by_filing if by is By.FILING else self._by_decision
        points = [p for p in ordered if p.sure] if sure else ordered
        days = [p.filed for p in points] if by is By.FILING else [p.decided for p in points]
        return densest(points, days, self._months, self._since, edge=edge)

    def _window(self, span: Span | None, by: By) -> Window | None:
        if span is None:
            return None
        opened = span.opened
        last = add_months(opened, self._months) if opened < date.max else opened
        to = last if span.closed >= last else last - DAY
        return Window(opened, to, by, tuple(point.id for point in span.points))
