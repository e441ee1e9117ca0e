"""The statutory trigger: what counts, in which 12 months, and what a person must say (94号令 37; DOMAIN Q1–Q3)."""

from datetime import date, timedelta
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.model.complaint import ComplaintLaw, ComplaintOutcome, HeldComplaint
from credit.model.matter import MatterId
from credit.model.matters import ProposalKind
from credit.model.record import Authority
from credit.oversight.trigger import Answered, By, Trigger, TriggerState, Weight, trigger
from credit.rules.terms import add_months
from tests.oversight.lodging import (
    HEBEI,
    NOTICE,
    QINGDAO,
    RULES,
    SICHUAN,
    UNFOUNDED,
    UPHELD,
    ZIYANG,
    A,
    B,
    day,
    decided,
    event,
    letter,
    withdrawn,
)

MET, NOT_MET, REVIEW = TriggerState


def found(*held: HeldComplaint, as_of: str = "2026-05-20", answered: tuple[MatterId, ...] = ()) -> Trigger:
    done = Answered(frozenset(answered), frozenset(answered))
    return trigger(held, as_of=day(as_of), thresholds=RULES, answered=done)


def three(last: str = "2026-03-09", outcome: ComplaintOutcome = UNFOUNDED) -> tuple[HeldComplaint, ...]:
    """Three letters of which the first was filed on 2025-03-10 and decided, as the second, close to the third."""
    first, second = decided("2025-03-10", "2025-09-15"), decided("2025-09-01", "2025-10-15")
    return first, second, decided(last, last, outcome)


# ---------------------------------------------------------------- the number and the window


def test_two_are_not_three() -> None:
    assert found(*three()[:2]).state is NOT_MET


@pytest.mark.parametrize(("last", "state"), [("2026-03-09", MET), ("2026-03-10", REVIEW), ("2026-03-21", NOT_MET)])
def test_the_anniversary_itself_is_for_a_person(last: str, state: TriggerState) -> None:
    first, second = decided("2025-03-10", "2025-03-20"), decided("2025-09-01", "2025-10-15")
    assert found(first, second, decided(last, last)).state is state


def test_an_edge_names_its_question() -> None:
    assert found(*three("2026-03-10")).questions == ("Q1",)


def test_the_month_end_counts_as_the_anniversary_of_a_leap_day() -> None:
    held = decided("2024-02-29", "2024-06-01"), decided("2024-05-01", "2024-06-01"), decided("2025-02-28", "2025-03-01")
    assert found(*held, as_of="2025-05-01").state is REVIEW


def test_decisions_further_apart_than_filings_are_for_a_person() -> None:
    held = decided("2025-03-10", "2025-04-03"), decided("2025-09-01", "2025-10-15"), decided("2026-03-02", "2026-04-10")
    answer = found(*held)
    assert (answer.state, answer.by_filing, answer.by_decision, answer.questions) == (REVIEW, 3, 2, ("Q1",))


def test_decisions_closer_than_filings_are_for_a_person() -> None:
    held = decided("2025-01-10", "2025-10-03"), decided("2025-09-01", "2025-10-15"), decided("2026-03-02", "2026-04-10")
    answer = found(*held)
    assert (answer.state, answer.by_filing, answer.by_decision) == (REVIEW, 2, 3)
    assert answer.window
    assert answer.window.by is By.DECISION


def test_both_counts_must_be_met_by_the_same_letters() -> None:
    """Three filed closely and decided far apart, and three others the other way, are no three."""
    filed_close = (
        decided("2021-03-01", "2021-04-01"),
        decided("2021-03-02", "2022-08-01"),
        decided("2021-03-03", "2023-12-01"),
    )
    answer = found(*filed_close, decided("2022-07-01", "2022-08-02"), as_of="2023-12-31")
    assert answer.state is not MET


def test_what_is_decided_after_the_day_asked_about_does_not_count() -> None:
    assert found(*three(), as_of="2026-03-08").state is NOT_MET


