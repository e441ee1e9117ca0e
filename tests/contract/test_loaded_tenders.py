"""Projects and bids among the rows of an import: each row whole or not at all, told twice once."""

from dataclasses import replace
from typing import LiteralString

import pytest

from credit.errors import Conflict, PartyUnknown, Unknown
from credit.graph.bolt import Row, Transaction
from credit.model.party import PartyId
from credit.model.statements import BidInProject, BidStatement, LoadRow, Outcome, Written
from tests.contract.makers import ADMIN, City, bid, code, firm, org, project, written

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


async def test_many_notices_take_as_many_round_trips_as_one(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    queries: list[str] = []
    run = Transaction.run

    async def counted(self: Transaction, query: LiteralString, **parameters: object) -> list[Row]:
        queries.append(query)
        return await run(self, query, **parameters)

    def notices(first: int, often: int) -> list[LoadRow]:
        numbers = [f"N51200120260{n:05d}" for n in range(first, first + often)]
        opened = [LoadRow(row=1, parties=tender().parties, projects=(project(BUYER, number),)) for number in numbers]
        return opened + [result(2, number) for number in numbers]

    monkeypatch.setattr(Transaction, "run", counted)
    taken: list[int] = []
    for often in (1, 60):
        before = len(queries)
        assert written(*await load(city, *notices(100 * often, often))) == [Written.CREATED] * 2 * often
        taken.append(len(queries) - before)
    assert taken[1] <= taken[0]


async def test_a_tender_of_parties_whose_credit_codes_are_learnt_with_it_is_the_one_held(city: City) -> None:
    """Held under their organisation codes, they are the same parties: same content, same project, same bid."""
    await city.register(firm(1, id=org(1)), firm(8, id=org(8)))
    held = await city.open_project(project(org(8)))
    bids = [await city.bid(held, bid(org(1)))]
    assert written(*await load(city, tender(), result())) == [Written.CORRECTED, Written.CORRECTED]
    assert [b.id for b in await city.store.browser.bids(held)] == bids
