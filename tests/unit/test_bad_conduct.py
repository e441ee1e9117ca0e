"""L02: an entry that tells a ban whose decision is not recorded is for a person, as long as the ban may run."""

from collections.abc import Mapping

import pytest

from credit.rules.catalogue import Catalogue
from tests.unit.story import CATALOGUE, FINANCE, Story, effects

TOLD = "与其他供应商恶意串通；处罚结果：列入不良行为记录名单，一年内禁止参加政府采购活动"
ENTRY = {"listed_on": "2026-01-15", "ground": TOLD, "authority": FINANCE}


def asked(
    entry: Mapping[str, object] = ENTRY, *, decided: Mapping[str, object] | None = None, event: str = ""
) -> dict[str, str]:
    """Ask of 2026-06-10 about a firm with an entry and, where told, a decision."""
    story = Story()
    firm = story.firm()
    story.listing(firm, "L02", **{**ENTRY, **entry})
    if decided is not None:
        record = story.ban(firm, **decided)
        if event:
            story.happens(record, event, "2026-03-01")
    return {rule: str(effect) for rule, effect in effects(story.result(firm)).items()}


def test_a_ban_that_an_entry_tells_without_its_decision_is_for_a_person() -> None:
    assert asked() == {"GP-L02-BAN": "review"}


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({"until": "2026-06-10"}, {"GP-L02-BAN": "review"}),
        ({"until": "2026-06-09"}, {}),
        ({"listed_on": "2023-04-04"}, {"GP-L02-BAN": "review"}),
        ({"listed_on": "2023-04-03"}, {"GP-L02": "flag"}),
        ({"ground": "与其他供应商恶意串通；处罚结果：警告"}, {"GP-L02": "flag"}),
    ],
    ids=["its last day", "over", "the longest ban may run", "the longest ban is over", "no ban"],
)
def test_a_ban_that_is_known_to_be_over_asks_nobody(entry: Mapping[str, object], found: Mapping[str, str]) -> None:
    assert asked(entry) == found


@pytest.mark.parametrize(
    "words",
    [
        "三年内禁止参加济宁市辖区内政府采购活动",
        "一年内不得参加政府采购活动",
        "禁止其在三年内参加政府采购活动",
        "禁止参加全国政府采购活动三年",
        "禁止 其 参加\n全国政府采购活动三年",
        "一年内禁止参加采购活动",
        "取消其两年参加政府采购活动的资格",
        "三年内政府采购市场禁入",
    ],
)
def test_a_ban_is_known_in_whatever_words_an_office_tells_it(words: str) -> None:
    assert asked({"ground": f"提供虚假材料谋取中标；处罚结果：罚款5000元，{words}"}) == {"GP-L02-BAN": "review"}


@pytest.mark.parametrize("words", ["禁止转包；其他采购不受影响", "禁止转包。政府采购合同继续履行", "擅自取消采购活动"])
def test_words_of_two_clauses_make_no_ban(words: str) -> None:
    assert asked({"ground": words}) == {"GP-L02": "flag"}


@pytest.mark.parametrize(
    ("role", "words", "found"),
    [
        ("agency", "一年内禁止代理政府采购业务", "GP-L02-BAN review"),
        ("agency", "禁止其在一年内从事政府采购代理业务", "GP-L02-BAN review"),
        ("agency", "警告", "GP-AGENCY-LISTED flag"),
        ("expert", "禁止其参加政府采购评审活动", "GP-L02-BAN review"),
        ("supplier", "一年内不得代理政府采购业务", "GP-L02-BAN review"),
    ],
)
def test_a_ban_of_another_role_is_asked_about_too(role: str, words: str, found: str) -> None:
    story = Story()
    party = story.person() if role == "expert" else story.firm(roles=[role])
    story.listing(party, "L02", **{**ENTRY, "ground": words})
    assert [f"{rule} {effect}" for rule, effect in effects(story.result(party, role=role)).items()] == [found]


def test_a_ban_for_which_the_law_has_no_term_is_not_over_by_itself() -> None:
    """采购法实施条例 75 sets no term to a ban on reviewing."""
    old = {**ENTRY, "listed_on": "2019-01-15", "ground": "禁止其参加政府采购评审活动"}
    assert asked(old) == {"GP-L02-BAN": "review"}


@pytest.mark.parametrize(("words", "found"), [(TOLD, "GP-L02-BAN"), ("一年内不得参加政府采购活动", "GP-L02")])
def test_an_answer_by_a_catalogue_from_before_these_phrases_comes_out_as_it_did(words: str, found: str) -> None:
    kept = CATALOGUE.plain
    new = {"ban_told", "agency_ban_told", "review_ban_told"}
    phrases = {name: said for name, said in kept["phrases"].items() if name not in new}
    story = Story(catalogue=Catalogue.of({**kept, "phrases": phrases}))
    firm = story.firm()
    story.listing(firm, "L02", **{**ENTRY, "ground": words})
    assert list(effects(story.result(firm))) == [found]


@pytest.mark.parametrize("event", ["", "annulled"])
def test_a_decision_that_is_recorded_speaks_for_itself(event: str) -> None:
    found = asked(decided={"decided_on": "2026-01-15", "months": 12}, event=event)
    assert "GP-L02-BAN" not in found
    assert ("restrict" in found.values()) == (not event)


@pytest.mark.parametrize(
    ("decided", "event"),
    [
        ({"decided_on": "2025-01-15", "months": 12}, ""),
        ({"decided_on": "2026-01-15", "months": 12, "authority": {"name": "成都市财政局"}}, "annulled"),
        ({"decided_on": "2026-01-15", "months": 12}, "entered_in_error"),
    ],
    ids=["of another day", "of another authority", "a mistake"],
)
def test_another_decision_does_not_stand_for_it(decided: Mapping[str, object], event: str) -> None:
    assert asked(decided=decided, event=event)["GP-L02-BAN"] == "review"


def test_a_decision_of_the_entrys_number_is_its_own() -> None:
    number = {"doc_no": "资财采罚〔2026〕1号"}
    assert "GP-L02-BAN" not in asked(number, decided={"decided_on": "2026-01-10", "months": 12, **number})
