"""The verdict is that of the cut-off: days and instants around it, and documents that are silent (Q11, Q20, Q21)."""

import pytest

from credit.model.verdict import AlertKind, Answer, Result
from tests.unit.story import Data, Story, effects, found, questions

OPEN: Data = {"from_": "2025-12-01", "until": "2026-11-30", "decided_on": "2025-11-25"}
SILENT: Data = {"cut_off": None}


def decided(*events: tuple[str, str], **decision: object) -> Answer:
    story = Story()
    firm = story.firm()
    record = story.fine(firm, "2500000", **decision)
    for kind, day in events:
        story.happens(record, kind, day)
    return story.ask(firm)


def listed(**more: object) -> Result:
    story = Story()
    firm = story.firm()
    story.listing(firm, "L03", **more)
    return story.result(firm)


def silent(*events: tuple[str, str], **ban: object) -> Result:
    """Ask of a ban by a document that states no cut-off."""
    story = Story()
    firm = story.firm()
    record = story.ban(firm, **(ban or OPEN))
    for kind, day in events:
        story.happens(record, kind, day)
    return story.result(firm, **SILENT)


# ---------------------------------------------------------------- burdens: from the start of their day


@pytest.mark.parametrize(
    ("served", "verdict"),
    [
        ("2026-06-09", "restricted"),
        ("2026-06-10", "restricted"),
        ("2026-06-10T13:59:59+08:00", "restricted"),
        ("2026-06-10T14:00:00+08:00", "restricted"),
        ("2026-06-10T14:00:01+08:00", "eligible"),
        ("2026-06-10T06:00:01+00:00", "eligible"),
        ("2026-06-11", "eligible"),
    ],
)
def test_a_decision_binds_from_its_service_to_the_second_where_the_hour_is_known(served: str, verdict: str) -> None:
    assert decided(served_on=served).results[0].verdict == verdict


@pytest.mark.parametrize(
    ("begins", "verdict"),
    [
        ("2026-06-10", "restricted"),
        ("2026-06-10T14:00:00+08:00", "restricted"),
        ("2026-06-10T15:00:00+08:00", "eligible"),
        ("2026-06-11", "eligible"),
    ],
)
def test_a_ban_begins_at_the_instant_it_states(begins: str, verdict: str) -> None:
    story = Story()
    firm = story.firm()
    story.ban(firm, decided_on="2026-06-01", from_=begins, until="2027-06-10")
    assert story.verdict(firm) == verdict


def test_a_decision_of_the_day_after_does_not_bite_whatever_day_it_says_it_was_served() -> None:
    assert decided(decided_on="2026-06-11", served_on="2026-06-09").results[0].verdict == "eligible"


# ---------------------------------------------------------------- reliefs: on the cut-off's own day a person looks


@pytest.mark.parametrize(
    ("annulled", "verdict"),
    [
        ("2026-06-09", "eligible"),
        ("2026-06-10", "review"),
        ("2026-06-11", "restricted"),
        ("2026-06-10T13:59:59+08:00", "eligible"),
        ("2026-06-10T14:00:00+08:00", "eligible"),
        ("2026-06-10T14:00:01+08:00", "restricted"),
        ("2026-06-09T17:00:00+00:00", "eligible"),
    ],
)
def test_an_annulment_counts_when_it_surely_came_before_the_cut_off(annulled: str, verdict: str) -> None:
    assert decided(("annulled", annulled)).results[0].verdict == verdict


def test_a_relief_on_the_cut_offs_own_day_is_q21() -> None:
    assert questions(decided(("annulled", "2026-06-10")).results[0]) == {"Q21"}


@pytest.mark.parametrize(
    ("amended", "verdict"),
    [
        ("2026-06-09", "eligible_with_flags"),
        ("2026-06-10", "review"),
        ("2026-06-10T13:00:00+08:00", "eligible_with_flags"),
        ("2026-06-11", "restricted"),
    ],
)
def test_a_fine_amended_on_the_cut_offs_own_day_is_for_a_person(amended: str, verdict: str) -> None:
    story = Story()
    firm = story.firm()
    story.happens(story.fine(firm, "2500000"), "amended", amended, changes={"fine": "1000000.00"})
    assert story.verdict(firm) == verdict


def test_an_amendment_of_the_cut_offs_own_day_that_changes_nothing_of_weight_leaves_it_restricted() -> None:
    story = Story()
    firm = story.firm()
    story.happens(story.fine(firm, "2500000"), "amended", "2026-06-10", changes={"fine": "3000000.00"})
    assert story.verdict(firm) == "restricted"


def test_amendments_are_laid_over_each_other_in_the_order_of_their_days() -> None:
    story = Story()
    firm = story.firm()
    fine = story.fine(firm, "2500000")
    story.happens(fine, "amended", "2026-05-02", changes={"fine": "2600000.00"})
    story.happens(fine, "amended", "2026-05-01", changes={"fine": "1000000.00"})
    assert story.verdict(firm) == "restricted"


