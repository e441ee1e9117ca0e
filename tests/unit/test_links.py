"""What bidders of one lot are to each other (条例 18, 22; 招标投标法实施条例 34, 40; DOMAIN §3.4, §9 Q18, Q30)."""

from datetime import date, timedelta

import pytest

from credit.model.party import Role
from credit.model.question import Bid, Member
from credit.model.verdict import AlertKind, Step, Verdict
from tests.unit.story import DAY, P0, Story, effects, found, questions

TENDER = "statutory_tender"
PROCUREMENT = "government_procurement"


def pair() -> tuple[Story, str, str]:
    story = Story()
    return story, story.firm(), story.firm()


def led_by_one() -> tuple[Story, str, str]:
    story, one, other = pair()
    leader = story.person()
    story.leads(leader, one, since="2019-01-01")
    story.leads(leader, other, since="2019-01-01")
    return story, one, other


def held(share: str | None, **more: object) -> tuple[Story, str, str]:
    story, one, other = pair()
    story.holds(one, other, share, **more)
    return story, one, other


def both(story: Story, one: str, other: str, domain: str = PROCUREMENT) -> list[Verdict]:
    return [r.verdict for r in story.ask(one, other, domain=domain).results]


def alone(firm: str, lot: str | None) -> Bid:
    return Bid(firm, Role.SUPPLIER, (Member(firm),), lot)


# ---------------------------------------------------------------- one leader


@pytest.mark.parametrize("domain", [PROCUREMENT, TENDER])
def test_bidders_with_one_leader_are_both_restricted_in_that_lot(domain: str) -> None:
    assert both(*led_by_one(), domain=domain) == ["restricted", "restricted"]


def test_bidders_with_one_leader_in_different_lots_do_not_meet() -> None:
    story, one, other = led_by_one()
    answer = story.ask(alone(one, "1"), alone(other, "2"))
    assert [r.verdict for r in answer.results] == ["eligible", "eligible"]


def test_a_bid_for_the_whole_project_meets_every_lot() -> None:
    story, one, other = led_by_one()
    answer = story.ask(alone(one, None), alone(other, "2"), lot=None)
    assert [r.verdict for r in answer.results] == ["restricted", "restricted"]


def test_a_bidder_asked_about_alone_has_no_rival() -> None:
    story, one, _ = led_by_one()
    assert story.verdict(one) == "eligible"


def test_a_recorded_bid_of_the_lot_is_a_rival_too() -> None:
    story, one, other = led_by_one()
    story.project()
    story.bid(other)
    assert story.verdict(one, project_no="N51-1") == "restricted"
    assert story.verdict(one, project_no="N51-1", lot="2") == "eligible"


def test_the_path_names_the_leader_and_the_reason_masks_the_name() -> None:
    story, one, other = led_by_one()
    finding = found(story.ask(one, other).results[0], "GP-SAME-LEADER")
    person = next(p for p in story.parties if p.startswith("person:"))
    assert set(finding.path) == {Step(person, "unit_leader", p) for p in story.parties if p in {one, other}}
    assert "欧阳试例" not in str(finding)


# ---------------------------------------------------------------- holding


@pytest.mark.parametrize("domain", [PROCUREMENT, TENDER])
@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        ("0.51", "restricted"),
        ("0.5000001", "restricted"),
        ("0.50", "review"),
        ("0.4999999", "eligible_with_flags"),
        (None, "review"),
    ],
)
def test_more_than_half_is_control_and_exactly_half_is_for_a_person(
    domain: str, share: str | None, verdict: str
) -> None:
    assert both(*held(share), domain=domain) == [verdict, verdict]


def test_two_statements_of_one_holding_that_only_together_pass_the_line_are_for_a_person() -> None:
    story, one, other = held("0.30", since="2020-01-01")
    story.holds(one, other, "0.21", since="2021-01-01")
    assert both(story, one, other) == ["review", "review"]


def test_direct_control_by_agreement_and_management_restrict() -> None:
    for kind in ("controls", "manages"):
        story, one, other = pair()
        story.relate(kind, other, one)
        assert both(story, one, other) == ["restricted", "restricted"]


@pytest.mark.parametrize(("domain", "verdict"), [(PROCUREMENT, "review"), (TENDER, "restricted")])
def test_indirect_control_restricts_in_tendering_and_is_for_a_person_in_procurement(domain: str, verdict: str) -> None:
    story, one, other = pair()
    between = story.firm()
    story.holds(one, between, "1.00")
    story.holds(between, other, "0.51")
    assert both(story, one, other, domain=domain) == [verdict, verdict]


@pytest.mark.parametrize("domain", [PROCUREMENT, TENDER])
def test_sister_firms_are_for_a_person(domain: str) -> None:
    story, one, other = pair()
    parent = story.firm()
    story.holds(parent, one, "0.60")
    story.holds(parent, other, "0.60")
    assert both(story, one, other, domain=domain) == ["review", "review"]


def test_a_chain_broken_at_a_minority_is_no_control() -> None:
    story, one, other = pair()
    between = story.firm()
    story.holds(one, between, "0.49")
    story.holds(between, other, "1.00")
    assert both(story, one, other) == ["eligible", "eligible"]