def test_the_last_letter_may_be_two_years_old() -> None:
    assert found(*three(), as_of="2028-03-09").state is MET


def test_a_last_letter_older_than_two_years_is_too_old() -> None:
    assert found(*three(), as_of="2028-03-10").state is NOT_MET


def test_the_window_is_twelve_months_with_both_ends_inside() -> None:
    held = three()
    window = found(*held).window
    assert window
    assert (window.from_, window.to, window.by) == (day("2025-03-10"), day("2026-03-09"), By.FILING)
    assert set(window.complaints) == {h.id for h in held}


def test_the_split_by_province_names_each() -> None:
    held = (
        decided("2025-07-01", office=ZIYANG),
        decided("2025-11-15", office=QINGDAO),
        decided("2026-03-20", office=HEBEI),
    )
    assert found(*held).provinces == (("130000", 1), ("370000", 1), ("510000", 1))


def test_the_split_counts_what_is_surely_counted_alone() -> None:
    unclear = decided("2026-01-15", office=Authority("山东省公共资源交易监督管理局", region="370000"))
    held = found(decided("2025-07-01"), decided("2025-11-15"), unclear)
    assert held.window is not None
    assert (held.state, len(held.window.complaints), held.provinces) == (REVIEW, 3, (("510000", 2),))


def test_a_letter_that_a_notice_may_tell_too_is_not_counted_twice() -> None:
    own, other = decided("2025-11-15", project="N1"), decided("2026-01-15", project="N2")
    notice = decided("2025-11-15", "2025-11-16", items=(), source=NOTICE, no="资财采决1号")
    held = found(own, other, notice)
    assert (held.state, held.by_filing, held.questions) == (REVIEW, 2, ("Q2",))
    assert {one.id: one.weight for one in held.letters}[notice.id] is Weight.DOUBTFUL


# ---------------------------------------------------------------- what counts


@pytest.mark.parametrize("outcome", ["rejected_unfounded", "rejected_fabricated", "rejected_unlawful_proof"])
def test_rejections_on_the_merits_count(outcome: str) -> None:
    assert found(*three(outcome=ComplaintOutcome(outcome))).state is MET


@pytest.mark.parametrize(
    "outcome",
    [*(o for o in ComplaintOutcome if o.value[:8] != "rejected"), ComplaintOutcome.REJECTED_INADMISSIBLE],
)
def test_nothing_else_counts(outcome: ComplaintOutcome) -> None:
    assert found(*three(outcome=outcome)).state is NOT_MET


def test_bidding_complaints_do_not_count() -> None:
    held = [decided(f"2026-0{n}-01", law=ComplaintLaw.BIDDING) for n in (1, 2, 3)]
    assert found(*held).state is NOT_MET


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("资阳市财政局", MET),
        ("四川省财政厅", MET),
        ("财政部", MET),
        ("某开发区发展改革和财政局", MET),
        ("公安县财政局", MET),
        ("资阳市政府采购监管局", MET),
        ("资阳市公共资源交易监督管理局", REVIEW),
        ("资阳市综合行政执法局", REVIEW),
        ("公安县公共资源交易监督管理局", REVIEW),
        ("资阳市人民医院", NOT_MET),
        ("资阳市住房和城乡建设局", NOT_MET),
    ],
)
def test_only_what_finance_departments_decide_counts(name: str, state: TriggerState) -> None:
    office = Authority(name, region="512000")
    assert found(*(decided(f"2026-0{n}-01", office=office) for n in (1, 2, 3))).state is state


def test_an_office_whose_name_does_not_tell_is_named_as_the_open_question() -> None:
    office = Authority("资阳市公共资源交易监督管理局", region="512000")
    (told,) = found(decided("2026-03-01", office=office)).letters
    assert (told.weight, told.question) == (Weight.DOUBTFUL, "Q2")


