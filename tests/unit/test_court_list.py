"""L03, the dishonest judgment debtors: grounds, terms, performance, deletion (法释〔2017〕7号 1, 2, 10; Q29)."""

from datetime import date
from itertools import permutations

import pytest

from credit.model.record import BACK, GONE
from credit.model.verdict import Result
from tests.unit.story import DAY, P0, UNWILLING, Data, Story, effects, questions

WITH_TERM = [
    "以伪造证据、暴力、威胁等方法妨碍、抗拒执行",
    "以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行",
    "违反财产报告制度",
    "违反限制消费令",
    "无正当理由拒不履行执行和解协议",
]
WITHOUT_TERM = [UNWILLING, "其他有履行能力而拒不履行生效法律文书确定义务的", "其他规定情形", None]
TWO_YEARS: Data = {"ground": WITH_TERM[2]}


def on_list(*events: tuple[str, ...], on: date = P0, **entry: object) -> Result:
    """Ask of a firm on the list to whose entry this happened: kind, day, and by an import its reason."""
    story = Story()
    firm = story.firm()
    record = story.listing(firm, "L03", **entry)
    for kind, day, *reason in events:
        story.happens(record, kind, day, reason=reason[0] if reason else None)
    return story.result(firm, on=on)


# ---------------------------------------------------------------- terms


@pytest.mark.parametrize("ground", WITHOUT_TERM)
def test_a_ground_without_a_term_restricts_until_the_entry_is_deleted(ground: str | None) -> None:
    result = on_list(ground=ground, listed_on="2022-03-01")
    assert (result.verdict, result.until) == ("restricted", None)


@pytest.mark.parametrize("ground", WITH_TERM)
def test_a_ground_with_a_term_restricts_for_two_years_and_then_is_for_a_person(ground: str) -> None:
    told = [on_list(ground=ground, listed_on="2024-06-10", on=P0 + n * DAY) for n in (-1, 0, 1)]
    assert [x.verdict for x in told] == ["restricted", "restricted", "review"]
    assert told[0].until == P0
    assert questions(told[2]) == {"Q29"}


def test_an_extended_term_stated_by_the_entry_counts() -> None:
    extended: Data = {"ground": WITH_TERM[0], "listed_on": "2021-07-01", "until": "2026-07-01"}
    told = [on_list(on=date(2026, 7, day), **extended).verdict for day in (1, 2)]
    assert told == ["restricted", "review"]
    assert on_list(**extended).until == date(2026, 7, 1)


def test_the_last_day_that_an_entry_states_is_inside() -> None:
    assert on_list(until="2026-06-10").verdict == "restricted"
    assert on_list(until="2026-06-09").verdict == "review"


def test_the_term_runs_from_publication() -> None:
    assert on_list(**TWO_YEARS, listed_on="2024-06-01", published_on="2024-06-10").until == P0


# ---------------------------------------------------------------- performed, deleted, stayed


def test_performance_of_an_entry_without_a_term_is_for_a_person_until_it_is_deleted() -> None:
    assert questions(on_list(("performed", "2026-06-01"))) == {"Q29"}


def test_performance_of_an_entry_within_its_term_changes_nothing() -> None:
    assert on_list(("performed", "2026-06-01"), **TWO_YEARS).verdict == "restricted"


def test_performance_on_the_cut_offs_own_day_changes_nothing_within_the_term() -> None:
    assert on_list(("performed", "2026-06-10"), **TWO_YEARS).verdict == "restricted"


def test_performance_on_the_cut_offs_own_day_of_an_entry_without_a_term_is_for_a_person() -> None:
    assert on_list(("performed", "2026-06-10")).verdict == "review"


@pytest.mark.parametrize(
    ("deleted", "verdict"), [("2026-06-09", "eligible"), ("2026-06-10", "review"), ("2026-06-11", "restricted")]
)
def test_deletion_counts_from_its_day_and_on_the_cut_offs_own_day_is_for_a_person(deleted: str, verdict: str) -> None:
    assert on_list(("removed", deleted)).verdict == verdict


def test_an_entry_suspended_by_the_court_is_for_a_person() -> None:
    assert on_list(("suspended", "2026-06-01")).verdict == "review"


def test_an_objection_does_not_suspend_the_entry() -> None:
    assert on_list(("objection_opened", "2026-06-01")).verdict == "restricted"


def test_an_entry_of_the_day_after_the_cut_off_does_not_bite_yet() -> None:
    assert on_list(listed_on=P0).verdict == "restricted"
    assert on_list(listed_on=P0 + DAY).verdict == "eligible"


# ---------------------------------------------------------------- who, and where


def test_a_natural_person_matched_by_name_and_masked_number_is_for_a_person() -> None:
    story = Story()
    supplier = story.person(roles=["supplier"])
    story.listing(supplier, "L03", matched_by="masked_identifier")
    assert questions(story.result(supplier)) == {"Q27"}


