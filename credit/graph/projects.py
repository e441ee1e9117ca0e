"""Projects, bids and syncs within one write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from credit.graph import mapping
from credit.graph.bolt import Transaction
from credit.graph.networks import bid_keys
from credit.graph.parties import GraphParties
from credit.graph.place import Place
from credit.graph.queries import networks as network_queries
from credit.graph.queries import projects as queries
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
        return (await self.named([name]))[name]

    async def named(self, names: Sequence[str]) -> Mapping[str, Sequence[Project]]:
        """Find projects by ids or numbers."""
        found: dict[str, list[Project]] = {name: [] for name in names}
        if found:
            rows = [{"name": name, "number": normal(name)} for name in found]
            ((held,),) = await self._tx.run(queries.MATCH_PROJECTS_BY_IDS_OR_NUMBERS, rows=rows)
            for name, *row in held:
                found[name].append(mapping.project_of(row))
        return found

    async def save_projects(self, projects: Sequence[tuple[str, Project]]) -> None:
        """Create projects, each tied to its purchaser and agency."""
        if projects:
            rows = [self._row(natural, project) for natural, project in projects]
            await self._tx.run(queries.CREATE_PROJECTS, rows=rows, tick=self._place.write_facts())

    def _row(self, natural: str, project: Project) -> dict[str, object]:
        return {
            "id": project.id,
            "natural": natural,
            "number": normal(project.project_no),
            "body": mapping.project_text(project),
            "purchaser": self._parties.key(project.purchaser),
            "agency": [] if project.agency is None else [self._parties.key(project.agency)],
        }

    async def bids(self, projects: Sequence[str]) -> Mapping[str, Sequence[RecordedBid]]:
        """Read the recorded bids of projects."""
        found: dict[str, list[RecordedBid]] = {project: [] for project in projects}
        if found:
            ((held,),) = await self._tx.run(queries.MATCH_BIDS_BY_PROJECTS, projects=list(found))
            for project, *row in held:
                found[project].append(mapping.bid_of(row))
        return found

    async def save_bids(self, bids: Sequence[tuple[str, RecordedBid]]) -> None:
        """Create bids, each tied to its project and members."""
        if bids:
            rows = [self._bid_row(project, bid) for project, bid in bids]
            await self._tx.run(queries.CREATE_BIDS, rows=rows, tick=self._place.write_facts())
            if left := [{"id": bid.id, "traces": keys} for _, bid in bids if (keys := bid_keys(bid.signals))]:
                await self._tx.run(network_queries.CREATE_TRACES_OF_BIDS, rows=left)

    def _bid_row(self, project: str, bid: RecordedBid) -> dict[str, object]:
        keys = self._parties.keys
        return {
            "project": project,
            "id": bid.id,
            "natural": digest(project, bid.lot or "", keys[bid.lead]),
            "body": mapping.bid_text(bid, keys),
            "members": [keys[m] for m in bid.members],
        }

    async def sync(self, list_id: str, finished_at: datetime) -> Sync | None:
        """Find the run over a list that finished at an instant."""
        rows = await self._tx.run(queries.MATCH_SYNC_BY_NATURAL_KEY, natural=_natural(list_id, finished_at))
        return mapping.sync_of(rows[0]) if rows else None

    async def sync_before(self, list_id: str, finished_at: datetime) -> Sync | None:
        """Find the last run over a list that finished at or before an instant."""
        rows = await self._tx.run(
            queries.MATCH_SYNC_BEFORE, list=list_id, finished=to_tick(finished_at), syncs=self._place.syncs
        )
        return mapping.sync_of(rows[0]) if rows else None

    async def save_sync(self, sync: Sync) -> None:
        """Create a sync under the next number."""
        self._place.sources = self._place.write_facts()
        self._place.syncs += 1
        await self._tx.run(
            queries.CREATE_SYNC,
            id=sync.id,
            natural=_natural(sync.list, sync.finished_at),
            number=self._place.syncs,
            list=sync.list,
            finished=to_tick(sync.finished_at),
            outcome=sync.outcome.value,
            records=sync.records,
            tick=self._place.tick,
            silent=[kind.value for kind in sync.silent],
            seen=to_tick(sync.seen_at) if sync.seen_at is not None else None,
        )


def _natural(list_id: str, finished_at: datetime) -> str:
    return f"{list_id} {to_tick(finished_at)}"
