"""An archive as the CSV files that ``neo4j-admin database import full`` reads: a first load of a whole province.

One file a label and one a type of relationship with where it begins and ends, each with its header in a file of its
own. What the tool leaves out, an empty list, is named at the node of the schema, and made good by `credit.archives.
adopting`; until then that node has a version that no program opens.
"""

import secrets
import shlex
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson

from credit.archives.container import Archive, Told
from credit.archives.manifest import Manifest, Part
from credit.archives.satellites import Satellites, kinds_of
from credit.archives.table import Table
from credit.errors import Conflict, Unavailable
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
        out = files.enter_context((self.directory / f"{name}.csv").open("x", encoding="utf-8", newline=""))
        return Table(name, heads, columns, out)

    def _end(self, table: Table, label: str, tie: str = "") -> None:
        """Write the header of a table, and note what it lacks."""
        with (self.directory / f"{table.name}.header.csv").open("x", encoding="utf-8", newline="") as out:
            out.write(table.header())
        if tie:
            self.ties.append((tie, table.name))
        else:
            self.nodes.append((label, table.name))
        self.lacking += [Lacking(label, tie, name) for name in sorted(table.empty)]


def write_tables(archive: Archive, directory: Path, told: Told = lambda _: None) -> Tables:
    """Write an archive as files of a first load, with a README that says how they are read.

    Raises:
        Conflict: the directory holds something.
        Unavailable: it cannot be written.
    """
    tables = Tables(directory)
    try:
        for part in archive.manifest.parts:
            tables.part(archive, part, told)
        for label, node in _singles(archive.manifest, tables.lacking).items():
            tables.single(label, node)
        (directory / README).write_text(_readme(tables, archive.manifest), encoding="utf-8")
    except OSError as error:
        raise Unavailable(f"无法写入 {directory}。", f"{directory} cannot be written: {error.strerror}") from error
    return tables


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

第 3 步补齐空列表、索引与名称键；在此之前任何程序都不能打开该库。
The third step makes good what the tool leaves out (empty lists), indexes and the keys of names. Until it has ended
no program opens the database. Keys travel by `credit keys export`.
"""
