"""The hand-made part of the sample: the parties with a story, their records, their projects (the three .toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Self

from credit.model.project import Lot
from credit.model.record import Authority, Listing, Penalty
from credit.model.statements import BidStatement, EventStatement, ProjectStatement, RelationStatement
from credit.sample.rows import BidRow, Cast, EventRow, ProjectRow, Projects, Records


@dataclass(frozen=True, slots=True)
class Held:
    """A record with what happened to it later; ``party`` is an id, or what `person` names one by."""

    party: str
    content: Penalty | Listing
    events: tuple[EventStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class Tender:
    """A project with the bids for it."""

    project: ProjectStatement
    bids: tuple[BidStatement, ...]


def person(number: int) -> str:
    """Name a person for as long as the registry has given no id."""
    return f"person:sample-{number}"


@dataclass(frozen=True, slots=True)
class Stories:
    """What the three files say, as statements to the registry."""

    cast: Cast
    _records: Records
    _projects: Projects

    @classmethod
    def load(cls) -> Self:
        """Read the files that come with the package."""
        return cls(
            Cast.model_validate(_read("cast.toml")),
            Records.model_validate(_read("records.toml")),
            Projects.model_validate(_read("projects.toml")),
        )

    def code(self, handle: str) -> str:
        """Return the id of a firm."""
        return next(firm.id for firm in self.cast.firm if firm.handle == handle)

    def offices(self) -> Mapping[str, Authority]:
        """Return the offices of the city by handle."""
        return {
            handle: Authority(row.name, region=row.region, level=row.level)
            for handle, row in self._records.offices.items()
        }

    def ties(self) -> tuple[RelationStatement, ...]:
        """Return what ties the firms beyond their leaders."""
        return tuple(
            RelationStatement(
                kind=row.kind,
                source=self._party(row.source),
                target=self._party(row.target),
                share=row.share,
                since=row.since,
                until=row.until,
            )
            for row in self.cast.relation
        )

    def held(self) -> tuple[Held, ...]:
        """Return the penalties and entries."""
        offices, rows = self.offices(), self._records
        penalties = (Held(self._party(r.on), r.penalty(offices), _events(r.events)) for r in rows.penalty)
        listings = (Held(self._party(r.on), r.listing(offices), _events(r.events)) for r in rows.listing)
        return (*penalties, *listings)

    def tenders(self) -> tuple[Tender, ...]:
        """Return the projects with their bids."""
        return tuple(Tender(self._project(row), tuple(map(self._bid, row.bids))) for row in self._projects.project)

    def _project(self, row: ProjectRow) -> ProjectStatement:
        return ProjectStatement(
            project_no=row.project_no,
            name=row.name,
            domain=row.domain,
            region=row.region,
            purchaser=self.code(row.purchaser),
            agency=self.code(row.agency) if row.agency else None,
            notice_on=row.notice_on,
            deadline=row.deadline,
            lots=tuple(Lot(lot.lot, lot.category, lot.budget) for lot in row.lots),
        )

    def _bid(self, row: BidRow) -> BidStatement:
        members = tuple(map(self.code, row.members))
        return BidStatement(
            lot=row.lot,
            members=members,
            lead=members[0],
            price=row.price,
            result=row.result,
            machine_code=row.machine_code,
            deposit_account=row.deposit_account,
        )

    def _party(self, name: str | int) -> str:
        return person(name) if isinstance(name, int) else self.code(name)


def _events(rows: tuple[EventRow, ...]) -> tuple[EventStatement, ...]:
    return tuple(row.statement() for row in rows)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("credit.sample") / name).read_text(encoding="utf-8"))
