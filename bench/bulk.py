"""A first load by files: the country as CSV in flat memory, read by ``neo4j-admin database import``.

What is written goes through the registry itself; only the last step, a transaction of the graph, writes lines instead.
Ticks lie just before now, no change event is written, and the first write afterwards lets readers see all of it.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, LiteralString, Self, TypeVar, cast

from neo4j import Driver

from bench.country import Country, number_of
from bench.filling import Loaded, fill
from credit.graph import mapping
from credit.graph.names import keys_row
from credit.graph.series import series_of
from credit.model.matter import MatterKind
from credit.model.matters import AnyMatter
from credit.model.naturalkey import normal
from credit.model.party import Party, PartyId, PartyKind, Relation, RelationKind
from credit.model.project import Project, RecordedBid
from credit.model.record import Event, Record, RecordId
from credit.names.keys import PROPERTIES
from credit.ports import Alike, Hasher, HeldParty, Writes, WriteUnit
from tests.services import neo4j

T = TypeVar("T")
BEFORE: Final = 100_000_000
"""Microseconds before now at which an import's ticks begin: more than it has records and batches."""
BETWEEN: Final = "\x1f"
"""Stands between the parts of a list: in no text of ours."""
NODES: Final[Mapping[str, tuple[str, ...]]] = {
    "Party": (
        "key:ID(Party)", "id", "states:string[]", "revision:long", "recorded:boolean", "banned:boolean", "records:long",
        "called:boolean", "told",
    ),
    "Name": (":ID(Name)", *(f"{name}:long" for name in PROPERTIES)),
    "Identifier": ("key:ID(Identifier)", "tick:long"),
    "Relation": (
        "id", "natural", "kind", "source", "target", "share", "since", "until", "tick:long", "ends:string[]",
    ),
    "Record": (
        "id:ID(Record)", "natural", "number", "tick:long", "body", "events:string[]", "weighs:boolean", "nth:long",
        "place", "office", "told",
    ),
    "Roll": ("id", "size:long"),
    "Project": ("id:ID(Project)", "natural", "number", "tick:long", "revision:long", "body"),
}  # fmt: skip
TIES: Final[Mapping[str, tuple[str, ...]]] = {
    "NAMES": (":START_ID(Identifier)", ":END_ID(Party)"),
    "CALLS": (":START_ID(Name)", ":END_ID(Party)"),
    "ON": (":START_ID(Record)", ":END_ID(Party)"),
    "BOUGHT_BY": (":START_ID(Project)", ":END_ID(Party)"),
    "RUN_BY": (":START_ID(Project)", ":END_ID(Party)"),
    "SHOWN_FIRM": (":START_ID(Party)", ":END_ID(Party)"),
    "SHOWN_BRANCH": (":START_ID(Party)", ":END_ID(Party)"),
    **{
        kind.name: (":START_ID(Party)", ":END_ID(Party)", "id", "share", "since", "until", "tick:long", "ends:string[]")
        for kind in RelationKind
    },
}
_HOLDING: Final = frozenset(RelationKind) - {
    RelationKind.BRANCH_OF, RelationKind.SUCCESSOR_OF, RelationKind.RENAMED_FROM
}  # fmt: skip
IMPORT: Final = ("database", "import", "full", "--overwrite-destination", f"--array-delimiter={BETWEEN}")
IMPORT_WITHIN: Final = 7200


