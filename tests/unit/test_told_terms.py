"""The term of a ban as the words of an entry tell it, beside the day of end that the entry bears."""

from datetime import date

import pytest

from credit.model.verdict import Verdict
from credit.rules.catalogue import Catalogue
from credit.rules.numerals import number_in
from credit.rules.told_terms import ToldTerm, told_terms
from tests.unit.story import CATALOGUE, DAY, FINANCE, Story, effects, questions

BANS = (*CATALOGUE.phrases["ban_in_ground"], *CATALOGUE.phrases["ban_told"])
OTHERS = CATALOGUE.phrases["other_ends"]
LISTED = date(2020, 1, 1)
YEAR = "禁止参加政府采购活动一年"


def read(text: str) -> list[ToldTerm]:
    return told_terms(text, BANS, OTHERS)


def asked(on: str | date, ground: str = YEAR, **entry: object) -> tuple[Verdict, set[str]]:
    """Ask on a day of a firm on L01 since 2020-01-01; its decision is not recorded."""
    story = Story()
    firm = story.firm()
    story.listing(firm, "L01", **{"listed_on": LISTED, "ground": ground, "authority": FINANCE, **entry})
    result = story.result(firm, on=date.fromisoformat(str(on)))
    return result.verdict, questions(result)


def around(last: str, ground: str = YEAR, **entry: object) -> list[Verdict]:
    """The verdicts on a day and on the next."""
    return [asked(date.fromisoformat(last) + n * DAY, ground, **entry)[0] for n in (0, 1)]


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("text", "months", "days"),
    [
        ("禁止参加政府采购活动一年", 12, 0),
        ("壹年内禁止参加政府采购活动", 12, 0),
        ("禁止参加政府采购活动12个月", 12, 0),
        ("十二个月内禁止参加政府采购活动", 12, 0),
        ("三百六十五日内禁止参加政府采购活动", 0, 365),
        ("禁止参加政府采购活动一年六个月", 18, 0),
        ("二年半内禁止参加政府采购活动", 30, 0),
        ("罚款45000元，列入不良行为记录名单，在一年内禁止参加政府采购活动", 12, 0),
        ("禁止其在三年内参加政府采购活动", 36, 0),
        ("两年内不得参加政府采购活动", 24, 0),
        ("因三年内两次提供虚假材料，禁止参加政府采购活动一年", 12, 0),
        ("禁止参加政府采购活动，自处罚决定书送达之日起１年", 12, 0),
        ("禁止参加政府采购活动一年；公示至2026年1月1日", 12, 0),
    ],
)
def test_a_term_is_read_beside_the_words_that_forbid(text: str, months: int, days: int) -> None:
    assert read(text) == [ToldTerm(months=months, days=days)]


@pytest.mark.parametrize(
    "text",
    [
        "处一至三年内禁止参加政府采购活动",
        "1-3年内禁止参加政府采购活动",
        "一年以上三年以下禁止参加政府采购活动",
        "1.5年内禁止参加政府采购活动",
        "禁止参加政府采购活动，公示至2021年1月1日",
        "2020年，禁止参加政府采购活动",
        "公示一年；禁止参加政府采购活动",
        "提供虚假材料谋取中标",
        "",
    ],
)
def test_ranges_and_what_is_said_of_something_else_are_no_term(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "禁止参加政府采购活动，期限至2021年1月1日止",
        "禁止参加政府采购活动；期限自二〇二〇年一月一日起至二〇二一年一月一日止",
        "禁止参加政府采购活动(2020-01-02至2021-01-01)",
    ],
)
def test_a_last_day_is_read(text: str) -> None:
    assert read(text) == [ToldTerm(until=date(2021, 1, 1))]


def test_a_term_is_counted_from_the_day_that_the_words_name() -> None:
    assert read("2020年1月1日起一年内禁止参加政府采购活动") == [ToldTerm(months=12, start=LISTED)]


@pytest.mark.parametrize(("text", "number"), [("壹", 1), ("贰拾肆", 24), ("三百六十五", 365), ("二〇二一", 2021)])
def test_capital_and_placed_numerals_are_read(text: str, number: int) -> None:
    assert number_in(text) == number


# ---------------------------------------------------------------- words against the day of end


