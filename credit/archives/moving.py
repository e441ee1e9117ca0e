"""A registry into an archive, and an archive into a registry that holds nothing."""

from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from credit.archives.container import Archive, Draft, PartWriter, Told, writing
from credit.archives.manifest import FORMAT, Manifest, Part, Ties, is_name
from credit.errors import Malformed, Unavailable
from credit.graph import embedded
from credit.graph.archive import ChangedMeanwhileError, GraphArchive, Moment, unfit
from credit.graph.archive_adopt import adopt
from credit.graph.archive_cut import Node
from credit.graph.archive_load import Goal, Restore
from credit.graph.bolt import Bolt
from credit.graph.embedded import Endpoint
from credit.graph.queries.archive import END_KEYS, KINDS, Kind
from credit.graph.store import Store
from credit.settings import Settings
from credit.wiring import graph_home

__all__ = ["adopt", "backup", "open_bare", "restore"]

TRIES: Final = 3
"""Times that a backup is begun where somebody deleted meanwhile what was to be in it."""
ROWS: Final = 2000
BATCH: Final = 3_000_000
"""Rows and bytes that are written in one transaction."""
_KINDS: Final = {kind.label: kind for kind in KINDS}


@dataclass(slots=True)
class _Tally:
    """What a part holds, as it is written."""

    nodes: int = 0
    properties: set[str] = field(default_factory=set[str])
    ties: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    tie_properties: defaultdict[tuple[str, str], set[str]] = field(
        default_factory=lambda: defaultdict[tuple[str, str], set[str]](set)
    )

    def line(self, node: Node) -> bytes:
        """Write a node as a line."""
        self.nodes += 1
        self.properties.update(node.properties)
        for tie in node.ties:
            self.ties[tie.type, tie.end] += 1
            self.tie_properties[tie.type, tie.end].update(tie.properties)
        told: dict[str, Any] = {"n": node.properties}
        if node.ties:
            told["t"] = [[tie.type, tie.end, tie.key, tie.properties] for tie in node.ties]
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)

    def part(self, kind: Kind, out: PartWriter) -> Part:
        """Say what was written."""
        ties = [
            Ties(type=name, end=end, count=count, properties=sorted(self.tie_properties[name, end]))
            for (name, end), count in sorted(self.ties.items())
        ]
        names = [*self.properties, *(n for t in ties for n in (t.type, t.end, *t.properties))]
        if strange := [name for name in names if not is_name(name)]:
            raise ValueError(f"{kind.label}: {strange}")
        return Part(
            label=kind.label,
            count=self.nodes,
            properties=sorted(self.properties),
            ties=ties,
            size=out.size,
            sha256=out.sha256(),
        )


async def backup(
    store: Store, path: Path, *, ordered: bool, told: Told = lambda _: None, about: Told = lambda _: None
) -> Manifest:
    """Write all that a registry holds as of one moment to a file that is not there yet, while writes go on.

    ``ordered`` as in `credit.graph.archive.GraphArchive`; ``told`` hears of nodes that were written,
    ``about`` how many there are.

    Raises:
        Conflict: there is such a file.
        Unavailable: the file cannot be written, what was to be in it was deleted again and again, or the graph holds
            what this program does not write.
        StoreUnavailable, WriteContended: the store.
    """
    source = GraphArchive(store.bolt, ordered)
    for _ in range(TRIES):
        try:
            with writing(path) as draft:
                moment = await source.moment(store.writes)
                about(sum(moment.counts.values()) + sum(map(len, moment.small.values())))
                manifest = await _write(draft, source, moment, told)
                draft.seal(manifest)
                return manifest
        except ChangedMeanwhileError:
            continue
    raise Unavailable(
        "备份期间有内容被反复删除，未写成备份，请稍后重试。",
        "What was to be archived was deleted again and again meanwhile. Nothing was written; try again",
    )


async def _write(draft: Draft, source: GraphArchive, moment: Moment, told: Told) -> Manifest:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    parts: list[Part] = []
    for kind in KINDS:
        try:
            parts.append(await _part(draft, kind, source.nodes(kind, moment), told))
        except ValueError as error:
            raise unfit(kind.label) from error
    return Manifest(
        format=FORMAT,
        schema_version=moment.schema_version,
        tick=moment.tick,
        horizon=moment.horizon,
        epoch=moment.epoch,
        hash_key=moment.hash_key,
        made_at=made_at,
        ledger=moment.ledger,
        accesses=moment.accesses,
        parts=parts,
    )


