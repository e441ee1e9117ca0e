"""Whose records a bidder bears: branches, head offices, former registrations, successors, links (Q8, Q19, Q26)."""

from datetime import date

import pytest

from credit.model.party import PartyId
from credit.model.verdict import AlertKind, Step
from tests.unit.story import P0, Data, Story, bearing, effects, found, questions

BAN: Data = {"from_": "2026-01-16", "until": "2027-01-15"}


def family(kind: str, **more: object) -> tuple[Story, PartyId, PartyId]:
    """(story, source, target) of one relation."""
    story = Story()
    source, target = story.firm(), story.firm()
    story.relate(kind, source, target, **more)
    return story, source, target


# ---------------------------------------------------------------- branches


def test_a_ban_on_the_head_office_restricts_its_branch() -> None:
    story, branch, head = family("branch_of")
    record = story.ban(head, **BAN)
    finding = found(story.result(branch), "GP-BAN")
    assert (finding.effect, finding.records) == ("restrict", (record,))
    assert finding.path == (Step(branch, "branch_of", head),)


def test_a_branchs_ban_and_entry_are_for_a_person_where_the_head_office_bids() -> None:
    story, branch, head = family("branch_of")
    record = story.ban(branch, **BAN, doc_no="资财采罚〔2026〕1号")
    entry = story.listing(branch, "L01", doc_no="资财采罚〔2026〕1号")
    result = story.result(head)
    assert (result.verdict, questions(result), bearing(result)) == ("review", {"Q8"}, {record, entry})


def test_a_sister_branchs_ban_is_for_a_person() -> None:
    story, branch, head = family("branch_of")
    sister = story.firm()
    story.relate("branch_of", sister, head)
    story.ban(sister, **BAN)
    assert questions(story.result(branch)) == {"Q8"}


def test_a_branchs_small_fine_is_shown_at_the_head_office() -> None:
    story, branch, head = family("branch_of")
    story.fine(branch, "50000")
    assert story.verdict(head) == "eligible_with_flags"


def test_a_branch_closed_before_the_cut_off_is_no_longer_ones_branch() -> None:
    story, branch, head = family("branch_of", until=str(P0))
    story.ban(branch, **BAN)
    assert story.verdict(head) == "eligible"


def test_head_office_and_branch_in_one_lot_are_for_a_person() -> None:
    story, branch, head = family("branch_of")
    assert [r.verdict for r in story.ask(branch, head).results] == ["review", "review"]


def test_a_head_offices_prior_service_keeps_its_branch_out() -> None:
    story, branch, head = family("branch_of")
    assert story.verdict(branch, prior_services=[{"party": head, "service": "design"}]) == "restricted"


def test_a_branchs_prior_service_is_for_a_person_where_the_head_office_bids() -> None:
    story, branch, head = family("branch_of")
    assert story.verdict(head, prior_services=[{"party": branch, "service": "design"}]) == "review"


# ---------------------------------------------------------------- former registrations and successors


@pytest.mark.parametrize("asked_by", ["new", "former"])
def test_records_of_a_renamed_firm_are_its_own_whichever_id_is_asked(asked_by: str) -> None:
    story, new, former = family("renamed_from")
    story.ban(former if asked_by == "new" else new, **BAN)
    assert story.verdict(new if asked_by == "new" else former) == "restricted"


def test_a_ban_on_an_absorbed_firm_is_for_a_person() -> None:
    story, successor, absorbed = family("successor_of", since="2026-03-02")
    story.correct(absorbed, status="deregistered")
    story.ban(absorbed, **BAN)
    assert questions(story.result(successor)) == {"Q26"}


def test_a_successors_ban_does_not_go_back_to_what_it_absorbed() -> None:
    story, successor, absorbed = family("successor_of", since="2026-03-02")
    story.ban(successor, **BAN)
    assert story.verdict(absorbed) == "eligible"


def test_records_are_borne_through_several_steps() -> None:
    story, branch, head = family("branch_of")
    former = story.firm()
    story.relate("renamed_from", head, former)
    story.ban(former, **BAN)
    assert story.verdict(branch) == "restricted"


def test_kin_in_a_circle_ends() -> None:
    story, one, other = family("renamed_from")
    story.relate("renamed_from", other, one)
    story.ban(one, **BAN)
    assert story.verdict(other) == "restricted"


def test_a_late_fact_of_a_head_office_is_told_to_its_branch() -> None:
    story, branch, head = family("branch_of")
    story.ban(head, decided_on="2026-06-11", months=12)
    answer = story.ask(branch)
    assert answer.results[0].verdict == "eligible"
    assert [a.kind for a in answer.alerts] == [AlertKind.LATER_FACT]


# ---------------------------------------------------------------- linked by owner or leader: never more than a hint


@pytest.mark.parametrize("kind", ["unit_leader", "shareholder"])
def test_the_ban_of_a_firm_of_the_same_owner_or_leader_is_a_hint(kind: str) -> None:
    story = Story()
    banned, new, person = story.firm(), story.firm(established_on="2026-01-12"), story.person()
    story.relate(kind, person, banned)
    story.relate(kind, person, new, since="2026-01-12")
    record = story.ban(banned, **BAN)
    result = story.result(new)
    assert (effects(result), bearing(result)) == ({"HINT-LINKED-BAN": "flag"}, {record})


def test_a_linked_ban_that_is_over_is_no_hint() -> None:
    story = Story()
    banned, new = story.firm(), story.firm()
    story.holds(banned, new, "0.51")
    story.ban(banned, decided_on="2025-01-10", from_="2025-01-16", until="2026-01-15")
    assert story.verdict(new) == "eligible"


@pytest.mark.parametrize("on", [date(2026, 6, 10), date(2026, 6, 11)])
def test_a_link_that_ended_by_the_cut_off_is_no_hint(on: date) -> None:
    story = Story()
    banned, new = story.firm(), story.firm()
    story.holds(banned, new, "0.51", until="2026-06-10")
    story.ban(banned, **BAN)
    assert story.verdict(new, on=on) == "eligible"


def test_a_linked_firms_fine_is_no_hint() -> None:
    story = Story()
    fined, new = story.firm(), story.firm()
    story.holds(fined, new, "0.51")
    story.fine(fined, "5000000")
    assert story.verdict(new) == "eligible"


def test_in_military_procurement_a_linked_ban_is_for_a_person() -> None:
    story = Story()
    banned, new, person = story.firm(), story.firm(), story.person()
    story.leads(person, banned)
    story.leads(person, new)
    story.listing(banned, "L11", until="2027-12-31")
    assert story.verdict(new, domain="military_procurement") == "review"
