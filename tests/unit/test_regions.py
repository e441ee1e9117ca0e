import tomllib
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.errors import CatalogueInvalid
from credit.regions import Regions

REGIONS = Regions.load()
TABLE = tomllib.loads(files("credit").joinpath("rules/regions.toml").read_text(encoding="utf-8"))
JIANYANG_MOVED = date(2016, 5, 31)
BEFORE = JIANYANG_MOVED - timedelta(days=1)
NOW = date(2026, 6, 10)

pairs = st.sampled_from([(c["from"], row[0], row[1]) for c in TABLE["changes"] for row in c["codes"]])

# A code of its own world: 990101 became 990201, which became 990301; 990101 was given out again.
SMALL = """
[source]
title = "t"
years = "y"
tables = "t"
checked_on = 2026-01-01

[[changes]]
from = 2010-01-01
source = "s"
codes = [["990201", "990301", "乙县", "乙区"]]

[[changes]]
from = 2005-01-01
source = "s"
codes = [["990101", "990201", "甲县", "乙县"]]

[[changes]]
from = 2012-01-01
source = "s"
codes = [["990401", "990101", "丁县", "丁区"]]

[names]
990000 = "某省"
"""


def test_a_county_moved_to_another_prefecture_is_found_there_by_its_old_code() -> None:
    assert REGIONS.at("512081", JIANYANG_MOVED) == "510185"
    assert REGIONS.contains("510185", "512081", NOW)
    assert REGIONS.contains("510100", "512081", NOW)
    assert not REGIONS.contains("512000", "512081", NOW)


def test_before_its_move_a_county_is_where_it_was_also_by_its_new_code() -> None:
    assert REGIONS.at("510185", BEFORE) == "512081"
    assert REGIONS.contains("512000", "510185", BEFORE)
    assert REGIONS.contains("512000", "512081", BEFORE)
    assert not REGIONS.contains("510100", "512081", BEFORE)


def test_the_province_holds_a_moved_county_at_any_time() -> None:
    assert REGIONS.contains("510000", "512081", BEFORE)
    assert REGIONS.contains("510000", "512081", NOW)


def test_codes_that_changed_twice_are_followed_through() -> None:
    assert REGIONS.at("513902", NOW) == "510185"
    assert REGIONS.at("510185", date(1999, 6, 1)) == "513902"


def test_a_prefecture_that_was_renumbered_holds_its_counties() -> None:
    assert REGIONS.contains("513900", "512002", NOW)


@pytest.mark.parametrize("country", ["000000", "100000"])
def test_the_country_holds_everything_and_lies_in_nothing_else(country: str) -> None:
    assert REGIONS.contains(country, "512002", NOW)
    assert REGIONS.contains(country, "100000", NOW)
    assert REGIONS.contains("000000", country, NOW)
    assert not REGIONS.contains("510000", country, NOW)


@pytest.mark.parametrize(
    ("outer", "inner", "held"),
    [
        ("510000", "512002", True),
        ("512000", "512002", True),
        ("512002", "512002", True),
        ("512002", "512000", False),
        ("512000", "510000", False),
        ("512002", "512021", False),
        ("370000", "512002", False),
        ("990100", "990123", True),
        ("990200", "990123", False),
        ("512002", "512002001000", True),
        ("51", "512002", True),
    ],
)
def test_codes_without_a_change_are_compared_by_their_digits(outer: str, inner: str, *, held: bool) -> None:
    assert REGIONS.contains(outer, inner, NOW) is held


@given(pairs, st.dates(date(1999, 1, 1), date(2030, 1, 1)))
def test_on_any_day_a_division_has_one_code_whichever_it_is_named_by(pair: tuple[date, str, str], on: date) -> None:
    moved, old, new = pair
    if on >= moved:
        assert REGIONS.at(old, on) in {REGIONS.at(new, on), old}
    else:
        assert REGIONS.at(new, on) in {REGIONS.at(old, on), new}


@given(pairs, st.dates(date(1999, 1, 1), date(2030, 1, 1)))
def test_what_a_day_s_code_is_stays_so_when_asked_again(pair: tuple[date, str, str], on: date) -> None:
    for code in pair[1:]:
        assert REGIONS.at(REGIONS.at(code, on), on) == REGIONS.at(code, on)


@given(pairs)
def test_the_day_of_a_change_has_the_new_code_and_the_day_before_the_old(pair: tuple[date, str, str]) -> None:
    moved, old, new = pair
    assert REGIONS.at(old, moved) == new
    assert REGIONS.at(new, moved - timedelta(days=1)) == old


def test_a_code_given_out_again_means_its_holder_of_the_day() -> None:
    regions = Regions.read(SMALL)
    assert regions.at("990101", date(2004, 1, 1)) == "990101"
    assert regions.at("990101", date(2007, 1, 1)) == "990201"
    assert regions.at("990101", date(2011, 1, 1)) == "990301"
    assert regions.at("990101", date(2013, 1, 1)) == "990101"


def test_names_are_those_of_the_newest_holder() -> None:
    regions = Regions.read(SMALL)
    assert regions.name("990101") == "丁区"
    assert regions.name("990201") == "乙县"
    assert regions.name("990000") == "某省"
    assert regions.name("123456") is None


@pytest.mark.parametrize(
    ("code", "name"),
    [("510000", "四川省"), ("512000", "资阳市"), ("512081", "简阳市"), ("810000", "香港特别行政区"), ("419000", None)],
)
def test_provinces_prefectures_and_moved_counties_have_names(code: str, name: str | None) -> None:
    assert (REGIONS.name(code) or "").startswith(name or "")


@pytest.mark.parametrize("text", ["x", SMALL.replace('source = "s"', 'source = ""'), SMALL + '\n[more]\na = "b"'])
def test_a_wrong_table_is_refused(text: str) -> None:
    with pytest.raises(CatalogueInvalid):
        Regions.read(text)


def test_every_pair_is_two_different_codes_of_one_level_and_province() -> None:
    for change in TABLE["changes"]:
        for old, new, _, _ in change["codes"]:
            assert old != new
            assert len(old) == len(new) == 6
            assert old[:2] == new[:2]


def test_no_code_ends_twice_on_one_day() -> None:
    for change in TABLE["changes"]:
        olds = [row[0] for row in change["codes"]]
        news = [row[1] for row in change["codes"]]
        assert len(set(olds)) == len(olds)
        assert len(set(news)) == len(news)