def test_holders_who_hold_each_other_end_the_walk() -> None:
    story, one, other = held("0.60")
    story.holds(other, one, "0.60")
    assert both(story, one, other) == ["restricted", "restricted"]


def test_a_holding_recorded_under_a_former_registration_is_not_overlooked() -> None:
    story, former, other = held("0.70")
    firm = story.firm()
    story.relate("renamed_from", firm, former)
    assert both(story, firm, other) == ["restricted", "restricted"]


def test_a_branch_whose_head_office_holds_its_rival_is_for_a_person() -> None:
    story, head, other = held("0.70")
    branch = story.firm()
    story.relate("branch_of", branch, head)
    assert both(story, branch, other) == ["review", "review"]


# ---------------------------------------------------------------- when a relation holds


def test_a_relation_counts_from_its_first_day_to_the_day_before_its_end() -> None:
    assert both(*held("0.51", since=str(P0))) == ["restricted", "restricted"]
    assert both(*held("0.51", since=str(P0 + DAY))) == ["eligible", "eligible"]
    assert both(*held("0.51", until=str(P0 + DAY))) == ["restricted", "restricted"]


@pytest.mark.parametrize(
    ("days_before", "verdict"), [(0, "review"), (1, "review"), (29, "review"), (30, "review"), (31, "eligible")]
)
def test_a_link_given_up_within_thirty_days_is_for_a_person(days_before: int, verdict: str) -> None:
    given_up = P0 - timedelta(days=days_before)
    assert both(*held("0.51", until=str(given_up))) == [verdict, verdict]


def test_a_link_given_up_lately_is_q30() -> None:
    story, one, other = held("0.51", until="2026-06-01")
    assert questions(story.ask(one, other).results[0]) == {"Q30"}


def test_a_link_given_up_lately_that_would_not_have_excluded_is_no_question() -> None:
    assert both(*held("0.50", until="2026-06-01")) == ["eligible", "eligible"]


def test_control_sold_down_lately_is_for_a_person() -> None:
    story, one, other = held("0.60", until="2026-06-01")
    story.holds(one, other, "0.30", since="2026-06-01")
    assert both(story, one, other) == ["review", "review"]


def test_the_newest_word_on_a_relations_end_counts() -> None:
    story, one, other = pair()
    relation = story.holds(one, other, "0.51")
    story.ends(relation, date(2025, 1, 1))
    assert both(story, one, other) == ["eligible", "eligible"]
    story.ends(relation, date(2027, 1, 1))
    assert both(story, one, other) == ["restricted", "restricted"]


# ---------------------------------------------------------------- other domains, prior services, traces


def test_outside_procurement_and_tendering_links_are_only_shown() -> None:
    assert both(*led_by_one(), domain="land") == ["eligible_with_flags", "eligible_with_flags"]


@pytest.mark.parametrize("service", ["design", "specification", "management", "supervision", "testing"])
def test_who_provided_a_service_for_the_project_may_not_join_it(service: str) -> None:
    story = Story()
    firm = story.firm()
    services = [{"party": firm, "service": service}]
    assert story.verdict(firm, prior_services=services) == "restricted"
    assert story.verdict(firm, prior_services=services, domain=TENDER) == "review"


def test_single_source_is_the_exception_to_prior_services() -> None:
    story = Story()
    firm = story.firm()
    services = [{"party": firm, "service": "design"}]
    assert story.verdict(firm, prior_services=services, single_source=True) == "eligible"


def test_anothers_prior_service_is_not_ones_own() -> None:
    story, one, other = pair()
    assert story.verdict(one, prior_services=[{"party": other, "service": "design"}]) == "eligible"


def traced(**signals: str) -> tuple[Story, str, str]:
    story, one, other = pair()
    story.project()
    story.bid(one, **signals)
    story.bid(other, **signals)
    return story, one, other


def test_deposits_from_one_account_are_for_a_person_and_a_lead() -> None:
    story, one, other = traced(deposit_account="h1", machine_code="h2")
    answer = story.ask(one, other, project_no="N51-1")
    assert [r.verdict for r in answer.results] == ["review", "review"]
    assert {a.kind for a in answer.alerts} == {AlertKind.LEAD}


@pytest.mark.parametrize("trace", ["machine_code", "ip"])
def test_other_shared_traces_are_only_a_lead(trace: str) -> None:
    story, one, other = traced(**{trace: "h1"})
    answer = story.ask(one, other, project_no="N51-1")
    assert [r.verdict for r in answer.results] == ["eligible_with_flags", "eligible_with_flags"]
    assert {a.kind for a in answer.alerts} == {AlertKind.LEAD}


def test_bids_without_traces_share_none() -> None:
    story, one, other = traced()
    assert story.ask(one, other, project_no="N51-1").alerts == ()


def test_several_links_at_once_are_each_found() -> None:
    story, one, other = led_by_one()
    story.holds(one, other, "0.51")
    assert effects(story.ask(one, other).results[0]) == {
        "GP-SAME-LEADER": "restrict",
        "GP-DIRECT-CONTROL": "restrict",
    }
