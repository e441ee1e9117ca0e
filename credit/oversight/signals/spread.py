"""Signals from where, how often and on what letters are filed.

DOMAIN §7.3 (6), (10), (11).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from credit.model.complaint import ComplaintOutcome
from credit.oversight.letters import Key, Letter, office_key, province_of
from credit.oversight.signals.evidence import Scene, project_key
from credit.oversight.signals.signal import Reading, Signal, count, known, unknown

_NEVER_HEARD = frozenset({
    ComplaintOutcome.TRANSFERRED, ComplaintOutcome.NOT_ACCEPTED, ComplaintOutcome.CORRECTION_DUE,
})  # fmt: skip
"""To file again elsewhere, or better, after these is what the office asked for."""


@dataclass(slots=True)
class _Heard:
    """Where a matter lay, and from when on it was decided."""

    offices: set[str] = field(default_factory=set[str])
    decided: date = date.max

    def take(self, letter: Letter) -> None:
        self.offices.add(office_key(letter.held.content.office))
        self.decided = min(self.decided, letter.standing.decided_on or date.max)

    def before(self, letter: Letter) -> bool:
        """Whether it was decided before this letter, or lies at another office."""
        return self.decided <= letter.filed_on or bool(self.offices - {office_key(letter.held.content.office)})


def scatter(scene: Scene) -> Signal:
    """Signal 6: the provinces complained in; ``inputs`` count the trades (category codes) of what was complained of."""
    placed = [x for x in scene.recent if province_of(x.held.content.office) is not None]
    if not placed:
        return unknown(scene, "scatter")
    provinces = {province_of(x.held.content.office) for x in placed}
    projects = [p for x in placed if (p := scene.project(x)) is not None]
    trades = {lot.category for project in projects for lot in project.lots if lot.category}
    threshold = scene.thresholds.signals["scatter"].threshold
    reading = Reading(
        value=len(provinces),
        of=len(placed),
        holds=threshold is not None and len(provinces) >= threshold,
        rests_on=tuple(x.id for x in placed),
        inputs=(("trades", str(len(trades))), ("projects_known", str(len(projects)))),
    )
    return known(scene, "scatter", reading)


def repeat_matter(scene: Scene) -> Signal:
    """Signal 10: letters that bring a matter which was decided before, or lies at another office too.

    A matter that an office sent away unheard may be brought again.
    """
    named = [x for x in scene.recent if x.keys]
    if not named:
        return unknown(scene, "repeat_matter")
    recent = {x.id for x in named}
    heard: dict[Key, _Heard] = {}
    repeats: list[str] = []
    for letter in scene.all:
        keys = letter.keys
        if letter.id in recent and any(heard[key].before(letter) for key in keys if key in heard):
            repeats.append(letter.id)
        if letter.outcome not in _NEVER_HEARD:
            for key in keys:
                heard.setdefault(key, _Heard()).take(letter)
    return count(scene, "repeat_matter", repeats, of=len(named))


def dense(scene: Scene) -> Signal:
    """Signal 11: the most letters on one project within 15 days, both ends inside."""
    by_project: dict[str, list[Letter]] = {}
    for letter in scene.recent:
        if (project := project_key(letter)) is not None:
            by_project.setdefault(project, []).append(letter)
    if not by_project:
        return unknown(scene, "dense")
    days = timedelta(days=scene.thresholds.whole("dense_days"))
    fullest = max((_fullest(of_one, days) for of_one in by_project.values()), key=len)
    return count(scene, "dense", [x.id for x in fullest], of=sum(map(len, by_project.values())))


def _fullest(ordered: Sequence[Letter], days: timedelta) -> Sequence[Letter]:
    """The most letters that lie within so many days, oldest first."""
    left, best = 0, (0, 0)
    for right, letter in enumerate(ordered):
        while letter.filed_on - ordered[left].filed_on >= days:
            left += 1
        if right + 1 - left > best[1] - best[0]:
            best = (left, right + 1)
    return ordered[best[0] : best[1]]
