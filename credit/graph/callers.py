"""Callers and the access log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credit.graph import mapping
from credit.graph.bolt import Bolt, Row, insist
from credit.graph.queries import callers
from credit.model.caller import Access, Caller
from credit.model.when import to_tick

_FIRST_STRETCH: Final = 1_000
_LONGEST_STRETCH: Final = 32_000
"""Lines of the access log that one query looks through for a party."""


@dataclass(frozen=True, slots=True)
class GraphCallers:
    """`credit.ports.Callers`; none of its writes has a place in the order of writes."""

    _bolt: Bolt

    async def caller(self, key_hash: str) -> Caller | None:
        """Find a caller by the hash of one of its keys."""
        rows = await self._bolt.fetch(callers.MATCH_CALLER_BY_HASH, hash=key_hash)
        return mapping.caller_of(rows[0]) if rows else None

    async def save_caller(self, caller: Caller, key_hash: str) -> None:
        """Write a caller under its key's hash."""
        await self._bolt.put(callers.MERGE_CALLER, id=caller.id, body=mapping.caller_text(caller), hash=key_hash)

    async def retire_hash(self, caller_id: str, keep: str | None, at: datetime) -> None:
        """End every key but one; where none is kept the caller is revoked."""
        await self._bolt.put(callers.SET_KEYS_END, id=caller_id, keep=keep or "", at=to_tick(at))
        if keep is None:
            await self._bolt.put(callers.SET_CALLER_REVOKED, id=caller_id, at=to_tick(at))

    async def callers(self) -> Sequence[Caller]:
        """Read every caller."""
        return [mapping.caller_of(row) for row in await self._bolt.fetch(callers.MATCH_CALLERS)]

    async def log_accesses(self, accesses: Sequence[Access]) -> None:
        """Append lines to the access log."""
        if accesses:
            await insist(lambda: self._bolt.outlive(lambda: self._append(accesses)))

    async def _append(self, accesses: Sequence[Access]) -> None:
        async with self._bolt.transaction() as tx:
            ((before,),) = await tx.run(callers.TAKE_ACCESS_NUMBERS, count=len(accesses))
            rows = [mapping.access_row(number, access) for number, access in enumerate(accesses, int(before) + 1)]
            await tx.run(callers.CREATE_ACCESSES, rows=rows)

    async def accesses(self, *, party: str | None, before: int | None, limit: int) -> Sequence[tuple[int, Access]]:
        """Read the access log, newest first."""
        top = before if before is not None else await self._length() + 1
        if party is not None:
            return await self._accesses_to(party, top, limit)
        rows = await self._bolt.fetch(callers.MATCH_ACCESSES_BY_NUMBER, first=max(1, top - limit), last=top - 1)
        return [mapping.access_of(row) for row in rows]

    async def _accesses_to(self, party: str, top: int, limit: int) -> list[tuple[int, Access]]:
        """Look back through the log in growing stretches, none of which keeps the server long."""
        found: list[Row] = []
        stretch = _FIRST_STRETCH
        while top > 1 and len(found) < limit:
            first = max(1, top - stretch)
            found += await self._bolt.fetch(
                callers.MATCH_ACCESSES_BY_PARTY, party=party, first=first, last=top - 1, limit=limit - len(found)
            )
            top, stretch = first, min(2 * stretch, _LONGEST_STRETCH)
        return [mapping.access_of(row) for row in found]

    async def _length(self) -> int:
        rows = await self._bolt.fetch(callers.MATCH_ACCESS_COUNT)
        return int(rows[0][0]) if rows else 0