def test_no_ban_from_what_no_finance_department_found() -> None:
    office = Authority("资阳市人民医院", region="512000")
    assert found(decided("2026-03-09", outcome=ComplaintOutcome.REJECTED_FABRICATED, office=office)).proposal is None


def test_letters_under_the_old_rule_are_not_summed() -> None:
    old = decided("2018-02-28", "2018-03-20"), decided("2018-02-27", "2018-03-20")
    assert found(*old, decided("2018-03-01", "2018-04-01"), as_of="2018-06-29").state is NOT_MET


def test_letters_on_the_new_rules_first_day_are() -> None:
    new = [decided("2018-03-01", "2018-04-01") for _ in range(3)]
    assert found(*new, as_of="2018-06-29").state is MET


def test_a_contradiction_between_whole_and_items_is_for_a_person() -> None:
    ruling = event("decided", "2026-03-09", "rejected_unfounded", [(1, "upheld_effect")])
    answer = found(*three()[:2], letter("2026-03-01", ruling))
    assert (answer.state, answer.questions) == (REVIEW, ("Q2",))


def test_an_impossible_life_is_for_a_person() -> None:
    life = event("withdrawn", "2026-03-02"), event("decided", "2026-03-09", "rejected_unfounded")
    assert found(*three()[:2], letter("2026-03-01", *life)).state is REVIEW


def test_reversal_takes_a_letter_out() -> None:
    life = event("decided", "2026-03-09", "rejected_unfounded"), event("reversed", "2026-04-20")
    assert found(*three()[:2], letter("2026-03-01", *life)).state is NOT_MET


def test_letters_already_answered_do_not_count_again() -> None:
    held = three()
    assert found(*held, answered=(held[0].id,)).state is NOT_MET


def test_every_letter_says_why_it_counts_or_not() -> None:
    held = (*three(), decided("2026-01-05", outcome=UPHELD), withdrawn("2026-01-06", "2026-01-20"))
    weights = {x.id: (x.weight, x.question) for x in found(*held).letters}
    assert weights == {
        **dict.fromkeys((h.id for h in held[:3]), (Weight.COUNTED, None)),
        **dict.fromkeys((h.id for h in held[3:]), (Weight.LEFT_OUT, "Q2")),
    }


# ---------------------------------------------------------------- the same letter, the same matter


def test_a_number_counts_once_however_it_is_written() -> None:
    held = decided("2025-09-01", no="川财采投〔2025〕7号"), decided("2025-09-02", no="川财采投(2025) 7号")
    assert found(*held, decided("2026-01-05")).by_filing == 2


def test_the_same_number_at_another_office_is_another_letter() -> None:
    held = decided("2025-09-01", no="7号"), decided("2025-09-02", no="7号", office=QINGDAO)
    assert found(*held, decided("2026-01-05")).state is MET


def test_two_sources_that_tell_different_decisions_are_for_a_person() -> None:
    held = decided("2026-03-01", no="7号"), decided("2026-03-01", no="7号", outcome=UPHELD)
    assert found(*three()[:2], *held).state is REVIEW


def test_the_same_matter_at_two_offices_counts_once() -> None:
    held = [decided("2026-01-05", project="P-9", office=office) for office in (ZIYANG, SICHUAN)]
    assert found(decided("2025-09-01"), *held).by_filing == 2


def test_the_same_words_on_no_project_are_different_matters() -> None:
    assert found(*(decided("2026-01-05") for _ in range(3))).state is MET


def test_a_repetition_that_makes_the_number_only_where_its_first_is_out_of_the_window_is_for_a_person() -> None:
    first, again = decided("2025-01-05", project="P-9"), decided("2025-06-01", project="P-9", office=SICHUAN)
    assert found(first, again, decided("2025-12-01"), decided("2026-03-01")).state is REVIEW


def test_letters_that_share_some_items_are_for_a_person() -> None:
    one = decided("2026-01-05", project="P-9", items=("甲事项", "乙事项"))
    other = decided("2026-01-09", project="P-9", items=("乙事项", "丙事项"))
    assert found(decided("2025-09-01"), one, other).state is REVIEW


