"""Archives: what is restored, on whichever store, is what was there at one moment, and answers as that did."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, LiteralString

import pytest

from credit.archives.container import reading
from credit.archives.exporting import pages
from credit.archives.manifest import Manifest
from credit.archives.moving import backup, restore
from credit.errors import Unavailable
from credit.graph.archive import GraphArchive, Moment
from credit.graph.archive_cut import Node
from credit.graph.bolt import Bolt, Row
from credit.graph.embedded import Endpoint
from credit.graph.queries.archive import KINDS, LABELS, SINGLES, Kind
from credit.graph.store import Store
from credit.model.party import RelationKind
from importers.export_ftm import entities
from tests.contract.archived import FIRMS, MARK, Picture, Town, emptied, go_on, opened, ordered, picture, restored
from tests.contract.makers import City, firm, listing, org, penalty, tie

A, B, C, D, E, F = FIRMS[:6]
WAYS: Final = (("arcadedb", "neo4j_server"), ("neo4j_server", "arcadedb"), ("arcadedb", "arcadedb"))


@dataclass(frozen=True, slots=True)
class Told:
    """What a registry held and answered, and what stood in the archive of it."""

    picture: Picture
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    source: Told
    target: Told
    manifest: Manifest
    known: int


async def told(store: Store, data: Path) -> Told:
    found = await picture(store)
    return Told(found, await Town.over(store, data).answers())


@pytest.fixture(scope="module", params=WAYS, ids=" to ".join)
def way(request: pytest.FixtureRequest) -> tuple[Endpoint, Endpoint]:
    start, end = request.param
    return request.getfixturevalue(start), request.getfixturevalue(end)


@pytest.fixture(scope="module")
async def moved(way: tuple[Endpoint, Endpoint], tmp_path_factory: pytest.TempPathFactory) -> Moved:
    """A town carried from one store to another, or to the same one after it was emptied."""
    data = tmp_path_factory.mktemp("moved")
    start, end = way
    await emptied(start)
    async with opened(start, data) as store:
        await Town.over(store, data).build()
        source = await told(store, data)
        manifest = await backup(store, data / "town.zip", ordered=ordered(start))
    await emptied(end)
    async with Bolt(end) as bolt:
        with reading(data / "town.zip") as archive:
            await restore(bolt, archive, MARK)
    async with opened(end, data) as store:
        return Moved(source, await told(store, data), manifest, await City.over(store).known())


async def test_every_node_and_relationship_is_there_as_it_was(moved: Moved) -> None:
    assert moved.target.picture["nodes"] == moved.source.picture["nodes"]
    assert moved.target.picture["relationships"] == moved.source.picture["relationships"]


async def test_every_answer_is_the_same(moved: Moved) -> None:
    for name, answer in moved.source.answers.items():
        assert moved.target.answers[name] == answer, name


async def test_the_chain_holds_and_its_checks_replay_the_same(moved: Moved) -> None:
    assert len(moved.target.answers["chain"]) == 2
    assert moved.target.answers["problems"] == []
    assert [replay["same"] for replay in moved.target.answers["replays"]] == [True]


async def test_facts_are_known_up_to_the_place_that_the_manifest_names(moved: Moved) -> None:
    assert moved.known == moved.manifest.horizon <= moved.manifest.tick


async def test_the_town_has_something_of_every_label_that_an_archive_knows(moved: Moved) -> None:
    labels = {text.partition("{")[0] for text in moved.source.picture["nodes"]}
    assert labels | {"Schema"} == {*LABELS, *SINGLES}
    assert {part.label for part in moved.manifest.parts if part.count} == {kind.label for kind in KINDS}


async def test_a_label_that_archives_do_not_know_stops_the_backup(store: Store, tmp_path: Path) -> None:
    await store.bolt.put("CREATE (:Stranger {id: 'x'})")
    try:
        with pytest.raises(Unavailable, match="Stranger"):
            await backup(store, tmp_path / "a.zip", ordered=False)
    finally:
        await store.bolt.put("MATCH (n:Stranger) DELETE n")
    assert not (tmp_path / "a.zip").exists()


async def test_a_property_that_archives_cannot_name_stops_the_backup(store: Store, tmp_path: Path) -> None:
    await City.over(store).firms(1)
    await store.bolt.put("MATCH (p:Party) SET p.`a b` = 1")
    with pytest.raises(Unavailable, match="Party"):
        await backup(store, tmp_path / "a.zip", ordered=False)
    assert not (tmp_path / "a.zip").exists()


async def test_what_cannot_be_read_stops_an_export_of_entities(store: Store, endpoint: Endpoint) -> None:
    await City.over(store).firms(1)
    await store.bolt.put("MATCH (p:Party) SET p.states = ['{}']")
    with pytest.raises(Unavailable, match="Party"):
        [page async for page in pages(store, ordered=ordered(endpoint))]


# ── as of one moment ───────────────────────────────────────────────────────────────────────────────────────────────


async def all_of(source: GraphArchive, moment: Moment) -> dict[str, dict[Any, Node]]:
    """Read everything as of a moment, by label and key."""
    return {kind.label: await of_kind(source, kind, moment) for kind in KINDS}


async def of_kind(source: GraphArchive, kind: Kind, moment: Moment) -> dict[Any, Node]:
    return {
        node.properties[kind.key]: replace(node, late=False, ties=sorted(node.ties, key=str))
        async for page in source.nodes(kind, moment)
        for node in page
    }


def shown(node: Node) -> Node:
    """A node without what may run ahead: which firm is shown to whom is a short cut past records, never a fact."""
    kept = {name: value for name, value in node.properties.items() if name not in {"revision", "alike", "mistaken"}}
    return Node(kept, [one for one in node.ties if not one.type.startswith("SHOWN_")])


async def test_what_is_read_is_as_of_the_moment_however_much_was_written_since(
    store: Store, endpoint: Endpoint, tmp_path: Path
) -> None:
    town = Town.over(store, tmp_path)
    await town.build()
    source = GraphArchive(store.bolt, ordered(endpoint))
    moment = await source.moment(store.writes)
    before = await all_of(source, moment)
    await go_on(town)
    after = await all_of(source, moment)
    for label, nodes in before.items():
        assert after[label].keys() == nodes.keys(), label
        for key, node in nodes.items():
            assert shown(after[label][key]) == shown(node), (label, key)


async def test_a_short_cut_that_is_there_may_run_ahead_but_none_is_missing(
    store: Store, endpoint: Endpoint, tmp_path: Path
) -> None:
    town = Town.over(store, tmp_path)
    await town.build()
    source = GraphArchive(store.bolt, ordered(endpoint))
    moment = await source.moment(store.writes)
    before = await all_of(source, moment)
    await go_on(town)
    after = await all_of(source, moment)
    for key, node in before["Party"].items():
        assert {str(one) for one in node.ties} <= {str(one) for one in after["Party"][key].ties}
        assert node.properties["revision"] <= after["Party"][key].properties["revision"] <= moment.tick


@dataclass(slots=True)
class Busy:
    """A connection beside which somebody gets a key after every query about keys and callers."""

    store: Store
    made: int = 0

    async def fetch_latest(self, query: LiteralString, **parameters: object) -> list[Row]:
        found = await self.store.bolt.fetch_latest(query, **parameters)
        if "(n:Key)" in query or "(n:Caller)" in query:
            self.made += 1
            held = replace(Town.caller(), id=f"caller-{self.made}")
            await self.store.callers.save_caller(held, f"hash-{self.made}")
        return found


async def test_whose_a_key_is_stands_in_the_archive_though_keys_are_made_meanwhile(
    store: Store, endpoint: Endpoint
) -> None:
    await store.callers.save_caller(Town.caller(), "hash")
    busy = Busy(store)
    moment = await GraphArchive(busy, ordered(endpoint)).moment(store.writes)  # pyright: ignore[reportArgumentType]
    callers = {caller.properties["id"] for caller in moment.small["Caller"]}
    whose = {tie.key for key in moment.small["Key"] for tie in key.ties}
    assert busy.made
    assert whose
    assert whose <= callers


async def test_entities_are_of_one_moment_though_a_firm_learns_its_credit_code_meanwhile(
    store: Store, endpoint: Endpoint
) -> None:
    city = City.over(store)
    await city.register(firm(1, id=org(1)), firm(2))
    await city.record(penalty(org(1)))
    await city.relate(tie(RelationKind.SHAREHOLDER, org(1), B))
    read = pages(store, ordered=ordered(endpoint))
    parties, *_ = await anext(read)
    await city.register(firm(1))
    told = list(entities(parties, (), ()))
    async for page in read:
        told += entities(*page)
    ids = {entity["id"] for entity in told}
    ends = [end for one in told for name in ("entity", "owner", "asset") for end in said_of(one, name)]
    assert len(ends) == 3
    assert set(ends) <= ids


def said_of(entity: Any, name: str) -> list[str]:  # noqa: ANN401  # an entity is JSON
    return entity["properties"].get(name, [])


async def test_a_backup_beside_a_writer_holds_every_write_whole_or_not_at_all(
    store: Store, endpoint: Endpoint, tmp_path: Path
) -> None:
    city = City.over(store)
    await city.firms(*range(1, 7))

    async def write() -> None:
        for n in range(12):
            await city.record(penalty(FIRMS[n % 6], f"并发{n}号"), listing(FIRMS[(n + 1) % 6], doc_no=f"并{n}"))
            await city.register(firm(n % 6 + 1, name=f"资阳第{n}次改名有限公司"), firm(50 + n))

    writer = asyncio.create_task(write())
    archives = [tmp_path / f"{n}.zip" for n in range(3)]
    manifests = [await backup(store, path, ordered=ordered(endpoint)) for path in archives]
    await writer
    then = [[await city.gather(name, known=one.tick) for name in FIRMS[:6]] for one in manifests]
    for path, wanted in zip(archives, then, strict=True):
        await restored(endpoint, path)
        found = [await city.gather(name) for name in FIRMS[:6]]
        assert [facts.dossiers.values() and said(facts) for facts in found] == [said(facts) for facts in wanted]


def said(facts: Any) -> list[Any]:  # noqa: ANN401  # facts, in whatever order
    return [
        (dossier.party, sorted(dossier.records, key=lambda record: record.tick))
        for dossier in sorted(facts.dossiers.values(), key=lambda one: one.party.id)
    ]
