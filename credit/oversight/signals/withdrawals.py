"""Signals from withdrawals and suspensions: what only an office's own ledger tells.

DOMAIN §7.3 (2), (3), (12); §9 Q23: a withdrawal is not announced, so that from public notices the rate is unknown.
"""

from datetime import timedelta
from decimal import Decimal

from credit.model.complaint import ComplaintOutcome
from credit.model.project import Project
from credit.oversight.letters import Letter
from credit.oversight.outcomes import DECIDED
from credit.oversight.signals.evidence import Scene
from credit.oversight.signals.signal import Reading, Signal, known, rate, unknown


def withdraw_rate(scene: Scene) -> Signal:
    """Signal 2: withdrawn letters to those decided or withdrawn, of the offices whose ledger is held."""
    withdrawn = [x for x in scene.recent if _withdrawn(x) and scene.in_ledger(x)]
    decided = [x for x in scene.recent if x.outcome in DECIDED and scene.in_ledger(x)]
    return rate(scene, "withdraw_rate", [x.id for x in withdrawn], len(withdrawn) + len(decided))


def late_withdraw(scene: Scene) -> Signal:
    """Signal 3: withdrawals between the hand-over of the reply and day 30, to those whose reply's day is known."""
    replies, days = scene.evidence.replies, timedelta(days=scene.thresholds.whole("hearing_days"))
    dated = [x for x in scene.recent if _withdrawn(x) and x.id in replies]
    return rate(scene, "late_withdraw", [x.id for x in dated if _late(x, scene, days)], len(dated))


def pause_cost(scene: Scene) -> Signal:
    """Signal 12: the days for which letters suspended a procurement by its budget, in yuan-days; shown, never more."""
    told = [x for x in scene.recent if scene.in_ledger(x) or x.standing.paused]
    paused = [x for x in told if x.standing.paused]
    budgets = {x.id: _budget(scene.project(x)) for x in paused}
    if not told or None in budgets.values():
        return unknown(scene, "pause_cost")
    days = {x.id: _days(x, scene) for x in paused}
    cost = sum((days[x] * (budget or 0) for x, budget in budgets.items()), Decimal(0))
    inputs = (("days", str(sum(days.values()))), ("budget", str(sum((b or 0 for b in budgets.values()), Decimal(0)))))
    return known(
        scene, "pause_cost", Reading(value=cost, of=len(told), rests_on=tuple(x.id for x in paused), inputs=inputs)
    )


def _withdrawn(letter: Letter) -> bool:
    return letter.outcome is ComplaintOutcome.TERMINATED_WITHDRAWN


def _late(letter: Letter, scene: Scene, days: timedelta) -> bool:
    received = letter.held.content.received_on or letter.filed_on
    ended = letter.standing.ended_on
    return ended is not None and scene.evidence.replies[letter.id] <= ended and ended - received <= days


def _budget(project: Project | None) -> Decimal | None:
    """The budget of all lots; None where one is not known."""
    if project is None or not project.lots:
        return None
    known_ones = [lot.budget for lot in project.lots if lot.budget is not None]
    return sum(known_ones, Decimal(0)) if len(known_ones) == len(project.lots) else None


def _days(letter: Letter, scene: Scene) -> int:
    return sum(((until or scene.as_of) - since).days for since, until in letter.standing.paused)
