"""The penalties that an authority decided, found page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from credit.graph import mapping, series
from credit.graph.bolt import Bolt
from credit.graph.queries import series as queries
from credit.model.record import Record


@dataclass(frozen=True, slots=True)
class GraphPublications:
    """`credit.ports.PublicationBrowser`."""

    _bolt: Bolt

    async def page(self, authority: str, *, before: int | None, limit: int) -> Sequence[tuple[int, Record]]:
        """Read the penalties of an authority of a name before a number, newest first."""
        office = series.office_of(authority)
        last = before - 1 if before is not None else await series.size(self._bolt, office)
        first = max(1, last - limit + 1)
        if last < first:
            return []
        ((rows,),) = await self._bolt.fetch(queries.MATCH_RECORDS_BY_OFFICE, office=office, first=first, last=last)
        read = [(nth, mapping.record_of(row)) for nth, *row in rows]
        return [(nth, record) for nth, record in read if record is not None]
