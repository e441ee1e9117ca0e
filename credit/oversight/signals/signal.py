"""What a signal says: a value with its denominator, its interval and base rate, and the ids it rests on.

A rate leads to attention only where the lower end of its interval lies above the base rate: most honest complaints
fail too, and of few complaints little follows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from math import sqrt
from statistics import NormalDist
from typing import Final, TypeAlias

from credit.model.verdict import Reason
from credit.oversight.signals.evidence import BaseRate, Scene
from credit.rules.thresholds import SignalRow

Value: TypeAlias = Decimal | int
Interval: TypeAlias = tuple[Decimal, Decimal]
_FINE: Final = Decimal("0.0001")


class Status(StrEnum):
    """``UNKNOWN``: what the signal needs is not held; it is never a zero."""

    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One hint; nothing follows from it but attention (关注), and that only where ``points_to_watch``.

    ``value`` is a count, a sum or a share, ``of`` its denominator, ``interval`` that of a share, ``base`` the base rate
    that it was held against, ``inputs`` (name, value) whatever else it was made of.
    """

    name: str
    status: Status
    value: Value | None
    of: int | None
    interval: Interval | None
    base: Decimal | None
    threshold: Decimal | None
    points_to_watch: bool
    rests_on: tuple[str, ...]
    reason: Reason
    inputs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a signal found: ``holds`` says that it is as conspicuous as its row asks."""

    value: Value
    of: int | None = None
    interval: Interval | None = None
    base: Decimal | None = None
    holds: bool = False
    rests_on: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()


def unknown(scene: Scene, name: str) -> Signal:
    """Say that what a signal needs is not held."""
    row = scene.thresholds.signals[name]
    reason = Reason(f"{row.title.zh}:{row.unknown.zh}", f"{row.title.en}: {row.unknown.en}")
    return Signal(
        name=name,
        status=Status.UNKNOWN,
        value=None,
        of=None,
        interval=None,
        base=None,
        threshold=row.threshold,
        points_to_watch=False,
        rests_on=(),
        reason=reason,
    )


def known(scene: Scene, name: str, reading: Reading) -> Signal:
    """Say what was found; only a row with ``watch`` leads to attention."""
    row = scene.thresholds.signals[name]
    return Signal(
        name=name,
        status=Status.KNOWN,
        value=reading.value,
        of=reading.of,
        interval=reading.interval,
        base=reading.base,
        threshold=row.threshold,
        points_to_watch=row.watch and reading.holds,
        rests_on=reading.rests_on,
        reason=_reason(row, reading),
        inputs=reading.inputs,
    )


def count(
    scene: Scene, name: str, rests_on: Iterable[str], *, value: int | None = None, of: int | None = None
) -> Signal:
    """A number of things, conspicuous from the row's threshold on; ``value`` None: as many as it rests on."""
    ids = tuple(rests_on)
    number = len(ids) if value is None else value
    threshold = scene.thresholds.signals[name].threshold
    holds = threshold is not None and number >= threshold
    return known(scene, name, Reading(value=number, of=of, holds=holds, rests_on=ids))


def rate(scene: Scene, name: str, hits: Iterable[str], of: int) -> Signal:
    """A share, conspicuous from the row's threshold on where its interval lies above the base rate; see ``minimum``."""
    row, ids = scene.thresholds.signals[name], tuple(hits)
    if not of:
        return unknown(scene, name)
    value, spread = Decimal(len(ids)) / of, interval(scene, len(ids), of)
    base = base_rate(scene, name, len(ids), of)
    holds = of >= row.minimum and value >= (row.threshold or 0) and (base is None or spread[0] > base)
    return known(scene, name, Reading(value=value, of=of, interval=spread, base=base, holds=holds, rests_on=ids))


def base_rate(scene: Scene, name: str, hits: int, of: int) -> Decimal | None:
    """The registry's own rate without this complainant; where others' complaints are too few, the row's."""
    whole = scene.evidence.bases.get(name, BaseRate(0, 0))
    others = BaseRate(max(0, whole.hits - hits), max(0, whole.of - of))
    if others.of < scene.thresholds.whole("base_minimum"):
        return scene.thresholds.signals[name].base
    return min(Decimal(1), Decimal(others.hits) / others.of)


def interval(scene: Scene, hits: int, of: int) -> Interval:
    """The Wilson score interval at the confidence of the thresholds."""
    return wilson(hits, of, scene.thresholds.number("confidence"))


def wilson(hits: int, of: int, confidence: Decimal) -> Interval:
    """Return (low, high) of a share, two-sided, to four places.

    >>> wilson(4, 5, Decimal("0.95"))
    (Decimal('0.3755'), Decimal('0.9638'))
    """
    z = _z(confidence)
    share, squared = hits / of, z * z
    middle = share + squared / (2 * of)
    spread = z * sqrt(share * (1 - share) / of + squared / (4 * of * of))
    whole = 1 + squared / of
    low, high = max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
    return Decimal(low).quantize(_FINE), Decimal(high).quantize(_FINE)


@lru_cache(maxsize=16)
def _z(confidence: Decimal) -> float:
    return NormalDist().inv_cdf((1 + float(confidence)) / 2)


def told(value: Value) -> str:
    """Return a value as plain text, shares to four places.

    >>> told(Decimal(1) / 3), told(Decimal("0.8")), told(4)
    ('0.3333', '0.8', '4')
    """
    if isinstance(value, int):
        return str(value)
    text = format(value.quantize(_FINE), "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _reason(row: SignalRow, reading: Reading) -> Reason:
    """The same sentence for every signal: value, denominator, interval, base rate, threshold."""
    zh, en = f"{row.title.zh} {told(reading.value)}", f"{row.title.en}: {told(reading.value)}"
    if reading.of is not None:
        zh, en = f"{zh}, 基数 {reading.of}", f"{en} of {reading.of}"
    if reading.interval is not None:
        low, high = map(told, reading.interval)
        zh, en = f"{zh}, 区间 {low}–{high}", f"{en}, interval {low}–{high}"
    if reading.base is not None:
        zh, en = f"{zh}, 基准 {told(reading.base)}", f"{en}, base rate {told(reading.base)}"
    if row.threshold is not None:
        zh, en = f"{zh}, 阈值 {told(row.threshold)}", f"{en}, threshold {told(row.threshold)}"
    return Reason(zh, en)
