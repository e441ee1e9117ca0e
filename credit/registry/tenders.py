"""The projects and bids of a batch of import rows: read once, planned row by row, written with the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from credit.errors import Conflict
from credit.model.naturalkey import normal
from credit.model.project import Project, RecordedBid
from credit.model.statements import BidInProject, LoadRow, Outcome, ProjectStatement
from credit.names import same_name
from credit.ports import Hasher, WriteUnit
from credit.registry.parties import PartyPlan
from credit.registry.projects import only_project, plan_bid, plan_project


def ids_in(row: LoadRow) -> Iterator[str]:
    """The parties that a row's projects and bids name."""
    for project in row.projects:
        yield project.purchaser
        if project.agency is not None:
            yield project.agency
    for said in row.bids:
        yield from (*said.bid.members, said.bid.lead)


@dataclass(slots=True)
class TenderPlan:
    """Projects by the normal form of their number, bids by their project's id: what is held, and what rows add."""

    unit: WriteUnit
    plan: PartyPlan
    hasher: Hasher
    projects: dict[str, list[Project]] = field(default_factory=dict[str, list[Project]])
    bids: dict[str, list[RecordedBid]] = field(default_factory=dict[str, list[RecordedBid]])
    new_projects: list[Project] = field(default_factory=list[Project])
    new_bids: list[tuple[str, RecordedBid]] = field(default_factory=list[tuple[str, RecordedBid]])

    async def read(self, rows: Sequence[LoadRow]) -> None:
        """Read the projects that rows name, and the bids recorded in them."""
        named = [p.project_no for row in rows for p in row.projects]
        named += [said.project for row in rows for said in row.bids]
        by_key = {normal(name): name for name in named}
        held = await self.unit.projects.named(list(by_key.values()))
        self.projects = {key: list(held[name]) for key, name in by_key.items()}
        in_use = {normal(said.project) for row in rows for said in row.bids}
        bids = await self.unit.projects.bids([p.id for key in in_use for p in self.projects[key]])
        self.bids = {project: list(known) for project, known in bids.items()}

    def mark(self) -> tuple[int, int]:
        """Name this point, to which what is planned later can be taken back."""
        return len(self.new_projects), len(self.new_bids)

    def back_to(self, mark: tuple[int, int]) -> None:
        """Take back what was planned after a point."""
        projects, bids = mark
        for project in self.new_projects[projects:]:
            self.projects[normal(project.project_no)].remove(project)
        for project_id, bid in self.new_bids[bids:]:
            self.bids[project_id].remove(bid)
        del self.new_projects[projects:], self.new_bids[bids:]

    def take(self, row: LoadRow) -> list[Outcome]:
        """Plan a row's projects, then its bids.

        Raises: PartyUnknown, Unknown, NumberAmbiguous, FieldInvalid, Conflict.
        """
        return [*(self._project(said) for said in row.projects), *(self._bid(said) for said in row.bids)]

    def _project(self, said: ProjectStatement) -> Outcome:
        known = self.projects[normal(said.project_no)]
        outcome, project = plan_project(self.plan, said, known, self.unit.tick)
        if project is not None:
            known.append(project)
            self.new_projects.append(project)
        return outcome

    def _bid(self, said: BidInProject) -> Outcome:
        project = only_project(self.projects[normal(said.project)], said.project)
        if said.name is not None and not same_name(said.name, project.name):
            raise Conflict(
                f"编号 {said.project} 登记的项目名称是“{project.name}”，与“{said.name}”不一致",
                "the project that bears this number has another name",
                project=project.id,
            )
        known = self.bids.setdefault(project.id, [])
        outcome, bid = plan_bid((self.plan, self.hasher), said, project, known, tick=self.unit.tick)
        if bid is not None:
            known.append(bid)
            self.new_bids.append((project.id, bid))
        return outcome

    async def save(self) -> None:
        """Write what the sound rows add."""
        await self.unit.projects.save_projects([(normal(p.project_no), p) for p in self.new_projects])
        await self.unit.projects.save_bids(self.new_bids)

    def announce(self) -> None:
        """Tell what was written."""
        for project in self.new_projects:
            self.unit.announce("project.opened", project.id, (project.purchaser,))
        for _, bid in self.new_bids:
            self.unit.announce("bid.recorded", bid.id, bid.members)
