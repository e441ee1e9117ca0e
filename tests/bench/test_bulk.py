"""A country read in by files answers as one that was written through the registry, and looks the same in the graph."""

import json
import re
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from neo4j import GraphDatabase

from bench import bulk
from bench.country import AGENCY, FUND, PUNISHED, Country, Hubs, code
from bench.filling import fill, freshen
from credit.cache.shared import NoRevisions
from credit.graph.embedded import Endpoint
from credit.graph.store import Store, open_store
from credit.model.party import PartyId, Role
from credit.model.project import Domain
from credit.model.when import SHANGHAI
from credit.settings import Settings
from credit.wiring import rules_of, services_over
from tests.conftest import require
from tests.contract.conftest import wipe
from tests.contract.makers import Sha
from tests.services import neo4j

COUNTRY: Final = Country(300, datetime.now(SHANGHAI).date(), Hubs(firms=20, records=15, projects=12))
GIVEN: Final = re.compile(r"\b(?:(?:pen_|lst_|rel_|prj_|bulk-)[0-9a-f]+|person:[a-z]+)")
"""Ids that the registry gives by chance."""
OF_WRITES: Final = ("Ledger", "Horizon", "Change", "Schema", "AccessLog")
"""Labels that tell of the writes themselves, of which an import by files has none."""


Told = dict[str, Any]


@pytest.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Told]:
    """What a graph tells after the import by files, and after the same country was written."""
    lacking = neo4j.missing()
    require("neo4j", lacking is None, f"{lacking} is missing; it needs a JDK 17 and Maven")
    directory = tmp_path_factory.mktemp("bulk")
    home, port, password = directory / "home", neo4j.free_port(), secrets.token_hex(8)
    neo4j.stop(neo4j.start(home, port=port, password=password))
    await bulk.write_files(directory / "files", Sha(), COUNTRY)
    bulk.read_files(directory / "files", home, memory="512m")
    server = neo4j.start(home, port=port, password=password)
    try:
        endpoint = Endpoint(f"bolt://{neo4j.HOST}:{port}", neo4j.USER, password, neo4j.DATABASE)
        with GraphDatabase.driver(endpoint.uri, auth=(endpoint.user, password)) as driver:  # pyright: ignore[reportUnknownMemberType]  # **config
            bulk.complete(driver)
        async with open_store(endpoint, revisions=NoRevisions()) as store:
            await freshen(store.writes, Sha())
            by_files = await tell(store, directory)
            await wipe(store.bolt)
            await fill(store.writes, Sha(), COUNTRY)
            await freshen(store.writes, Sha())
            return by_files, await tell(store, directory)
    finally:
        neo4j.stop(server)


async def tell(store: Store, data: Path) -> Told:
    settings = Settings(data=data)
    eligibility = services_over(store, settings, rules=rules_of(settings)).eligibility
    parties = [code(number) for number in range(COUNTRY.parties)]
    looked_up = await eligibility.look_up(
        parties, domain=Domain.GOVERNMENT_PROCUREMENT, role=Role.SUPPLIER, on=COUNTRY.day, region=None
    )
    pictures = [await store.browser.neighbourhood(PartyId(code(n)), depth=2, limit=500) for n in (FUND, AGENCY, 7)]
    records = await store.browser.records(PartyId(code(PUNISHED)), before=None, limit=50)
    return {
        "look-ups": [answered(answer) for answer in looked_up],
        "pictures": [sorted(shown(p) for p in near) for near, _, _ in pictures],
        "relations": [sorted(str(r.kind) for r in tied) for _, tied, _ in pictures],
        "records": [str(r.content) for r in records],
        "projects": [shown(p) for n in range(12) for p in await store.browser.project(f"XG{n:08d}")],
        "nodes": await store.bolt.fetch(NODES, without=OF_WRITES),
        "relationships": await store.bolt.fetch(RELATIONSHIPS),
    }


NODES: Final = """
MATCH (n) WHERE NOT labels(n)[0] IN $without
UNWIND keys(n) AS name
RETURN labels(n)[0] AS label, name, valueType(n[name]) AS type, count(*) ORDER BY label, name, type
"""
RELATIONSHIPS: Final = """
MATCH ()-[r]->()
UNWIND CASE WHEN keys(r) = [] THEN [''] ELSE keys(r) END AS name
RETURN type(r) AS label, name, valueType(r[name]) AS type, count(*) ORDER BY label, name, type
"""


def answered(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without what is given by chance: ids, and the order of findings that only ids tell apart."""
    findings = [json.dumps(f, default=str, sort_keys=True, ensure_ascii=False) for f in answer["findings"]]
    return {**answer, "sources": None, "findings": sorted(GIVEN.sub("~", finding) for finding in findings)}


def shown(value: object) -> str:
    return re.sub(r"tick=\d+", "", GIVEN.sub("~", str(value)))


@pytest.mark.parametrize("what", ["look-ups", "pictures", "relations", "records", "projects"])
async def test_a_country_read_in_answers_as_one_that_was_written(told: tuple[Told, Told], what: str) -> None:
    by_files, written = told
    assert by_files[what] == written[what]


@pytest.mark.parametrize("what", ["nodes", "relationships"])
async def test_a_country_read_in_has_the_properties_of_one_that_was_written(told: tuple[Told, Told], what: str) -> None:
    by_files, written = told
    assert by_files[what] == written[what]


async def test_what_is_compared_is_there(told: tuple[Told, Told]) -> None:
    by_files, _ = told
    assert {answer["verdict"] for answer in by_files["look-ups"]} >= {"eligible", "restricted", "review"}
    assert len(by_files["pictures"][0]) > COUNTRY.hubs.firms
    assert len(by_files["records"]) == COUNTRY.hubs.records
    assert len(by_files["projects"]) == COUNTRY.hubs.projects
    labels = {row[0] for row in by_files["nodes"]}
    assert labels == {"Party", "Identifier", "Name", "Relation", "Record", "Roll", "Project", "Sync"}