@pytest.mark.parametrize(
    ("ground", "last"),
    [
        (YEAR, "2020-12-31"),
        ("壹年内禁止参加政府采购活动", "2020-12-31"),
        ("三百六十五日内禁止参加政府采购活动", "2020-12-30"),
        ("禁止参加政府采购活动一年六个月", "2021-06-30"),
        ("禁止参加政府采购活动，至2021年1月1日止", "2021-01-01"),
        ("2020年2月29日起一年内禁止参加政府采购活动", "2021-02-27"),
        ("提供虚假材料谋取中标", "2023-01-01"),
        ("禁止参加政府采购活动五年", "2023-01-01"),
    ],
    ids=lambda x: x,
)
def test_past_the_end_that_words_or_law_set_an_entry_is_for_a_person(ground: str, last: str) -> None:
    assert around(last, ground, until="2026-12-31") == ["restricted", "review"]


def test_an_entry_whose_words_end_its_ban_is_asked_about_with_its_question() -> None:
    assert asked("2026-06-10", until="2026-12-31") == ("review", {"Q29"})


def test_an_entry_that_bears_a_day_beyond_the_longest_ban_is_asked_about_with_its_question() -> None:
    assert asked("2026-06-10", "提供虚假材料谋取中标", until="2099-12-31") == ("review", {"Q5"})


def test_an_entry_without_a_day_of_end_stands_as_long_as_its_words_say() -> None:
    assert around("2020-12-31") == ["restricted", "review"]


@pytest.mark.parametrize("until", ["2020-12-20", "2021-03-09"])
def test_a_day_of_end_that_a_service_before_or_after_the_entry_explains_holds(until: str) -> None:
    assert around(until, until=until) == ["restricted", "review"]


def test_words_of_one_of_two_terms_do_not_end_the_longer_one_that_the_day_bears_out() -> None:
    ground = "一年内禁止参加政府采购活动。三年内禁止参加政府采购活动"
    assert around("2022-12-31", ground, until="2022-12-31") == ["restricted", "review"]


def test_an_agencys_entry_is_read_by_the_words_of_its_ban() -> None:
    story = Story()
    agency = story.firm(roles=["agency"])
    story.listing(
        agency, "L01", listed_on=LISTED, until="2026-12-31", ground="一年内禁止代理政府采购业务", authority=FINANCE
    )
    told = [story.verdict(agency, on=date(2020, 12, 31) + n * DAY, role="agency") for n in (0, 1)]
    assert told == ["restricted", "review"]


@pytest.mark.parametrize(
    "ground",
    [
        "警告，不予禁止参加政府采购活动",
        "未被禁止参加政府采购活动",
        "未作出禁止参加政府采购活动的处罚",
        "撤销禁止参加政府采购活动的处罚",
        "一年内禁止参加政府采购活动的处罚已被撤销",
    ],
)
def test_words_that_deny_a_ban_or_end_it_do_not_bar_by_the_day_of_end(ground: str) -> None:
    assert asked("2020-06-10", ground, until="2022-12-31") == ("review", {"Q4"})


def test_an_answer_by_a_catalogue_from_before_these_doubts_comes_out_as_it_did() -> None:
    kept = CATALOGUE.plain
    doubts = {name: row for name, row in kept["doubts"].items() if name not in {"words_over", "until_beyond_law"}}
    story = Story(catalogue=Catalogue.of({**kept, "doubts": doubts}))
    firm = story.firm()
    story.listing(firm, "L01", listed_on=LISTED, until="2026-12-31", ground=YEAR, authority=FINANCE)
    assert story.verdict(firm) is Verdict.RESTRICTED


# ---------------------------------------------------------------- L02, which bars nobody by itself


@pytest.mark.parametrize(
    ("ground", "until"),
    [
        ("三年内禁止参加政府采购活动", "2026-03-01"),
        ("禁止参加政府采购活动，至2027年1月14日止", "2026-03-01"),
        ("禁止参加政府采购活动", "2025-12-31"),
    ],
)
def test_a_bad_conduct_entry_whose_day_of_end_contradicts_it_is_for_a_person(ground: str, until: str) -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, "L02", listed_on="2026-01-15", until=until, ground=ground, authority=FINANCE)
    assert effects(story.result(firm)) == {"GP-L02-BAN": "review"}
