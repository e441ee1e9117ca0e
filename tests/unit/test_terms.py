"""Counting months and years as the Civil Code does (民法典 201–202; DOMAIN §8 R2–R4)."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.model.record import Ban, BanScope
from credit.model.when import When
from credit.rules.bans import Term, term_of
from credit.rules.rows import BanArticle
from credit.rules.terms import DAY, add_months, last_day_inside, moved, years_before

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
months = st.integers(1, 120)
LONGEST = 36
ARTICLE = BanArticle(instrument="GPL", article="77", min_months=12, max_months=LONGEST)
BAR = BanArticle(instrument="GPR", article="75")


def month_of(day: date) -> int:
    return day.year * 12 + day.month


# ---------------------------------------------------------------- months


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2025-06-10", 12, "2026-06-10"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-08-31", 1, "2025-09-30"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2025-12-31", 2, "2026-02-28"),
    ],
)
def test_a_term_ends_on_the_corresponding_day_or_the_months_last(start: str, count: int, end: str) -> None:
    assert str(add_months(date.fromisoformat(start), count)) == end


@given(days, months)
def test_the_corresponding_day_lies_in_the_month_counted_to_and_never_beyond_its_day(start: date, count: int) -> None:
    end = add_months(start, count)
    assert month_of(end) == month_of(start) + count
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])


@given(days, months)
def test_a_later_start_never_ends_earlier(start: date, count: int) -> None:
    assert add_months(start, count) <= add_months(start + DAY, count)


def test_beyond_the_calendar_the_count_stops_at_its_edges() -> None:
    assert add_months(date(9999, 6, 1), 12) == date.max
    assert years_before(date(2, 1, 1), 3) == date.min
    assert moved(date.max, 1) == date.max
    assert moved(date.min, -1) == date.min


# ---------------------------------------------------------------- years


@pytest.mark.parametrize(
    ("day", "edge"),
    [("2026-06-10", "2023-06-10"), ("2028-02-29", "2025-02-28"), ("2027-02-28", "2024-02-28")],
)
def test_three_years_back_is_the_corresponding_day(day: str, edge: str) -> None:
    assert str(years_before(date.fromisoformat(day), 3)) == edge


@given(days, st.integers(1, 10))
def test_the_last_day_inside_is_the_last_on_which_the_decision_lies_after_the_edge(decided: date, years: int) -> None:
    last = last_day_inside(decided, years)
    assert years_before(last, years) < decided
    assert all(years_before(last + n * DAY, years) >= decided for n in range(1, 5))


@given(days)
def test_days_are_moved_as_they_are_added(day: date) -> None:
    assert moved(day, 30) == day + timedelta(days=30)
    assert moved(day, -30) == day - timedelta(days=30)


# ---------------------------------------------------------------- terms of bans


def ban(**fields: object) -> Ban:
    return Ban(BanScope.PROCUREMENT, **fields)  # pyright: ignore[reportArgumentType]  # fields of a ban


@given(days, st.integers(1, LONGEST))
def test_a_term_of_months_has_exactly_one_doubtful_last_day(start: date, count: int) -> None:
    term = term_of(ban(months=count), When(start), [ARTICLE])
    last = add_months(start, count)
    assert (term.sure_from, term.sure_to, term.doubt_to) == (start + DAY, last - DAY, last)


@given(days, days)
def test_days_stated_are_taken_as_they_stand(one: date, other: date) -> None:
    first, last = sorted((one, other))
    term = term_of(ban(from_=When(first), until=last), When(date(1990, 1, 1)), [BAR])
    assert (term.sure_from, term.sure_to, term.doubt_to) == (first, last, None)


@given(days)
def test_without_a_term_the_shortest_is_sure_and_the_longest_doubtful(start: date) -> None:
    term = term_of(ban(), When(start), [ARTICLE])
    assert term == Term(When(start), start + DAY, add_months(start, 12) - DAY, add_months(start, LONGEST), "open_term")


@given(days)
def test_an_article_without_terms_makes_a_ban_without_end(start: date) -> None:
    assert term_of(ban(), When(start), [BAR]).sure_to is None
    assert term_of(ban(indefinite=True), When(start), [BAR]).sure_to is None


@given(days, st.integers(LONGEST + 1, 120))
def test_a_term_longer_than_the_article_allows_is_sure_only_as_far_as_that(start: date, count: int) -> None:
    term = term_of(ban(months=count), When(start), [ARTICLE])
    assert (term.sure_to, term.doubt_to, term.doubt) == (
        add_months(start, LONGEST) - DAY,
        add_months(start, count),
        "beyond_law",
    )


def test_of_several_articles_the_shortest_and_the_longest_term_count() -> None:
    longer = BanArticle(instrument="BIDLAW", article="60", min_months=24, max_months=60)
    term = term_of(ban(), When(date(2024, 1, 10)), [ARTICLE, longer])
    assert (term.sure_to, term.doubt_to) == (date(2025, 1, 9), date(2029, 1, 10))