def test_a_matter_upheld_elsewhere_is_for_a_person() -> None:
    upheld = decided("2026-01-05", outcome=UPHELD, project="P-9", office=SICHUAN)
    lost = decided("2026-01-06", project="P-9")
    assert found(*three()[:2], upheld, lost).state is REVIEW


def test_the_repetition_of_an_answered_letter_does_not_count() -> None:
    first, again = decided("2026-01-05", project="P-9"), decided("2026-01-09", project="P-9", office=SICHUAN)
    answer = found(decided("2025-09-01"), decided("2025-09-02"), first, again, answered=(first.id,))
    assert answer.state is NOT_MET


# ---------------------------------------------------------------- proposals


def test_a_met_trigger_proposes_a_listing_on_its_letters() -> None:
    held = three()
    answer = found(*held)
    assert (answer.proposal, set(answer.facts)) == (ProposalKind.LIST, {h.id for h in held})


def test_a_trigger_for_a_person_proposes_nothing() -> None:
    assert found(*three("2026-03-10")).proposal is None


@pytest.mark.parametrize("outcome", ["rejected_fabricated", "rejected_unlawful_proof"])
def test_one_finding_under_the_second_paragraph_proposes_a_ban(outcome: str) -> None:
    one = decided("2026-03-09", outcome=ComplaintOutcome(outcome))
    answer = found(one)
    assert (answer.state, answer.proposal, answer.facts) == (NOT_MET, ProposalKind.BAN, (one.id,))


def test_a_finding_on_one_item_is_enough() -> None:
    ruling = event("decided", "2026-03-09", None, [(1, "rejected_fabricated"), (2, "upheld_effect")])
    assert found(letter("2026-03-01", ruling, items=("甲", "乙"))).proposal is ProposalKind.BAN


def test_a_ban_goes_before_a_listing() -> None:
    assert found(*three(outcome=ComplaintOutcome.REJECTED_FABRICATED)).proposal is ProposalKind.BAN


def test_no_ban_from_a_finding_that_is_contradicted() -> None:
    ruling = event("decided", "2026-03-09", "rejected_fabricated", [(1, "upheld_effect")])
    assert found(letter("2026-03-01", ruling)).proposal is None


def test_no_ban_under_bidding_law() -> None:
    one = decided("2026-03-09", outcome=ComplaintOutcome.REJECTED_FABRICATED, law=ComplaintLaw.BIDDING)
    assert found(one).proposal is None


def test_no_ban_from_an_answered_finding() -> None:
    one = decided("2026-03-09", outcome=ComplaintOutcome.REJECTED_FABRICATED)
    assert found(one, answered=(one.id,)).proposal is None


FABRICATED = ComplaintOutcome.REJECTED_FABRICATED


def a_pair() -> tuple[HeldComplaint, HeldComplaint]:
    """A finding as the office tells it, and as a notice may tell it too."""
    own = decided("2026-03-01", "2026-03-09", FABRICATED)
    return own, decided("2026-03-01", "2026-03-09", FABRICATED, source=NOTICE, items=(), no="资财采决1号")


def test_of_a_finding_that_may_be_told_twice_the_sure_one_alone_proposes() -> None:
    own, notice = a_pair()
    assert found(own, notice).malicious == (own.id,)


@pytest.mark.parametrize("nth", [0, 1])
def test_an_answered_finding_comes_back_by_neither_of_a_pair(nth: int) -> None:
    pair = a_pair()
    assert found(*pair, answered=(pair[nth].id,)).malicious == ()


def test_a_letter_that_may_be_an_answered_one_is_for_a_person() -> None:
    own, notice = a_pair()
    held = found(decided("2025-09-01"), decided("2025-09-02"), own, notice, answered=(notice.id,))
    assert (held.state, held.by_filing, held.questions) == (REVIEW, 2, ("Q2",))


