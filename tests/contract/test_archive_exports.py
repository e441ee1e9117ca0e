"""A registry for other programs: a first load that Neo4j's own tool reads, and FollowTheMoney entities."""

import importlib.util
import json
import secrets
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

from credit.archives.container import reading, whole
from credit.archives.exporting import export_tables, pages
from credit.archives.moving import adopt, backup
from credit.archives.tables import write_tables
from credit.cache.shared import NoRevisions
from credit.errors import Conflict, StoreUnavailable
from credit.graph.bolt import Bolt
from credit.graph.embedded import Endpoint
from credit.graph.store import Store, open_store
from importers.export_ftm import entities, entity_id, write_entities
from importers.followthemoney import importer
from tests.conftest import require
from tests.contract.archived import FIRMS, Picture, Town, emptied, opened, ordered, picture
from tests.importers.reading import read_file
from tests.services import neo4j

SCHEMATA: Final = json.loads((Path(__file__).parents[1] / "importers" / "ftm_schema.json").read_text(encoding="utf-8"))
IMPORT_WITHIN: Final = 600

Loaded = tuple[Picture, dict[str, Any], Picture, dict[str, Any]]


@pytest.fixture(scope="module")
def lacking() -> None:
    name = neo4j.missing()
    require("neo4j", name is None, f"{name} is missing; it needs a JDK 17 and Maven")


@pytest.fixture(scope="module")
async def loaded(lacking: None, arcadedb: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """A town as it was, and as a Neo4j holds it that read its files; nobody opens that before it is adopted."""
    data = tmp_path_factory.mktemp("loaded")
    await emptied(arcadedb)
    async with opened(arcadedb, data) as store:
        town = Town.over(store, data)
        await town.build()
        before = await picture(store), await town.answers()
        await export_tables(store, data / "files", ordered=ordered(arcadedb))
    home, port, password = data / "home", neo4j.free_port(), secrets.token_hex(8)
    neo4j.stop(neo4j.start(home, port=port, password=password))
    neo4j.read_in(data / "files", home, within=IMPORT_WITHIN)
    server = neo4j.start(home, port=port, password=password)
    try:
        there = Endpoint(f"bolt://{neo4j.HOST}:{port}", neo4j.USER, password, neo4j.DATABASE)
        with pytest.raises(StoreUnavailable):
            async with open_store(there, revisions=NoRevisions()):
                pass
        async with Bolt(there) as bolt:
            await adopt(bolt)
            with pytest.raises(Conflict):
                await adopt(bolt)
        async with open_store(there, revisions=NoRevisions()) as store:
            return *before, await picture(store), await Town.over(store, data).answers()
    finally:
        neo4j.stop(server)


async def test_a_first_load_holds_every_node_and_relationship(loaded: Loaded) -> None:
    before, _, after, _ = loaded
    assert after["nodes"] == before["nodes"]
    assert after["relationships"] == before["relationships"]


async def test_a_first_load_answers_the_same(loaded: Loaded) -> None:
    _, before, _, after = loaded
    for name, answer in before.items():
        assert after[name] == answer, name


async def test_a_directory_that_holds_something_is_left_alone(store: Store, endpoint: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    with pytest.raises(Conflict):
        await export_tables(store, tmp_path / "full", ordered=ordered(endpoint))
    assert [path.name for path in sorted((tmp_path / "full").glob("*"))] == ["mine"]


async def test_files_of_one_archive_are_the_same_but_for_the_name_of_the_graph(
    store: Store, endpoint: Endpoint, tmp_path: Path
) -> None:
    await Town.over(store, tmp_path).build()
    await backup(store, tmp_path / "a.zip", ordered=ordered(endpoint))
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        with reading(tmp_path / "a.zip") as archive:
            write_tables(archive, tmp_path / name)
    one, other = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "other"))
    assert {name for name in one if one[name] != other[name]} == {"Horizon.csv"}


# ── FollowTheMoney ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def told(store: Store, endpoint: Endpoint, tmp_path: Path) -> Path:
    """The town as entities, one a line."""
    await Town.over(store, tmp_path).build()
    with whole(tmp_path / "town.ftm.json") as out:
        async for parties, relations, records in pages(store, ordered=ordered(endpoint)):
            write_entities(out, entities(parties, relations, records))
    return tmp_path / "town.ftm.json"


def entities_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def test_parties_relations_and_records_are_exported(told: Path) -> None:
    found = entities_in(told)
    assert {entity["schema"] for entity in found} >= {"Company", "Person", "Directorship", "Ownership", "Sanction"}
    assert {entity_id(name) for name in FIRMS} <= {entity["id"] for entity in found}
    assert len({entity["id"] for entity in found}) == len(found)


async def test_every_end_of_an_entity_is_an_entity_of_the_file(told: Path) -> None:
    found = entities_in(told)
    ids = {entity["id"] for entity in found}
    for entity in found:
        kinds = SCHEMATA[entity["schema"]]["properties"]
        ends = [value for name, values in entity["properties"].items() if kinds[name] == "entity" for value in values]
        assert set(ends) <= ids


async def test_the_importer_of_that_form_reads_the_export(told: Path) -> None:
    taken, rejected = read_file(importer(), told)
    assert not rejected
    assert {party.id for row in taken for party in row.parties} >= set(FIRMS)


if importlib.util.find_spec("followthemoney"):  # it needs ICU and has no wheel; the tests above always run

    async def test_its_own_validator_accepts_the_export(told: Path) -> None:
        model: Any = import_module("followthemoney").model
        for entity in entities_in(told):
            model.get(entity["schema"]).validate(entity)
