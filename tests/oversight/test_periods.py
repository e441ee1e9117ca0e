"""The file of periods: strict, sourced, and careful where it is not (DOMAIN §§3.7, 3.8, 5, 6.3)."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from credit.errors import CatalogueInvalid, Unknown
from credit.rules.catalogue import Catalogue
from credit.rules.periods import Periods, Unit

CATALOGUE = Catalogue.load()
PERIODS = Periods.load(CATALOGUE)


def plain() -> dict[str, Any]:
    return tomllib.loads((resources.files("credit.rules") / "periods.toml").read_text(encoding="utf-8"))


def changed(period_id: str, change: Mapping[str, Any]) -> dict[str, Any]:
    data = plain()
    data["periods"] = [{**row, **change} if row["id"] == period_id else row for row in data["periods"]]
    return data


@pytest.mark.parametrize(
    ("period", "length", "unit"),
    [
        ("GP-QUESTION", 7, "working_day"),
        ("GP-REPLY", 7, "working_day"),
        ("GP-COMPLAINT", 15, "working_day"),
        ("GP-CHECK", 5, "working_day"),
        ("GP-TURN-AWAY", 3, "working_day"),
        ("GP-DECISION", 30, "working_day"),
        ("GP-PAUSE", 30, "day"),
        ("BID-COMPLAINT", 10, "day"),
        ("BID-ACCEPTANCE", 3, "working_day"),
        ("BID-DECISION", 30, "working_day"),
        ("PUB-PENALTY", 7, "working_day"),
        ("PUB-WITHDRAW", 3, "working_day"),
        ("CORRECTION-RELAPSE", 24, "month"),
        ("GP-CORRECTION", None, "working_day"),
    ],
)
def test_each_period_has_the_length_that_the_law_gives(period: str, length: int | None, unit: str) -> None:
    row = PERIODS.period(period)
    assert (row.length, row.unit) == (length, Unit(unit))


def test_a_period_without_a_length_has_no_last_day() -> None:
    assert PERIODS.period("GP-CORRECTION").last_day(date(2026, 6, 1)) is None


def test_calendar_days_that_end_on_a_holiday_roll_forward() -> None:
    assert PERIODS.period("BID-COMPLAINT").last_day(date(2026, 9, 21)) == date(2026, 10, 8)


def test_a_span_of_months_does_not_roll() -> None:
    assert PERIODS.period("CORRECTION-RELAPSE").last_day(date(2024, 10, 1)) == date(2026, 10, 1)


@pytest.mark.parametrize("period", ["LADDER-EXPIRY", "CORRECTION-RELAPSE", "SITE-TAKEDOWN", "OBJECTION-DECISION"])
def test_what_is_ours_or_from_memory_accuses_nobody(period: str) -> None:
    assert not PERIODS.period(period).accuses


def test_an_unknown_period_is_named() -> None:
    with pytest.raises(Unknown, match="GP-NONE"):
        PERIODS.period("GP-NONE")


def test_what_was_not_in_force_is_not_cited() -> None:
    citations = PERIODS.cite(PERIODS.period("GP-DECISION").citations, date(2017, 5, 2))
    assert [c.article for c in citations] == ["56", "58"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"citations": [{"instrument": "NOLAW", "article": "1"}]}, "NOLAW"),
        ({"months": 1}, "length"),
        ({"rolls": True}, "holiday"),
        ({"days": 0}, "greater than 0"),
        ({"lenght": 3}, "lenght"),
        ({"mark": "sure"}, "mark"),
        ({"id": "GP-ELSE"}, "lacks GP-CHECK"),
        ({"id": "GP-REPLY"}, "stands twice"),
    ],
)
def test_a_mistake_in_the_file_stops_it_by_name(change: dict[str, Any], told: str) -> None:
    with pytest.raises(CatalogueInvalid, match=told):
        Periods.of(changed("GP-CHECK", change), CATALOGUE.instruments)


def test_an_instrument_declared_twice_is_refused() -> None:
    data = plain()
    data["instruments"]["GPL"] = {"title": "x", "en": "x", "kind": "law", "mark": "M"}
    with pytest.raises(CatalogueInvalid, match="GPL"):
        Periods.of(data, CATALOGUE.instruments)


def test_a_row_of_a_second_file_replaces_the_row_of_its_id(tmp_path: Path) -> None:
    row = next(r for r in plain()["periods"] if r["id"] == "LADDER-EXPIRY")
    file = tmp_path / "local.toml"
    file.write_text(
        'version = "ours"\n[[periods]]\nid = "LADDER-EXPIRY"\nmonths = 6\nunit = "month"\nmark = "C"\n'
        f'title = {{ zh = "{row["title"]["zh"]}", en = "x" }}\nstarts = {{ zh = "作出之日", en = "x" }}\n',
        encoding="utf-8",
    )
    laid_over = Periods.load(CATALOGUE, file)
    assert laid_over.period("LADDER-EXPIRY").length == 6
    assert len(laid_over.periods) == len(PERIODS.periods)
    assert laid_over.version == f"{PERIODS.version}+ours"


@pytest.mark.parametrize("text", [None, "version = ["])
def test_a_second_file_that_cannot_be_read_is_named(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "local.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueInvalid, match=r"local\.toml"):
        Periods.load(CATALOGUE, file)
