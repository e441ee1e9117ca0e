"""Two-way evaluation (采购人、代理机构、供应商、评审专家互评): what the marks by one criterion say, and how surely.

It never enters a verdict. The interval is that of the median by order statistics, which supposes nothing of how marks
are spread: with ``n`` marks, the ``k``-th smallest and ``k``-th largest hold the median in at least 95 of 100 cases
(by the binomial law). Fewer than six marks give none: then the median is one of a few voices.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import comb
from statistics import median
from typing import Final

from credit.model.matters import Evaluation

LEVEL: Final = Decimal("0.95")
"""How often such an interval holds the median, at least."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of 0-100 by one criterion: how many, their median, and its interval; None: too few for one."""

    criterion: str
    count: int
    median: Decimal
    interval: tuple[Decimal, Decimal] | None


def summary(evaluations: Iterable[Evaluation]) -> tuple[Marks, ...]:
    """Sum up evaluations of one party, criterion by criterion, in the order of their names."""
    marks: defaultdict[str, list[Decimal]] = defaultdict(list)
    for evaluation in evaluations:
        for score in evaluation.scores:
            marks[score.criterion].append(score.score)
    return tuple(
        Marks(name, len(given), median(given), interval(sorted(given))) for name, given in sorted(marks.items())
    )


def interval(ordered: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Return the interval of the median of sorted marks; None where they are too few.

    >>> interval([Decimal(n) for n in range(1, 6)]) is None
    True
    >>> interval([Decimal(n) for n in range(1, 11)])
    (Decimal('2'), Decimal('9'))
    """
    count, below, cut = len(ordered), 0, 0
    least = (1 - LEVEL) / 2 * 2**count
    while (below := below + comb(count, cut)) <= least:
        cut += 1
    return (ordered[cut - 1], ordered[count - cut]) if cut else None
