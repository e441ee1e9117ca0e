"""The evidence chain: written within one write, read by itself.

The embedded engine takes no message above 16 MiB, which a check of some seven thousand parties exceeds. The body of a
large link is therefore held deflated; its digest is that of the body itself.
"""

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from credit.graph import mapping
from credit.graph.bolt import Bolt, Row, Transaction
from credit.graph.merges import GraphMergeBrowser
from credit.graph.place import Place
from credit.graph.queries import evidence
from credit.graph.queries import records as record_queries
from credit.model.merge import Merge
from credit.model.naturalkey import normal
from credit.model.record import Event, RecordId
from credit.ports import Entry

_WINDOW: Final = 1000
"""Links read at once while looking back for checks."""
_PLAIN_UP_TO: Final = 65_536
"""Signs of a body that is held as it is."""


def _packed(body: str) -> str:
    if len(body) <= _PLAIN_UP_TO:
        return body
    return base64.b64encode(zlib.compress(body.encode(), 1)).decode()


def _entry_of(row: Row) -> Entry:
    """Read a link; a body that does not begin as JSON is deflated."""
    entry = mapping.entry_of(row)
    if entry.body.startswith("{"):
        return entry
    return replace(entry, body=zlib.decompress(base64.b64decode(entry.body)).decode())


@dataclass(frozen=True, slots=True)
class GraphEvidenceWriter:
    """`credit.ports.EvidenceWriter`: the ledger's lock makes the chain one chain."""

    _tx: Transaction
    _place: Place

    async def head(self) -> tuple[int, str]:
        """Tell number and digest of the last link, those appended in this write included."""
        return self._place.number, self._place.digest

    async def revisions(self, parties: Sequence[str], project_no: str | None) -> Mapping[str, int]:
        """Tell the last write that touched each party, the syncs and the project; absent where there is none."""
        names = [] if project_no is None else [project_no]
        ((found, sources, projects),) = await self._tx.run(
            evidence.MATCH_REVISIONS, ids=list(parties), projects=names, numbers=[normal(n) for n in names]
        )
        revisions: dict[str, int] = {**dict(found), "sources": sources}
        return {**revisions, "project": max(projects)} if projects else revisions

    async def append(self, entry: Entry) -> None:
        """Append a link, which is written at the end of the write; it must follow the head."""
        if entry.previous != self._place.digest:
            raise ValueError(f"link {entry.number} does not follow link {self._place.number}")
        fields = {**asdict(entry), "body": _packed(entry.body), "records": list(entry.records)}
        self._place.take_link(entry.number, entry.digest, fields)


@dataclass(frozen=True, slots=True)
class GraphEvidence:
    """`credit.ports.EvidenceReader`."""

    _bolt: Bolt

    async def entry(self, entry_id: str) -> Entry | None:
        """Read one link."""
        rows = await self._bolt.fetch(evidence.MATCH_ENTRY_BY_ID, id=entry_id)
        return _entry_of(rows[0]) if rows else None

    async def of_subject(self, subject: str) -> Sequence[Entry]:
        """Read the links about a subject, oldest first."""
        rows = await self._bolt.fetch(evidence.MATCH_ENTRIES_BY_SUBJECT, subject=subject)
        return [_entry_of(row) for row in rows]

    async def of_project(self, project_no: str | None, *, before: int | None, limit: int) -> Sequence[Entry]:
        """Read kept checks, newest first."""
        end = await self._length() + 1
        top = end if before is None else min(before, end)
        if project_no is None:
            return await self._checks_before(top, limit)
        rows = await self._bolt.fetch(evidence.MATCH_CHECKS_BY_PROJECT, project_no=project_no, before=top, limit=limit)
        return [_entry_of(row) for row in rows]

    async def _checks_before(self, top: int, limit: int) -> list[Entry]:
        found: list[Entry] = []
        window = min(_WINDOW, limit)
        while top > 1 and len(found) < limit:
            links = await self.chain(after=max(0, top - 1 - window), limit=min(window, top - 1))
            found += [e for e in reversed(links) if e.kind == "check"]
            top = max(1, top - window)
        return found[:limit]

    async def chain(self, *, after: int, limit: int) -> Sequence[Entry]:
        """Read links in order."""
        rows = await self._bolt.fetch(evidence.MATCH_ENTRIES_BY_NUMBER, first=after + 1, last=after + limit)
        return [_entry_of(row) for row in rows]

    async def events_since(self, records: Sequence[RecordId], tick: int) -> Sequence[tuple[RecordId, Event]]:
        """Read what happened to records after a place in the order of writes, in that order."""
        if not records:
            return []
        ids = list(dict.fromkeys(records))
        ((rows,),) = await self._bolt.fetch(record_queries.MATCH_EVENTS_BY_RECORD, ids=ids)
        found = [(RecordId(name), e) for name, texts in rows for e in mapping.events_of(name, texts) if e.tick > tick]
        return sorted(found, key=lambda pair: pair[1].tick)

    async def merges_since(self, parties: Sequence[str], tick: int) -> Sequence[Merge]:
        """Read the merges of parties, and of those that were ever one with them, made or undone after a place."""
        return await GraphMergeBrowser(self._bolt).since(parties, tick)

    async def _length(self) -> int:
        rows = await self._bolt.fetch(evidence.MATCH_CHAIN_LENGTH)
        return int(rows[0][0]) if rows else 0
