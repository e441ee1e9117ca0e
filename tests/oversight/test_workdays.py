"""The working days of the country (94号令 42; 民法典 203; DOMAIN §8 R6)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.rules.workdays import (
    YEARS,
    add_working_days,
    is_working_day,
    roll_forward,
    working_days_between,
    years_of,
)

covered = st.dates(date(min(YEARS), 1, 1), date(max(YEARS) - 1, 12, 31))
counts = st.integers(0, 60)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("2026-02-13", True),  # Friday
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("2026-02-15", False),
        ("2026-02-23", False),  # the festival's last day, a Monday
        ("2026-02-24", True),
        ("2026-02-28", True),  # the other Saturday worked for it
        ("2026-09-20", True),  # a Sunday worked for National Day
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday
        ("2026-10-11", False),
        ("2020-01-31", False),  # the festival as lengthened
        ("2026-06-19", False),  # Dragon Boat
    ],
)
def test_holidays_rest_and_shifted_weekend_days_are_worked(text: str, worked: bool) -> None:
    assert is_working_day(day(text)) is worked


@pytest.mark.parametrize("year", [min(YEARS) - 1, max(YEARS) + 1, 2199])
def test_a_year_without_a_published_calendar_is_unknown_on_every_day(year: int) -> None:
    assert {is_working_day(date(year, 5, n)) for n in range(1, 15)} == {None}


def test_a_year_of_which_only_new_year_is_held_is_not_covered() -> None:
    assert years_of({date(2026, 1, 1), date(2026, 10, 1), date(2027, 1, 1)}) == {2026}


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-06-16", 7, "2026-06-26"),  # E31: over Dragon Boat
        ("2026-06-03", 22, "2026-07-06"),  # E29
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-17", 1, "2026-02-24"),
        ("2026-02-24", 4, "2026-02-28"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2025-12-31", 1, "2026-01-04"),  # a Sunday worked for New Year
        ("2003-12-31", 1, "2004-01-02"),
    ],
)
def test_working_days_are_counted_without_the_opening_day(start: str, count: int, end: str) -> None:
    assert add_working_days(day(start), count) == day(end)


@pytest.mark.parametrize(
    ("start", "count"), [("2026-12-31", 1), ("2026-12-20", 10), ("2003-12-30", 1), ("2050-01-01", 5)]
)
def test_a_count_that_needs_a_missing_calendar_has_no_answer(start: str, count: int) -> None:
    assert add_working_days(day(start), count) is None


def test_the_last_working_day_of_the_last_year_held_is_still_counted() -> None:
    assert add_working_days(date(max(YEARS), 12, 30), 1) == date(max(YEARS), 12, 31)


def test_a_count_beyond_every_calendar_has_no_answer_however_long() -> None:
    assert add_working_days(day("2026-01-05"), 10**12) is None
    assert add_working_days(date.max, 1) is None


def test_counting_backward_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(day("2026-01-05"), -1)


@pytest.mark.parametrize(
    ("last", "rolled"), [("2026-10-01", "2026-10-08"), ("2026-10-09", "2026-10-09"), ("2026-02-15", "2026-02-24")]
)
def test_a_last_day_that_is_a_holiday_moves_to_the_next_working_day(last: str, rolled: str) -> None:
    assert roll_forward(day(last)) == day(rolled)


@pytest.mark.parametrize("last", ["2027-03-01", "2003-06-02"])
def test_a_last_day_in_a_year_without_calendar_cannot_be_moved(last: str) -> None:
    assert roll_forward(day(last)) is None


def test_days_between_count_the_end_and_not_the_start() -> None:
    assert working_days_between(day("2026-02-13"), day("2026-02-24")) == 2
    assert working_days_between(day("2026-02-24"), day("2026-02-13")) == 0
    assert working_days_between(day("2026-12-30"), day("2027-01-04")) is None


@given(covered, counts, counts)
def test_adding_twice_is_adding_the_sum(start: date, one: int, two: int) -> None:
    middle = add_working_days(start, one)
    assert middle is not None
    assert add_working_days(middle, two) == add_working_days(start, one + two)


@given(covered, st.integers(1, 60))
def test_a_count_ends_on_a_working_day_and_is_counted_back_alike(start: date, count: int) -> None:
    end = add_working_days(start, count)
    assert end is not None
    assert is_working_day(end) is True
    assert working_days_between(start, end) == count


@given(covered)
def test_rolling_never_skips_a_working_day(last: date) -> None:
    rolled = roll_forward(last)
    assert rolled is not None
    passed = [last + timedelta(n) for n in range((rolled - last).days)]
    assert is_working_day(rolled) is True
    assert not any(is_working_day(d) for d in passed)