@pytest.mark.parametrize("outcome", [UNFOUNDED, FABRICATED])
def test_a_reversed_decision_is_not_met_and_bans_nobody_by_a_notice_of_it(outcome: ComplaintOutcome) -> None:
    undone = letter("2026-03-01", event("decided", "2026-03-09", outcome), event("reversed", "2026-04-20"))
    notice = decided("2026-03-01", "2026-03-09", outcome, source=NOTICE, items=())
    held = found(*three()[:2], undone, notice)
    assert (held.by_filing, held.state, held.proposal) == (2, REVIEW, None)


def test_a_joint_letter_counts_for_each() -> None:
    ruling = event("decided", "2026-03-01", "rejected_unfounded")
    held = [letter(f"2026-0{n}-01", ruling, of=(A, B)) for n in (1, 2, 3)]
    assert found(*held).by_filing == 3


# ---------------------------------------------------------------- whatever comes in


def drawn(filed: date, wait: int, outcome: ComplaintOutcome, project: str | None, nth: int) -> HeldComplaint:
    ruled = str(filed + timedelta(wait))
    return decided(str(filed), ruled, outcome, no=f"N{nth}", project=project, items=("某事项",))


lives = st.lists(
    st.builds(
        drawn,
        st.dates(date(2024, 1, 1), date(2026, 12, 31)),
        st.integers(0, 500),
        st.sampled_from([UNFOUNDED, UNFOUNDED, UPHELD, ComplaintOutcome.REJECTED_INADMISSIBLE]),
        st.none() | st.sampled_from(["P-1", "P-2"]),
        st.integers(0, 30),
    ),
    max_size=9,
)


@given(lives, st.randoms(use_true_random=False))
def test_the_order_of_input_never_matters(held: list[HeldComplaint], random: Random) -> None:
    shuffled = list(held)
    random.shuffle(shuffled)
    assert found(*held, as_of="2027-06-01") == found(*shuffled, as_of="2027-06-01")


@given(lives, st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_an_upheld_letter_never_makes_it_met(held: list[HeldComplaint], filed: date) -> None:
    before = found(*held, as_of="2027-06-01").state
    after = found(*held, decided(str(filed), outcome=UPHELD, project="P-1"), as_of="2027-06-01").state
    assert after is not MET or before is MET


@given(lives)
def test_it_is_met_exactly_where_three_letters_lie_together_by_both_days(held: list[HeldComplaint]) -> None:
    numbers = [h.content.complaint_no for h in held]
    sole = [h for h in held if numbers.count(h.content.complaint_no) == 1 and h.content.project_no is None]
    days = [(h.content.filed_on, h.events[0].on) for h in sole if h.events[0].outcome is UNFOUNDED]
    together = any(
        all(max(of_one) < add_months(min(of_one), 12) for of_one in zip(*some, strict=True))
        and max(filed for filed, _ in some) >= day("2025-06-01")
        for some in combinations([d for d in days if d[1] <= day("2027-06-01")], 3)
    )
    assert (found(*sole, as_of="2027-06-01").state is MET) == together


def test_three_that_are_too_old_are_no_younger_by_a_fourth_that_was_decided_too_late_for_them() -> None:
    old = [
        decided("2024-06-02", "2024-06-02"),
        decided("2024-06-02", "2024-06-02"),
        decided("2025-01-01", "2025-01-01"),
    ]
    assert found(*old, decided("2025-06-01", "2025-06-02"), as_of="2027-06-01").state is REVIEW
    assert found(*old, decided("2025-06-01", "2025-06-01"), as_of="2027-06-01").state is MET


def test_a_finding_that_only_the_less_sure_of_two_letters_tells_is_not_lost() -> None:
    own = decided("2026-03-01", "2026-03-09", UNFOUNDED)
    notice = decided("2026-03-01", "2026-03-10", FABRICATED, source=NOTICE, items=())
    assert found(own, notice).malicious == (notice.id,)
