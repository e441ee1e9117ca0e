"""How a complaint stands: whole, items, days, and lives that cannot be (94号令 29–32)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.model.complaint import ComplaintEvent, ComplaintEventKind, ComplaintOutcome, ItemOutcome
from credit.oversight.outcomes import Doubt, Standing, standing
from tests.oversight.lodging import day, event, letter

TWO = ("事项一:业绩认定有误", "事项二:参数有倾向性")


def stands(*events: ComplaintEvent, items: tuple[str, ...] = TWO, as_of: str = "2026-12-31") -> Standing:
    return standing(letter("2026-01-05", *events, items=items), day(as_of))


def test_nothing_yet_is_pending() -> None:
    assert stands().outcome is ComplaintOutcome.PENDING


def test_an_accepted_one_is_pending_and_knows_its_day() -> None:
    found = stands(event("accepted", "2026-01-08"))
    assert (found.outcome, found.accepted_on) == (ComplaintOutcome.PENDING, day("2026-01-08"))


def test_what_happens_after_the_day_asked_about_is_not_seen() -> None:
    assert stands(event("decided", "2026-02-10", "rejected_unfounded"), as_of="2026-02-09").decided_on is None


def test_a_decision_counts_on_its_own_day() -> None:
    found = stands(event("decided", "2026-02-10", "rejected_unfounded"), as_of="2026-02-10")
    assert (found.outcome, found.decided_on) == (ComplaintOutcome.REJECTED_UNFOUNDED, day("2026-02-10"))


def test_a_whole_outcome_is_that_of_every_item() -> None:
    found = stands(event("decided", "2026-02-10", "rejected_unfounded"))
    assert found.items == dict.fromkeys((1, 2), ComplaintOutcome.REJECTED_UNFOUNDED)


@pytest.mark.parametrize(
    ("items", "whole"),
    [
        (("rejected_unfounded", "rejected_unfounded"), "rejected_unfounded"),
        (("upheld_effect", "rejected_unfounded"), "partly_upheld"),
        (("upheld_effect", "upheld_no_effect"), "upheld_effect"),
        (("upheld_effect", "terminated_withdrawn"), "partly_upheld"),
        (("rejected_unfounded", "rejected_fabricated"), "rejected_fabricated"),
        (("rejected_unfounded", "rejected_inadmissible"), "rejected_inadmissible"),
    ],
)
def test_the_whole_is_derived_from_items(items: tuple[str, str], whole: str) -> None:
    assert stands(event("decided", "2026-02-10", None, enumerate(items, 1))).outcome.value == whole


def test_items_rejected_in_ways_that_do_not_add_up_are_mixed() -> None:
    items = [(1, "rejected_unfounded"), (2, "rejected_inadmissible")]
    assert stands(event("decided", "2026-02-10", None, items)).doubts == {Doubt.MIXED}


def test_items_that_agree_are_without_doubt() -> None:
    items = [(1, "rejected_unfounded"), (2, "rejected_unfounded")]
    assert not stands(event("decided", "2026-02-10", None, items)).doubts


def test_a_given_whole_wins_over_its_items_and_is_a_contradiction() -> None:
    found = stands(event("decided", "2026-02-10", "rejected_unfounded", [(2, "upheld_effect")]))
    assert (found.outcome, found.doubts) == (ComplaintOutcome.REJECTED_UNFOUNDED, {Doubt.CONTRADICTION})


def test_partly_upheld_with_one_item_rejected_is_no_contradiction() -> None:
    items = [(1, "upheld_effect"), (2, "rejected_unfounded")]
    assert not stands(event("decided", "2026-02-10", "partly_upheld", items)).doubts


def test_one_item_told_in_two_ways_is_a_contradiction() -> None:
    items = [(1, "upheld_effect"), (1, "rejected_unfounded"), (2, "upheld_effect")]
    assert Doubt.CONTRADICTION in stands(event("decided", "2026-02-10", None, items)).doubts


def test_only_some_items_known_is_incomplete() -> None:
    assert stands(event("decided", "2026-02-10", None, [(1, "rejected_unfounded")])).doubts == {Doubt.INCOMPLETE}


def test_a_decision_that_says_nothing_is_incomplete() -> None:
    assert stands(event("decided", "2026-02-10")).doubts == {Doubt.INCOMPLETE}


def test_a_withdrawal_ends_it() -> None:
    found = stands(event("accepted", "2026-01-08"), event("withdrawn", "2026-01-20"))
    assert (found.outcome, found.ended_on) == (ComplaintOutcome.TERMINATED_WITHDRAWN, day("2026-01-20"))


def test_a_withdrawal_after_the_decision_leaves_it_standing() -> None:
    found = stands(event("decided", "2026-02-10", "rejected_unfounded"), event("withdrawn", "2026-02-11"))
    assert (found.outcome, found.doubts) == (ComplaintOutcome.REJECTED_UNFOUNDED, {Doubt.IMPOSSIBLE})


def test_acceptance_after_a_correction_goes_on() -> None:
    found = stands(event("correction_due", "2026-01-08"), event("accepted", "2026-01-12"))
    assert (found.outcome, found.doubts) == (ComplaintOutcome.PENDING, frozenset())


def test_one_not_accepted_may_be_accepted_later() -> None:
    found = stands(event("not_accepted", "2026-01-08"), event("accepted", "2026-03-12"))
    assert (found.outcome, found.doubts) == (ComplaintOutcome.PENDING, frozenset())


def test_a_decision_on_one_that_was_withdrawn_cannot_be() -> None:
    found = stands(event("withdrawn", "2026-01-08"), event("decided", "2026-02-10", "rejected_unfounded"))
    assert Doubt.IMPOSSIBLE in found.doubts


def test_a_decision_before_the_filing_cannot_be() -> None:
    assert Doubt.IMPOSSIBLE in stands(event("decided", "2025-02-10", "rejected_unfounded")).doubts


def test_reversal_undoes_the_decision() -> None:
    found = stands(event("decided", "2026-02-10", "rejected_unfounded"), event("reversed", "2026-05-10"))
    assert (found.outcome, found.decided_on) == (ComplaintOutcome.REVERSED_ON_REVIEW, None)


def test_a_reversal_may_give_its_own_outcome() -> None:
    found = stands(
        event("decided", "2026-02-10", "rejected_unfounded"), event("reversed", "2026-05-10", "upheld_effect")
    )
    assert (found.outcome, found.decided_on) == (ComplaintOutcome.UPHELD_EFFECT, day("2026-05-10"))


def test_a_reversal_of_one_item_leaves_the_others() -> None:
    found = stands(
        event("decided", "2026-02-10", "rejected_unfounded"),
        event("reversed", "2026-05-10", None, [(1, "upheld_effect")]),
    )
    assert found.outcome is ComplaintOutcome.PARTLY_UPHELD


def test_a_new_decision_after_a_reversal_is_an_ordinary_one() -> None:
    found = stands(
        event("decided", "2026-02-10", "rejected_unfounded"),
        event("reversed", "2026-05-10"),
        event("decided", "2026-07-10", "rejected_unfounded"),
    )
    assert (found.decided_on, found.doubts) == (day("2026-07-10"), frozenset())


def test_a_reversal_of_nothing_cannot_be() -> None:
    assert Doubt.IMPOSSIBLE in stands(event("reversed", "2026-05-10")).doubts


def test_the_same_decision_told_twice_keeps_its_first_day() -> None:
    found = stands(
        event("decided", "2026-02-10", "rejected_unfounded"), event("decided", "2026-02-20", "rejected_unfounded")
    )
    assert (found.decided_on, found.doubts) == (day("2026-02-10"), frozenset())


def test_two_decisions_that_differ_cannot_both_be() -> None:
    found = stands(
        event("decided", "2026-02-10", "rejected_unfounded"), event("decided", "2026-02-20", "upheld_effect")
    )
    assert Doubt.IMPOSSIBLE in found.doubts


def test_a_pause_ends_with_the_decision() -> None:
    found = stands(event("paused", "2026-01-20"), event("decided", "2026-02-10", "upheld_effect"))
    assert found.paused == ((day("2026-01-20"), day("2026-02-10")),)


def test_a_pause_that_goes_on_has_no_end() -> None:
    found = stands(event("paused", "2026-01-20"), event("accepted", "2026-01-21"))
    assert found.paused == ((day("2026-01-20"), None),)


lives = st.lists(
    st.builds(
        ComplaintEvent,
        kind=st.sampled_from(ComplaintEventKind),
        on=st.dates(date(2026, 1, 1), date(2026, 1, 6)),
        outcome=st.none() | st.sampled_from(ComplaintOutcome),
        items=st.lists(st.builds(ItemOutcome, st.integers(-1, 4), st.sampled_from(ComplaintOutcome)), max_size=3).map(
            tuple
        ),
        tick=st.integers(0, 9),
    ),
    max_size=6,
)


@given(lives)
def test_no_life_crashes_and_the_order_of_arrival_never_matters(life: list[ComplaintEvent]) -> None:
    whole = standing(letter("2026-01-03", *life), date(2026, 2, 1))
    numbered = [
        ComplaintEvent(id=str(n), kind=e.kind, on=e.on, outcome=e.outcome, items=e.items) for n, e in enumerate(life)
    ]
    there = standing(letter("2026-01-03", *numbered), date(2026, 2, 1))
    back = standing(letter("2026-01-03", *reversed(numbered)), date(2026, 2, 1))
    assert whole.outcome in ComplaintOutcome
    assert there == back
