"""An archive as the CSV files that ``neo4j-admin database import full`` reads: a first load of a whole province.

One file a label and one a type of relationship with where it begins and ends, each with its header in a file of its
own, all for their owner alone: they tell of persons. What the tool leaves out, an empty list, is named at the node of
the schema, and made good by `credit.graph.archive_adopt`; until then that node has a version that no program opens.
"""

import os
import secrets
import shlex
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Final

import orjson

from credit.archives.container import Archive, Told
from credit.archives.manifest import Manifest, Part
from credit.archives.satellites import Satellites, kinds_of
from credit.archives.table import Table
from credit.errors import Conflict, Unavailable
from credit.graph.archive import unfit
from credit.graph.archive_adopt import Lacking
from credit.graph.queries.archive import END_KEYS
from credit.graph.unfinished import IMPORTED

DATABASE: Final = "neo4j"
README: Final = "README.md"


@dataclass(slots=True)
class Tables:
    """What is written to a directory, and the arguments that the tool reads it by."""

    directory: Path
    nodes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Labels, and their files without ending."""
    ties: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Types of relationships likewise."""
    lacking: list[Lacking] = field(default_factory=list[Lacking])

    def arguments(self, directory: Path) -> list[str]:
        """Return the arguments of ``neo4j-admin`` for files that lie in a directory."""
        told = [("nodes", *one) for one in self.nodes] + [("relationships", *one) for one in self.ties]
        files = [f"--{what}={name}={directory / file}.header.csv,{directory / file}.csv" for what, name, file in told]
        fixed = ["--overwrite-destination", "--array-delimiter=U+001F", "--multiline-fields=true"]
        return ["database", "import", "full", *fixed, *files, "--", DATABASE]

    def part(self, archive: Archive, part: Part, told: Told) -> None:
        """Write the nodes of a label, what follows from them, and the relationships that begin at them."""
        if not part.count:
            return
        label = part.label
        mark = {"called": True} if label == "Party" else {}
        with ExitStack() as files:
            table = self._table(files, label, [f":ID({label})"], [*part.properties, *mark])
            own = self._satellites(files, label)
            ties = {
                (one.type, one.end): self._tie(files, (label, one.type, one.end), one.properties) for one in part.ties
            }
            for line in archive.lines(part):
                node = orjson.loads(line)
                key = node["n"][END_KEYS[label]]
                table.add([key], {**node["n"], **mark})
                own.add(key, node["n"])
                for kind, end, end_key, properties in node.get("t", ()):
                    ties[kind, end].add([key, end_key], properties)
                told(1)
            self._end(table, label)
            for (kind, _), tie in ties.items():
                self._end(tie, label, kind)
            self._end_satellites(own)

    def single(self, label: str, told: Mapping[str, object]) -> None:
        """Write a label that has one node."""
        with ExitStack() as files:
            table = self._table(files, label, [f":ID({label})"], list(told))
            table.add([told["id"]], told)
            self._end(table, label)

    def _satellites(self, files: ExitStack, label: str) -> Satellites:
        made = {
            name: (
                self._table(files, f"{name}.{label}", [f":ID({name}-{label})"], properties),
                self._table(files, f"{name}.{label}.{tie}", [f":START_ID({name}-{label})", f":END_ID({label})"], ()),
            )
            for name, tie, properties in kinds_of(label)
        }
        return Satellites(label, made.get("Name"), made.get("Trace"))

    def _end_satellites(self, own: Satellites) -> None:
        for tables, (name, tie, _) in zip((own.traces, own.names), kinds_of(own.label), strict=False):
            if tables is not None:
                self._end(tables[0], name)
                self._end(tables[1], name, tie)

    def _tie(self, files: ExitStack, name: tuple[str, str, str], columns: Sequence[str]) -> Table:
        start, _, end = name
        return self._table(files, ".".join(name), [f":START_ID({start})", f":END_ID({end})"], columns)

    def _table(self, files: ExitStack, name: str, heads: Sequence[str], columns: Sequence[str]) -> Table:
        out = files.enter_context(_create(self.directory / f"{name}.csv"))
        return Table(name, heads, columns, out)

    def _end(self, table: Table, label: str, tie: str = "") -> None:
        """Write the header of a table, and note what it lacks."""
        with _create(self.directory / f"{table.name}.header.csv") as out:
            out.write(table.header())
        if tie:
            self.ties.append((tie, table.name))
        else:
            self.nodes.append((label, table.name))
        self.lacking += [Lacking(label, tie, name) for name in sorted(table.empty)]


