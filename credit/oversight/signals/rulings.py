"""Signals from how complaints ended: wholly unproven, upheld, found forged or resting on unlawful proof.

DOMAIN §7.3 (1), (14), (15), (16).
"""

from dataclasses import replace

from credit.model.complaint import ComplaintOutcome
from credit.oversight.letters import Letter
from credit.oversight.outcomes import DECIDED, UPHELD
from credit.oversight.signals.evidence import Scene
from credit.oversight.signals.signal import Signal, base_rate, count, interval, rate, unknown
from credit.oversight.trigger import Trigger, Weight


def n_unfounded(scene: Scene, trigger: Trigger) -> Signal:
    """Signal 1: letters of the trailing window that the statutory count surely counts, of those decided.

    The interval is that of their share, for comparison with the base rate: the law's count knows no share.
    """
    decided = _decided(scene)
    if not decided:
        return unknown(scene, "n_unfounded")
    recent = {letter.id for letter in scene.recent}
    hits = [x.id for x in trigger.letters if x.weight is Weight.COUNTED and x.id in recent]
    found = count(scene, "n_unfounded", hits, of=len(decided))
    spread = interval(scene, len(hits), len(decided))
    return replace(found, interval=spread, base=base_rate(scene, "n_unfounded", len(hits), len(decided)))


def winner_shield(scene: Scene) -> Signal:
    """Signal 14, a counter-signal: the share upheld or partly upheld; see `shields`."""
    decided = _decided(scene)
    return rate(scene, "winner_shield", [x.id for x in decided if x.outcome in UPHELD], len(decided))


def shields(scene: Scene, shield: Signal) -> bool:
    """Whether so many complaints were right that nothing may lead to attention."""
    threshold = scene.thresholds.signals["winner_shield"].threshold
    return shield.value is not None and threshold is not None and shield.value >= threshold


def forged(scene: Scene) -> Signal:
    """Signal 15: letters in which fabrication or false material was found, of the whole or of an item."""
    return _found(scene, "forged", ComplaintOutcome.REJECTED_FABRICATED)


def confidential(scene: Scene) -> Signal:
    """Signal 16: letters found to rest on proof got unlawfully, as rivals' unpublished bids."""
    return _found(scene, "confidential", ComplaintOutcome.REJECTED_UNLAWFUL_PROOF)


def _found(scene: Scene, name: str, outcome: ComplaintOutcome) -> Signal:
    decided = _decided(scene)
    if not decided:
        return unknown(scene, name)
    hits = [x.id for x in decided if not x.standing.doubts and outcome in x.standing.outcomes]
    return count(scene, name, hits, of=len(decided))


def _decided(scene: Scene) -> list[Letter]:
    return [letter for letter in scene.recent if letter.outcome in DECIDED]
