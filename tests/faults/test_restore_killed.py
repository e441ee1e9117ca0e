"""`kill -9` in the middle of a restore: half a registry says so, and the same command makes it whole."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from credit.archives.container import Draft, writing
from credit.archives.manifest import FORMAT, Manifest, Part, Ties
from credit.archives.moving import ROWS, open_bare
from credit.graph import schema
from credit.graph.embedded import Lease
from credit.graph.mapping import record_text
from credit.graph.queries.archive import count_nodes
from credit.keys import FileHasher
from credit.model.party import Party, PartyId, PartyKind
from credit.model.record import Record, RecordId
from credit.settings import Settings
from credit.wiring import open_graph
from tests.contract.makers import listing
from tests.faults.running import CREDIT, ENVIRONMENT, ROOT, code, stop_graph

PARTIES: Final = 12_000
RECORDS: Final = 4_000
"""One on each of the first parties."""
BATCHES: Final = (3 * PARTIES + 2 * RECORDS) // ROWS
FIRST: Final = 70_000
RESTORE: Final = (sys.executable, "-c", "from credit.cli.archives import app; app()")
"""The commands by themselves, by whatever name they are offered beside others."""
TIES: Final = "MATCH ()-[r]->() RETURN type(r), count(*)"
COUNTERS: Final = {"facts": 9, "sources": 0, "syncs": 0, "changes": 0, "number": 0, "digest": ""}


@dataclass
class Restores:
    done_at_kill: int
    asked: subprocess.CompletedProcess[str]
    """What a command said to half a registry."""
    again: subprocess.CompletedProcess[str]
    held: dict[str, int]
    ties: dict[str, int]
    named: Party | None
    recorded: Sequence[Record]


def line(node: dict[str, object], ties: list[object]) -> bytes:
    return json.dumps({"n": node, "t": ties} if ties else {"n": node}, ensure_ascii=False).encode() + b"\n"


def part(draft: Draft, label: str, lines: list[bytes], properties: list[str], ties: list[Ties]) -> Part:
    with draft.part(label) as out:
        out.write(b"".join(lines))
    return Part(
        label=label, count=len(lines), properties=properties, ties=ties, size=out.size, sha256=out.sha256()
    )  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parties, their identifiers and records on some, enough for a restore to take seconds."""
    path = tmp_path_factory.mktemp("archive") / "parties.zip"
    codes = [code(FIRST + n) for n in range(PARTIES)]
    stated = [{"tick": 9, "party": {"id": c, "kind": "organisation", "name": f"示范{c[8:16]}有限公司"}} for c in codes]
    parties = [
        line(
            {
                "key": f"p{n:06d}",
                "id": codes[n],
                "states": [json.dumps(stated[n], ensure_ascii=False)],
                "revision": 9,
                "recorded": n < RECORDS,
                "banned": False,
                "records": 1 if n < RECORDS else 0,
            },
            [],
        )
        for n in range(PARTIES)
    ]
    names = [line({"key": codes[n], "tick": 9}, [["NAMES", "Party", f"p{n:06d}", {}]]) for n in range(PARTIES)]
    with writing(path) as draft:
        parts = [
            part(draft, "Party", parties, ["banned", "id", "key", "recorded", "records", "revision", "states"], []),
            part(
                draft, "Identifier", names, ["key", "tick"],
                [Ties(type="NAMES", end="Party", count=PARTIES, properties=[])],
            ),
            part(
                draft, "Record", [record(n) for n in range(RECORDS)],
                ["body", "events", "id", "natural", "nth", "place", "tick", "weighs"],
                [Ties(type="ON", end="Party", count=RECORDS, properties=[])],
            ),
        ]  # fmt: skip
        draft.seal(
            Manifest(
                format=FORMAT, schema_version=schema.VERSION, tick=9, horizon=9, epoch="e", made_at="2026-11-22",
                ledger=COUNTERS, accesses=0, parts=parts,
            )
        )  # fmt: skip
    return path


