"""What contradicts itself, in its days or in its words, neither bars nor passes for clean: a person looks."""

from datetime import date

import pytest

from credit.model.record import BanScope
from credit.model.verdict import Verdict
from tests.unit.story import DAY, FINANCE, P0, Data, Story, questions

SERVED_EARLY: Data = {"decided_on": "2026-01-15", "served_on": "2025-01-15", "months": 12}
ADMITTED = [
    ("procurement", "采购法 77", "资阳市财政局"),
    ("procurement", "采购法 77", "安岳县财政和国资监督管理局"),
    ("statutory_tenders", "招标投标法 53", "资阳市公共资源交易监督管理局"),
    ("statutory_tenders", "招标投标法 53", "资阳市住房和城乡建设局"),
]
NO_AUTHORITIES = [
    ("procurement", "采购法 77", "资阳市财政投资评审中心"),
    ("procurement", "采购法 77", "西南财政金融职业学院"),
    ("statutory_tenders", "招标投标法 53", "资阳市公共资源交易中心"),
    ("statutory_tenders", "招标投标法 53", "四川试例建设工程有限公司"),
]


@pytest.mark.parametrize(("list_id", "kind"), [("L03", "removed"), ("L04", "removed"), ("L03", "annulled")])
def test_an_entry_that_was_removed_before_it_was_made_is_for_a_person(list_id: str, kind: str) -> None:
    story = Story()
    firm = story.firm()
    entry = story.listing(firm, list_id, listed_on="2026-02-01")
    story.happens(entry, kind, "2025-02-01")
    result = story.result(firm)
    assert (result.verdict, "Q29" in questions(result)) == (Verdict.REVIEW, True)


def test_an_entry_that_was_removed_after_it_was_made_is_gone() -> None:
    story = Story()
    firm = story.firm()
    entry = story.listing(firm, "L03", listed_on="2026-02-01")
    story.happens(entry, "removed", "2026-02-02")
    assert story.verdict(firm) is Verdict.ELIGIBLE


@pytest.mark.parametrize("kind", ["annulled", "lifted"])
def test_a_ban_that_was_ended_before_it_was_decided_is_for_a_person(kind: str) -> None:
    story = Story()
    firm = story.firm()
    ban = story.ban(firm, from_="2026-01-16", until="2027-01-15")
    story.happens(ban, kind, "2026-01-14")
    assert story.verdict(firm) is Verdict.REVIEW


def test_that_a_decision_was_taken_off_a_page_leaves_its_ban_in_force_whatever_the_day() -> None:
    story = Story()
    firm = story.firm()
    ban = story.ban(firm, from_="2026-01-16", until="2027-01-15")
    story.happens(ban, "removed", "2026-01-14")
    assert story.verdict(firm) is Verdict.RESTRICTED


def test_a_relief_that_is_still_to_come_changes_nothing_though_it_lies_before_the_record() -> None:
    story = Story()
    firm = story.firm()
    entry = story.listing(firm, "L03", listed_on="2026-08-01")
    story.happens(entry, "removed", "2026-07-01")
    assert story.verdict(firm) is Verdict.ELIGIBLE


@pytest.mark.parametrize(
    "term",
    [
        {"decided_on": "2026-01-15", "from_": "2026-01-16", "until": "2025-01-15"},
        {"decided_on": "2026-01-15", "until": "2025-01-15"},
        {"decided_on": "2026-01-15", "from_": "2026-05-16", "until": "2026-05-15"},
        SERVED_EARLY,
        {"decided_on": "2026-01-15", "from_": "2024-01-15", "months": 12},
        {"decided_on": "2026-01-15", "from_": "2025-01-15", "months": 12},
        {"decided_on": "2026-01-15", "from_": "2020-01-15"},
        {"decided_on": "2026-01-15", "until": "2025-12-31", "indefinite": True},
        {"decided_on": "2026-01-15", "until": "2025-12-31", "months": 12},
        {"decided_on": "2026-01-15", "served_on": "2026-03-15", "until": "2026-03-01"},
        {"decided_on": "2026-01-15", "until": "2026-01-15"},
        {"decided_on": "2026-01-15", "from_": "2206-01-16", "until": "2207-01-15"},
        {"decided_on": "2026-01-15", "from_": "2029-01-16", "months": 12},
    ],
)
def test_a_ban_whose_days_contradict_each_other_is_for_a_person(term: Data) -> None:
    story = Story()
    firm = story.firm()
    story.ban(firm, **term)
    result = story.result(firm)
    assert (result.verdict, "Q5" in questions(result)) == (Verdict.REVIEW, True)


def test_once_the_longest_lawful_term_is_over_such_a_ban_is_too() -> None:
    story = Story()
    firm = story.firm()
    story.ban(firm, decided_on="2022-01-15", until="2021-01-15")
    assert story.verdict(firm, on=P0) is Verdict.ELIGIBLE


def test_a_ban_that_begins_some_time_after_its_decision_bars_from_the_day_stated() -> None:
    story = Story()
    firm = story.firm()
    story.ban(firm, decided_on="2026-01-15", from_="2026-06-11", months=12)
    assert [story.verdict(firm, on=P0 + n * DAY) for n in (0, 1)] == ["eligible", "restricted"]


@pytest.mark.parametrize("term", [{"months": 12}, {"indefinite": True}])
def test_a_last_day_that_the_decision_names_wins_over_what_else_it_says_of_the_term(term: Data) -> None:
    story = Story()
    firm = story.firm()
    story.ban(firm, decided_on="2025-01-15", until="2026-12-31", **term)
    last = date(2026, 12, 31)
    assert [story.verdict(firm, on=last + n * DAY) for n in (0, 1)] == ["restricted", "eligible"]


def ruled(scope: str, basis: str, name: str) -> Verdict:
    """Ask of a ban that a body of this name decided."""
    story = Story()
    firm = story.firm()
    story.ban(
        firm, scope=scope, legal_basis=[basis], authority={**FINANCE, "name": name},
        from_="2026-01-16", until="2026-12-15",
    )  # fmt: skip
    domain = "statutory_tender" if scope == BanScope.STATUTORY_TENDERS else "government_procurement"
    return story.verdict(firm, domain=domain)


@pytest.mark.parametrize(("scope", "basis", "name"), ADMITTED)
def test_a_department_that_may_ban_bars(scope: str, basis: str, name: str) -> None:
    assert ruled(scope, basis, name) is Verdict.RESTRICTED


@pytest.mark.parametrize(("scope", "basis", "name"), NO_AUTHORITIES)
def test_a_body_that_only_has_a_departments_word_in_its_name_is_for_a_person(scope: str, basis: str, name: str) -> None:
    assert ruled(scope, basis, name) is Verdict.REVIEW


@pytest.mark.parametrize(
    ("ground", "until", "verdict"),
    [
        ("罚款45000元，列入不良行为记录名单", "2027-02-07", Verdict.REVIEW),
        ("罚款45000元，不予禁止参加政府采购活动", None, Verdict.REVIEW),
        ("罚款45000元，三年内禁止参加政府采购活动", "2027-02-07", Verdict.RESTRICTED),
        ("提供虚假材料谋取中标", "2027-02-07", Verdict.RESTRICTED),
    ],
)
def test_an_entry_on_l01_bars_by_its_last_day_unless_its_words_tell_of_a_fine_alone(
    ground: str, until: str | None, verdict: Verdict
) -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, "L01", listed_on="2025-02-08", until=until, ground=ground, authority=FINANCE)
    assert story.verdict(firm) is verdict
