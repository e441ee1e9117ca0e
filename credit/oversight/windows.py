"""Letters in any 12 months, found in one sweep over days in order.

Two days are inside one window where the second comes before the anniversary of the first; on the anniversary itself
the law is unclear (DOMAIN §8 R5, §9 Q1), so that an ``edge`` may be asked for.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from credit.model.matter import MatterId
from credit.rules.terms import add_months


@dataclass(frozen=True, slots=True)
class Point:
    """A letter in a count: letters of one ``group`` are one matter; ``sure`` ones count beyond doubt, each its own."""

    id: MatterId
    filed: date
    decided: date
    group: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Span:
    """The points of a window, oldest first; ``size`` counts matters, ``opened`` and ``closed`` are its outer days."""

    points: tuple[Point, ...]
    size: int
    opened: date
    closed: date


class _Ends(dict[date, date]):
    """The anniversary of each day, counted once a day."""

    def __init__(self, months: int) -> None:
        super().__init__()
        self._months = months

    def __missing__(self, day: date) -> date:
        end = self[day] = add_months(day, self._months)
        return end


def densest(points: Sequence[Point], days: Sequence[date], months: int, since: date, *, edge: bool) -> Span | None:
    """Return the fullest window, the latest of several; ``days`` are the points' days by which it is measured, sorted.

    Only windows count in which some letter was filed on or after ``since``. None where there is none.
    """
    ends, groups = _Ends(months), Counter[int]()
    left = recent = size = 0
    best = (0, 0, 0)
    for right, point in enumerate(points):
        groups[point.group] += 1
        size += groups[point.group] == 1
        recent += point.filed >= since
        while left < right and (days[right] > ends[days[left]] or (not edge and days[right] == ends[days[left]])):
            gone = points[left]
            groups[gone.group] -= 1
            size -= groups[gone.group] == 0
            recent -= gone.filed >= since
            left += 1
        if recent and size >= best[0]:
            best = (size, left, right)
    size, left, right = best
    return Span(tuple(points[left : right + 1]), size, days[left], days[right]) if size else None


def boxed(points: Sequence[Point], need: int, months: int, since: date) -> Span | None:
    """Return the fullest window of filings in which ``need`` letters were decided within such a window too.

    The last filed of these must not lie before ``since``: another letter that was filed later makes them no younger.
    ``points`` are sorted by filing. ``standing`` holds the decisions of ``points[low:right + 1]``, of which no ``need``
    that count lie in one window; ``low - 1`` opens the last set that did.
    """
    ends = _Ends(months)
    standing: list[date] = []
    left = low = 0
    best: tuple[int, int] | None = None
    for right, point in enumerate(points):
        while left < right and point.filed >= ends[points[left].filed]:
            left += 1
        while low < left:
            del standing[bisect_left(standing, points[low].decided)]
            low += 1
        insort(standing, point.decided)
        while point.filed >= since and _together(standing, point.decided, need, ends):
            del standing[bisect_left(standing, points[low].decided)]
            low += 1
        fuller = best is None or right - left >= best[1] - best[0]
        if low > left and point.filed >= since and fuller:
            best = (left, right)
    if best is None:
        return None
    inside = tuple(points[best[0] : best[1] + 1])
    return Span(inside, len(inside), inside[0].filed, inside[-1].filed)


def _together(standing: Sequence[date], day: date, need: int, ends: _Ends) -> bool:
    """Whether ``need`` days around this one lie in one window."""
    at = bisect_left(standing, day)
    first = max(0, at - need + 1)
    last = min(at + need, len(standing)) - need
    return any(standing[start + need - 1] < ends[standing[start]] for start in range(first, last + 1))
