"""Penalties of an authority: numbered as they are written, and those that were held before there was such a number."""

from functools import partial

from credit.graph import schema
from credit.graph.series import number_older
from tests.contract.makers import FINANCE, MARKET, City, listing, penalty


async def shown(city: City, name: str = FINANCE.name, *, limit: int = 10, before: int | None = None) -> list[str]:
    found = await city.store.publications.page(name, before=before, limit=limit)
    return [record.id for _, record in found]


async def test_penalties_are_paged_by_authority_newest_first(city: City) -> None:
    (firm,) = await city.firms(1)
    ids = await city.record(*(penalty(firm, f"{n}号") for n in range(3)), listing(firm))
    (other,) = await city.record(penalty(firm, "4号", authority=MARKET))
    assert await shown(city) == ids[2::-1]
    first = await city.store.publications.page(FINANCE.name, before=None, limit=2)
    assert await shown(city, before=first[-1][0]) == ids[:1]
    assert await shown(city, MARKET.name) == [other]
    assert await shown(city, "没有此局") == []


async def test_a_penalty_told_again_is_numbered_once(city: City) -> None:
    (firm,) = await city.firms(1)
    ids = [name for _ in range(2) for name in await city.record(penalty(firm))]
    assert ids == 2 * await shown(city)


async def test_those_held_before_are_numbered_once_the_oldest_first(city: City) -> None:
    (firm,) = await city.firms(1)
    ids = await city.record(*(penalty(firm, f"{n}号") for n in range(3)), listing(firm))
    bolt = city.store.bolt
    await bolt.put("MATCH (r:Record) REMOVE r.office")
    await bolt.put("MATCH (l:Roll) DETACH DELETE l")
    for _ in range(2):
        await number_older(bolt, partial(schema.in_turn, bolt))  # as a migration does
    assert await shown(city) == ids[2::-1]
    (later,) = await city.record(penalty(firm, "9号"))
    assert await shown(city) == [later, *ids[2::-1]]
