"""`credit complainants`: whom it lists, what a profile shows, and who may see it."""

import json
from typing import Any

from tests.cli.bureau import HONEST, NAMES, OTHER, PERSON, SERIAL, SHELL, Bureau

DAY = ("--as-of", "2026-11-22")


def items(ledger: Bureau, *words: str) -> list[dict[str, Any]]:
    shown = ledger.run("complainants", *words, *DAY, "--json")
    assert shown.exit_code == 0, shown.stderr
    return json.loads(shown.stdout)["items"]


def test_those_with_several_letters_are_listed_with_their_names(ledger: Bureau) -> None:
    assert {(one["id"], one["name"]) for one in items(ledger)} == {(id_, NAMES[id_]) for id_ in (SERIAL, SHELL, HONEST)}


def test_whoever_meets_the_count_is_found_by_it(ledger: Bureau) -> None:
    (met,) = items(ledger, "--trigger", "met")
    assert (met["id"], met["by_filing"], met["by_decision"], met["proposal"]) == (SERIAL, 3, 3, "list")
    assert items(ledger, "--trigger", "review") == []


def test_only_those_under_attention_are_listed_when_asked_for(ledger: Bureau) -> None:
    assert [one["id"] for one in items(ledger, "--watch")] == [SERIAL]


def test_a_region_takes_those_with_a_letter_in_it(ledger: Bureau) -> None:
    assert [one["id"] for one in items(ledger, "--region", "370000")] == [SERIAL]
    assert [one["id"] for one in items(ledger, "--region", "510100")] == [HONEST]


def test_an_earlier_day_knows_nothing_of_later_decisions(ledger: Bureau) -> None:
    shown = ledger.run("complainants", "--trigger", "met", "--as-of", "2026-07-05", "--json")
    assert json.loads(shown.stdout)["items"] == []


def test_a_limit_says_that_there_are_more(ledger: Bureau) -> None:
    shown = ledger.run("complainants", *DAY, "--limit", "1", "--json")
    assert json.loads(shown.stdout)["more"] is True
    assert "--limit" in ledger.run("complainants", *DAY, "--limit", "1").stderr


def test_groups_of_linked_complainants_are_shown_each_with_its_own_letters(ledger: Bureau) -> None:
    (group,) = items(ledger, "clusters")
    assert {one["id"] for one in group["members"]} >= {SERIAL, SHELL}
    shown = ledger.run("complainants", "clusters", *DAY).stdout
    assert all(f"{one['name']} {group['complaints'][one['id']]}" in shown for one in group["members"])
    assert "从不合并" in shown
    assert "Nobody is restricted" in shown


def test_the_table_says_that_nobody_is_restricted(ledger: Bureau) -> None:
    shown = ledger.run("complainants", *DAY).stdout
    assert "不限制任何人" in shown
    assert "Nobody is restricted" in shown


def test_a_profile_shows_window_letters_signals_links_and_that_it_restricts_nobody(ledger: Bureau) -> None:
    shown = ledger.run("complainants", "show", SERIAL, *DAY).stdout
    for words in ("2026-02-02 – 2027-02-01", "投0号", "投1号", "投2号", "计入 counted", "n_unfounded", SHELL, OTHER):
        assert words in shown
    assert "Nobody is restricted" in shown


def test_a_share_is_shown_with_its_denominator_and_interval(ledger: Bureau) -> None:
    profile = json.loads(ledger.run("complainants", "show", HONEST, *DAY, "--json").stdout)
    shield = next(signal for signal in profile["signals"] if signal["name"] == "winner_shield")
    assert shield["of"] == 3
    low, high = (str(end).rstrip("0").rstrip(".") for end in shield["interval"])
    assert f"{low}–{high}" in ledger.run("complainants", "show", HONEST, *DAY).stdout


def test_a_linked_person_is_shown_masked(ledger: Bureau) -> None:
    shown = ledger.run("complainants", "show", SERIAL, *DAY).stdout
    assert PERSON not in shown
    assert "张***" in shown


def test_an_unknown_party_is_told_so(ledger: Bureau) -> None:
    shown = ledger.run("complainants", "show", "91512002MAF0000126")
    assert (shown.exit_code, "未登记" in shown.stderr) == (2, True)


def test_a_key_of_no_finance_office_sees_no_profile(ledger: Bureau) -> None:
    for words in (("complainants",), ("complainants", "show", SERIAL)):
        shown = ledger.run(*words, "--key-file", str(ledger.keys["police"]))
        assert (shown.exit_code, "财政部门" in shown.stderr, shown.stdout) == (2, True, "")
    assert ledger.run("complainants", "--key-file", str(ledger.keys["chengdu"]), *DAY).exit_code == 0


def test_a_region_or_day_of_no_form_is_refused(ledger: Bureau) -> None:
    assert ledger.run("complainants", "--region", "51").exit_code == 2
    assert ledger.run("complainants", "--as-of", "20260101").exit_code == 2
