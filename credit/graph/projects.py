"""Projects, bids and syncs within one write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credit.graph import mapping
from credit.graph.bolt import Transaction
from credit.graph.parties import GraphParties
from credit.graph.place import Place
from credit.graph.queries import projects
from credit.model.naturalkey import digest, normal
from credit.model.project import Project, RecordedBid, Sync
from credit.model.when import to_tick


@dataclass(frozen=True, slots=True)
class GraphProjects:
    """`credit.ports.ProjectWriter`."""

    _tx: Transaction
    _place: Place
    _parties: GraphParties

    async def project(self, name: str) -> Sequence[Project]:
        """Find projects by id or number."""
        rows = await self._tx.run(projects.MATCH_PROJECTS_BY_ID_OR_NUMBER, id=name, number=normal(name))
        return [mapping.project_of(row) for row in rows]

    async def save_project(self, natural_key: str, project: Project) -> None:
        """Create a project, tied to its purchaser and agency."""
        await self._tx.run(
            projects.CREATE_PROJECT,
            id=project.id,
            natural=natural_key,
            number=normal(project.project_no),
            tick=self._place.write_facts(),
            body=mapping.project_text(project),
            purchaser=self._parties.key(project.purchaser),
            agency=[] if project.agency is None else [self._parties.key(project.agency)],
        )

    async def bids(self, project_id: str) -> Sequence[RecordedBid]:
        """Read the recorded bids of a project."""
        ((rows,),) = await self._tx.run(projects.MATCH_BIDS_BY_PROJECT, project=project_id)
        return [mapping.bid_of(row) for row in rows]

    async def save_bid(self, project_id: str, bid: RecordedBid) -> None:
        """Create a bid, tied to its project and members."""
        keys = self._parties.keys
        await self._tx.run(
            projects.CREATE_BID,
            project=project_id,
            id=bid.id,
            natural=digest(project_id, bid.lot or "", keys[bid.lead]),
            tick=self._place.write_facts(),
            body=mapping.bid_text(bid, keys),
            members=[keys[m] for m in bid.members],
        )

    async def sync(self, list_id: str, finished_at: datetime) -> Sync | None:
        """Find the run over a list that finished at an instant."""
        rows = await self._tx.run(projects.MATCH_SYNC_BY_NATURAL_KEY, natural=_natural(list_id, finished_at))
        return mapping.sync_of(rows[0]) if rows else None

    async def save_sync(self, sync: Sync) -> None:
        """Create a sync under the next number."""
        self._place.sources = self._place.write_facts()
        self._place.syncs += 1
        await self._tx.run(
            projects.CREATE_SYNC,
            id=sync.id,
            natural=_natural(sync.list, sync.finished_at),
            number=self._place.syncs,
            list=sync.list,
            finished=to_tick(sync.finished_at),
            outcome=sync.outcome.value,
            records=sync.records,
            tick=self._place.tick,
        )


def _natural(list_id: str, finished_at: datetime) -> str:
    return f"{list_id} {to_tick(finished_at)}"
