"""The invented city: the same each time, right in every identifier, and one of every kind of fact in it."""

import re
from collections.abc import Iterator
from importlib import resources

import pytest

from credit.identifiers import IdKind, check_identity_number, parse, redact
from credit.model.party import PartyKind, RelationKind
from credit.model.record import BanScope, Category, EventKind, Listing, Penalty, PenaltyKind
from credit.sample.city import LISTS, SYNCED_AT, City
from credit.sample.stories import Stories

CODE = re.compile(r"[1-9AGNY][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")


@pytest.fixture(scope="module")
def city() -> City:
    return City.build()


def penalties(city: City) -> Iterator[Penalty]:
    yield from (held.content for held in city.records if isinstance(held.content, Penalty))


def known(city: City) -> set[str]:
    return {str(firm.id) for firm in city.firms} | {name for name, _ in city.persons}


def test_the_sample_is_the_same_each_time(city: City) -> None:
    assert City.build() == city


def test_every_firm_has_a_right_identifier_of_its_own(city: City) -> None:
    ids = [str(firm.id) for firm in city.firms]
    assert [parse(text).id for text in ids] == ids
    assert len(set(ids)) == len(ids)


def test_identifiers_of_every_kind_that_firms_have_occur(city: City) -> None:
    kinds = {parse(str(firm.id)).kind for firm in city.firms}
    assert kinds == set(IdKind) - {IdKind.PERSON, IdKind.LEI}


def test_every_person_has_a_right_identity_number_of_people_long_dead(city: City) -> None:
    numbers = [str(statement.identity_number) for _, statement in city.persons]
    assert [check_identity_number(number) for number in numbers] == numbers
    assert all("1908" <= number[6:10] <= "1911" for number in numbers)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("name", ["cast.toml", "records.toml", "projects.toml"])
def test_no_identifier_stands_in_a_file(name: str) -> None:
    text = (resources.files("credit.sample") / name).read_text("utf-8")
    assert redact(text) == text
    assert CODE.search(text) is None


def test_the_city_has_some_two_hundred_firms_with_leaders_and_owners(city: City) -> None:
    kinds = {relation.kind for relation in city.relations}
    assert 190 <= len(city.firms) <= 220
    assert len({firm.name for firm in city.firms}) == len(city.firms)
    assert {RelationKind.UNIT_LEADER, RelationKind.SHAREHOLDER} < kinds


def test_every_domestic_firm_has_a_leader(city: City) -> None:
    led = {relation.target for relation in city.relations if relation.kind is RelationKind.UNIT_LEADER}
    assert {firm.id for firm in city.firms if firm.kind is not PartyKind.FOREIGN} <= led


def test_everything_said_is_said_of_parties_of_the_sample(city: City) -> None:
    named = {relation.source for relation in city.relations} | {relation.target for relation in city.relations}
    named |= {held.party for held in city.records}
    named |= {member for tender in city.tenders for bid in tender.bids for member in (*bid.members, bid.lead)}
    named |= {tender.project.purchaser for tender in city.tenders}
    named |= {tender.project.agency for tender in city.tenders if tender.project.agency}
    assert named <= known(city)


def test_every_kind_of_penalty_occurs(city: City) -> None:
    assert {kind for penalty in penalties(city) for kind in penalty.kinds} == set(PenaltyKind)


def test_every_category_of_wrong_occurs(city: City) -> None:
    assert {penalty.category for penalty in penalties(city)} == set(Category)


def test_a_ban_of_every_scope_occurs(city: City) -> None:
    assert {penalty.ban.scope for penalty in penalties(city) if penalty.ban} == set(BanScope)


def test_a_penalty_carries_what_its_kinds_promise(city: City) -> None:
    for penalty in penalties(city):
        assert (penalty.fine is not None) == (PenaltyKind.FINE in penalty.kinds)
        assert (penalty.confiscated is not None) == (PenaltyKind.CONFISCATION in penalty.kinds)
        assert (penalty.ban is not None) == (PenaltyKind.BAN in penalty.kinds)


def test_every_kind_of_event_occurs(city: City) -> None:
    assert {event.kind for held in city.records for event in held.events} == set(EventKind)


def test_the_lists_that_matter_have_entries(city: City) -> None:
    lists = {held.content.list for held in city.records if isinstance(held.content, Listing)}
    assert {"L01", "L03", "L04", "L05", "L07"} <= lists


def test_no_two_records_have_the_same_natural_key(city: City) -> None:
    keys = [
        ("penalty", held.party, held.content.authority.name, held.content.doc_no)
        if isinstance(held.content, Penalty)
        else ("listing", held.party, held.content.list, f"{held.content.listed_on}{held.content.doc_no}")
        for held in city.records
    ]
    assert len(set(keys)) == len(keys)


def test_nothing_happens_to_a_record_before_it_was_made(city: City) -> None:
    for held in city.records:
        start = held.content.decided_on if isinstance(held.content, Penalty) else held.content.listed_on
        assert all(event.on.day >= start for event in held.events)


def test_every_list_was_synchronised_on_the_morning_of_the_default_project(city: City) -> None:
    assert tuple(name for name, _ in city.syncs) == LISTS == tuple(f"L{n:02d}" for n in range(1, 29))
    assert {sync.finished_at for _, sync in city.syncs} == {SYNCED_AT}
    assert SYNCED_AT.isoformat() == "2026-06-10T08:00:00+08:00"


def test_bids_lie_on_lots_of_their_projects_under_one_key_each(city: City) -> None:
    for tender in city.tenders:
        assert {bid.lot for bid in tender.bids} <= {lot.lot for lot in tender.project.lots}
        keys = [(bid.lot, bid.lead) for bid in tender.bids]
        assert len(set(keys)) == len(keys)


def test_a_project_has_several_lots_and_a_consortium_bids(city: City) -> None:
    assert any(len(tender.project.lots) > 1 for tender in city.tenders)
    assert any(len(bid.members) > 1 for tender in city.tenders for bid in tender.bids)


def test_every_firm_with_a_story_tells_it_in_both_languages() -> None:
    firms = Stories.load().cast.firm
    assert all(firm.zh and firm.en.isascii() for firm in firms)
