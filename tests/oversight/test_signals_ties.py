"""Signals from bids, projects and links (DOMAIN §7.3 (4), (5), (8), (9), (13))."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from credit.model.complaint import HeldComplaint
from credit.model.party import Contact, Party, PartyId, PartyKind, Relation, RelationKind
from credit.model.project import BidOutcome, Domain, Lot, Project, RecordedBid
from credit.oversight.signals.evidence import Entry, Evidence
from credit.oversight.signals.signal import Status
from credit.oversight.signals.ties import links
from credit.rules.catalogue import Catalogue
from credit.rules.periods import Periods
from tests.oversight.lodging import RULES, UPHELD, A, B, C, day, decided, event, evidence, letter, scene, seen, signal

LEADER = PartyId("person:1")


def project(number: str, budget: str | None = "1800000.00") -> Project:
    lots = (Lot("1", None, Decimal(budget) if budget else None),)
    at = datetime(2026, 1, 1, 1, 30, tzinfo=UTC)
    return Project(number, number, "办公设备", Domain.GOVERNMENT_PROCUREMENT, "510000", B, None, None, at, lots)


def bid(who: PartyId, result: BidOutcome, lot: str = "1") -> RecordedBid:
    return RecordedBid(f"bid-{who}-{result}", lot, (who,), who, None, result)


def lost_to(winner: PartyId) -> tuple[RecordedBid, ...]:
    return bid(A, BidOutcome.LOST), bid(winner, BidOutcome.WON)


def on_projects(count: int) -> tuple[HeldComplaint, ...]:
    return tuple(decided(f"2026-0{n}-05", project=f"P-{n}", items=(f"事项{n}",)) for n in range(1, count + 1))


def firm(party: PartyId, *contacts: Contact) -> Party:
    return Party(party, PartyKind.ORGANISATION, party, contacts=contacts)


def led(*parties: PartyId) -> tuple[Relation, ...]:
    return tuple(Relation(f"r{p}", RelationKind.UNIT_LEADER, LEADER, p) for p in parties)


def with_kin(held: Evidence, *kin: Party, relations: tuple[Relation, ...] = ()) -> Evidence:
    return replace(held, kin={k.id: k for k in kin}, complaining=frozenset(k.id for k in kin), relations=relations)


# ---------------------------------------------------------------- 4: without taking part


def test_three_letters_without_taking_part_lead_to_attention() -> None:
    held = evidence(*(letter(f"2026-0{n}-05", participated=False) for n in (2, 3, 4)))
    assert signal("no_bid", held).points_to_watch


def test_one_letter_without_taking_part_leads_to_nothing() -> None:
    found = signal("no_bid", evidence(letter("2026-02-05", participated=False)))
    assert (found.value, found.of, found.points_to_watch) == (Decimal(1), 1, False)


def test_whether_it_took_part_may_be_unknown() -> None:
    assert signal("no_bid", evidence(letter("2026-02-05", participated=None))).status is Status.UNKNOWN


def test_a_recorded_bid_shows_that_it_took_part() -> None:
    held = replace(evidence(letter("2026-02-05", project="P-1", participated=False)), bids={"P-1": lost_to(B)})
    assert signal("no_bid", held).value == 0


def test_bids_of_others_only_show_that_it_took_none() -> None:
    held = evidence(letter("2026-02-05", project="P-1", participated=None))
    assert signal("no_bid", replace(held, bids={"P-1": (bid(B, BidOutcome.WON),)})).value == 1


def test_a_complaint_about_the_file_needs_no_bid() -> None:
    held = evidence(letter("2025-12-20", project="P-1", participated=False))
    assert signal("no_bid", replace(held, projects={"P-1": project("P-1")})).status is Status.UNKNOWN


ABOUT_FILE = "招标文件评分标准具有倾向性"


def test_complaints_by_their_words_about_the_file_lead_to_nothing_where_days_are_not_known() -> None:
    held = evidence(*(letter(f"2026-0{n}-05", participated=False, items=(ABOUT_FILE,)) for n in (2, 3, 4)))
    assert signal("no_bid", held).status is Status.UNKNOWN


def test_the_words_of_the_file_excuse_no_item_that_does_not_name_it() -> None:
    held = evidence(letter("2026-02-05", participated=False, items=(ABOUT_FILE, "评标委员会认定有误")))
    assert signal("no_bid", held).value == 1


def test_the_words_of_the_file_are_those_by_which_admissibility_is_told() -> None:
    words = Periods.load(Catalogue.load()).words["procurement_file"]
    assert RULES.sets["procurement_file"].values == words


# ---------------------------------------------------------------- 5: enters, never wins


@pytest.mark.parametrize(("entries", "won", "watch"), [(10, 0, True), (9, 0, False), (10, 1, False)])
def test_entering_much_and_never_winning_leads_to_attention(entries: int, won: int, watch: bool) -> None:
    results = [BidOutcome.WON] * won + [BidOutcome.LOST] * (entries - won)
    entered = tuple(Entry(f"E-{n}", day("2026-01-05"), result) for n, result in enumerate(results))
    held = evidence(*(decided(f"2026-0{n}-05", outcome=UPHELD) for n in (1, 2, 3)))
    assert signal("enter_vs_win", replace(held, entries=entered)).points_to_watch is watch


def test_entries_not_held_are_unknown() -> None:
    assert signal("enter_vs_win", evidence(decided("2026-01-05"))).status is Status.UNKNOWN


# ---------------------------------------------------------------- 12: pauses


def test_a_pause_costs_its_days_by_the_budget() -> None:
    paused = letter("2026-01-05", event("paused", "2026-01-20"), event("resumed", "2026-01-30"), project="P-1")
    held = replace(evidence(paused), projects={"P-1": project("P-1")})
    assert signal("pause_cost", held).value == Decimal(18_000_000)


# ---------------------------------------------------------------- 13: the same winner


def test_three_in_a_row_against_one_winner_lead_to_attention() -> None:
    held = replace(evidence(*on_projects(3)), bids={f"P-{n}": lost_to(B) for n in (1, 2, 3)})
    assert signal("retaliation", held).points_to_watch


def test_three_losses_to_different_winners_are_only_shown() -> None:
    bids = {"P-1": lost_to(B), "P-2": lost_to(C), "P-3": lost_to(B)}
    found = signal("retaliation", replace(evidence(*on_projects(3)), bids=bids))
    assert (found.value, found.points_to_watch, found.inputs) == (1, False, (("after_loss", "3"),))


def test_an_upheld_complaint_breaks_the_row() -> None:
    first, _, third = on_projects(3)
    right = decided("2026-02-05", outcome=UPHELD, project="P-2")
    held = replace(evidence(first, right, third), bids={f"P-{n}": lost_to(B) for n in (1, 2, 3)})
    assert signal("retaliation", held).value == 1


def test_several_letters_on_one_project_are_one_loss() -> None:
    again = tuple(decided(f"2026-0{n}-05", project="P-1", items=(f"事项{n}",)) for n in (1, 2, 3))
    found = signal("retaliation", replace(evidence(*again), bids={"P-1": lost_to(B)}))
    assert (found.value, found.of, found.points_to_watch) == (1, 3, False)


def test_without_results_nothing_is_known_of_winners() -> None:
    assert signal("retaliation", evidence(*on_projects(3))).status is Status.UNKNOWN


# ---------------------------------------------------------------- links, 8, 9


def test_one_leader_links() -> None:
    held = with_kin(evidence(), firm(B), relations=led(A, B))
    assert [(x.id, x.by) for x in links(scene(held))] == [(B, ("unit_leader",))]


def test_a_leader_who_left_before_the_window_does_not() -> None:
    gone = tuple(replace(r, until=day("2025-05-01")) for r in led(A, B))
    assert not links(scene(with_kin(evidence(), firm(B), relations=gone)))


@pytest.mark.parametrize(("share", "linked"), [("0.1", True), ("0.09", False), (None, True)])
def test_a_common_owner_links_from_a_tenth_on(share: str | None, linked: bool) -> None:
    held = Decimal(share) if share else None
    both = tuple(Relation(p, RelationKind.SHAREHOLDER, LEADER, p, held) for p in (A, B))
    assert bool(links(scene(with_kin(evidence(), firm(B), relations=both)))) is linked


def test_a_holding_links() -> None:
    own = (Relation("r", RelationKind.SHAREHOLDER, A, B, Decimal("0.6")),)
    assert links(scene(with_kin(evidence(), firm(B), relations=own)))[0].by == ("holding",)


def test_a_common_telephone_links() -> None:
    phone = Contact("phone", "028-1234567")
    held = with_kin(replace(evidence(), party=firm(A, phone)), firm(B, phone))
    assert links(scene(held))[0].by == ("phone",)


def test_an_agents_telephone_links_nobody() -> None:
    phone = Contact("phone", "028-1234567")
    many = [firm(PartyId(f"org:{n}"), phone) for n in range(20)]
    assert not links(scene(with_kin(replace(evidence(), party=firm(A, phone)), *many)))


def test_linked_complainants_are_named_and_never_summed() -> None:
    held = with_kin(evidence(decided("2026-01-05"), decided("2026-02-05")), firm(B), relations=led(A, B))
    found = seen(held)
    assert ([x.id for x in found.linked], found.trigger.by_filing) == ([B], 2)


def test_a_young_firm_with_linked_complainants_has_two_marks_of_a_shell() -> None:
    held = with_kin(evidence(decided("2026-01-05"), established="2025-10-01"), firm(B), relations=led(A, B))
    found = signal("shell", held)
    assert (found.value, found.of, found.points_to_watch) == (2, 2, True)


def test_a_young_firm_alone_has_one_mark() -> None:
    found = signal("shell", evidence(decided("2026-01-05"), established="2025-10-01"))
    assert (found.value, found.of, found.points_to_watch) == (1, 1, False)


def test_a_firm_of_180_days_is_not_young() -> None:
    assert signal("shell", evidence(decided("2026-01-05"), established="2025-07-09")).value == 0


def test_of_a_firm_of_which_nothing_is_known_there_are_no_marks() -> None:
    assert signal("shell", evidence(decided("2026-01-05"))).status is Status.UNKNOWN


def test_a_linked_party_that_complains_of_the_same_project_leads_to_attention() -> None:
    other = letter("2026-01-06", of=(B,), project="P-1")
    held = with_kin(evidence(letter("2026-01-05", project="P-1")), firm(B), relations=led(A, B))
    assert signal("co_complaint", replace(held, beside=(other,))).points_to_watch


def test_a_stranger_that_complains_of_it_does_not() -> None:
    other = letter("2026-01-06", of=(C,), project="P-1")
    held = with_kin(evidence(letter("2026-01-05", project="P-1")), firm(B), relations=led(A, B))
    assert signal("co_complaint", replace(held, beside=(other,))).value == 0


def test_a_joint_letter_is_open_and_does_not() -> None:
    joint = letter("2026-01-05", of=(A, B), project="P-1")
    held = with_kin(evidence(joint), firm(B), relations=led(A, B))
    assert signal("co_complaint", replace(held, beside=(joint,))).value == 0


def test_a_linked_party_that_bids_in_it_does() -> None:
    held = with_kin(evidence(letter("2026-01-05", project="P-1")), firm(B), relations=led(A, B))
    assert signal("co_complaint", replace(held, bids={"P-1": (bid(B, BidOutcome.WON),)})).value == 1


def test_a_link_found_anywhere_in_the_registry_is_a_link() -> None:
    held = replace(evidence(decided("2026-01-05")), shared={B: frozenset({"text"}), C: frozenset({"phone", "device"})})
    assert {x.id: x.by for x in links(scene(held))} == {B: ("text",), C: ("device", "phone")}


def test_like_wording_alone_is_no_mark_of_a_shell() -> None:
    young = evidence(decided("2026-01-05"), established="2025-10-01")
    held = replace(young, kin={}, shared={B: frozenset({"text"})}, complaining=frozenset({B}))
    assert signal("shell", held).value == 1
    both = replace(held, shared={B: frozenset({"text", "phone"})})
    assert signal("shell", both).value == 2


def test_an_entry_of_abnormal_operations_is_a_mark_of_a_shell_and_none_says_nothing() -> None:
    young = evidence(decided("2026-01-05"), established="2025-10-01")
    found = signal("shell", replace(young, abnormal=("lst_1",)))
    assert (found.value, found.of, "lst_1" in found.rests_on) == (2, 2, True)
    assert signal("shell", young).of == 1


def test_without_kin_nothing_is_known_of_joint_action() -> None:
    assert signal("co_complaint", evidence(letter("2026-01-05", project="P-1"))).status is Status.UNKNOWN
