"""How fresh a list must be, and that what could not be asked is never a pass (财库〔2016〕125号; DOMAIN §8 R7)."""

from datetime import UTC, datetime, timedelta

import pytest

from credit.model.verdict import Answer, Freshness, SourceState
from tests.unit.story import LISTS, P0, Story, effects, when

REQUIRED = ["L01", "L03", "L04"]


def synced(list_id: str, *syncs: tuple[str, str], allowed: int = 72, asked: datetime | None = None) -> Answer:
    """Ask of a clean firm where one list has these syncs (finished, outcome) and all the others are fresh."""
    story = Story(allowed=timedelta(hours=allowed))
    story.asked_at = asked or story.asked_at
    firm = story.firm()
    for other in LISTS:
        if other != list_id:
            story.sync(other, "2026-06-10T08:00")
    for finished, outcome in syncs:
        story.sync(list_id, finished, outcome)
    return story.answer(story.question(firm), story.facts(fresh=None))


def state(answer: Answer, list_id: str) -> SourceState:
    return next(s for s in answer.sources if s.list == list_id)


@pytest.mark.parametrize("list_id", REQUIRED)
def test_a_required_list_that_failed_leaves_a_clean_party_unknown(list_id: str) -> None:
    answer = synced(list_id, ("2026-06-10T08:00", "complete"), ("2026-06-10T13:00", "failed"))
    assert effects(answer.results[0]) == {"SOURCE-REQUIRED": "unknown"}
    assert list_id in answer.results[0].findings[0].reason.zh
    assert state(answer, list_id).status is Freshness.FAILED


@pytest.mark.parametrize("list_id", REQUIRED)
def test_a_required_list_never_synchronised_leaves_a_clean_party_unknown(list_id: str) -> None:
    answer = synced(list_id)
    assert answer.results[0].verdict == "unknown"
    assert state(answer, list_id) == SourceState(list_id, None, Freshness.NEVER)


@pytest.mark.parametrize(
    ("finished", "status"),
    [
        ("2026-06-07T14:00:00", "fresh"),
        ("2026-06-07T13:59:59", "stale"),
        ("2026-06-10T14:00:00", "fresh"),
    ],
)
def test_a_list_may_be_seventy_two_hours_old_at_the_cut_off_and_no_more(finished: str, status: str) -> None:
    answer = synced("L03", (finished, "complete"))
    assert state(answer, "L03").status == status
    assert answer.results[0].verdict == ("eligible" if status == "fresh" else "unknown")


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        ("2026-06-07T14:00:00", "fresh"),
        ("2026-06-07T13:59:59", "stale"),
        ("2026-01-15T08:00:00", "stale"),
        ("2027-01-01T00:00:00", "fresh"),
    ],
)
def test_an_old_file_run_over_today_makes_no_list_fresh(seen: str, status: str) -> None:
    story = Story()
    firm = story.firm()
    for list_id in LISTS:
        story.sync(list_id, "2026-06-10T08:00", seen=seen if list_id == "L03" else "")
    answer = story.answer(story.question(firm), story.facts(fresh=None))
    assert state(answer, "L03").status == status
    assert answer.results[0].verdict == ("eligible" if status == "fresh" else "unknown")


def test_a_file_dated_ahead_is_as_old_as_its_run() -> None:
    story = Story(allowed=timedelta(hours=72))
    story.sync("L03", "2026-06-07T13:59:59", seen="2027-01-01T00:00:00")
    answer = story.answer(story.question(story.firm()), story.facts(fresh=None))
    assert state(answer, "L03").status is Freshness.STALE


def test_the_allowed_age_is_a_setting() -> None:
    assert synced("L03", ("2026-06-09T14:00", "complete"), allowed=24).results[0].verdict == "eligible"
    assert synced("L03", ("2026-06-09T14:00", "complete"), allowed=23).results[0].verdict == "unknown"


def test_a_sync_after_the_cut_off_does_not_count() -> None:
    assert synced("L03", ("2026-06-10T14:00:01", "complete")).results[0].verdict == "unknown"
    failed_later = synced("L03", ("2026-06-10T08:00", "complete"), ("2026-06-10T15:00", "failed"))
    assert failed_later.results[0].verdict == "eligible"


def test_the_last_sync_counts_in_whatever_order_they_were_recorded() -> None:
    good, bad = ("2026-06-10T12:00", "complete"), ("2026-06-10T11:00", "failed")
    assert synced("L03", good, bad).results[0].verdict == "eligible"
    assert synced("L03", bad, good).results[0].verdict == "eligible"


