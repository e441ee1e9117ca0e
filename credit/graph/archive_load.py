"""Writing an archive into a graph that holds nothing, batch by batch.

From its first write to its last the graph has a version of the schema that no program writes, so that whoever opens it
is refused; the horizon, up to which facts are believed, and that version are set together at the end. A batch says in
its own transaction that it is done: a restore that was killed goes on where it stopped, and a commit that was answered
by silence is not written twice.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any, Final, LiteralString

from credit.errors import Conflict, Malformed, Unavailable
from credit.graph import schema
from credit.graph.archive_derived import derived
from credit.graph.bolt import Bolt, Transaction
from credit.graph.conflicts import insist
from credit.graph.queries import archive as queries
from credit.graph.queries import archive_writing as writing
from credit.graph.queries import ledger
from credit.graph.queries.archive import KINDS, Kind
from credit.graph.unfinished import HALF_RESTORED

_DELETED_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Goal:
    """What the counters are to be once all is written; ``archive`` names what, ``hash_key`` the key it belongs to."""

    archive: str
    schema_version: int
    hash_key: str
    tick: int
    horizon: int
    ledger: Mapping[str, int | str]
    accesses: int


@dataclass(slots=True)
class Restore:
    """Writes into one graph; another that begins on the same graph ends this one."""

    _bolt: Bolt
    _goal: Goal
    _holder: str = field(default_factory=lambda: secrets.token_hex(8))
    _batch: int = 0
    _done: int = writing.BEGUN

    async def begin(self) -> bool:
        """Claim the graph; tell whether a restore of the same archive goes on here.

        Raises:
            Conflict: the graph holds something.
            Malformed: the archive is of a newer schema than this program's.
            StoreUnavailable, StorageFull, WriteContended: the store.
        """
        if self._goal.schema_version > schema.VERSION:
            raise _too_new(self._goal.schema_version)
        if await half_restored(self._bolt) is None:
            await self._refuse_if_held()
            await schema.migrate(self._bolt)
        match await self._claim():
            case writing.UNSEEN:
                await self._refuse_if_held()
            case writing.UNWANTED:
                await self._empty()
            case _:
                pass
        begun = await self._bolt.put(writing.BEGIN_RESTORE, holder=self._holder)
        if not begun:
            raise _taken_over()
        self._done = int(begun[0][0])
        return self._done > writing.BEGUN

    async def _claim(self) -> int:
        told = {"version": HALF_RESTORED, "archive": self._goal.archive, "holder": self._holder}

        async def once() -> int:
            async with self._bolt.transaction() as tx:
                ((tick, *_),) = await tx.run(ledger.TAKE_LEDGER, now=0)
                ((done,),) = await tx.run(writing.CLAIM_RESTORE, tick=tick, **told)
                return int(done)

        return await insist(lambda: self._bolt.outlive(once))

    async def _refuse_if_held(self) -> None:
        for label in queries.LABELS:
            if await self._bolt.fetch_latest(queries.any_node(label)):
                await self._bolt.put(writing.RELEASE_RESTORE, holder=self._holder)
                raise Conflict(
                    "登记库中已有内容，只能恢复到空库；未写入任何内容。请另指定空的数据目录或图数据库。",
                    "The registry holds something: an archive is restored into an empty one only. Nothing was written; "
                    "name another data directory or graph",
                )

    async def _empty(self) -> None:
        """Delete what a restore of another archive has left; nothing any more once another restore took over."""
        turns = count()
        for label in queries.LABELS:
            query = writing.delete_nodes(label)
            told = {"holder": self._holder, "limit": _DELETED_AT_ONCE}
            while (await self._bolt.put(query, turn=next(turns), **told))[0][0]:
                pass

    async def create(self, kind: Kind, properties: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
        """Create nodes, all of which are there or none.

        Raises: StoreUnavailable, StorageFull, WriteContended, Unavailable where another restore took over.
        """
        if kind.label in queries.TRACED:
            rows = [{**row, **asdict(derived(kind, row))} for row in rows]
        await self._write(writing.create_nodes(kind, properties), rows)

    async def tie(self, start: Kind, kind: str, end: str, properties: Sequence[str], rows: Sequence[Any]) -> None:
        """Create relationships; rows of properties with ``from_key`` and ``to_key``, where each begins and ends.

        Raises: as `create`; Malformed where an end is missing.
        """
        await self._write(writing.create_ties(start, kind, end, properties), rows, ties=kind)

    async def _write(self, query: LiteralString, rows: Sequence[Any], *, ties: str = "") -> None:
        """Run the next batch, unless an earlier run of the same restore, or of this very batch, has.

        What lacks an end is no batch that is done: nothing of it is written, however often it is tried.
        """
        batch, self._batch = self._batch, self._batch + 1
        if batch <= self._done:
            return

        async def once() -> None:
            async with self._bolt.transaction() as tx:
                if await self._take(tx, batch) < batch:
                    made = await tx.run(query, rows=rows)
                    if ties and made != [[len(rows)]]:
                        raise _lacks_ends(ties)

        await insist(lambda: self._bolt.outlive(once))

    async def _take(self, tx: Transaction, batch: int) -> int:
        taken = await tx.run(writing.TAKE_BATCH, holder=self._holder, batch=batch)
        if not taken:
            raise _taken_over()
        return int(taken[0][0])

    async def finish(self, counts: Mapping[str, int]) -> None:
        """Let all that was written be seen, if ``counts`` of each label are there.

        Raises: Malformed where it is not; StoreUnavailable, StorageFull, WriteContended.
        """
        for kind in KINDS:
            ((found,),) = await self._bolt.fetch_latest(queries.count_nodes(kind.label))
            if found != counts.get(kind.label, 0):
                raise Malformed(
                    f"恢复后 {kind.label} 有 {found} 个，备份中为 {counts.get(kind.label, 0)} 个，恢复中止。",
                    f"{found} nodes {kind.label} are there, the archive has {counts.get(kind.label, 0)}: "
                    "the restore stops",
                )
        told = {name: value for name, value in asdict(self._goal).items() if name not in {"archive", "schema_version"}}
        await self._bolt.put(writing.FINISH_RESTORE, holder=self._holder, version=self._goal.schema_version, **told)
        if await half_restored(self._bolt) is not None:
            raise _taken_over()
        await schema.migrate(self._bolt)


async def half_restored(bolt: Bolt) -> str | None:
    """Name the archive of which a graph holds but half; None: it is whole, or empty.

    Raises: StoreUnavailable.
    """
    rows = await bolt.fetch_latest(writing.MATCH_HALF_RESTORED, version=HALF_RESTORED)
    return str(rows[0][0]) if rows else None


def _taken_over() -> Unavailable:
    return Unavailable("另一个恢复程序已接手，本次恢复中止。", "Another restore took over; this one stops")


def _lacks_ends(kind: str) -> Malformed:
    return Malformed(
        f"备份中有 {kind} 关系的一端不存在或不唯一，恢复中止；请改用另一份备份。",
        f"Relationships {kind} of the archive lack an end, or have two: the restore stops. Take another backup",
    )


def _too_new(version: int) -> Malformed:
    return Malformed(
        f"备份的图结构版本为 {version}，本程序为 {schema.VERSION}；未写入任何内容，请用较新的程序恢复。",
        f"The archive has schema version {version}, this program {schema.VERSION}. Nothing was written; restore it "
        "with a newer program",
    )
