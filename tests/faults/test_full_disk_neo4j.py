"""The disk of Neo4j runs full. It stops serving altogether: what it acknowledged is there once it was started again.

Its disk is not ours to look at, so nothing can be refused beforehand: operators watch its free space.
"""

import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from credit.cache.shared import NoRevisions
from credit.errors import Unavailable
from credit.graph.embedded import Endpoint
from credit.graph.store import open_store
from tests.conftest import require
from tests.contract.makers import ADMIN, City, firm
from tests.faults.disks import MIB, Disk, small_disk
from tests.services import neo4j

ROOMY = 2048 * MIB
SETTINGS = """\
db.tx_log.preallocate=false
db.tx_log.rotation.size=1m
"""
"""Else a quarter of a gigabyte is set aside for the log, and only pages run out of room."""
ROWS = 200
MOST = 400
"""Writes after which a disk that has not run full never will."""


@dataclass
class Place:
    """A Neo4j on a disk of its own."""

    disk: Disk
    port: int = field(default_factory=neo4j.free_port)
    password: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(f"bolt://{neo4j.HOST}:{self.port}", neo4j.USER, self.password, neo4j.DATABASE)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    lacking = neo4j.missing()
    require("neo4j", lacking is None, f"{lacking} is missing; it needs a JDK 17 and Maven")
    with small_disk(tmp_path / "small", ROOMY) as disk:
        yield Place(disk)


async def test_what_neo4j_acknowledged_outlives_a_full_disk_and_writes_go_on_after_a_new_start(place: Place) -> None:
    home = place.disk.root / "home"
    acknowledged: list[str] = []

    async def write(city: City, number: int) -> None:
        rows = [firm(number * ROWS + n) for n in range(ROWS)]
        acknowledged.extend(str(done.id) for done in await city.registry.register(ADMIN, rows))

    async def write_many(city: City) -> None:
        for number in range(1, MOST):
            await write(city, number)

    server = neo4j.start(home, port=place.port, password=place.password, settings=SETTINGS)
    try:
        async with open_store(place.endpoint, revisions=NoRevisions()) as store:
            await write(City.over(store), 0)
            place.disk.leave(4 * MIB)
            with pytest.raises(Unavailable):
                await write_many(City.over(store))
    finally:
        neo4j.stop(server)

    place.disk.resize(ROOMY)
    server = neo4j.start(home, port=place.port, password=place.password, settings=SETTINGS)
    try:
        async with open_store(place.endpoint, revisions=NoRevisions()) as store:
            held = Counter(str(row[0]) for row in await store.bolt.fetch("MATCH (p:Party) RETURN p.id"))
            assert set(acknowledged) <= held.keys()
            assert set(held.values()) == {1}
            assert len(held) % ROWS == 0, "a transaction is held by half"
            await write(City.over(store), MOST)
    finally:
        neo4j.stop(server)
