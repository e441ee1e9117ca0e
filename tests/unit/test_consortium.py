"""Consortia: one member's record is the consortium's (财库〔2016〕125号; 法〔2016〕285号; 条例 22; DOMAIN §9 Q28)."""

from itertools import permutations

import pytest

from credit.model.party import PartyId
from credit.model.verdict import Verdict
from tests.unit.story import Story, credit_code, effects, found

RANK = {v: n for n, v in enumerate(Verdict)}


def mixed() -> tuple[Story, dict[str, PartyId]]:
    """Firms of every verdict, by what is recorded on them."""
    story = Story()
    firms = {x: story.firm() for x in ("clean", "L03", "L06", "L07", "large", "small", "by_name")}
    for list_id in ("L03", "L06", "L07"):
        story.listing(firms[list_id], list_id)
    story.fine(firms["large"], "3000000")
    story.fine(firms["small"], "500000")
    story.listing(firms["by_name"], "L04", matched_by="name")
    return story, firms


@pytest.mark.parametrize("domain", ["government_procurement", "statutory_tender"])
def test_one_listed_member_restricts_the_whole(domain: str) -> None:
    story, firms = mixed()
    assert story.verdict(firms["clean"], firms["L03"], domain=domain, works=True) == "restricted"


def test_each_member_keeps_its_own_verdict() -> None:
    story, firms = mixed()
    result = story.result(firms["clean"], firms["L03"], firms["L06"])
    assert [m.verdict for m in result.members] == ["eligible", "restricted", "eligible_with_flags"]


def test_the_finding_names_the_member_it_is_on() -> None:
    story, firms = mixed()
    assert found(story.result(firms["clean"], firms["L03"]), "GP-L03").member == firms["L03"]


def test_a_consortium_is_as_strict_as_its_strictest_member_in_any_order() -> None:
    story, firms = mixed()
    own = {x: story.verdict(firm) for x, firm in firms.items()}
    for names in permutations(firms, 2):
        strictest = max((own[x] for x in names), key=RANK.__getitem__)
        assert story.verdict(*(firms[x] for x in names)) == strictest


@pytest.mark.parametrize("kind", ["unit_leader", "shareholder"])
def test_linked_members_are_one_supplier_and_only_shown(kind: str) -> None:
    story = Story()
    one, other = story.firm(), story.firm()
    if kind == "unit_leader":
        leader = story.person()
        story.leads(leader, one)
        story.leads(leader, other)
    else:
        story.holds(one, other, "0.51")
    result = story.result(one, other)
    assert effects(result) == {"GP-CONSORTIUM-LINK": "flag"}
    assert result.findings[0].question == "Q28"


@pytest.mark.parametrize("domain", ["government_procurement", "statutory_tender"])
def test_a_member_may_not_bid_again_alone(domain: str) -> None:
    story = Story()
    one, other = story.firm(), story.firm()
    answer = story.ask([one, other], [one], domain=domain)
    assert [r.verdict for r in answer.results] == ["restricted", "restricted"]


def test_a_member_may_not_join_two_consortia_of_one_lot() -> None:
    story = Story()
    one, second, third = story.firm(), story.firm(), story.firm()
    answer = story.ask([one, second], [third, one])
    assert [r.verdict for r in answer.results] == ["restricted", "restricted"]


def test_a_members_double_role_is_found_under_another_registration_of_it() -> None:
    story = Story()
    one, other, former = story.firm(), story.firm(), story.firm()
    story.relate("renamed_from", one, former)
    answer = story.ask([one, other], [former])
    assert [r.verdict for r in answer.results] == ["restricted", "restricted"]


def test_the_same_bidder_alone_twice_is_only_shown() -> None:
    story = Story()
    firm = story.firm()
    assert [r.verdict for r in story.ask(firm, firm).results] == ["eligible_with_flags", "eligible_with_flags"]


def test_a_consortiums_recorded_bid_is_its_own_whatever_the_order_of_members() -> None:
    story = Story()
    one, other = story.firm(), story.firm()
    story.project()
    story.bid(other, one)
    assert story.verdict(one, other, project_no="N51-1") == "eligible"


def test_a_member_linked_to_a_rival_restricts_the_whole() -> None:
    story = Story()
    one, other, rival = story.firm(), story.firm(), story.firm()
    story.holds(rival, other, "0.51")
    answer = story.ask([one, other], [rival])
    assert [r.verdict for r in answer.results] == ["restricted", "restricted"]
    assert [m.verdict for m in answer.results[0].members] == ["eligible", "restricted"]


def test_one_unregistered_member_leaves_the_whole_unknown() -> None:
    story = Story()
    assert story.verdict(story.firm(), credit_code(77777)) == "unknown"


def test_a_consortiums_until_is_the_latest_of_its_restrictions_and_open_where_one_is() -> None:
    story = Story()
    one, other, third = story.firm(), story.firm(), story.firm()
    story.ban(one, from_="2026-01-16", until="2027-01-15")
    story.ban(other, from_="2026-02-01", until="2027-01-31")
    story.listing(third, "L03")
    assert str(story.result(one, other).until) == "2027-01-31"
    assert story.result(one, other, third).until is None
