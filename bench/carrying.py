"""An embedded store carried into a Neo4j as ``credit export --neo4j-import`` and the README of its files say, timed."""

import asyncio
import shutil
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from bench.stores import FILES, Graph, embedded
from credit.archives.exporting import export_tables
from credit.archives.manifest import Manifest
from credit.archives.moving import adopt, open_bare
from credit.wiring import open_graph
from tests.services import neo4j

T = TypeVar("T")
KEYS: Final = "keys"
READ_WITHIN: Final = 7200
MEMORY: Final = "2g"


@dataclass(frozen=True, slots=True)
class Carried:
    """How many nodes and relationships went over, and the seconds of each step."""

    nodes: int
    relationships: int
    export: float
    read: float
    adopt: float

    def __str__(self) -> str:
        """Return a line for a report."""
        steps = f"export {self.export:,.0f} s, neo4j-admin {self.read:,.0f} s, adopt {self.adopt:,.0f} s"
        return f"{self.nodes:,} nodes, {self.relationships:,} relationships: {steps}"


async def carry(source: Path, graph: Graph) -> Carried:
    """Bring what the embedded store in a directory holds into a Neo4j that holds nothing, with its keys.

    Raises:
        CreditError: the store was not read, or the graph was not adopted.
        RuntimeError: the import by files failed; the end of what it said is in the message.
    """
    files = graph.settings.data / FILES
    manifest, exported = await _timed(_exported(source, files))
    await graph.stop()
    _, took = await _timed(_read(files, graph))
    await asyncio.to_thread(shutil.rmtree, files)
    await asyncio.to_thread(shutil.copytree, source / KEYS, graph.settings.data / KEYS, dirs_exist_ok=True)
    await graph.start()
    _, adopted = await _timed(_adopted(graph))
    return Carried(manifest.nodes, manifest.relationships, exported, took, adopted)


async def _exported(source: Path, files: Path) -> Manifest:
    async with embedded(source) as graph, open_graph(graph.settings) as (store, _):
        return await export_tables(store, files, ordered=False)


async def _adopted(graph: Graph) -> None:
    async with open_bare(graph.settings) as bolt:
        await adopt(bolt)


async def _read(files: Path, graph: Graph) -> None:
    home = graph.settings.data / "neo4j"
    await asyncio.to_thread(neo4j.read_in, files, home, memory=MEMORY, within=READ_WITHIN)


async def _timed(work: Awaitable[T]) -> tuple[T, float]:
    began = time.perf_counter()
    return await work, time.perf_counter() - began
