"""What is shown of parties, relations, records, projects and sources; all as it stands now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from credit.graph import mapping
from credit.graph.alike import alike
from credit.graph.bolt import Bolt
from credit.graph.queries import merges, parties, projects, records, relations
from credit.model.merge import around, kept_by, merged_picture
from credit.model.naturalkey import normal
from credit.model.party import Party, PartyId, Relation
from credit.model.project import Project, RecordedBid, Sync
from credit.model.record import Record
from credit.ports import Alike, HeldParty

_OF_ONE: Final = 500
"""Relations that the picture reads of one party: those of a hub are found from its firms."""
_AFTER_ALL: Final = (1 << 63) - 1
"""A place after every write."""


@dataclass(frozen=True, slots=True)
class GraphBrowser:
    """`credit.ports.Browser`."""

    _bolt: Bolt

    async def party(self, party_id: str) -> HeldParty | None:
        """Find a party by any of its identifiers."""
        ((rows,),) = await self._bolt.fetch(parties.MATCH_PARTIES_BY_IDENTIFIER, ids=[party_id])
        return mapping.held_party(rows[0][1:]) if rows else None

    async def records(self, party: PartyId, *, before: int | None, limit: int) -> Sequence[Record]:
        """Read a party's records, newest first; ``before`` is the tick of the one that the page before ended with."""
        ended = [] if before is None else [before]
        rows = await self._bolt.fetch(records.MATCH_RECORDS_BY_PARTY, party=party, before=ended, limit=limit)
        if rows and rows[0][1] and (one := (await self.alike([party]))[party]).others:
            last = _AFTER_ALL if before is None else before
            rows = await self._bolt.fetch(
                merges.MATCH_RECORDS_BEFORE_BY_PARTIES, ids=list(one.ids), before=last, limit=limit
            )
        return mapping.present(mapping.record_of(row) for page, *_ in rows for row in page)

    async def alike(self, ids: Sequence[str]) -> Mapping[str, Alike]:
        """Read which entries are one party with these, or were."""
        return await alike(self._bolt.fetch, ids)

    async def record(self, name: str) -> Sequence[Record]:
        """Find records by id or document number."""
        rows = await self._bolt.fetch(records.MATCH_RECORDS_BY_ID_OR_NUMBER, id=name, number=normal(name))
        return mapping.present(mapping.record_of(row) for row in rows)

    async def relation(self, relation_id: str) -> Relation | None:
        """Find a relation by id."""
        rows = await self._bolt.fetch(relations.MATCH_RELATION_BY_ID, id=relation_id)
        return mapping.relation_of(rows[0][2:]) if rows else None

    async def neighbourhood(
        self, party: PartyId, *, depth: int, limit: int
    ) -> tuple[Sequence[Party], Sequence[Relation], bool]:
        """Read the parties within some steps and the relations between them; the nearest come first."""
        rows = await self._bolt.fetch(
            parties.MATCH_NEIGHBOURHOOD_BY_IDENTIFIER, id=party, depth=depth, limit=limit + 1, each=_OF_ONE
        )
        if not rows:
            return [], [], False
        near, tied, centre = rows[0]
        shown = {key: p for key, name, states, _ in near[:limit] if (p := mapping.party_of(name, states)) is not None}
        ids = {p.id for p in shown.values()}
        found = mapping.present(mapping.relation_of(row) for row in tied if row[2] in ids and row[3] in ids)
        ties = [tie for key, _, _, texts in near if texts for tie in mapping.ties_of(key, texts)]
        if ties:
            picture = merged_picture(shown, found, kept_by(ties), centre)
            return *around(*picture, depth=depth), len(near) > limit
        return list(shown.values()), found, len(near) > limit

    async def project(self, project_no: str) -> Sequence[Project]:
        """Find projects by id or number."""
        rows = await self._bolt.fetch(projects.MATCH_PROJECTS_BY_ID_OR_NUMBER, id=project_no, number=normal(project_no))
        return [mapping.project_of(row) for row in rows]

    async def bids(self, project_id: str) -> Sequence[RecordedBid]:
        """Read the recorded bids of a project, newest first."""
        ((rows,),) = await self._bolt.fetch(projects.MATCH_BIDS_BY_PROJECT, project=project_id)
        return sorted(map(mapping.bid_of, rows), key=lambda b: (b.tick, b.id), reverse=True)

    async def sync(self, sync_id: str) -> Sync | None:
        """Find a sync by id."""
        rows = await self._bolt.fetch(projects.MATCH_SYNC_BY_ID, id=sync_id)
        return mapping.sync_of(rows[0]) if rows else None