def write_tables(archive: Archive, directory: Path, told: Told = lambda _: None) -> Tables:
    """Write an archive as files of a first load, with a README that says how they are read.

    Raises:
        Unavailable: the directory cannot be written, or the archive holds what has no place in such files.
    """
    tables = Tables(directory)
    try:
        for part in archive.manifest.parts:
            _write_part(tables, archive, part, told)
        for label, node in _singles(archive.manifest, tables.lacking).items():
            tables.single(label, node)
        with _create(directory / README) as out:
            out.write(_readme(tables, archive.manifest))
    except OSError as error:
        raise Unavailable(f"无法写入 {directory}。", f"{directory} cannot be written: {error.strerror}") from error
    return tables


def _write_part(tables: Tables, archive: Archive, part: Part, told: Told) -> None:
    try:
        tables.part(archive, part, told)
    except ValueError as error:
        raise unfit(part.label) from error


def _create(path: Path) -> IO[str]:
    """Open a file that is not there yet, for its owner alone, whoever may look into the directory."""
    return open(path, "x", encoding="utf-8", newline="", opener=partial(os.open, mode=0o600))


def prepare(directory: Path) -> None:
    """Make the directory for a first load, or take an empty one.

    Raises:
        Conflict: it holds something.
        Unavailable: it cannot be made.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = any(directory.iterdir())
    except OSError as error:
        raise Unavailable(f"无法创建 {directory}。", f"{directory} cannot be made: {error.strerror}") from error
    if held:
        raise Conflict(f"{directory} 不是空目录，请另选。", f"{directory} is not empty: choose another directory")


def _singles(manifest: Manifest, lacking: Sequence[Lacking]) -> Mapping[str, Mapping[str, object]]:
    """Say what the nodes of which there is one hold; the schema's says what is to be made good."""
    belongs = {"hash_key": manifest.hash_key} if manifest.hash_key is not None else {}
    return {
        "Ledger": {"id": "ledger", "tick": manifest.tick, **manifest.ledger},
        "Horizon": {
            "id": "horizon",
            "tick": manifest.horizon,
            "syncs": manifest.ledger["syncs"],
            "epoch": secrets.token_hex(8),
        },
        "AccessLog": {"id": "accesses", "number": manifest.accesses},
        "Schema": {
            "id": "schema",
            "version": IMPORTED,
            "writers": IMPORTED,
            "before": manifest.schema_version,
            "lacking": [one.text() for one in lacking],
            **belongs,
        },
    }


def _readme(tables: Tables, manifest: Manifest) -> str:
    command = " \\\n  ".join(["neo4j-admin", *map(shlex.quote, tables.arguments(Path()))])
    return _TEXT.format(command=command, tick=manifest.tick, nodes=manifest.nodes, relationships=manifest.relationships)


_TEXT: Final = """\
# 首次装载 · First load

截至写入次序 {tick} 的全部登记，{nodes} 个节点、{relationships} 条关系；含个人信息，用毕请删除。
All of a registry as of place {tick}: {nodes} nodes, {relationships} relationships. It tells of persons:
delete it when it has served.

1. 停止 Neo4j（5.26），在本目录执行（会清空该数据库） · Stop Neo4j (5.26); in this directory (the database is emptied):

```sh
{command}
```

2. 启动 Neo4j · Start Neo4j
3. `CREDIT_GRAPH_URI=bolt://HOST:7687 CREDIT_GRAPH_PASSWORD_FILE=FILE credit adopt`
4. `credit keys import FILE`

第 3 步补齐空列表与索引；在此之前任何程序都不能打开该库。
第 4 步导入 `credit keys export` 所存的密钥，数据目录须从未启动过；没有原摘要密钥，登记库拒绝打开。
The third step makes good what the tool leaves out: empty lists and indexes. Until it has ended no program opens the
database. The fourth, into a data directory that was never started, brings the keys that `credit keys export` has
saved: without its own hash key the registry is not opened.
"""
