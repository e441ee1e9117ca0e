"""When a ban surely bars, when a person must look, when it is over (DOMAIN §3.6, §8 R3, §9 Q5, Q7, Q10)."""

from datetime import date

import pytest

from credit.model.verdict import Result
from tests.unit.story import DAY, HOUSING, MARKET, P0, Data, Story, effects, questions

YEAR: Data = {"from_": "2025-06-11", "until": "2026-06-10", "decided_on": "2025-06-09"}
OPEN: Data = {"from_": "2025-12-01", "until": "2026-11-30", "decided_on": "2025-11-25"}


def banned(on: date = P0, **more: object) -> Result:
    story = Story()
    firm = story.firm()
    story.ban(firm, **more)
    return story.result(firm, on=on)


def placed(place: str, asked: str | None) -> Result:
    """Ask in one place of a ban whose decision names a place."""
    story = Story()
    firm = story.firm()
    story.ban(firm, **OPEN, region=place)
    return story.result(firm, region=asked)


def verdicts(last: date, **more: object) -> list[str]:
    """The verdicts of the day before, of and after a day."""
    return [banned(last + n * DAY, **more).verdict for n in (-1, 0, 1)]


# ---------------------------------------------------------------- days that the decision states


def test_the_last_day_stated_is_inside() -> None:
    assert verdicts(P0, **YEAR) == ["restricted", "restricted", "eligible"]


def test_the_first_day_stated_is_inside() -> None:
    assert verdicts(date(2025, 6, 11), **YEAR) == ["eligible", "restricted", "restricted"]


def test_a_finding_on_a_ban_ends_on_the_last_day_stated() -> None:
    assert banned(**YEAR).until == P0


def test_a_ban_that_is_over_shows_nothing() -> None:
    assert banned(P0 + DAY, **YEAR).findings == ()


def test_a_county_bureaus_ban_holds_nationwide() -> None:
    story = Story()
    firm = story.firm()
    story.ban(firm, **YEAR, authority={"name": "湖南省某县财政局", "region": "430121", "level": "county"})
    assert {story.verdict(firm, region=x) for x in ("430121", "510000", "110000", None)} == {"restricted"}


# ---------------------------------------------------------------- terms of months


@pytest.mark.parametrize(
    ("served", "months", "corresponding"),
    [
        ("2025-06-10", 12, "2026-06-10"),
        ("2025-08-31", 18, "2027-02-28"),
        ("2022-08-31", 18, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2025-01-31", 13, "2026-02-28"),
        ("2025-03-31", 15, "2026-06-30"),
        ("2025-12-31", 12, "2026-12-31"),
        ("2023-06-10", 36, "2026-06-10"),
    ],
)
def test_the_corresponding_day_is_for_a_person_and_the_next_is_free(
    served: str, months: int, corresponding: str
) -> None:
    assert verdicts(date.fromisoformat(corresponding), decided_on=served, served_on=served, months=months) == [
        "restricted",
        "review",
        "eligible",
    ]


def test_the_corresponding_day_is_q5() -> None:
    assert questions(banned(decided_on="2025-06-10", served_on="2025-06-10", months=12)) == {"Q5"}


def test_a_term_of_months_surely_ends_the_day_before_the_corresponding_one() -> None:
    result = banned(date(2026, 6, 9), decided_on="2025-06-10", served_on="2025-06-10", months=12)
    assert result.until == date(2026, 6, 9)


def test_the_day_of_service_is_for_a_person() -> None:
    served: Data = {"decided_on": "2026-06-05", "served_on": "2026-06-10", "months": 12}
    assert verdicts(P0, **served) == ["eligible", "review", "restricted"]
    assert questions(banned(**served)) == {"Q5"}


def test_without_a_day_of_service_the_decision_starts_the_term() -> None:
    assert verdicts(date(2026, 6, 5), decided_on="2026-06-05", months=12) == ["eligible", "review", "restricted"]


def test_months_from_a_day_stated_bite_on_that_day() -> None:
    stated: Data = {"decided_on": "2026-06-05", "served_on": "2026-06-08", "from_": "2026-06-10", "months": 12}
    assert verdicts(P0, **stated) == ["eligible", "restricted", "restricted"]


def test_an_event_of_service_starts_the_term_too() -> None:
    story = Story()
    firm = story.firm()
    story.happens(story.ban(firm, decided_on="2026-05-01", months=12), "served", "2026-06-10")
    assert [story.verdict(firm, on=P0 + n * DAY) for n in (-1, 0, 1)] == ["eligible", "review", "restricted"]


# ---------------------------------------------------------------- no term, or one longer than the law allows

SERVED: Data = {"decided_on": "2023-06-10", "served_on": "2023-06-10"}


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        ("2024-06-09", "restricted"),
        ("2024-06-10", "review"),
        ("2026-06-10", "review"),
        ("2026-06-11", "eligible"),
    ],
)
def test_without_a_term_the_shortest_lawful_one_is_sure_and_the_longest_for_a_person(on: str, verdict: str) -> None:
    assert banned(date.fromisoformat(on), **SERVED).verdict == verdict


@pytest.mark.parametrize(
    ("article", "shortest", "longest"),
    [("招标投标法 53", "2024-06-09", "2025-06-10"), ("招标投标法 60", "2025-06-09", "2028-06-10")],
)
def test_the_lawful_terms_are_those_of_the_article_cited(article: str, shortest: str, longest: str) -> None:
    story = Story()
    firm = story.firm()
    story.ban(firm, **SERVED, scope="statutory_tenders", authority=HOUSING, legal_basis=[article])
    sure, last = date.fromisoformat(shortest), date.fromisoformat(longest)
    days = (sure, sure + DAY, last, last + DAY)
    told = [story.verdict(firm, on=d, domain="statutory_tender") for d in days]
    assert told == ["restricted", "review", "review", "eligible"]


