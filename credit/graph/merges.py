"""Merges within one write, and as they are shown; which entries are one party now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString

from credit.graph import mapping
from credit.graph.alike import Run, alike
from credit.graph.bolt import Bolt, Transaction
from credit.graph.parties import GraphParties
from credit.graph.place import Place
from credit.graph.queries import merges as queries
from credit.model.merge import Merge, Tie
from credit.ports import Alike


async def _first(run: Run, query: LiteralString, **parameters: object) -> Merge | None:
    rows = await run(query, **parameters)
    return mapping.merge_of(rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class GraphMerges:
    """`credit.ports.MergeWriter`."""

    _tx: Transaction
    _place: Place
    _parties: GraphParties

    async def by_key(self, natural: str) -> Merge | None:
        """Find the merge in force under a natural key."""
        return await _first(self._tx.run, queries.MATCH_MERGE_BY_NATURAL_KEY, natural=natural)

    async def by_id(self, merge_id: str) -> Merge | None:
        """Find a merge by id."""
        return await _first(self._tx.run, queries.MATCH_MERGE_BY_ID, id=merge_id)

    async def alike(self, ids: Sequence[str]) -> Mapping[str, Alike]:
        """Read which entries are one party with these, or were."""
        return await alike(self._tx.run, ids)

    async def save(self, natural: str, merge: Merge) -> None:
        """Create a merge of parties found before in this write."""
        keep, other = self._parties.key(merge.keep), self._parties.key(merge.same_as)
        known = await self.alike([merge.keep, merge.same_as])
        members = {keep, other}.union(*(one.ever for one in known.values()))
        tick = self._place.write_facts()
        ((shown_to,),) = await self._tx.run(
            queries.CREATE_MERGE,
            id=merge.id,
            natural=natural,
            keep=keep,
            other=other,
            tick=tick,
            body=mapping.merge_text(merge),
            text=mapping.tie_text(Tie(merge.id, keep, other, tick)),
            members=sorted(members),
        )
        self._place.touch({keep, other, *shown_to})

    async def part(self, natural: str, apart: Merge) -> None:
        """Write that two parties found before in this write are not one."""
        await self._tx.run(
            queries.CREATE_APART,
            id=apart.id,
            natural=natural,
            keep=self._parties.key(apart.keep),
            other=self._parties.key(apart.same_as),
            tick=self._place.write_facts(),
            body=mapping.merge_text(apart),
            undone=mapping.json_text(apart.undone),
        )

    async def undo(self, merge: Merge) -> None:
        """Append a merge's undoing; its natural key is free then."""
        tick = self._place.write_facts()
        ((touched,),) = await self._tx.run(
            queries.APPEND_UNDOING_BY_MERGE,
            id=merge.id,
            undone=mapping.json_text(merge.undone),
            text=mapping.undone_text(merge.id, tick),
            suffix=f"|undone|{merge.id}",
            tick=tick,
        )
        self._place.touch(touched)


@dataclass(frozen=True, slots=True)
class GraphMergeBrowser:
    """`credit.ports.MergeBrowser`."""

    _bolt: Bolt

    async def merge(self, merge_id: str) -> Merge | None:
        """Find a merge by id."""
        return await _first(self._bolt.fetch, queries.MATCH_MERGE_BY_ID, id=merge_id)

    async def page(self, *, before: int | None, limit: int) -> Sequence[Merge]:
        """Read merges before a number, newest first."""
        if before is None:
            counted = await self._bolt.fetch(queries.MATCH_MERGE_COUNT)
            before = 1 + (int(counted[0][0]) if counted else 0)
        first = max(1, before - limit)
        rows = await self._bolt.fetch(queries.MATCH_MERGES_BY_NUMBER, first=first, last=before - 1)
        return [mapping.merge_of(row) for row in rows]

    async def alike(self, ids: Sequence[str]) -> Mapping[str, Alike]:
        """Read which entries are one party with these, or were."""
        return await alike(self._bolt.fetch, ids)

    async def since(self, ids: Sequence[str], tick: int) -> Sequence[Merge]:
        """Read the merges made or undone after a place that concern parties, or those that were ever one with them."""
        rows = await self._bolt.fetch(queries.MATCH_ALIKE_BY_IDENTIFIER, ids=list(dict.fromkeys(ids))) if ids else []
        ties = [tie for _, _, found in rows for key, _, texts, _ in found for tie in mapping.ties_of(key, texts or ())]
        late = {tie.id for tie in ties if max(tie.tick, tie.undone or 0) > tick}
        merges = [await self.merge(name) for name in sorted(late)]
        return sorted(mapping.present(merges), key=lambda merge: merge.tick)