def record(n: int) -> bytes:
    """Write an entry of the n-th party on a list."""
    said = listing(code(FIRST + n))
    body = record_text(Record(RecordId(f"lst_{n}"), PartyId(said.party), said.content, said.source, 9, "admin"))
    told: dict[str, object] = {
        "id": f"lst_{n}",
        "natural": f"n{n}",
        "tick": 9,
        "body": body,
        "events": [],
        "weighs": False,
    }
    return line({**told, "nth": 1, "place": f"p{n:06d} 1"}, [["ON", "Party", f"p{n:06d}", {}]])


@pytest.fixture(scope="module")
def restores(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restores]:
    """Run it twice, killed the first time; the graph is held up meanwhile, so that only the restore dies."""
    data = tmp_path_factory.mktemp("restored")
    (data / "graph").mkdir()
    FileHasher.open(data)
    try:
        with asyncio.run(Lease.take(data / "graph")):
            done = kill_in_the_middle(data, archive)
            asked = run((*CREDIT, "party", code(FIRST), "--data", str(data)))
            again = run((*RESTORE, "restore", str(archive), "--data", str(data)))
            yield asyncio.run(look(data, done, asked, again))
    finally:
        stop_graph(data)


def run(command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=400, check=False)


def kill_in_the_middle(data: Path, archive: Path) -> int:
    process = subprocess.Popen(
        (*RESTORE, "restore", str(archive), "--data", str(data)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=ENVIRONMENT,
    )
    try:
        return asyncio.run(watch(data, process))
    finally:
        process.kill()
        process.wait()


async def watch(data: Path, process: subprocess.Popen[bytes]) -> int:
    """Kill the process once three batches are done; return how many were once it is dead."""
    async with open_bare(Settings(data=data, graph_memory="512m")) as bolt:
        async with asyncio.timeout(180):
            rows: list[list[int]] = []
            while not rows or rows[0][0] < 2:
                assert process.poll() is None, "it ended before it could be killed"
                rows = await bolt.fetch("MATCH (s:Schema {id: 'schema'}) RETURN coalesce(s.done, -1)")
                await asyncio.sleep(0.01)
        process.kill()
        process.wait()
        ((done,),) = await bolt.fetch("MATCH (s:Schema {id: 'schema'}) RETURN s.done")
        return int(done)


Ran = subprocess.CompletedProcess[str]


async def look(data: Path, done: int, asked: Ran, again: Ran) -> Restores:
    async with open_graph(Settings(data=data, graph_memory="512m")) as (store, _):
        labels = ("Party", "Identifier", "Name", "Record")
        held = {label: int((await store.bolt.fetch(count_nodes(label)))[0][0]) for label in labels}
        ties = {str(kind): int(count) for kind, count in await store.bolt.fetch(TIES)}
        found = await store.browser.party(PartyId(code(FIRST)))
        records = await store.browser.records(PartyId(code(FIRST)), before=None, limit=9)
        return Restores(done, asked, again, held, ties, found.party if found else None, records)


def test_the_kill_came_in_the_middle(restores: Restores) -> None:
    assert 2 <= restores.done_at_kill < BATCHES - 1


def test_half_a_registry_answers_nobody(restores: Restores) -> None:
    assert restores.asked.returncode == 2
    assert code(FIRST) not in restores.asked.stdout


def test_the_same_command_goes_on_where_it_stopped(restores: Restores) -> None:
    assert restores.again.returncode == 0, restores.again.stderr
    assert "gone on with" in restores.again.stderr


def test_everything_is_there_once(restores: Restores) -> None:
    assert restores.held == {"Party": PARTIES, "Identifier": PARTIES, "Name": PARTIES, "Record": RECORDS}
    assert restores.ties == {"NAMES": PARTIES, "CALLS": PARTIES, "ON": RECORDS}


def test_what_was_restored_is_found(restores: Restores) -> None:
    assert restores.named is not None
    assert (restores.named.id, restores.named.kind) == (code(FIRST), PartyKind.ORGANISATION)
    assert [one.id for one in restores.recorded] == ["lst_0"]
