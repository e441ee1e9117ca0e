"""Projects and bids among the rows of an import: each row whole or not at all, told twice once."""

from dataclasses import replace

from credit.errors import Conflict, PartyUnknown, Unknown
from credit.model.party import PartyId
from credit.model.statements import BidInProject, BidStatement, LoadRow, Outcome, Written
from tests.contract.makers import ADMIN, City, bid, code, firm, project, written

A, B, BUYER = (PartyId(code(n)) for n in (1, 2, 8))
NUMBER = "N5120012026000001"


async def load(city: City, *rows: LoadRow) -> list[Outcome]:
    return list(await city.registry.load(ADMIN, rows))


def in_project(said: BidStatement, number: str = NUMBER, name: str | None = None) -> BidInProject:
    return BidInProject(project=number, bid=said, name=name)


def tender(row: int = 1) -> LoadRow:
    return LoadRow(row=row, parties=(replace(firm(8), only_if_new=True),), projects=(project(BUYER),))


def result(row: int = 2, number: str = NUMBER, name: str | None = None) -> LoadRow:
    parties = (replace(firm(1), only_if_new=True),)
    return LoadRow(row=row, parties=parties, bids=(in_project(bid(A), number, name),))


async def test_a_project_and_its_bids_may_come_in_one_batch(city: City) -> None:
    assert written(*await load(city, tender(), result())) == [Written.CREATED, Written.CREATED]
    (held,) = await city.store.browser.project(NUMBER)
    assert held.purchaser == BUYER
    assert [b.lead for b in await city.store.browser.bids(held.id)] == [A]


async def test_rows_told_twice_change_nothing_in_one_batch_or_in_two(city: City) -> None:
    again = await load(city, tender(), result(), tender(3), result(4))
    assert written(*again)[2:] == [Written.UNCHANGED, Written.UNCHANGED]
    assert written(*await load(city, tender(), result())) == [Written.UNCHANGED, Written.UNCHANGED]
    (held,) = await city.store.browser.project(NUMBER)
    assert len(await city.store.browser.bids(held.id)) == 1


async def test_a_bid_in_a_project_that_is_not_registered_takes_its_parties_back(city: City) -> None:
    (outcome,) = await load(city, result())
    assert isinstance(outcome.error, Unknown)
    assert await city.store.browser.party(A) is None


async def test_a_refused_row_leaves_the_others_and_none_of_its_own(city: City) -> None:
    both = LoadRow(row=2, projects=(project(BUYER, "N2"),), bids=(in_project(bid(B), "N2"),))
    outcomes = await load(city, tender(), both, result(3))
    assert isinstance(outcomes[1].error, PartyUnknown)
    assert written(outcomes[0], outcomes[2]) == [Written.CREATED, Written.CREATED]
    assert await city.store.browser.project("N2") == []


async def test_another_content_under_the_number_of_a_project_is_a_conflict(city: City) -> None:
    other = replace(tender(2), projects=(project(BUYER, name="另一项目"),))
    outcomes = await load(city, tender(), other)
    assert isinstance(outcomes[1].error, Conflict)


async def test_a_bid_told_for_a_project_of_another_name_is_refused(city: City) -> None:
    outcomes = await load(city, tender(), result(name="另一项目"), result(3, name=project(BUYER).name))
    assert isinstance(outcomes[1].error, Conflict)
    assert outcomes[2].error is None
