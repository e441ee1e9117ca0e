"""L02: an entry that tells a ban whose decision is not recorded is for a person, as long as the ban may run."""

from collections.abc import Mapping

import pytest

from tests.unit.story import FINANCE, Story, effects

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