def test_for_a_cut_off_still_to_come_the_age_is_measured_against_now() -> None:
    asked = when(P0, "08:00") - timedelta(days=3)
    assert synced("L03", ("2026-06-04T08:00", "complete"), asked=asked).results[0].verdict == "eligible"
    assert synced("L03", ("2026-06-04T07:59", "complete"), asked=asked).results[0].verdict == "unknown"


def test_for_a_cut_off_gone_by_now_does_not_matter() -> None:
    late = datetime(2030, 1, 1, tzinfo=UTC)
    assert synced("L03", ("2026-06-08T08:00", "complete"), asked=late).results[0].verdict == "eligible"


def test_lists_that_are_not_required_and_not_fresh_are_one_flag_naming_them_all() -> None:
    story = Story()
    firm = story.firm()
    for list_id in REQUIRED:
        story.sync(list_id, "2026-06-10T08:00")
    answer = story.answer(story.question(firm), story.facts(fresh=None))
    assert effects(answer.results[0]) == {"SOURCE-OTHERS": "flag"}
    assert len(answer.results[0].findings) == 1
    joined = {s.list for s in answer.sources} - set(REQUIRED)
    assert all(x in answer.results[0].findings[0].reason.zh for x in joined)


@pytest.mark.parametrize(("kind", "verdict"), [("person", "review"), ("organisation", "eligible")])
def test_a_required_list_that_hides_who_persons_are_leaves_them_to_a_person(kind: str, verdict: str) -> None:
    story = Story()
    party = story.person() if kind == "person" else story.firm()
    for list_id in LISTS:
        story.sync(list_id, "2026-06-10T08:00", silent=["person"] if list_id == "L03" else [])
    (result,) = story.answer(story.question(party), story.facts(fresh=None)).results
    assert result.verdict == verdict
    assert [f.question for f in result.findings] == ["Q27"] * (kind == "person")


def test_the_last_sync_says_whom_a_list_hides() -> None:
    story = Story()
    party = story.person()
    for list_id in LISTS:
        story.sync(list_id, "2026-06-10T08:00", silent=["person"])
        story.sync(list_id, "2026-06-10T09:00")
    assert story.answer(story.question(party), story.facts(fresh=None)).results[0].verdict == "eligible"


def test_a_list_that_is_not_required_and_failed_is_only_flagged() -> None:
    answer = synced("L06", ("2026-06-10T08:00", "failed"))
    assert effects(answer.results[0]) == {"SOURCE-OTHERS": "flag"}
    assert state(answer, "L06").status is Freshness.FAILED


@pytest.mark.parametrize(
    ("domain", "role", "required"),
    [
        ("government_procurement", "supplier", "L01 L03 L04"),
        ("government_procurement", "agency", "L01 L03 L04"),
        ("government_procurement", "expert", "L01 L03 L04"),
        ("government_procurement", "purchaser", ""),
        ("statutory_tender", "supplier", "L03"),
        ("statutory_tender", "agency", "L03"),
        ("medical_platform", "supplier", "L10"),
        ("land", "supplier", ""),
        ("military_procurement", "supplier", ""),
        ("other", "supplier", ""),
    ],
)
def test_each_domain_and_role_requires_its_own_lists(domain: str, role: str, required: str) -> None:
    story = Story()
    firm = story.firm()
    answer = story.answer(story.question(firm, role=role, domain=domain), story.facts(fresh=None))
    missing = {x for f in answer.results[0].findings if f.effect == "unknown" for x in LISTS if x in f.reason.zh}
    assert missing == set(required.split())


def test_a_list_that_failed_does_not_soften_a_restriction() -> None:
    story = Story()
    firm = story.firm()
    story.fine(firm, "2500000")
    story.sync("L03", "2026-06-10T13:00", "failed")
    assert story.verdict(firm) == "restricted"


@pytest.mark.parametrize("list_id", ["L06", "L07"])
def test_a_list_that_failed_outweighs_flags_and_reviews(list_id: str) -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, list_id)
    story.sync("L03", "2026-06-10T13:00", "failed")
    assert story.verdict(firm) == "unknown"


def test_every_member_is_unknown_where_a_list_failed() -> None:
    story = Story()
    one, other = story.firm(), story.firm()
    story.sync("L01", "2026-06-10T13:00", "failed")
    assert [m.verdict for m in story.result(one, other).members] == ["unknown", "unknown"]