class Tables:
    """One file a label and a kind of relationship, each with its header."""

    def __init__(self, directory: Path) -> None:
        """Begin the files."""
        self._directory = directory
        self._open = ExitStack()
        self._write: dict[str, Callable[[str], object]] = {}

    def __enter__(self) -> Self:
        """Open them for a block."""
        self._directory.mkdir(parents=True, exist_ok=True)
        for name, header in {**NODES, **TIES}.items():
            file = self._open.enter_context(self.path(name).open("w", encoding="utf-8", newline=""))
            file.write(",".join(header) + "\n")
            self._write[name] = file.write
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close them."""
        self._open.close()

    def path(self, name: str) -> Path:
        """Name the file of a label or kind."""
        return self._directory / f"{name}.csv"

    def add(self, name: str, *values: object) -> None:
        """Write a line: nothing for None, which makes no property; texts quoted, so that a list may be empty."""
        self._write[name](",".join(map(_field, values)) + "\n")


@dataclass(slots=True)
class FileWrites:
    """`credit.ports.Writes` whose transactions are lines; organisations come first, in the order of their numbers."""

    tables: Tables
    country: Country
    now: int
    tick: int = 0
    firms: int = 0
    names: int = 0
    numbered: tuple[str, int] = ("", 0)
    """The party that the last record was of, and its number there: those of one party follow each other."""
    offices: Counter[str] = field(default_factory=Counter[str])
    """How many records each series has so far."""

    def __post_init__(self) -> None:
        """Begin before now."""
        self.tick = self.now - BEFORE

    async def write(self, work: Callable[[WriteUnit], Awaitable[T]]) -> T:
        """Run work that writes lines."""
        self.tick += 1
        return await work(cast("WriteUnit", FileUnit(self)))

    def close(self) -> None:
        """Write how many records each series has."""
        for office, size in self.offices.items():
            self.tables.add("Roll", f"office {office}", size)

    def numbered_by(self, record: Record) -> str | None:
        """Number a record in its series."""
        office = series_of(record)
        if office is None:
            return None
        self.offices[office] += 1
        return f"{office} {self.offices[office]}"


class FileUnit:
    """The parts of `credit.ports.WriteUnit` that a first load needs, each its own port."""

    def __init__(self, writes: FileWrites) -> None:
        self._writes = writes
        self._tables = writes.tables
        self.parties = self.records = self.projects = self
        self.matters = NoMatters()
        self.merges = NoMerges()

    @property
    def tick(self) -> int:
        """The last place taken."""
        return self._writes.tick

    def next_tick(self) -> int:
        """Take a place."""
        self._writes.tick += 1
        return self._writes.tick

    def announce(self, kind: str, subject: str, parties: Sequence[PartyId]) -> None:
        """Tell nobody."""

    # ---------------------------------------------------------------- parties

    async def find(self, ids: Sequence[str]) -> Mapping[str, HeldParty]:
        """Find the organisations written so far, and any person named by an id."""
        return {name: _held(name) for name in ids if self._is_held(name)}

    def _is_held(self, name: str) -> bool:
        if ":" in name:
            return name.startswith("person:")
        return (number_of(name) or 0) < self._writes.firms

    async def relations(self, natural_keys: Sequence[str]) -> Mapping[str, Relation]:
        """Find none."""
        del natural_keys
        return {}

    async def by_keys(self, natural_keys: Sequence[str]) -> Mapping[str, Record]:
        """Find none."""
        del natural_keys
        return {}

    async def project(self, name: str) -> Sequence[Project]:
        """Find none."""
        del name
        return []

    async def named(self, names: Sequence[str]) -> Mapping[str, Sequence[Project]]:
        """Find no projects."""
        del names
        return {}

    async def bids(self, projects: Sequence[str]) -> Mapping[str, Sequence[RecordedBid]]:
        """Find none."""
        del projects
        return {}

    async def save_bids(self, bids: Sequence[tuple[str, RecordedBid]]) -> None:
        """Write none: the country has no bids."""
        if bids:
            raise NotImplementedError

    async def told(
        self, parties: Mapping[str, str], records: Sequence[str]
    ) -> tuple[Mapping[str, PartyId], Mapping[str, RecordId]]:
        """Find nothing told before."""
        del parties, records
        return {}, {}

    async def tell(self, parties: Mapping[str, str], records: Mapping[RecordId, str]) -> None:
        """Keep nothing: nobody is told twice."""
        if parties or records:
            raise NotImplementedError

    async def save(self, things: Sequence[tuple[Any, ...]], told: Mapping[RecordId, str] | None = None) -> None:
        """Write parties, or records."""
        for one, other in things:
            if isinstance(one, HeldParty):
                self._save_party(one, other)
            else:
                self._save_record(one, other, (told or {}).get(other.id))

    def _save_party(self, held: HeldParty, names: Iterable[str]) -> None:
        party = held.party
        number, country = number_of(party.id), self._writes.country
        if number is not None:
            self._writes.firms = number + 1
        records, banned = country.records_of(number) if number is not None else 0, self._is_banned(party.id)
        row = (_key(party.id), party.id, mapping.state_text(party, self.tick), self._writes.now, records > 0, banned)
        self._tables.add("Party", *row, records or None, True, held.told)  # noqa: FBT003  # a field's value
        for keys in keys_row(party):
            self._writes.names += 1
            self._tables.add("Name", self._writes.names, *keys)
            self._tables.add("CALLS", self._writes.names, _key(party.id))
        for name in names:
            self._tables.add("Identifier", name, self.tick)
            self._tables.add("NAMES", name, _key(party.id))

    async def relate(self, relations: Sequence[tuple[str, Relation]]) -> None:
        """Write relations, each as a node and as a relationship, and what they show; records are not written yet."""
        for natural, relation in relations:
            row = mapping.relation_row(natural, relation, (_key(relation.source), _key(relation.target)))
            own = [row[name] for name in ("id", "share", "since", "until", "tick")]
            self._tables.add("Relation", *(row[name.partition(":")[0]] for name in NODES["Relation"][:-1]), "")
            self._tables.add(relation.kind.name, row["source"], row["target"], *own, "")
        shown = dict.fromkeys((r.kind in _HOLDING, r.source, r.target) for _, r in relations)
        for holds, source, target in shown:
            if holds and self._is_banned(target):
                self._tables.add("SHOWN_FIRM", _key(source), _key(target))
            if not holds and self._writes.country.records_of(number_of(source) or 0):
                self._tables.add("SHOWN_BRANCH", _key(target), _key(source))

    def _is_banned(self, party: str) -> bool:
        number = number_of(party)
        return number is not None and any(map(mapping.bars, self._writes.country.contents_of(number)))

    # ---------------------------------------------------------------- records, projects

    async def append_all(self, events: Sequence[tuple[RecordId, Event]]) -> None:
        """Write none: nothing happens in the country."""
        if events:
            raise NotImplementedError

    def _save_record(self, natural: str, record: Record, told: str | None) -> None:
        before, key = self._writes.numbered, _key(record.party)
        self._writes.numbered = (key, 1 + (before[1] if before[0] == key else 0))
        row = mapping.record_row(self._writes.numbered[1], natural, record, self._writes.numbered_by(record))
        own = [row[name] for name in ("id", "natural", "number", "tick", "body")]
        self._tables.add("Record", *own, "", row["weighs"], row["nth"], f"{key} {row['nth']}", row["office"], told)
        self._tables.add("ON", record.id, key)

    async def save_projects(self, projects: Sequence[tuple[str, Project]]) -> None:
        """Write projects."""
        for natural_key, project in projects:
            body, number = mapping.project_text(project), normal(project.project_no)
            self._tables.add("Project", project.id, natural_key, number, project.tick, project.tick, body)
            self._tables.add("BOUGHT_BY", project.id, _key(project.purchaser))
            if project.agency is not None:
                self._tables.add("RUN_BY", project.id, _key(project.agency))


class NoMerges:
    """Nobody in the country was ever one with another."""

    async def alike(self, ids: Sequence[str]) -> Mapping[str, Alike]:
        """Find none."""
        del ids
        return {}


class NoMatters:
    """The country has no complaints."""

    async def by_keys(self, natural_keys: Sequence[str]) -> Mapping[str, AnyMatter]:
        """Find none."""
        del natural_keys
        return {}

    async def save(self, kind: MatterKind, matters: Sequence[tuple[str, str, AnyMatter]]) -> None:
        """Write none."""
        if matters:
            raise NotImplementedError(kind)


def _field(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return "" if value is None else str(value).lower()


def _key(party: str) -> str:
    return f"bulk-{party}"


def _held(party: str) -> HeldParty:
    return HeldParty(_key(party), Party(PartyId(party), PartyKind.ORGANISATION, ""), 0, recorded=False)


EMPTY: Final = (
    ("MATCH (n:Record)", "events"),
    ("MATCH (n:Relation)", "ends"),
    *((f"MATCH (:Party)-[n:{kind.name}]->(:Party)", "ends") for kind in RelationKind),
)
"""Lists that begin empty: the tool leaves out an empty list, however it is written."""


def complete(driver: Driver) -> None:
    """Give what was read in its empty lists."""
    with driver.session(database=neo4j.DATABASE) as session:  # pyright: ignore[reportUnknownMemberType]  # **config
        for match, name in EMPTY:
            each = f"CALL (n) {{ SET n.{name} = [] }} IN TRANSACTIONS OF 20000 ROWS"
            session.run(cast("LiteralString", f"{match} WHERE n.{name} IS NULL {each}")).consume()


async def write_files(directory: Path, hasher: Hasher, country: Country) -> list[Loaded]:
    """Write the country as files.

    Raises:
        CreditError: a row was refused.
    """
    with Tables(directory) as tables:
        writes = FileWrites(tables, country, time.time_ns() // 1000)
        loaded = await fill(cast("Writes", writes), hasher, country)
        writes.close()
        return loaded


def read_files(directory: Path, home: Path, *, memory: str = "1g") -> str:
    """Read the files into the database of a Neo4j that does not run; return what the tool said.

    Raises:
        RuntimeError: it failed; the end of what it said is in the message.
    """
    nodes = [f"--nodes={name}={directory / name}.csv" for name in NODES]
    ties = [f"--relationships={name}={directory / name}.csv" for name in TIES]
    report = f"--report-file={directory / 'import.report'}"
    arguments = (*IMPORT, report, *nodes, *ties, "--", neo4j.DATABASE)
    return neo4j.admin(home, *arguments, memory=memory, within=IMPORT_WITHIN)


def remove_files(directory: Path) -> None:
    """Remove the files, which take as much room as the graph."""
    for name in {**NODES, **TIES}:
        (directory / f"{name}.csv").unlink()
