"""How long a record is a major one, by which line, and what becomes of it (DOMAIN §8 R4, R9, R10, §9 Q6, Q9, Q15)."""

from datetime import date

import pytest

from credit.model.verdict import Result
from tests.unit.story import CATALOGUE, DAY, P0, Data, Story, bearing, questions

LINE = "2000000.00"


def fined(amount: str = "2500000.00", *, on: date = P0, **more: object) -> Result:
    story = Story()
    firm = story.firm()
    story.fine(firm, amount, **more)
    return story.result(firm, on=on)


def punished(*kinds: str, on: date = P0, **more: object) -> Result:
    story = Story()
    firm = story.firm()
    story.penalty(firm, *kinds, **more)
    return story.result(firm, on=on)


def after(kind: str, day: str, amount: str = "2500000.00", *, on: date = P0) -> Result:
    """Ask of a fine to which something happened."""
    story = Story()
    firm = story.firm()
    story.happens(story.fine(firm, amount), kind, day)
    return story.result(firm, on=on)


# ---------------------------------------------------------------- three years


@pytest.mark.parametrize(
    ("deadline", "decided", "verdict"),
    [
        ("2026-06-10", "2023-06-09", "eligible"),
        ("2026-06-10", "2023-06-10", "review"),
        ("2026-06-10", "2023-06-11", "restricted"),
        ("2028-02-29", "2025-02-27", "eligible"),
        ("2028-02-29", "2025-02-28", "review"),
        ("2028-02-29", "2025-03-01", "restricted"),
        ("2027-02-28", "2024-02-27", "eligible"),
        ("2027-02-28", "2024-02-28", "review"),
        ("2027-02-28", "2024-02-29", "restricted"),
        ("2027-03-01", "2024-02-29", "eligible"),
        ("2027-03-01", "2024-03-01", "review"),
        ("2027-03-01", "2024-03-02", "restricted"),
    ],
)
def test_the_edge_of_the_three_years_is_for_a_person(deadline: str, decided: str, verdict: str) -> None:
    assert fined(decided_on=decided, on=date.fromisoformat(deadline)).verdict == verdict


@pytest.mark.parametrize("decided", ["2024-08-01", "2024-02-29", "2025-02-28", "2023-12-31", "2024-03-01"])
def test_a_findings_until_is_the_last_day_on_which_it_surely_restricts(decided: str) -> None:
    until = fined(decided_on=decided, on=date.fromisoformat(decided) + DAY).until
    assert until is not None
    assert fined(decided_on=decided, on=until).verdict == "restricted"
    assert fined(decided_on=decided, on=until + DAY).verdict != "restricted"


def test_a_fine_of_august_2024_restricts_until_the_day_before_its_third_anniversary() -> None:
    assert fined(LINE, decided_on="2024-08-01").until == date(2027, 7, 31)


def test_a_decision_before_the_three_years_served_within_them_is_for_a_person() -> None:
    assert questions(fined(decided_on="2023-06-01", served_on="2023-06-10")) == {"Q6"}
    assert fined(decided_on="2023-06-01", served_on="2023-06-09").verdict == "eligible"


def test_only_the_deadline_is_counted_back_from() -> None:
    story = Story()
    firm = story.firm()
    story.fine(firm, "2500000", decided_on="2023-06-11")
    result = story.result(firm, notice_on="2026-05-15", cut_off="2026-06-12T14:00")
    assert result.verdict == "restricted"
    assert "2026-05-15" in result.findings[0].reason.zh


@pytest.mark.parametrize(("decided", "verdict"), [("2023-06-09", "eligible"), ("2023-06-10", "eligible_with_flags")])
def test_a_light_penalty_is_shown_for_the_same_three_years(decided: str, verdict: str) -> None:
    assert punished("warning", decided_on=decided).verdict == verdict


# ---------------------------------------------------------------- before 2022-02-08, and the rule in force


@pytest.mark.parametrize("amount", ["500000.00", "2500000.00"])
def test_before_2022_02_08_any_fine_is_for_a_person(amount: str) -> None:
    assert questions(fined(amount, decided_on="2021-12-01", on=date(2022, 2, 7))) == {"Q15"}


@pytest.mark.parametrize("day", [date(2022, 2, 8), date(2022, 2, 9)])
def test_from_2022_02_08_the_line_is_two_million_also_for_older_fines(day: date) -> None:
    assert fined("1999999.99", decided_on="2021-12-01", on=day).verdict == "eligible_with_flags"
    assert fined(LINE, decided_on="2021-12-01", on=day).verdict == "restricted"


def test_the_named_kinds_restricted_before_2022_02_08_too() -> None:
    assert punished("licence_revoked", decided_on="2021-12-01", on=date(2022, 2, 7)).verdict == "restricted"


# ---------------------------------------------------------------- what happened to it later


def test_an_annulled_fine_is_no_fine() -> None:
    assert after("annulled", "2026-06-01").verdict == "eligible"


def test_a_fine_whose_execution_is_stayed_is_for_a_person() -> None:
    assert questions(after("suspended", "2026-06-05")) == {"Q10"}


def test_a_review_alone_suspends_nothing_but_is_noted() -> None:
    result = after("review_opened", "2026-01-12")
    assert result.verdict == "restricted"
    assert "复议" in result.findings[0].reason.zh


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2), P0])
def test_a_repaired_major_fine_is_for_a_person_before_and_after_2026_04_01(day: date) -> None:
    assert questions(after("repaired", "2026-03-02", on=day)) == {"Q9"}


def test_before_2026_04_01_a_repaired_record_is_not_judged_by_the_order_of_that_day() -> None:
    cited = [c.instrument for f in after("repaired", "2026-03-02", on=date(2026, 3, 31)).findings for c in f.citations]
    assert cited
    assert CATALOGUE.title("NDRC36") not in cited


def test_a_repaired_small_fine_shows_nothing() -> None:
    assert after("repaired", "2026-05-15", "50000").verdict == "eligible"


def test_a_paid_fine_is_still_a_record() -> None:
    assert after("performed", "2026-06-09").verdict == "restricted"


def test_a_fine_paid_on_the_cut_offs_own_day_is_still_a_record() -> None:
    assert after("performed", "2026-06-10").verdict == "restricted"


def test_a_ban_that_is_over_does_not_clear_the_same_decisions_larger_fine() -> None:
    story = Story()
    firm = story.firm()
    ban: Data = {"from_": "2025-02-01", "until": "2026-01-31", "kinds": ["fine", "ban"]}
    record = story.ban(firm, decided_on="2025-01-27", fine=LINE, **ban)
    result = story.result(firm)
    assert (result.verdict, questions(result), bearing(result)) == ("restricted", {"Q12b"}, {record})
