"""Legal days and instants, read in Asia/Shanghai (DOMAIN §8 R1), and where they stand against the cut-off."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.model.when import SHANGHAI, When, day_end, day_start, from_tick, legal_day, to_tick
from credit.rules.timing import CutOff, Timing
from tests.unit.story import DAY, activity, at

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
instants = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=OFFSETS)  # noqa: DTZ001 - zones are drawn
days = st.dates(date(1950, 1, 1), date(2100, 1, 1))
whens = st.builds(When.of, days | instants)
SECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-06-10", "2026-06-10"),
        ("2026-06-10T23:59:59+08:00", "2026-06-10"),
        ("2026-06-10T15:59:59Z", "2026-06-10"),
        ("2026-06-10T16:00:00Z", "2026-06-11"),
        ("2026-06-10T00:00:00+09:00", "2026-06-09"),
    ],
)
def test_an_instants_legal_day_is_the_one_in_shanghai(text: str, day: str) -> None:
    assert str(When.parse(text).day) == day


@pytest.mark.parametrize("text", ["2026-06-10T14:00:00", "2026-02-30", "2026-6-10", "", "yesterday", "20260610"])
def test_what_is_neither_a_day_nor_an_instant_with_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        When.parse(text)


def test_a_week_date_is_no_day_of_the_contract() -> None:
    with pytest.raises(ValueError, match=r".+"):
        When.parse("2026-W24-3")


@given(whens)
def test_a_when_reads_back_as_it_was_written(when: When) -> None:
    assert When.parse(str(when)) == when


@given(days)
def test_a_day_ends_where_the_next_begins(day: date) -> None:
    assert day_end(day) + SECOND == day_start(day + DAY)
    assert legal_day(day_start(day)) == legal_day(day_end(day)) == day


def test_the_last_day_of_the_calendar_ends_too() -> None:
    assert day_end(date.max).date() == date.max


@given(instants)
def test_ticks_are_microseconds_and_lose_nothing(instant: datetime) -> None:
    assert from_tick(to_tick(instant)) == instant
    assert to_tick(instant + SECOND) == to_tick(instant) + 1


def test_the_first_tick_is_that_of_1970() -> None:
    assert from_tick(0) == datetime(1970, 1, 1, tzinfo=UTC)


# ---------------------------------------------------------------- against the cut-off


def cut(cut_off: str | None = "2026-06-10T14:00") -> CutOff:
    return CutOff.of(activity(cut_off=cut_off))


def test_a_silent_document_is_cut_off_at_the_end_of_the_deadlines_day() -> None:
    silent = cut(None)
    assert (silent.silent, silent.at) == (True, day_end(date(2026, 6, 10)))


def test_the_cut_offs_day_is_the_one_in_shanghai() -> None:
    assert CutOff.of(activity(cut_off="2026-06-11T00:30")).day == date(2026, 6, 11)
    assert CutOff.of(activity(cut_off=at("2026-06-11T00:30").astimezone(UTC).isoformat()[:16])).day == date(2026, 6, 10)


@given(whens)
def test_a_burden_in_time_was_in_time_at_any_later_cut_off(when: When) -> None:
    if cut().burden(when) is Timing.IN:
        assert cut("2026-06-11T14:00").burden(when) is Timing.IN


@given(whens)
def test_a_relief_that_is_sure_is_sure_at_any_later_cut_off(when: When) -> None:
    if cut().relief(when) is Timing.IN:
        assert cut("2026-06-11T14:00").relief(when) is Timing.IN


@given(whens)
def test_a_relief_is_never_in_time_where_a_burden_of_that_day_is_not(when: When) -> None:
    if cut().relief(when) is Timing.IN:
        assert cut().burden(when) is Timing.IN


@given(whens)
def test_where_the_document_speaks_nothing_is_silent(when: When) -> None:
    assert Timing.SILENT not in {cut().burden(when), cut().relief(when)}


def test_zones_do_not_move_an_instant() -> None:
    instant = datetime(2026, 6, 10, 14, 0, tzinfo=SHANGHAI)
    assert cut().burden(When.of(instant.astimezone(UTC))) is Timing.IN
    assert cut().burden(When.of((instant + SECOND).astimezone(UTC))) is Timing.AFTER
