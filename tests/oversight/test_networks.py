"""Clusters of linked complainants, projects on which they meet, and who gains by complaints."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.errors import CatalogueInvalid
from credit.model.complaint import HeldComplaint
from credit.model.party import PartyId, Relation, RelationKind
from credit.model.project import BidOutcome
from credit.oversight.letters import letters
from credit.oversight.links import Around, Common, Holder, Link, links, must_be_readable
from credit.oversight.networks import Benefit, benefits, clusters, gains, together
from credit.oversight.signals.evidence import BaseRate
from tests.oversight.lodging import RULES, UPHELD, A, B, C, day, decided, letter
from tests.oversight.test_signals_ties import bid, project

D, E = PartyId("91370200MAF0000400"), PartyId("91130000MAF0000500")
AS_OF, OPENED = day("2026-05-20"), day("2025-05-21")
LONG = "采购人在评审结束后擅自更改评分标准中关于类似项目业绩的认定口径导致我司得分被无故核减"
OTHER = "中标供应商提供的检测报告编号与检验机构公开的结果不一致涉嫌提供虚假材料谋取中标"


def of(party: PartyId, *items: str, on: str = "2026-03-09", project_no: str | None = None) -> HeldComplaint:
    return letter(on, of=(party,), items=items or ("事项",), project=project_no)


def linked(around: Around, *filed: HeldComplaint) -> list[tuple[str, tuple[PartyId, ...]]]:
    """Kinds and parties of the links between those who filed."""
    by_party: dict[PartyId, list[HeldComplaint]] = {}
    for held in filed:
        for party in held.content.complainants:
            by_party.setdefault(party, []).append(held)
    found = links(around, by_party, opened=OPENED, as_of=AS_OF, thresholds=RULES)
    return [(one.kind, one.between) for one in found]


def common(kind: str, *found: tuple[PartyId, str], parties: int | None = None) -> Around:
    return Around(commons=(Common(kind, "k", found, parties or len({p for p, _ in found})),))


def holder(*relations: tuple[RelationKind, PartyId], until: date | None = None, complains: bool = False) -> Around:
    told = tuple(Relation(f"r{n}", kind, C, target, until=until) for n, (kind, target) in enumerate(relations))
    own = [C] if complains else []
    return Around(holders=(Holder(C, told, frozenset([*own, *(r.target for r in told)])),))


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (RelationKind.UNIT_LEADER, "unit_leader"),
        (RelationKind.SHAREHOLDER, "owner"),
        (RelationKind.CONTROLS, "owner"),
        (RelationKind.MANAGES, "agent"),
    ],
)
def test_one_holder_links_those_it_holds(kind: RelationKind, name: str) -> None:
    assert linked(holder((kind, A), (kind, B)), of(A), of(B)) == [(name, (A, B))]


def test_a_holder_that_leads_one_and_owns_the_other_links_both() -> None:
    around = holder((RelationKind.UNIT_LEADER, A), (RelationKind.CONTROLS, B))
    assert linked(around, of(A), of(B)) == [("holding", (A, B))]


def test_a_complainant_is_linked_with_what_it_holds() -> None:
    around = holder((RelationKind.CONTROLS, A), complains=True)
    assert linked(around, of(A), of(C)) == [("holding", tuple(sorted((A, C))))]


def test_a_relation_that_ended_before_the_window_links_nobody() -> None:
    kind = RelationKind.UNIT_LEADER
    assert linked(holder((kind, A), (kind, B), until=OPENED), of(A), of(B)) == []


def test_a_holder_of_more_than_the_hub_line_links_nobody() -> None:
    many = [(RelationKind.CONTROLS, PartyId(f"p{n}")) for n in range(RULES.whole("holder_hub"))]
    around = holder((RelationKind.CONTROLS, A), (RelationKind.CONTROLS, B), *many)
    assert linked(around, of(A), of(B)) == []
    assert around.beside(RULES) == frozenset()


@pytest.mark.parametrize("kind", ["phone", "email", "address", "device", "account"])
def test_a_contact_links_those_who_bear_it(kind: str) -> None:
    assert linked(common(kind, (A, A), (B, B)), of(A), of(B)) == [(kind, (A, B))]


def test_a_contact_of_more_parties_than_the_hub_line_links_nobody() -> None:
    around = common("phone", (A, A), (B, B), parties=RULES.whole("contact_hub") + 1)
    assert linked(around, of(A), of(B)) == []


def test_who_has_no_letter_in_the_window_is_not_linked() -> None:
    assert linked(common("phone", (A, A), (B, B)), of(A)) == []


def test_one_bid_of_a_consortium_links_nobody_but_bids_apart_do() -> None:
    assert linked(common("device", (A, "b1"), (B, "b1")), of(A), of(B)) == []
    assert linked(common("device", (A, "b1"), (B, "b1"), (B, "b2")), of(A), of(B)) == []
    assert linked(common("device", (A, "b1"), (B, "b2")), of(A), of(B)) == [("device", (A, B))]


def test_items_worded_alike_link_their_complainants() -> None:
    one, other = of(A, f"1.{LONG}。"), of(B, f"{LONG}，请予纠正")
    assert linked(common("text", (A, one.id), (B, other.id)), one, other) == [("text", (A, B))]


def test_items_that_were_only_proposed_as_alike_link_nobody() -> None:
    one, other = of(A, LONG), of(B, OTHER)
    assert linked(common("text", (A, one.id), (B, other.id)), one, other) == []


def test_a_short_sentence_that_anyone_writes_links_nobody() -> None:
    one, other = of(A, "评标委员会对业绩的认定有误"), of(B, "评标委员会对业绩的认定有误")
    assert linked(common("text", (A, one.id), (B, other.id)), one, other) == []


def test_a_joint_letter_links_nobody() -> None:
    joint = letter("2026-03-09", of=(A, B), items=(LONG,))
    assert linked(common("text", (A, joint.id), (B, joint.id)), joint) == []


# ---------------------------------------------------------------- clusters


def told(*between: PartyId) -> Link:
    return Link(kind="phone", between=between, rests_on=between)


def test_a_cluster_has_the_letters_of_each_and_no_sum() -> None:
    filed = {A: letters([of(A), of(A)], AS_OF), B: letters([of(B)], AS_OF), C: letters([of(C)], AS_OF)}
    (found,) = clusters([told(A, B)], filed)
    assert found.members == tuple(sorted([(A, 2), (B, 1)]))
    assert found.links == (told(A, B),)


@given(st.lists(st.lists(st.sampled_from([A, B, C, D, E]), min_size=2, max_size=4, unique=True), max_size=6), st.data())
def test_the_order_in_which_links_are_told_does_not_matter(groups: list[list[PartyId]], data: st.DataObject) -> None:
    filed = dict.fromkeys((A, B, C, D, E), ())
    made = [told(*group) for group in groups]
    other = data.draw(st.permutations(made))
    shown = [{(one.id, one.members, frozenset(one.links)) for one in clusters(order, filed)} for order in (made, other)]
    assert shown[0] == shown[1]
    parties = [party for one in clusters(made, filed) for party, _ in one.members]
    assert sorted(parties) == sorted({party for group in groups for party in group})


# ---------------------------------------------------------------- together in one project


def test_one_complains_and_another_of_them_won() -> None:
    filed = {A: letters([of(A, project_no="P-1")], AS_OF), B: letters([of(B)], AS_OF)}
    tenders = {"P-1": (project("P-1"), (bid(A, BidOutcome.LOST), bid(B, BidOutcome.WON)))}
    (found,) = together(filed, tenders)
    assert (found.complained, found.bid, found.won) == ((A,), (B,), (B,))


def test_who_complains_of_a_project_in_which_it_bid_itself_does_what_the_law_gives() -> None:
    filed = {A: letters([of(A, project_no="P-1")], AS_OF), B: letters([of(B)], AS_OF)}
    assert together(filed, {"P-1": (project("P-1"), (bid(A, BidOutcome.LOST), bid(C, BidOutcome.WON)))}) == ()


def test_two_letters_on_one_project_meet_and_a_joint_one_does_not() -> None:
    apart = {A: letters([of(A, project_no="P-1")], AS_OF), B: letters([of(B, project_no="P-1")], AS_OF)}
    assert [one.complained for one in together(apart, {})] == [tuple(sorted((A, B)))]
    joint = letters([letter("2026-03-09", of=(A, B), project="P-1")], AS_OF)
    assert together({A: joint, B: joint}, {}) == ()


# ---------------------------------------------------------------- who gains


def gained(count: int, *, filed: str = "2025-12-20", other: int = 0, rate: BaseRate | None = None) -> list[Benefit]:
    """Letters of A on so many projects that C then won, and on others that D won; deadlines are on 2026-01-01."""
    winners = [C] * count + [D] * other
    numbers = [f"P-{n}" for n in range(len(winners))]
    tenders = {
        number: (project(number), (bid(winner, BidOutcome.WON),))
        for number, winner in zip(numbers, winners, strict=True)
    }
    read = letters([of(A, on=filed, project_no=number) for number in numbers], AS_OF)
    return list(benefits(gains(read, tenders, [A]), {C: rate} if rate else {}, RULES))


def test_files_complained_of_that_one_supplier_always_wins_are_conspicuous() -> None:
    (found,) = gained(3)
    assert (found.party, len(found.projects), found.of, found.conspicuous) == (C, 3, 3, True)
    assert len(found.rests_on) == 3


def test_two_projects_are_too_few_to_say_anything() -> None:
    assert gained(2) == []


def test_a_supplier_that_wins_everywhere_gains_nothing_by_complaints() -> None:
    (found,) = gained(3, rate=BaseRate(18, 20))
    assert not found.conspicuous
    assert found.base == RULES.number("benefit_base") * 3


def test_one_winner_among_several_is_shown_and_not_conspicuous() -> None:
    (found,) = gained(3, other=2)
    assert (found.of, found.conspicuous) == (5, False)


def test_an_award_that_was_there_before_a_rejected_complaint_is_nobodys_gain() -> None:
    assert gained(3, filed="2026-02-01") == []


def test_an_award_undone_by_the_complaint_counts_for_who_won_then() -> None:
    read = letters([decided(f"2026-0{n}-05", outcome=UPHELD, project=f"P-{n}") for n in (2, 3, 4)], AS_OF)
    tenders = {f"P-{n}": (project(f"P-{n}"), (bid(C, BidOutcome.WON),)) for n in (2, 3, 4)}
    (found,) = benefits(gains(read, tenders, [A]), {}, RULES)
    assert found.conspicuous


def test_who_wins_by_its_own_complaint_is_not_shown() -> None:
    read = letters([of(A, on="2025-12-20", project_no=f"P-{n}") for n in range(3)], AS_OF)
    tenders = {f"P-{n}": (project(f"P-{n}"), (bid(A, BidOutcome.WON),)) for n in range(3)}
    assert gains(read, tenders, [A]).won == {}


def test_what_is_read_of_one_letter_twice_is_shown_once() -> None:
    one, other = of(A, LONG), of(B, LONG)
    around = common("text", (A, one.id), (B, other.id))
    twice = replace(around, commons=around.commons * 2)
    assert linked(twice, one, other) == [("text", (A, B))]


@pytest.mark.parametrize(("name", "value"), [("holder_hub", 200), ("text_hub", 50), ("likeness", "0.7")])
def test_a_line_that_what_is_read_cannot_tell_is_refused(name: str, value: object) -> None:
    must_be_readable(RULES)
    figure = RULES.numbers[name].model_copy(update={"value": Decimal(str(value))})
    with pytest.raises(CatalogueInvalid):
        must_be_readable(RULES.model_copy(update={"numbers": {**RULES.numbers, name: figure}}))