async def _part(draft: Draft, kind: Kind, pages: AsyncGenerator[list[Node]], told: Told) -> Part:
    tally = _Tally()
    with draft.part(kind.label) as out:
        async for nodes in pages:
            out.write(b"".join(map(tally.line, nodes)))
            told(len(nodes))
    return tally.part(kind, out)


async def restore(bolt: Bolt, archive: Archive, hash_key: str, told: Told = lambda _: None) -> bool:
    """Write an archive into a graph that holds nothing; tell whether a restore that was killed was gone on with.

    ``hash_key`` is the mark of the key that is there to find people by, which the graph then belongs to: what
    `credit.keys.belonging.fitting` says of the archive. ``told`` hears of nodes and relationships that were written.

    Raises:
        Conflict: the graph holds something; nothing was written.
        Malformed: the archive is of a newer program; nothing was written.
        Unavailable: another restore took over.
        StoreUnavailable, StorageFull, WriteContended: the store.
    """
    manifest = archive.manifest
    _check_labels(manifest)
    goal = Goal(
        f"{archive.seal} {ROWS} {BATCH}",
        manifest.schema_version,
        hash_key,
        manifest.tick,
        manifest.horizon,
        manifest.ledger,
        manifest.accesses,
    )
    work = Restore(bolt, goal)
    resumed = await work.begin()
    for part in manifest.parts:
        for rows in _nodes(archive, part):
            await work.create(_KINDS[part.label], part.properties, rows)
            told(len(rows))
    for part in manifest.parts:
        for ties, rows in _ties(archive, part):
            await work.tie(_KINDS[part.label], ties.type, ties.end, ties.properties, rows)
            told(len(rows))
    await work.finish({part.label: part.count for part in manifest.parts})
    return resumed


def _check_labels(manifest: Manifest) -> None:
    labels = {part.label for part in manifest.parts}
    ends = {ties.end for part in manifest.parts for ties in part.ties}
    if strange := sorted((labels - _KINDS.keys()) | (ends - END_KEYS.keys())):
        raise Malformed(
            f"备份含有本程序不认识的内容（{'、'.join(strange)}）；未写入任何内容，请用较新的程序恢复。",
            f"The archive holds what this program does not know: {', '.join(strange)}. Nothing was written; "
            "restore it with a newer program",
        )


@dataclass(slots=True)
class _Batch:
    """Rows that one transaction takes; the same rows always make the same batches."""

    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    size: int = 0

    def add(self, row: dict[str, Any], size: int) -> list[dict[str, Any]]:
        """Take a row; return the rows before it where they are enough, else none."""
        full: list[dict[str, Any]] = []
        if self.rows and (len(self.rows) >= ROWS or self.size + size > BATCH):
            full, self.rows, self.size = self.rows, [], 0
        self.rows.append(row)
        self.size += size
        return full


def _nodes(archive: Archive, part: Part) -> Iterator[list[dict[str, Any]]]:
    batch = _Batch()
    for line in archive.lines(part):
        if full := batch.add(orjson.loads(line)["n"], len(line)):
            yield full
    if batch.rows:
        yield batch.rows


def _ties(archive: Archive, part: Part) -> Iterator[tuple[Ties, list[dict[str, Any]]]]:
    """Read relationships; those of one type from one label to another come together."""
    kinds = {(ties.type, ties.end): ties for ties in part.ties}
    batches = {name: _Batch() for name in kinds}
    key = _KINDS[part.label].key
    for line in archive.lines(part) if kinds else ():
        node = orjson.loads(line)
        for kind, end, end_key, properties in node.get("t", ()):
            row = {**properties, "from_key": node["n"][key], "to_key": end_key}
            if full := batches[kind, end].add(row, len(orjson.dumps(row))):
                yield kinds[kind, end], full
    for name, batch in batches.items():
        if batch.rows:
            yield kinds[name], batch.rows


@asynccontextmanager
async def open_bare(settings: Settings) -> AsyncGenerator[Bolt]:
    """Connect to the graph that the settings name, whatever it holds: nothing is looked at, nothing made.

    Raises: StoreUnavailable.
    """
    if settings.graph_uri:
        there = Endpoint(settings.graph_uri, settings.graph_user, settings.password(), settings.graph_database)
        async with Bolt(there) as bolt:
            yield bolt
        return
    home = graph_home(settings)

    async def revive() -> Endpoint:
        return await embedded.ensure(home, memory=settings.graph_memory)

    async with (
        embedded.running(home, memory=settings.graph_memory) as endpoint,
        Bolt(endpoint, on_unavailable=revive) as bolt,
    ):
        yield bolt
