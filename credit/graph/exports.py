"""Penalties with their parties, read from end to end, a page at a time."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from credit.graph import mapping, series
from credit.graph.bolt import Bolt
from credit.graph.queries import exports
from credit.model.party import Party
from credit.model.record import Record

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class GraphPenalties:
    """`credit.ports.PenaltyReader`."""

    _bolt: Bolt

    async def penalties(self, *, authority: str | None = None) -> AsyncIterator[tuple[Record, Party]]:
        """Read the penalties of the authority of a name, else all."""
        if authority is None:
            rolls = [(str(name), int(held)) for name, held in await self._bolt.fetch(exports.all_series())]
        else:
            office = series.office_of(authority)
            rolls = [(office, await series.size(self._bolt, office))]
        for office, held in sorted(rolls):
            for last in (*range(_PAGE, held, _PAGE), held):
                for found in await self._page(office, last):
                    yield found

    async def _page(self, office: str, last: int) -> Sequence[tuple[Record, Party]]:
        limit = (last - 1) % _PAGE + 1
        ((rows,),) = await self._bolt.fetch(exports.MATCH_PENALTIES_BY_OFFICE, office=office, last=last, limit=limit)
        read = [(mapping.record_of(row), mapping.party_of(row[0], [state])) for _, state, *row in sorted(rows)]
        return [(record, party) for record, party in read if record is not None and party is not None]
