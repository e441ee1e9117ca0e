"""The disk of the embedded graph runs full: a clear error, nothing half written, reads go on, and later writes too."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from credit.cache.shared import NoRevisions
from credit.errors import StorageFull, Unavailable
from credit.evidence import verify_chain
from credit.graph import bolt, embedded
from credit.graph.embedded import Endpoint
from credit.graph.room import FLOOR
from credit.graph.store import Store, open_store
from tests.api import bodies
from tests.contract.makers import ADMIN, City, firm
from tests.faults.disks import MIB, Disk, small_disk
from tests.faults.running import Api, chain_of, code, keys_of, records_of, register, serving, stop_graph

ROOMY = 2048 * MIB
PARTY = code(61)
SEED = int(os.environ.get("TEST_SEED", "0")) or random.randrange(1_000_000)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    with small_disk(tmp_path_factory.mktemp("disks") / "small", ROOMY) as mounted:
        yield mounted


@dataclass
class Scene:
    """What a client was answered before, while and after the disk was full."""

    api: Api
    java: tuple[int | None, int | None]
    """Process of the graph before and after."""
    refused: list[httpx.Response]
    asked: list[httpx.Response]
    """Reads while it was full."""
    held: Sequence[str]
    """Documents held while it was full."""
    after: list[httpx.Response]
    checks: list[str]


@pytest.fixture(scope="module")
def scene(disk: Disk) -> Iterator[Scene]:
    data = disk.root / "data"
    data.mkdir()
    with serving(data) as api, api.client() as client:
        register(client, PARTY)
        java = java_of(data)
        client.post("/v1/penalties", json=bodies.penalty(party=PARTY, doc_no="before")).raise_for_status()
        checks = [client.post("/v1/checks", json=bodies.check(PARTY)).raise_for_status().json()["id"]]
        disk.leave(FLOOR - 40 * MIB)
        refused = [
            client.post("/v1/penalties", json=bodies.penalty(party=PARTY, doc_no="while")),
            client.post("/v1/penalties", json=[bodies.penalty(party=PARTY, doc_no=f"while-{n}") for n in range(9)]),
            client.post("/v1/checks", json=bodies.check(PARTY)),
            client.put(f"/v1/parties/{code(62)}", json=bodies.organisation()),
        ]
        asked = [
            client.get(f"/v1/parties/{PARTY}/eligibility", params=bodies.LOOK_UP),
            client.get(f"/v1/checks/{checks[0]}/certificate.json"),
            client.get("/readyz"),
        ]
        held = [item["doc_no"] for item in records_of(client, PARTY)]
        disk.resize(ROOMY)
        after = [
            client.post("/v1/penalties", json=bodies.penalty(party=PARTY, doc_no="while")),
            client.post("/v1/checks", json=bodies.check(PARTY)),
        ]
        yield Scene(api, (java, java_of(data)), refused, asked, held, after, [*checks, after[-1].json()["id"]])
    stop_graph(data)


def java_of(data: Path) -> int | None:
    state = embedded.status(data / "graph").state
    return state.java if state else None


def test_every_write_is_refused_with_an_error_of_its_own(scene: Scene) -> None:
    assert {(reply.status_code, reply.json()["code"]) for reply in scene.refused} == {(507, "storage_full")}
    assert all(reply.headers["Retry-After"].isdecimal() for reply in scene.refused)


def test_the_error_says_first_in_chinese_what_to_do(scene: Scene) -> None:
    assert all(reply.json()["detail"].startswith("图数据库所在磁盘空间不足") for reply in scene.refused)


def test_reads_go_on_while_it_is_full(scene: Scene) -> None:
    assert [reply.status_code for reply in scene.asked] == [200, 200, 200]
    assert scene.asked[0].json()["verdict"] == "restricted"


def test_nothing_of_a_refused_write_is_held(scene: Scene) -> None:
    assert scene.held == ["before"]


def test_writes_go_on_by_themselves_once_there_is_room(scene: Scene) -> None:
    assert [reply.status_code for reply in scene.after] == [201, 201]


def test_the_server_was_never_in_need_of_a_new_start(scene: Scene) -> None:
    before, after = scene.java
    assert before == after is not None


def test_the_chain_is_whole(scene: Scene) -> None:
    links = chain_of(scene.api.data)
    assert verify_chain(links, keys_of(scene.api.data)) == []
    assert set(scene.checks) <= {link.id for link in links}


# ---------------------------------------------------------------- another program takes the room under a write


@dataclass
class Outrun:
    """Writers that the disk ran full under, with nothing to stop them before."""

    city: City
    home: Path
    disk: Disk
    next: int = 0
    acknowledged: list[str] = field(default_factory=list[str])

    async def write(self, rows: int) -> None:
        """Register some firms in one transaction."""
        first, self.next = self.next + 1, self.next + rows
        self.acknowledged += [
            str(done.id) for done in await self.city.registry.register(ADMIN, [firm(first + n) for n in range(rows)])
        ]

    async def write_until_refused(self, rows: int) -> Unavailable:
        while True:
            try:
                await self.write(rows)
            except Unavailable as error:
                return error

    async def write_again(self) -> None:
        """Write once more, as soon as it is taken."""
        async with asyncio.timeout(180):
            while True:
                with suppress(Unavailable):
                    return await self.write(1)
                await asyncio.sleep(0.1)

    async def held(self) -> Counter[str]:
        """Count the parties by their ids, each looked up over the index too, once the server answers."""
        async with asyncio.timeout(180):
            while True:
                with suppress(Unavailable):
                    return Counter(str(row[0]) for row in await self.store.bolt.fetch(ALL))
                await asyncio.sleep(0.1)

    async def settle(self) -> None:
        """Wait until the pages of what was written have found their place on the disk."""
        before = -1
        while before != (before := self.disk.used()):  # noqa: ASYNC110  # the server tells nobody
            await asyncio.sleep(2)

    @property
    def store(self) -> Store:
        return self.city.store

    def kill(self) -> None:
        java = java_of(self.home.parent)
        if java is not None:
            with suppress(ProcessLookupError):
                os.kill(java, signal.SIGKILL)


ALL = "MATCH (p:Party) MATCH (:Identifier {key: p.id})-[:NAMES]->(q:Party) RETURN q.id"


@pytest.fixture
async def outrun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Outrun]:
    """A store whose writers do not look at the disk before they write."""
    monkeypatch.setattr(bolt, "FLOOR", 0)
    with small_disk(tmp_path / "small", ROOMY) as disk:
        home = disk.root / "graph"

        async def revive() -> Endpoint:
            return await embedded.ensure(home, memory="256m")

        async with (
            embedded.running(home, memory="256m") as endpoint,
            open_store(endpoint, revisions=NoRevisions(), lock=home / "lock", on_unavailable=revive) as store,
        ):
            yield Outrun(City.over(store), home, disk)
        await embedded.stop(home)


async def test_what_was_acknowledged_outlives_a_disk_that_ran_full_under_the_writers(
    outrun: Outrun, long: bool
) -> None:
    """However little was left, whatever the size of the writes, and also if the server is killed in the middle."""
    chance = random.Random(SEED)
    print(f"seed {SEED}")  # noqa: T201
    for _ in range(20 if long else 4):
        await outrun.write_again()
        outrun.disk.leave(chance.choice([20_000, 200_000, 1_000_000, 3_000_000]))
        error = await outrun.write_until_refused(chance.choice([1, 10, 200]))
        assert isinstance(error, Unavailable)
        deed = chance.choice(["kill while full", "kill after", "leave alone"])
        if deed == "kill while full":
            outrun.kill()
        outrun.disk.resize(ROOMY)
        if deed == "kill after":
            outrun.kill()
        await outrun.write_again()
        held = await outrun.held()
        assert set(outrun.acknowledged) <= held.keys()
        assert set(held.values()) == {1}


async def test_writers_are_refused_until_a_server_that_ran_out_of_room_was_started_anew(outrun: Outrun) -> None:
    await outrun.write(1)
    before = java_of_home(outrun.home)
    outrun.disk.leave(200_000)
    await outrun.write_until_refused(10)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await outrun.write(1)
    outrun.disk.resize(ROOMY)
    await outrun.write_again()
    assert java_of_home(outrun.home) != before


async def test_reads_go_on_over_a_log_that_could_not_be_written(outrun: Outrun) -> None:
    await outrun.write(1)
    await outrun.settle()
    outrun.disk.leave(0)
    with pytest.raises(StorageFull):
        await outrun.write(200)
    assert await outrun.held() == Counter(outrun.acknowledged)


def java_of_home(home: Path) -> int | None:
    return java_of(home.parent)
