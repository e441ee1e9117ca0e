"""Signals from the letters themselves: how they ended, where and how often they were filed (DOMAIN §7.3)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.model.complaint import ComplaintOutcome, HeldComplaint
from credit.model.matter import MatterId
from credit.oversight.letters import office_key
from credit.oversight.same_matter import item_key
from credit.oversight.signals.evidence import BaseRate, Evidence
from credit.oversight.signals.likeness import alike, jaccard, kept, shingled
from credit.oversight.signals.signal import Signal, Status, wilson
from credit.oversight.signals.spread import dense, repeat_matter, scatter
from tests.oversight.lodging import (
    HEBEI,
    NOTICE,
    QINGDAO,
    SICHUAN,
    UPHELD,
    ZIYANG,
    day,
    decided,
    event,
    evidence,
    letter,
    scene,
    signal,
    withdrawn,
)

TEXT = "中标供应商提供的同类项目业绩合同系虚假材料应当取消其中标资格"


def four_of_five() -> tuple[HeldComplaint, ...]:
    left = (withdrawn(f"2026-0{n}-05", f"2026-0{n}-20") for n in (1, 2, 3, 4))
    return (*left, decided("2025-10-01"))


# ---------------------------------------------------------------- intervals


def test_the_interval_of_a_few_is_wide() -> None:
    assert wilson(4, 5, Decimal("0.95")) == (Decimal("0.3755"), Decimal("0.9638"))


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_share_lies_in_its_interval(drawn: tuple[int, int]) -> None:
    hits, of = drawn
    low, high = wilson(hits, of, Decimal("0.95"))
    assert Decimal(0) <= low <= round(Decimal(hits) / of, 4) <= high <= Decimal(1)


# ---------------------------------------------------------------- 1, 14-16: how they ended


def test_unproven_letters_are_counted_of_those_decided() -> None:
    found = signal("n_unfounded", evidence(decided("2026-01-05"), decided("2026-02-05", outcome=UPHELD)))
    assert (found.value, found.of, len(found.rests_on)) == (1, 2, 1)


def test_unproven_letters_of_earlier_years_are_not() -> None:
    assert signal("n_unfounded", evidence(decided("2025-05-20"), decided("2025-05-21"))).value == 1


def test_from_three_on_they_lead_to_attention() -> None:
    held = evidence(*(decided(f"2026-0{n}-05") for n in (1, 2, 3)))
    assert signal("n_unfounded", held).points_to_watch


def test_without_any_decision_nothing_is_known_of_how_they_end() -> None:
    held = evidence(letter("2026-01-05"))
    names = ("n_unfounded", "winner_shield", "forged", "confidential")
    assert {signal(name, held).status for name in names} == {Status.UNKNOWN}


def test_the_shield_is_the_share_upheld_in_part_or_whole() -> None:
    partly = decided("2026-02-05", outcome=ComplaintOutcome.PARTLY_UPHELD)
    found = signal("winner_shield", evidence(decided("2026-01-05"), partly))
    assert (found.value, found.points_to_watch) == (Decimal("0.5"), False)


def test_a_finding_of_forgery_leads_to_attention() -> None:
    held = evidence(decided("2026-01-05", outcome=ComplaintOutcome.REJECTED_FABRICATED))
    assert signal("forged", held).points_to_watch
    assert signal("confidential", held).value == 0


def test_unlawful_proof_is_its_own_signal() -> None:
    held = evidence(decided("2026-01-05", outcome=ComplaintOutcome.REJECTED_UNLAWFUL_PROOF))
    assert (signal("confidential", held).value, signal("forged", held).value) == (1, 0)


def test_suspicion_without_a_finding_is_no_forgery() -> None:
    assert signal("forged", evidence(decided("2026-01-05", outcome=UPHELD))).value == 0


# ---------------------------------------------------------------- 2, 3, 12: withdrawals and pauses


def test_four_of_five_withdrawn_lead_to_attention() -> None:
    found = signal("withdraw_rate", evidence(*four_of_five()))
    assert (found.value, found.of, found.points_to_watch) == (Decimal("0.8"), 5, True)


def test_from_notices_alone_the_rate_is_unknown() -> None:
    held = [replace(x, content=replace(x.content, source=NOTICE)) for x in four_of_five()]
    found = signal("withdraw_rate", evidence(*held))
    assert (found.status, found.value) == (Status.UNKNOWN, None)


def test_notices_of_an_office_whose_ledger_is_held_are_enough() -> None:
    held = [replace(x, content=replace(x.content, source=NOTICE)) for x in four_of_five()]
    whole = replace(evidence(*held), ledgers=frozenset({office_key(ZIYANG)}))
    assert signal("withdraw_rate", whole).value == Decimal("0.8")


def test_two_withdrawals_are_too_few() -> None:
    held = evidence(withdrawn("2026-01-05", "2026-01-20"), withdrawn("2026-02-05", "2026-02-20"))
    assert not signal("withdraw_rate", held).points_to_watch


def test_a_share_below_the_precedent_leads_to_nothing() -> None:
    held = evidence(*four_of_five(), *(decided(f"2025-1{n}-01") for n in (0, 1)))
    assert not signal("withdraw_rate", held).points_to_watch


def test_where_most_withdraw_anyway_nothing_follows() -> None:
    held = replace(evidence(*four_of_five()), bases={"withdraw_rate": BaseRate(500, 1000)})
    found = signal("withdraw_rate", held)
    assert (found.points_to_watch, found.base and round(found.base, 2)) == (False, Decimal("0.50"))


def test_the_base_rate_is_that_of_others() -> None:
    held = replace(evidence(*four_of_five()), bases={"withdraw_rate": BaseRate(104, 1005)})
    assert signal("withdraw_rate", held).base == Decimal("0.1")


def test_of_few_others_the_base_rate_of_the_rules_is_taken() -> None:
    held = replace(evidence(*four_of_five()), bases={"withdraw_rate": BaseRate(4, 5)})
    assert signal("withdraw_rate", held).base == Decimal("0.2")


def test_late_withdrawals_need_the_day_of_the_reply() -> None:
    assert signal("late_withdraw", evidence(*four_of_five())).status is Status.UNKNOWN


def test_a_withdrawal_after_the_reply_and_by_day_30_is_late() -> None:
    late, early = withdrawn("2026-01-05", "2026-02-04"), withdrawn("2026-02-05", "2026-02-10")
    after = withdrawn("2026-03-01", "2026-04-15")
    replies: dict[MatterId, str] = {late.id: "2026-01-20", early.id: "2026-02-20", after.id: "2026-03-20"}
    held = replace(evidence(late, early, after), replies={k: day(v) for k, v in replies.items()})
    assert signal("late_withdraw", held).rests_on == (late.id,)


def test_a_pause_of_an_unknown_budget_has_an_unknown_cost() -> None:
    held = evidence(letter("2026-01-05", event("paused", "2026-01-20"), project="P-1"))
    assert signal("pause_cost", held).status is Status.UNKNOWN


def test_no_pause_in_a_ledger_costs_nothing() -> None:
    assert signal("pause_cost", evidence(letter("2026-01-05"))).value == Decimal(0)


# ---------------------------------------------------------------- 6, 10, 11: where and how often


def test_provinces_are_counted_and_lead_to_nothing() -> None:
    held = evidence(*(decided("2026-01-05", office=office) for office in (ZIYANG, SICHUAN, QINGDAO, HEBEI)))
    found = scatter(scene(held))
    assert (found.value, found.points_to_watch) == (3, False)


def test_a_matter_at_two_offices_is_repeated() -> None:
    held = evidence(decided("2026-01-05", project="P-9"), decided("2026-01-07", project="P-9", office=SICHUAN))
    assert repeat_matter(scene(held)).value == 1


def test_a_matter_brought_again_after_the_decision_is_repeated() -> None:
    held = evidence(decided("2026-01-05", "2026-02-01", project="P-9"), decided("2026-02-01", project="P-9"))
    assert repeat_matter(scene(held)).value == 1


def test_a_matter_sent_away_unheard_may_be_brought_again() -> None:
    away = letter("2026-01-05", event("transferred", "2026-01-08"), project="P-9")
    assert repeat_matter(scene(evidence(away, decided("2026-01-10", project="P-9", office=SICHUAN)))).value == 0


def test_without_projects_nothing_is_known_of_repetition() -> None:
    held = scene(evidence(decided("2026-01-05")))
    assert {repeat_matter(held).status, dense(held).status} == {Status.UNKNOWN}


@pytest.mark.parametrize(("last", "watch"), [("2026-01-15", True), ("2026-01-16", False)])
def test_five_in_fifteen_days_on_one_project_are_dense(last: str, watch: bool) -> None:
    days = ("2026-01-01", "2026-01-03", "2026-01-05", "2026-01-07", last)
    assert dense(scene(evidence(*(letter(d, project="P-9") for d in days)))).points_to_watch is watch


# ---------------------------------------------------------------- 7: alike


def alike_on(*projects: str | None, texts: tuple[str, ...] = ()) -> Signal:
    words = texts or tuple(f"{TEXT}{n}" for n in range(len(projects)))
    pairs = zip(projects, words, strict=True)
    return signal("template", evidence(*(letter("2026-01-05", project=p, items=(t,)) for p, t in pairs)))


def test_items_alike_on_four_projects_lead_to_attention() -> None:
    found = alike_on("P-1", "P-2", "P-3", "P-4")
    assert (found.value, found.of, found.points_to_watch) == (4, 4, True)


def test_items_alike_on_one_project_tell_nothing() -> None:
    assert alike_on("P-1", "P-1", "P-1", "P-1").status is Status.UNKNOWN


def test_where_no_project_is_named_nothing_is_known() -> None:
    assert alike_on(None, None, None, None).status is Status.UNKNOWN


def test_different_items_are_not_alike() -> None:
    texts = (TEXT, "采购文件将特定行政区域的业绩作为加分条件构成歧视", "评标委员会未按招标文件载明的评分办法打分")
    assert alike_on("P-1", "P-2", "P-3", texts=texts).value == 1


def test_what_a_crowd_of_complainants_writes_is_left_out() -> None:
    letters = (
        letter("2026-01-05", project=f"P-{n}", items=(TEXT, f"{n * 7919:x}号项目{n * 104729:o}评分有误"))
        for n in (1, 2, 3, 4)
    )
    held = evidence(*letters)
    assert signal("template", held).points_to_watch
    crowded = replace(held, stock=frozenset(kept(item_key(TEXT)).keys))
    assert signal("template", crowded).value == 1


def test_short_stock_phrases_are_left_out() -> None:
    assert alike_on("P-1", "P-2", texts=("中标结果不公", "中标结果不公")).status is Status.UNKNOWN


words = st.lists(st.text("甲乙丙丁", min_size=3, max_size=12), max_size=12, unique=True)


@given(words)
def test_likeness_does_not_depend_on_order(texts: list[str]) -> None:
    assert alike(texts, likeness=0.8, signs=2) == alike(reversed(texts), likeness=0.8, signs=2)


@given(words)
def test_texts_in_one_group_hang_together_by_exact_likeness(texts: list[str]) -> None:
    for group in alike(texts, likeness=0.8, signs=2):
        for text in group if len(group) > 1 else ():
            mine = shingled(text, 2)
            assert any(jaccard(mine, shingled(other, 2)) >= 0.8 for other in group if other != text)


def test_near_copies_are_found_among_strangers() -> None:
    strangers = [f"{n * 7919:x}号项目{n * 104729:o}评分{n * 1299709:b}" for n in range(300)]
    groups = alike([*strangers, TEXT, TEXT + "。。一"], likeness=0.8, signs=3)
    assert (TEXT, TEXT + "。。一") in groups


def test_an_empty_evidence_knows_next_to_nothing() -> None:
    empty: Evidence = evidence()
    assert signal("withdraw_rate", empty).status is Status.UNKNOWN