@pytest.mark.parametrize("stated", [{"until": "2028-06-10"}, {"months": 60}, {"indefinite": True}])
def test_beyond_the_longest_lawful_term_a_longer_one_is_for_a_person(stated: Data) -> None:
    assert banned(date(2026, 6, 9), **SERVED, **stated).verdict == "restricted"
    assert banned(date(2026, 6, 11), **SERVED, **stated).verdict == "review"


# ---------------------------------------------------------------- by whom, by which article, where


@pytest.mark.parametrize(
    "basis",
    ["采购法 77", "《中华人民共和国政府采购法》第七十七条第一款", "采购法实施条例 72", "采购法实施条例 72¶1",
     "政府采购法实施条例第七十三条", "采购法实施条例 74", "94号令 37¶2"],
)  # fmt: skip
def test_an_article_that_allows_the_ban_restricts(basis: str) -> None:
    assert banned(**OPEN, legal_basis=[basis]).verdict == "restricted"


@pytest.mark.parametrize(
    "basis", ["采购法 71", "采购法实施条例 72¶2", "94号令 37¶1", "产品质量法 49", "招标投标法 53", ""]
)
def test_a_ban_by_an_article_that_does_not_allow_it_is_for_a_person(basis: str) -> None:
    assert effects(banned(**OPEN, legal_basis=[basis])) == {"GP-BAN": "review"}


def test_one_right_article_among_several_is_enough() -> None:
    assert banned(**OPEN, legal_basis=["产品质量法 49", "采购法 77"]).verdict == "restricted"


def test_a_ban_by_an_authority_that_may_not_impose_it_is_for_a_person() -> None:
    assert effects(banned(**OPEN, authority=MARKET)) == {"GP-BAN": "review"}


@pytest.mark.parametrize(
    ("place", "asked", "effect"),
    [
        ("512000", "512002", "restrict"),
        ("512081", "510185", "restrict"),
        ("512000", "510100", "review"),
        ("512000", "510000", "review"),
        ("512000", None, "review"),
    ],
)
def test_outside_the_place_that_a_decision_names_a_person_decides(place: str, asked: str | None, effect: str) -> None:
    assert effects(placed(place, asked)) == {"GP-BAN": effect}


def test_a_named_place_is_q7() -> None:
    assert questions(placed("370000", "510000")) == {"Q7"}


# ---------------------------------------------------------------- what happened to it later


def lived(*events: tuple[str, str], on: date = P0, **ban: object) -> Result:
    story = Story()
    firm = story.firm()
    record = story.ban(firm, **(ban or OPEN))
    for kind, day in events:
        story.happens(record, kind, day)
    return story.result(firm, on=on)


def test_a_suspended_ban_is_for_a_person_from_the_day_of_suspension() -> None:
    told = [lived(("suspended", "2026-06-10"), on=P0 + n * DAY).verdict for n in (-1, 0, 1)]
    assert told == ["restricted", "review", "review"]


def test_a_suspended_ban_is_q10() -> None:
    assert questions(lived(("suspended", "2026-06-01"))) == {"Q10"}


def test_a_resumed_ban_restricts_again() -> None:
    assert lived(("suspended", "2026-03-02"), ("resumed", "2026-05-11")).verdict == "restricted"


def test_a_suspension_may_have_stretched_the_term_by_its_days() -> None:
    events = (("suspended", "2026-03-02"), ("resumed", "2026-03-12"))
    told = [lived(*events, on=P0 + n * DAY, **YEAR) for n in (0, 1, 10, 11)]
    assert [x.verdict for x in told] == ["restricted", "review", "review", "eligible"]
    assert questions(told[1]) == {"Q10"}


def test_a_ban_still_suspended_at_its_nominal_end_is_for_a_person() -> None:
    assert lived(("suspended", "2026-03-02"), on=P0 + DAY, **YEAR).verdict == "review"


@pytest.mark.parametrize("kind", ["annulled", "lifted"])
def test_a_ban_annulled_or_lifted_before_the_cut_off_is_gone(kind: str) -> None:
    assert lived((kind, "2026-06-09")).verdict == "eligible"


@pytest.mark.parametrize("kind", ["annulled", "lifted", "suspended"])
def test_a_relief_after_the_cut_off_changes_nothing(kind: str) -> None:
    assert lived((kind, "2026-06-11")).verdict == "restricted"


@pytest.mark.parametrize("kind", ["repaired", "removed", "performed", "review_opened", "objection_opened"])
def test_neither_repair_nor_pending_proceedings_end_a_ban(kind: str) -> None:
    assert lived((kind, "2026-05-15")).verdict == "restricted"


def test_a_lifted_ban_leaves_the_same_decisions_larger_fine() -> None:
    assert lived(("lifted", "2026-06-09"), **OPEN, fine="2500000", kinds=["fine", "ban"]).verdict == "restricted"


def test_a_ban_lifted_on_the_cut_offs_own_day_leaves_the_same_decisions_larger_fine() -> None:
    assert lived(("lifted", "2026-06-10"), **OPEN, fine="2500000", kinds=["fine", "ban"]).verdict == "restricted"


def test_an_amended_last_day_counts() -> None:
    story = Story()
    firm = story.firm()
    ban = {"scope": "procurement", "from": "2025-12-01", "until": "2026-06-09"}
    story.happens(story.ban(firm, **OPEN), "amended", "2026-05-01", changes={"ban": ban})
    assert [story.verdict(firm, on=P0 + n * DAY) for n in (-1, 0)] == ["restricted", "eligible"]
