"""Penalties read from end to end, written as 双公示, and read back into the registry that holds them."""

from datetime import date
from pathlib import Path

from credit.graph.exports import GraphPenalties
from credit.model.caller import Caller, Scope
from credit.model.record import EventKind
from importers.export_double_publicity import Exporter, export_penalties
from importers.run import run
from tests.contract.makers import FINANCE, MARKET, City, ban, event, listing, penalty

IMPORTER = Caller("importer", "导入", frozenset({Scope.RECORD, Scope.ADMIN}))


async def numbers(city: City, authority: str | None = None) -> list[str]:
    return [r.content.doc_no or "" async for r, _ in GraphPenalties(city.store.bolt).penalties(authority=authority)]


async def test_all_penalties_are_read_or_those_of_one_authority(city: City) -> None:
    one, other = await city.firms(1, 2)
    await city.record(
        *(penalty(one, f"{n}号") for n in range(3)), listing(one), penalty(other, "9号", authority=MARKET)
    )
    assert sorted(await numbers(city)) == ["0号", "1号", "2号", "9号"]
    assert await numbers(city, FINANCE.name) == ["0号", "1号", "2号"]
    assert await numbers(city, MARKET.name) == ["9号"]
    assert await numbers(city, "没有此局") == []


async def test_a_penalty_comes_with_its_party_as_it_is_now(city: City) -> None:
    (firm,) = await city.firms(1)
    await city.record(penalty(firm))
    ((record, party),) = [found async for found in GraphPenalties(city.store.bolt).penalties()]
    assert (record.party, party.id) == (firm, firm)
    assert party.name


async def test_what_is_exported_is_unchanged_where_it_is_read_again(city: City, tmp_path: Path) -> None:
    firms = await city.firms(1, 2)
    for firm in firms:
        await city.record(penalty(firm), ban(firm), penalty(firm, "3号", sector="food", in_business=False))
    (gone,) = await city.record(penalty(firms[0], "4号"))
    await city.follow_up(gone, event(EventKind.ANNULLED))
    path, today = tmp_path / "out.csv", date(2026, 6, 10)
    done = await export_penalties(GraphPenalties(city.store.bolt).penalties(), path, Exporter.load(today))
    assert (done.written, done.left_out.total()) == (6, 1)
    back = await run("double_publicity", path, registry=city.registry, caller=IMPORTER, rejects_dir=tmp_path)
    assert (back.read, back.unchanged) == (6, 6)
