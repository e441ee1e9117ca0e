"""The entries of a list that one feed told, found page by page in the order in which they were written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credit.graph import mapping, series
from credit.graph.bolt import Bolt
from credit.graph.queries import projects
from credit.graph.queries import series as queries
from credit.model.record import Record, RecordId
from credit.model.when import from_tick


@dataclass(frozen=True, slots=True)
class GraphFeeds:
    """`credit.ports.FeedBrowser`."""

    _bolt: Bolt

    async def entries(self, list_id: str, source: str, *, after: int, limit: int) -> Sequence[tuple[int, RecordId]]:
        """Read numbers and ids of entries past a number, oldest first."""
        feed = series.feed_of(list_id, source)
        last = min(after + limit, await series.size(self._bolt, feed))
        if last <= after:
            return []
        ((rows,),) = await self._bolt.fetch_latest(queries.MATCH_IDS_BY_FEED, feed=feed, first=after + 1, last=last)
        return [(nth, RecordId(ident)) for nth, ident in sorted(rows)]

    async def records(self, ids: Sequence[RecordId]) -> Sequence[Record]:
        """Read records."""
        if not ids:
            return []
        ((rows,),) = await self._bolt.fetch_latest(queries.MATCH_RECORDS_BY_ID, ids=list(ids))
        return mapping.present(mapping.record_of(row) for row in rows)

    async def newest_seen(self, list_id: str) -> datetime | None:
        """Read as of when the newest run over a list saw it."""
        rows = await self._bolt.fetch_latest(projects.MATCH_NEWEST_SEEN_BY_LIST, list=list_id)
        return from_tick(rows[0][0]) if rows and rows[0][0] is not None else None
