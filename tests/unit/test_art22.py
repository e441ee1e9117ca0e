"""采购法 22(1)(5), 条例 19, 财库〔2022〕3号: what is a major violation record, and for how long."""

from datetime import date

import pytest

from credit.model.record import RecordId
from credit.model.verdict import Result
from credit.rules.catalogue import Catalogue
from tests.unit.story import CATALOGUE, P0, Story, effects, found, questions

NAMED = ["criminal", "production_stopped", "permit_revoked", "licence_revoked"]
HEAVY = ["closure", "operations_restricted", "practice_restricted", "downgraded", "permit_withheld"]
LIGHT = ["warning", "criticism", "detention", "correction_order", "bad_conduct_listing", "other"]
LINE = "2000000.00"
HIGHER = {"checked_on": "2026-06-01", "amount": "5000000.00"}


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


# ---------------------------------------------------------------- which kinds


@pytest.mark.parametrize("kind", NAMED)
def test_a_kind_named_by_article_19_restricts(kind: str) -> None:
    assert punished(kind).verdict == "restricted"


@pytest.mark.parametrize("kind", HEAVY)
def test_a_heavy_kind_that_is_not_named_is_for_a_person(kind: str) -> None:
    assert effects(punished(kind)) == {"GP-HEAVY-UNNAMED": "review"}


@pytest.mark.parametrize("kind", LIGHT)
def test_a_light_kind_is_only_shown(kind: str) -> None:
    assert punished(kind).verdict == "eligible_with_flags"


def test_a_penalty_marked_as_not_in_business_is_only_shown() -> None:
    assert effects(punished("criminal", in_business=False)) == {"GP-OFF-BUSINESS": "flag"}


@pytest.mark.parametrize("said", [None, True])
def test_a_penalty_not_marked_as_off_business_is_read_as_in_business(said: bool | None) -> None:
    assert punished("criminal", in_business=said).verdict == "restricted"


def test_a_leaders_conviction_does_not_reach_the_firm() -> None:
    story = Story()
    firm, leader = story.firm(), story.person()
    story.leads(leader, firm, since="2019-01-01")
    story.penalty(leader, "criminal", decided_on="2025-03-20", legal_basis=["刑法 133之一"])
    assert story.verdict(firm) == "eligible"


def test_several_kinds_of_one_decision_are_each_judged() -> None:
    assert effects(punished("warning", "closure", "licence_revoked")) == {
        "GP-LIGHT": "flag",
        "GP-HEAVY-UNNAMED": "review",
        "GP-ART22-REVOKED": "restrict",
    }


def test_a_ban_whose_terms_are_not_recorded_is_never_a_silent_pass() -> None:
    assert punished("ban").verdict == "review"


def test_a_decision_without_a_kind_is_at_least_shown() -> None:
    assert punished().verdict != "eligible"


# ---------------------------------------------------------------- the line of a larger fine


@pytest.mark.parametrize(
    ("amount", "verdict"),
    [("1999999.99", "eligible_with_flags"), (LINE, "restricted"), ("2000000.01", "restricted")],
)
def test_two_million_itself_is_a_larger_fine(amount: str, verdict: str) -> None:
    assert fined(amount).verdict == verdict


def test_a_fine_counts_by_its_sum_also_where_the_kinds_leave_it_out() -> None:
    assert punished("warning", fine=LINE).verdict == "restricted"


@pytest.mark.parametrize("kind", ["fine", "confiscation"])
def test_a_sum_of_money_that_is_not_recorded_is_for_a_person(kind: str) -> None:
    assert punished(kind).verdict == "review"


@pytest.mark.parametrize(
    ("amount", "verdict"),
    [("4999999.99", "eligible_with_flags"), ("5000000.00", "restricted")],
)
def test_a_sectors_higher_line_rules(amount: str, verdict: str) -> None:
    assert fined(amount, sector="证券", sector_line=HIGHER).verdict == verdict


def test_a_sectors_lower_line_does_not_lower_the_general_one() -> None:
    assert fined("1999999.99", sector_line={**HIGHER, "amount": "100000"}).verdict == "eligible_with_flags"


def test_at_the_line_a_sector_that_nobody_looked_up_is_for_a_person() -> None:
    assert questions(fined(LINE, sector_line=None)) == {"Q14"}
    assert fined(LINE, sector_line=None).verdict == "review"


def test_below_the_general_line_no_sector_need_be_looked_up() -> None:
    assert fined("1999999.99", sector_line=None).verdict == "eligible_with_flags"


def with_sector(amount: str) -> Catalogue:
    row = {"sector": "证券", "amount": amount, "checked_on": "2026-01-01", "citations": [{"instrument": "CK3"}]}
    return Catalogue.of({**CATALOGUE.plain, "sectors": [row]})


@pytest.mark.parametrize(
    ("told", "verdict"),
    [(None, "eligible_with_flags"), ("5000000", "eligible_with_flags"), ("4000000", "review")],
)
def test_the_catalogues_sector_row_stands_and_a_differing_record_is_for_a_person(
    told: str | None, verdict: str
) -> None:
    story = Story(catalogue=with_sector("5000000"))
    firm = story.firm()
    line = told and {"checked_on": "2026-06-01", "amount": told}
    story.fine(firm, "4500000", sector="证券", sector_line=line)
    assert story.verdict(firm) == verdict


# ---------------------------------------------------------------- one decision at a time


def two_fines(one: str, other: str) -> tuple[Story, str, list[RecordId]]:
    story = Story()
    firm = story.firm()
    return story, firm, [story.fine(firm, one), story.fine(firm, other, decided_on="2025-09-08")]


def test_fines_of_two_decisions_are_shown_together_but_not_summed() -> None:
    story, firm, fines = two_fines("1200000.00", "1100000.00")
    result = story.result(firm)
    assert result.verdict == "eligible_with_flags"
    assert found(result, "GP-FINE-SUM").records == tuple(fines)


def test_fines_that_stay_below_the_line_together_are_not_spoken_of_as_a_sum() -> None:
    story, firm, _ = two_fines("1000000.00", "999999.99")
    assert "GP-FINE-SUM" not in effects(story.result(firm))


def test_repaired_fines_are_not_shown_as_a_sum() -> None:
    story, firm, fines = two_fines("1200000.00", "1100000.00")
    for fine in fines:
        story.happens(fine, "repaired", "2026-05-15")
    assert story.verdict(firm) == "eligible"


def test_a_fine_at_the_line_is_not_one_of_several_below_it() -> None:
    story = Story()
    firm = story.firm()
    story.penalty(firm, "fine", "confiscation", fine="3000000", confiscated="1000")
    story.fine(firm, "1000")
    assert "GP-FINE-SUM" not in effects(story.result(firm))


@pytest.mark.parametrize(("taken", "effect"), [("1999999.99", "flag"), (LINE, "review")])
def test_a_confiscation_of_the_size_of_the_line_is_for_a_person(taken: str, effect: str) -> None:
    assert set(effects(punished("confiscation", confiscated=taken)).values()) == {effect}


def test_what_is_confiscated_is_not_added_to_the_fine() -> None:
    assert punished("fine", "confiscation", fine="1500000", confiscated="1000000").verdict == "eligible_with_flags"