def test_a_record_entered_in_error_has_no_effect_whatever_its_day_and_asks_to_look_again() -> None:
    answer = decided(("entered_in_error", "2026-07-01"))
    assert answer.results[0].verdict == "eligible"
    assert [a.kind for a in answer.alerts] == [AlertKind.REOPENED]


# ---------------------------------------------------------------- published after it was served


@pytest.mark.parametrize(
    ("published", "verdict"),
    [
        (None, "restricted"),
        ("2026-06-10", "restricted"),
        ("2026-06-11", "review"),
        ("2026-06-10T15:00+08:00", "review"),
    ],
)
def test_a_decision_served_before_the_cut_off_and_published_after_it_is_for_a_person(
    published: str | None, verdict: str
) -> None:
    assert decided(published_on=published).results[0].verdict == verdict


def test_late_publication_is_q11() -> None:
    assert questions(decided(("published", "2026-06-12")).results[0]) == {"Q11"}


def test_an_entry_published_after_the_cut_off_is_for_a_person() -> None:
    assert questions(listed(listed_on="2026-06-08", published_on="2026-06-12")) == {"Q11"}


# ---------------------------------------------------------------- what comes later is told


def test_a_ban_decided_and_served_after_the_cut_off_is_an_alert() -> None:
    story = Story()
    firm = story.firm()
    record = story.ban(firm, decided_on="2026-06-11", served_on="2026-06-11", months=12)
    answer = story.ask(firm)
    assert answer.results[0].verdict == "eligible"
    assert {(a.kind, a.records, str(a.on)) for a in answer.alerts} == {
        (AlertKind.LATER_FACT, (record,), "2026-06-11"),
    }


@pytest.mark.parametrize("kind", ["annulled", "suspended", "repaired", "amended"])
def test_what_happens_to_a_record_after_the_cut_off_is_an_alert(kind: str) -> None:
    answer = decided((kind, "2026-06-11"))
    assert answer.results[0].verdict == "restricted"
    assert [a.kind for a in answer.alerts] == [AlertKind.LATER_FACT]


def test_facts_before_the_cut_off_are_no_alert() -> None:
    assert decided(("review_opened", "2026-05-01")).alerts == ()


def test_a_declaration_that_the_records_contradict_is_a_lead() -> None:
    story = Story()
    firm = story.firm()
    fine = story.fine(firm, "2500000")
    question = story.question(firm)
    bid = question.bids[0]
    declared = story.question(type(bid)(bid.ref, bid.role, bid.members, no_major_record=True))
    answer = story.answer(declared, story.facts())
    assert [(a.kind, a.records) for a in answer.alerts] == [(AlertKind.LEAD, (fine,))]
    assert story.answer(question, story.facts()).alerts == ()


# ---------------------------------------------------------------- a document that is silent on the cut-off


def test_a_silent_document_is_flagged_on_every_result_and_told_as_a_defect() -> None:
    story = Story()
    answer = story.ask(story.firm(), story.firm(), **SILENT)
    assert [questions(r) for r in answer.results] == [{"Q21"}, {"Q21"}]
    assert [r.verdict for r in answer.results] == ["eligible_with_flags", "eligible_with_flags"]
    assert [a.kind for a in answer.alerts] == [AlertKind.DOCUMENT]


def test_a_silent_document_leaves_what_is_certain_restricted() -> None:
    assert silent().verdict == "restricted"
    assert silent(decided_on="2025-06-09", from_="2025-06-11", until="2026-06-10").verdict == "restricted"


@pytest.mark.parametrize(
    ("begins", "verdict"),
    [
        ("2026-06-09", "restricted"),
        ("2026-06-10T09:30:00+08:00", "restricted"),
        ("2026-06-10T09:30:01+08:00", "review"),
        ("2026-06-10", "review"),
        ("2026-06-10T23:59:59+08:00", "review"),
        ("2026-06-11", "eligible_with_flags"),
    ],
)
def test_where_the_document_is_silent_what_comes_after_the_deadline_that_day_is_for_a_person(
    begins: str, verdict: str
) -> None:
    assert silent(decided_on="2026-06-01", from_=begins, until="2027-06-08").verdict == verdict


@pytest.mark.parametrize(
    ("annulled", "verdict"),
    [
        ("2026-06-09", "eligible_with_flags"),
        ("2026-06-10T09:30:00+08:00", "eligible_with_flags"),
        ("2026-06-10T09:30:01+08:00", "review"),
        ("2026-06-10", "review"),
        ("2026-06-11", "restricted"),
    ],
)
def test_where_the_document_is_silent_a_relief_after_the_deadline_that_day_is_for_a_person(
    annulled: str, verdict: str
) -> None:
    assert silent(("annulled", annulled)).verdict == verdict


def test_a_ban_served_on_the_deadlines_day_of_a_silent_document_is_for_a_person() -> None:
    served: Data = {"decided_on": "2026-06-09", "served_on": "2026-06-10", "published_on": "2026-06-10", "months": 12}
    result = silent(**served)
    assert effects(result) == {"GP-BAN": "review", "DOC-SILENT-CUT-OFF": "flag"}
    assert found(result, "GP-BAN").question == "Q21"