def test_an_older_organisation_code_names_the_same_party() -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, "L03", matched_by="organisation_code")
    assert story.verdict(f"org:{firm[8:17]}") == "restricted"


@pytest.mark.parametrize("role", ["supplier", "agency", "expert"])
def test_in_tendering_bidder_agency_and_expert_are_all_limited(role: str) -> None:
    story = Story()
    party = story.firm()
    story.listing(party, "L03")
    assert effects(story.result(party, role=role, domain="statutory_tender")) == {"BID-L03": "restrict"}


@pytest.mark.parametrize("role", ["agency", "expert"])
def test_in_procurement_an_agencys_or_experts_entry_is_only_considered(role: str) -> None:
    story = Story()
    party = story.firm()
    story.listing(party, "L03")
    assert story.verdict(party, role=role) == "eligible_with_flags"


@pytest.mark.parametrize("list_id", ["L26", "L27", "L28"])
def test_the_courts_other_lists_are_not_this_one(list_id: str) -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, list_id, ground=UNWILLING)
    assert story.verdict(firm) == "eligible_with_flags"
    assert story.verdict(firm, domain="statutory_tender") == "eligible_with_flags"
    assert story.verdict(firm, domain="land") == "eligible"


@pytest.mark.parametrize("kind", ["unit_leader", "shareholder"])
def test_a_listed_leader_is_shown_and_a_listed_owner_is_not_the_firm(kind: str) -> None:
    story = Story()
    firm, person = story.firm(), story.person()
    story.relate(kind, person, firm)
    story.listing(person, "L03")
    verdict = story.verdict(firm)
    assert verdict == ("eligible_with_flags" if kind == "unit_leader" else "eligible")


def test_a_listed_firm_is_not_its_leaders_entry() -> None:
    story = Story()
    firm, person = story.firm(), story.person(roles=["supplier"])
    story.leads(person, firm)
    story.listing(firm, "L03")
    assert story.verdict(person) == "eligible"


# ---------------------------------------------------------------- gone from the list, and on it again


def gone(day: str) -> tuple[str, ...]:
    return ("removed", day, GONE)


def back(day: str) -> tuple[str, ...]:
    return ("resumed", day, BACK)


def test_an_entry_gone_and_listed_again_restricts_but_for_the_days_between() -> None:
    events = (gone("2026-06-10"), back("2026-06-15"))
    told = [on_list(*events, ground=UNWILLING, on=P0 + n * DAY).verdict for n in (-1, 0, 1, 4, 5, 6)]
    assert told == ["restricted", "review", "eligible", "eligible", "restricted", "restricted"]


def test_an_entry_gone_and_listed_again_on_one_day_restricts() -> None:
    assert on_list(gone("2026-06-01"), back("2026-06-01"), ground=UNWILLING).verdict == "restricted"


def test_an_entry_gone_once_more_is_gone() -> None:
    events = (gone("2026-06-01"), back("2026-06-03"), gone("2026-06-05"))
    assert on_list(*events, ground=UNWILLING).verdict == "eligible"


def test_the_end_of_a_suspension_puts_no_entry_back_that_is_gone() -> None:
    events = (("suspended", "2026-05-01"), gone("2026-06-01"), ("resumed", "2026-06-03"))
    assert on_list(*events, ground=UNWILLING).verdict == "eligible"


def test_a_suspended_entry_that_is_on_its_list_again_once_the_court_resumed_it_restricts() -> None:
    stayed = (("suspended", "2026-02-01"), gone("2026-02-10"), ("resumed", "2026-03-01"))
    told = [on_list(*stayed, back("2026-03-05"), on=date(2026, 3, day)).verdict for day in (4, 5, 6)]
    assert told == ["eligible", "restricted", "restricted"]


def test_that_an_entry_is_on_its_list_again_does_not_end_the_courts_stay() -> None:
    events = (("suspended", "2026-02-01"), gone("2026-02-10"), back("2026-03-05"))
    assert on_list(*events).verdict == "review"


def test_what_an_authority_removed_is_gone_whatever_the_list_told_before_or_since_in_any_order_of_arrival() -> None:
    events = (gone("2026-04-01"), back("2026-04-03"), ("removed", "2026-04-02"))
    told = {on_list(*order, ground=UNWILLING).verdict for order in permutations(events)}
    assert told == {"eligible"}


def test_what_an_authority_took_off_and_resumed_though_nothing_was_suspended_is_for_a_person() -> None:
    removed, resumed = ("removed", "2026-03-01"), ("resumed", "2026-03-10")
    assert on_list(removed, resumed, on=date(2026, 3, 5)).verdict == "eligible"
    assert {on_list(*order, on=date(2026, 3, 20)).verdict for order in permutations((removed, resumed))} == {"review"}


def test_the_end_of_a_suspension_does_not_put_in_doubt_that_an_authority_took_the_entry_off() -> None:
    events = (("suspended", "2026-02-01"), ("removed", "2026-03-01"), ("resumed", "2026-03-10"))
    assert on_list(*events, on=date(2026, 3, 20)).verdict == "eligible"
