"""Reading everything that the graph holds as of one moment, page by page, while writes go on.

The moment is a place in the order of writes that this reader takes like a writer: as long as it holds it, no fact is
written (accesses, keys and callers, replies and jobs are: they have no place there). Meanwhile it reads only what is
small and has no place of its own, and counts the rest: some hundredths of a second to some seconds. What is read
afterwards is cut back to the moment (`credit.graph.archive_cut`), and must be as many as were counted.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, cast

from credit.errors import Unavailable
from credit.graph.archive_cut import Cut, Node, bans
from credit.graph.bolt import Bolt, Row
from credit.graph.queries import archive as queries
from credit.graph.queries.archive import JOB, KINDS, PARTY, SMALL, Kind
from credit.ports import Writes, WriteUnit

_COUNTERS: Final = ("facts", "sources", "syncs", "changes", "number", "digest")
"""Of the ledger, beside its tick."""
_PAGE: Final = 200
_LARGEST_PAGE: Final = 4000
_SIGNS: Final = 2_000_000
"""Of the texts of a page, about."""


class ChangedMeanwhileError(Exception):
    """What was read is not all that was counted: a node that was there at the moment was deleted since."""


@dataclass(frozen=True, slots=True)
class Moment:
    """As of when a graph is read: its counters of then, what has no place in the order, and how many there were."""

    tick: int
    horizon: int
    epoch: str
    schema_version: int
    hash_key: str | None
    ledger: Mapping[str, int | str]
    accesses: int
    small: Mapping[str, Sequence[Node]]
    counts: Mapping[str, int]

    @property
    def cut(self) -> Cut:
        """What was there then."""
        rolls = {roll.properties["id"]: roll.properties["size"] for roll in self.small["Roll"]}
        numbers = {
            "Sync": int(self.ledger["syncs"]),
            "Change": int(self.ledger["changes"]),
            "Entry": int(self.ledger["number"]),
            "Access": self.accesses,
            "Complainant": rolls.get("complainants", 0),
            "Merge": rolls.get("merges", 0),
        }
        return Cut(self.tick, numbers)


@dataclass(frozen=True, slots=True)
class GraphArchive:
    """Reads a graph; ``ordered``: its engine gives a page in the order that it is told to (Neo4j)."""

    _bolt: Bolt
    ordered: bool

    async def moment(self, writes: Writes) -> Moment:
        """Take a place in the order of writes, and look around.

        Raises: StoreUnavailable, WriteContended; Unavailable where the graph holds a label that is not in `KINDS`.
        """
        await self._check_labels()
        return await writes.write(self._look)

    async def _look(self, unit: WriteUnit) -> Moment:
        ((ledger, horizon, accesses, version, hash_key),) = await self._bolt.fetch_latest(queries.MATCH_MOMENT)
        small = {kind.label: [node async for node in self._all(kind)] for kind in SMALL}
        jobs = await self._bolt.fetch_latest(queries.MATCH_UNFINISHED_JOBS)
        counts = {
            kind.label: (await self._bolt.fetch_latest(queries.count_nodes(kind.label)))[0][0]
            for kind in KINDS
            if kind not in SMALL
        }
        return Moment(
            unit.tick,
            ledger["facts"],
            horizon["epoch"],
            version,
            hash_key,
            {name: ledger[name] for name in _COUNTERS},
            accesses,
            {**small, JOB.label: [Node(dict(properties)) for (properties,) in jobs]},
            counts,
        )

    async def _all(self, kind: Kind) -> AsyncGenerator[Node]:
        """Read all of a small kind as it is now."""
        everything = Cut(1 << 62, {})
        async for page in self._pages(kind, everything):
            for row in page:
                if (node := everything.node(kind, row)) is not None:
                    yield node

    async def nodes(self, kind: Kind, moment: Moment) -> AsyncGenerator[list[Node]]:
        """Read the nodes of a kind as they were at the moment, page by page in the order of their keys.

        Raises: StoreUnavailable, ChangedMeanwhileError.
        """
        if kind in SMALL:
            yield list(moment.small[kind.label])
            return
        cut, found = moment.cut, 0
        taken: set[Any] = set()
        if kind is JOB:
            yield list(moment.small[kind.label])
            taken = {node.properties["id"] for node in moment.small[kind.label]}
        async for page in self._pages(kind, cut):
            nodes = [node for row in page if (node := cut.node(kind, row)) is not None]
            if kind is PARTY:
                await self._count_anew([node for node in nodes if node.late], moment.tick)
            found += len(nodes)
            yield [node for node in nodes if node.properties[kind.key] not in taken]
        if kind.stays and found != cut.numbers.get(kind.label, moment.counts[kind.label]):
            raise ChangedMeanwhileError(kind.label)

    def _pages(self, kind: Kind, cut: Cut) -> AsyncGenerator[list[Row]]:
        """Read all of a kind."""
        return self._numbered(kind, cut) if kind.numbered else self._keyed(kind, cut)

    async def _numbered(self, kind: Kind, cut: Cut) -> AsyncGenerator[list[Row]]:
        query = queries.nodes_by_number(kind)
        after, limit, end = 0, _PAGE, cut.numbers[kind.label]
        while after < end:
            last = min(after + limit, end)
            ((page,),) = await self._bolt.fetch_latest(query, first=after + 1, last=last, tick=cut.tick)
            yield page
            after, limit = last, _next(limit, page)

    async def _keyed(self, kind: Kind, cut: Cut) -> AsyncGenerator[list[Row]]:
        after, limit, more = "", _PAGE, True
        while more:
            page = await self._page(kind, cut, after, limit)
            if page:
                yield page
                after = page[-1][0][kind.key]
            more, limit = len(page) == limit, _next(limit, page)

    async def _page(self, kind: Kind, cut: Cut, after: str, limit: int) -> list[Row]:
        query = queries.nodes_after(kind, ordered=self.ordered)
        ((page,),) = await self._bolt.fetch_latest(query, after=after, limit=limit, tick=cut.tick)
        keys = [after, *(properties[kind.key] for properties, _ in page)]
        if any(one >= other for one, other in pairwise(keys)):
            raise ChangedMeanwhileError(kind.label)
        return page

    async def _count_anew(self, late: Sequence[Node], tick: int) -> None:
        """Let parties that were written to after the moment have the counts and marks that they had then."""
        keys = [node.properties["key"] for node in late]
        if not keys:
            return
        told = await self._bolt.fetch_latest(queries.COUNT_RECORDS_BY_PARTY, keys=keys, tick=tick)
        counted = {key: int(count) for key, count in told}
        marked = [node.properties["key"] for node in late if node.properties.get("banned")]
        rows = await self._bolt.fetch_latest(queries.MATCH_WEIGHING_BY_PARTY, keys=marked, tick=tick) if marked else []
        barred = bans(rows, tick)
        for node in late:
            found = node.properties
            records = counted.get(found["key"], 0)
            merged = "merges" in found
            found.update(recorded=merged or records > 0, banned=merged or found["key"] in barred, records=records)
            if not records:
                del found["records"]

    async def _check_labels(self) -> None:
        known = {kind.label for kind in KINDS} | {*queries.SINGLES, *queries.DERIVED}
        for (label,) in await self._bolt.fetch_latest(queries.MATCH_LABELS):
            if label not in known and await self._bolt.fetch_latest(queries.any_node(label)):
                raise unfit(label)


def unfit(label: str) -> Unavailable:
    """Say that what the graph holds of a label is not what this program writes."""
    return Unavailable(
        f"图数据库中的 {label} 不是本程序所写的形式，未写成文件；请用写入它的程序版本。",
        f"What the graph holds of {label} is not of a form that this program writes. No file was made; take the "
        "version of the program that wrote it",
    )


def _next(limit: int, page: Sequence[Row]) -> int:
    """Say how many nodes the next page may have, by the signs of the last one."""
    values = (value for properties, _ in page for value in properties.values())
    signs = sum(map(_length, values))
    return max(1, min(_LARGEST_PAGE, 2 * limit, limit * _SIGNS // (1 + signs)))


def _length(value: object) -> int:
    if isinstance(value, list):
        return sum(len(text) for text in cast("list[object]", value) if isinstance(text, str))
    return len(value) if isinstance(value, str) else 0
