"""Parties found by the name that a document prints, on both stores."""

from functools import partial

import pytest

from credit.graph import schema
from credit.graph.names import index_older
from credit.model.party import PartyId
from credit.model.statements import PartyStatement
from tests.contract.makers import City, code, firm, person

NAMES = (
    "中国建筑第三工程局有限公司",
    "中国建筑第二工程局有限公司",
    "陕西瑞航智能科技有限公司",
    "台北腾达科技有限公司",
    "四川腾飞科技有限公司",
    "北京城建集团有限责任公司",
    "北京城建集团有限责任公司第一分公司",
    "云溪（四川）环保科技有限公司",
    "Acme Office Goods Ltd.",
)


async def called(city: City, name: str, *, province: str = "") -> set[str]:
    return {party.name for party in await city.store.names.called(name, province=province)}


@pytest.fixture
async def named(city: City) -> City:
    await city.register(*(firm(place, name=name) for place, name in enumerate(NAMES, 1)))
    return city


async def test_a_name_is_found_as_people_write_it(named: City) -> None:
    """One graph for all: a wipe costs more than a question."""
    for asked, meant in {
        "中建三局": NAMES[0],
        "陝西瑞航智能科技有限公司": NAMES[2],
        "陕西瑞杭智能科技有限公司": NAMES[2],
        "陕西航智能科技有限公司": NAMES[2],
        "陕西瑞瑞航智能科技有限公司": NAMES[2],
        "陕西瑞航智能科支有限公司": NAMES[2],
        "陕酉瑞航智能科技有限公司": NAMES[2],
        "瑞航科技": NAMES[2],
        "臺北騰達科技有限公司": NAMES[3],
        "北京城建集团有限责任公司二分公司": NAMES[6],
        "四川云溪环保科技有限责任公司": NAMES[7],
        "ACME OFFICE GOODS LIMITED": NAMES[8],
        "Acme Ofice Goods Ltd.": NAMES[8],
    }.items():
        assert meant in await called(named, asked), asked


async def test_what_is_not_alike_is_not_read(named: City) -> None:
    assert await called(named, "资阳柳荫酒店有限公司") == set()


async def test_a_party_is_found_by_its_former_names_and_after_a_correction_by_its_new_ones(city: City) -> None:
    before, after, earlier = "资阳旧名商贸有限公司", "资阳新号商贸有限公司", "资阳前身商贸有限公司"
    await city.register(firm(1, name=before, former_names=(earlier,)))
    assert await called(city, earlier) == {before}
    await city.register(PartyStatement(id=code(1), name=after, former_names=(before,)))
    assert await called(city, before) == await called(city, after) == {after}
    assert await called(city, earlier) == set()


async def test_a_correction_of_something_else_leaves_the_names_as_they_are(city: City) -> None:
    await city.register(firm(1))
    await city.register(PartyStatement(id=code(1), region="512002"))
    ((count,),) = await city.store.bolt.fetch("MATCH (n:Name)-[:CALLS]->(:Party) RETURN count(n)")
    assert count == 1


async def test_a_person_is_found_by_the_whole_name_alone(city: City) -> None:
    await city.register(person("王小某"))
    assert await called(city, "王小某") == {"王小某"}
    assert await called(city, "王某") == set()


async def test_names_that_were_held_before_are_found_once_indexed(city: City) -> None:
    ids = await city.register(firm(1), firm(2), person())
    bolt = city.store.bolt
    await bolt.put("MATCH (n:Name) DETACH DELETE n")
    await bolt.put("MATCH (p:Party) REMOVE p.called")
    assert await called(city, "资阳1号商贸有限公司") == set()
    for _ in range(2):
        await index_older(bolt, partial(schema.in_turn, bolt))  # as a migration does
    found = await city.store.names.called("资阳1号商贸有限公司")
    assert PartyId(code(1)) in {party.id for party in found}
    ((count,),) = await bolt.fetch("MATCH (n:Name) RETURN count(n)")
    assert count == len(ids)
