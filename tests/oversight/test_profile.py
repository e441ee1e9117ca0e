"""The profile as a whole: counts, coverage, watch and its end (DOMAIN §7.3; 94号令 37)."""

from dataclasses import replace
from pathlib import Path

import pytest

from credit.errors import CatalogueInvalid
from credit.model.complaint import ComplaintOutcome
from credit.oversight.profile import Profile
from credit.oversight.trigger import TriggerState
from credit.rules.catalogue import Catalogue
from credit.rules.thresholds import Thresholds
from tests.oversight.lodging import QINGDAO, RULES, UPHELD, day, decided, evidence, letter, seen, withdrawn

NAMES = (
    "n_unfounded withdraw_rate late_withdraw no_bid enter_vs_win scatter template shell co_complaint repeat_matter "
    "dense pause_cost retaliation winner_shield forged confidential"
)


def serial() -> Profile:
    return seen(evidence(*(decided(f"2026-0{n}-05") for n in (1, 2, 3))))


def test_the_sixteen_signals_stand_in_their_order() -> None:
    assert " ".join(s.name for s in seen(evidence()).signals) == NAMES


def test_one_that_never_complained_has_an_empty_profile() -> None:
    found = seen(evidence())
    assert (found.counts, found.trigger.state, found.proposal, found.watch) == ((), TriggerState.NOT_MET, None, False)


def test_letters_are_counted_by_outcome() -> None:
    found = seen(evidence(decided("2026-01-05"), decided("2026-01-06"), letter("2026-02-05")))
    assert dict(found.counts) == {ComplaintOutcome.PENDING: 1, ComplaintOutcome.REJECTED_UNFOUNDED: 2}


def test_letters_are_counted_by_province() -> None:
    held = evidence(decided("2026-01-05"), decided("2026-01-06", office=QINGDAO, outcome=UPHELD))
    rows = seen(replace(held, provinces={"510000": "四川省"})).by_province
    assert [(r.region, r.name, r.counted) for r in rows] == [("370000", None, 0), ("510000", "四川省", 1)]


def test_provinces_that_report_nothing_are_named_first() -> None:
    held = replace(evidence(), provinces={"510000": "四川省", "620000": "甘肃省"}, reporting=frozenset({"510000"}))
    assert [(c.name, c.reports) for c in seen(held).coverage] == [("甘肃省", False), ("四川省", True)]


def test_a_serial_complainant_is_watched_until_the_window_is_over() -> None:
    found = serial()
    assert (found.watch, found.watch_until) == (True, day("2027-03-04"))


def test_watch_is_over_with_the_window() -> None:
    found = seen(evidence(*(decided(f"2026-0{n}-05") for n in (1, 2, 3))), "2027-03-05")
    assert (found.watch, found.trigger.state) == (False, TriggerState.MET)


def test_from_three_in_ten_upheld_nobody_is_watched_though_the_trigger_is_met() -> None:
    held = [decided(f"2026-01-{n:02}", outcome=UPHELD if n <= 3 else ComplaintOutcome.REJECTED_UNFOUNDED)
            for n in range(1, 11)]  # fmt: skip
    found = seen(evidence(*held))
    assert (found.watch, found.shielded, found.trigger.state) == (False, True, TriggerState.MET)


def test_with_fewer_upheld_the_shield_does_not_hold() -> None:
    held = [decided(f"2026-01-{n:02}", outcome=UPHELD if n <= 2 else ComplaintOutcome.REJECTED_UNFOUNDED)
            for n in range(1, 11)]  # fmt: skip
    assert seen(evidence(*held)).watch


def test_an_honest_firm_that_failed_twice_is_not_watched() -> None:
    held = decided("2026-01-05"), decided("2026-03-05"), withdrawn("2026-04-05", "2026-04-10")
    assert not seen(evidence(*held)).watch


def test_every_signal_says_what_it_means_in_both_languages() -> None:
    assert all(s.reason.zh and s.reason.en for s in serial().signals)


def test_an_unknown_signal_has_no_value_and_leads_to_nothing() -> None:
    unknown = [s for s in seen(evidence()).signals if s.status == "unknown"]
    assert unknown
    assert not any(s.points_to_watch or s.value is not None for s in unknown)


# ---------------------------------------------------------------- the thresholds


def test_every_instrument_cited_stands_in_the_catalogue() -> None:
    tables = (RULES.numbers, RULES.dates, RULES.sets, RULES.signals)
    cited = {cite.instrument for table in tables for row in table.values() for cite in row.citations}
    assert cited <= set(Catalogue.load().instruments)


@pytest.mark.parametrize(
    "spoilt", [{"signals": {}}, {"extra": 1}, {"numbers": {}}], ids=["signals", "extra", "numbers"]
)
def test_a_file_that_lacks_or_mistakes_something_stops_the_start(spoilt: dict[str, object]) -> None:
    with pytest.raises(CatalogueInvalid):
        Thresholds.of({**RULES.model_dump(), **spoilt})


def test_an_outcome_that_is_none_stops_the_start() -> None:
    data = RULES.model_dump()
    data["sets"]["unproven"]["values"] = ["rejected"]
    with pytest.raises(CatalogueInvalid):
        Thresholds.of(data)


def test_a_second_file_replaces_rows_by_name(tmp_path: Path) -> None:
    row = '[numbers.trigger_count]\nvalue = 4\nunit = "letters"\nmark = "M"\nsource = "a test"\n'
    (tmp_path / "own.toml").write_text(row, encoding="utf-8")
    own = Thresholds.load(tmp_path / "own.toml")
    assert (own.whole("trigger_count"), own.whole("trigger_months")) == (4, 12)
