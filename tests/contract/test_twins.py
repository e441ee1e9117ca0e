"""Suspected twins are found by name, once each, page by page; what is merged or told apart is left out."""

from datetime import date

from credit.errors import Conflict
from credit.model.merge import MergeStatement
from credit.model.party import PartyId, RelationKind
from credit.model.statements import LoadRow, Written
from credit.search import Twin, Twins
from tests.contract.makers import ADMIN, City, code, done, firm, penalty, person, tie, written

A, B, C, D = (PartyId(code(n)) for n in range(1, 5))
NAME = "资阳云溪科技有限公司"


async def pages(city: City, limit: int = 100) -> list[list[Twin]]:
    twins, found = Twins(city.store.twins), list[list[Twin]]()
    before: int | None = None
    while True:
        page, before = await twins.page(before=before, limit=limit)
        found.append(page)
        if before is None:
            return found


async def pairs(city: City, limit: int = 100) -> list[set[str]]:
    return [{party.id for party in twin.parties} for page in await pages(city, limit) for twin in page]


def said(one: str, other: str) -> MergeStatement:
    return MergeStatement(one, other, date(2026, 5, 6), "经核对登记档案")


async def test_entries_of_one_name_are_listed_once_those_stated_last_first(city: City) -> None:
    await city.register(firm(1, name=NAME))
    await city.register(firm(2, name="资阳雲溪科技有限公司"), firm(3, name="资阳腾达商贸有限公司"))
    await city.register(firm(4, name=NAME))
    listed = await pairs(city)
    assert sorted(map(sorted, listed[:2])) == sorted([sorted((A, D)), sorted((B, D))])
    assert listed[2:] == [{A, B}]


async def test_a_party_stated_again_moves_with_its_pairs(city: City) -> None:
    await city.register(firm(1, name=NAME), firm(2, name=NAME))
    await city.register(firm(3, name="别名"), firm(4, name="别名"))
    assert await pairs(city) == [{C, D}, {A, B}]
    await city.register(firm(1, name=NAME, former_names=("旧名",)))
    assert await pairs(city) == [{A, B}, {C, D}]


async def test_pages_of_every_size_hold_the_same(city: City) -> None:
    numbers = range(1, 8)
    rows = [LoadRow(row=n, parties=(firm(n, name=NAME if n % 2 else "别名"),)) for n in numbers]
    done(*await city.registry.load(ADMIN, rows))
    await city.register(firm(8, name=NAME))
    await city.record(penalty(A))
    whole = await pairs(city)
    assert len(whole) == len({frozenset(pair) for pair in whole}) == 4 + 6 + 3
    for limit in (1, 2, 5):
        assert all(len(page) <= limit for page in await pages(city, limit))
        assert await pairs(city, limit) == whole


async def test_what_is_merged_undone_or_told_apart_is_left_out(city: City) -> None:
    await city.register(*(firm(n, name=NAME) for n in (1, 2, 3)))
    made = done(await city.registry.merge(ADMIN, said(A, B)))[0].id
    assert await pairs(city) == [{A, C}]
    done(await city.registry.undo_merge(ADMIN, made, reason="误并"))
    assert sorted(map(sorted, await pairs(city))) == sorted([sorted((A, C)), sorted((B, C))])
    first, again = [await city.registry.part(ADMIN, said(*two)) for two in ((A, C), (C, A))]
    assert written(first, again) == [Written.CREATED, Written.UNCHANGED]
    assert first.id == again.id
    assert await pairs(city) == [{B, C}]


async def test_told_apart_changes_no_facts_and_may_still_be_merged(city: City) -> None:
    await city.firms(1, 2)
    done(await city.registry.part(ADMIN, said(A, B)))
    assert (await city.gather(A, B)).resolved == {A: A, B: B}
    done(await city.registry.merge(ADMIN, said(A, B)))
    assert (await city.gather(A, B)).resolved == {A: A, B: A}
    known = await city.registry.part(ADMIN, said(B, A))
    assert known.written is Written.UNCHANGED


async def test_what_is_merged_is_not_told_apart(city: City) -> None:
    await city.firms(1, 2)
    done(await city.registry.merge(ADMIN, said(A, B)))
    assert isinstance((await city.registry.part(ADMIN, said(A, B))).error, Conflict)


async def test_persons_of_one_name_are_listed_where_they_lead_one_firm(city: City) -> None:
    await city.firms(1, 2)
    one, other, stranger = await city.register(*(person("王某某") for _ in range(3)))
    leads = RelationKind.UNIT_LEADER
    await city.relate(tie(leads, one, A), tie(leads, other, A), tie(leads, stranger, B))
    (page,) = await pages(city)
    (twin,) = page
    assert {party.id for party in twin.parties} == {one, other}
    assert (f"同为 {A} 的负责人或股东", f"both lead or hold {A}") in twin.suspicion.why
