"""What marks come to: count, median, and an interval that holds the median as often as it says."""

from datetime import date
from decimal import Decimal
from math import comb

from hypothesis import given
from hypothesis import strategies as st

from credit.model.matters import Capacity, Evaluation, Score
from credit.model.party import PartyId
from credit.oversight.evaluations import LEVEL, interval, summary

MARKS = st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=60)


def evaluation(**scores: int) -> Evaluation:
    return Evaluation(
        project_no="N1",
        by=PartyId("by"),
        of=PartyId("of"),
        as_=Capacity.SUPPLIER,
        on=date(2026, 7, 1),
        scores=tuple(Score(name, Decimal(mark)) for name, mark in scores.items()),
    )


def test_marks_are_summed_up_by_criterion() -> None:
    quality, speed = summary([evaluation(quality=90, speed=80), evaluation(quality=70)])
    assert (quality.criterion, quality.count, quality.median) == ("quality", 2, 80)
    assert (speed.count, speed.median, speed.interval) == (1, 80, None)


def test_nothing_comes_of_no_evaluation() -> None:
    assert summary([]) == ()


@given(MARKS)
def test_the_interval_lies_around_the_median(marks: list[Decimal]) -> None:
    (told,) = summary([one(mark) for mark in marks])
    if told.interval is None:
        assert len(marks) < 6
    else:
        low, high = told.interval
        assert low <= told.median <= high


def one(mark: Decimal) -> Evaluation:
    return Evaluation(
        project_no="N1",
        by=PartyId("by"),
        of=PartyId("of"),
        as_=Capacity.SUPPLIER,
        on=date(2026, 7, 1),
        scores=(Score("quality", mark),),
    )


@given(st.integers(6, 200))
def test_the_interval_misses_as_seldom_as_it_says_and_is_no_wider_than_it_must_be(count: int) -> None:
    found = interval([Decimal(place) for place in range(1, count + 1)])
    assert found is not None
    rank = int(found[0])
    missed = [Decimal(2 * sum(comb(count, k) for k in range(cut))) / 2**count for cut in (rank, rank + 1)]
    assert missed[0] <= 1 - LEVEL < missed[1]
