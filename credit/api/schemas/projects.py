"""Projects, lots and recorded bids (the contract's ``/v1/projects``)."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from credit.api.schemas.fields import Day, In, Instant, Line, Money, Out, PartyRef, Region, money, party_id
from credit.model.project import BidOutcome, Domain, Lot, Project, RecordedBid
from credit.model.statements import BidStatement, ProjectStatement
from credit.model.when import from_tick

LOTS = 500
MEMBERS = 100


class LotBody(In):
    """One lot; ``budget`` in yuan."""

    lot: Line
    category: Line | None = None
    budget: Money | None = None


class ProjectBody(In):
    """A project with its lots."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "project_no": "N5120022026000001",
                    "name": "办公设备采购项目",
                    "domain": "government_procurement",
                    "region": "512000",
                    "purchaser": "11512002MBF000016W",
                    "notice_on": "2026-05-15",
                    "deadline": "2026-06-10T09:30:00+08:00",
                    "lots": [{"lot": "1", "budget": "1800000.00"}],
                }
            ]
        }
    )

    project_no: Line
    name: Line
    domain: Domain
    region: Region | None = None
    purchaser: PartyRef
    agency: PartyRef | None = None
    notice_on: Day | None = None
    deadline: Instant
    lots: Annotated[tuple[LotBody, ...], Field(max_length=LOTS)]

    def statement(self) -> ProjectStatement:
        """Say it to the registry.

        Raises:
            IdentifierInvalid: a party's id is of no right form.
        """
        return ProjectStatement(
            project_no=self.project_no,
            name=self.name,
            domain=self.domain,
            region=self.region,
            purchaser=party_id(self.purchaser, "/purchaser"),
            agency=party_id(self.agency, "/agency") if self.agency is not None else None,
            notice_on=self.notice_on,
            deadline=self.deadline,
            lots=tuple(Lot(lot.lot, lot.category, lot.budget) for lot in self.lots),
        )


class SignalsBody(In):
    """Traces of a bid file; kept as keyed hashes."""

    machine_code: Line | None = None
    deposit_account: Line | None = None
    ip: Line | None = None


class BidBody(In):
    """A bid as the platform saw it; several members are a consortium. Natural key: project, lot, lead."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"lot": "1", "members": ["91512002MAF0000126"], "lead": "91512002MAF0000126", "result": "won"}]
        }
    )

    lot: Line | None = None
    members: Annotated[tuple[PartyRef, ...], Field(min_length=1, max_length=MEMBERS)]
    lead: PartyRef
    price: Money | None = None
    result: BidOutcome = BidOutcome.PENDING
    signals: SignalsBody | None = None

    def statement(self) -> BidStatement:
        """Say it to the registry.

        Raises:
            IdentifierInvalid: a party's id is of no right form.
        """
        signals = self.signals or SignalsBody()
        return BidStatement(
            lot=self.lot,
            members=tuple(party_id(m, f"/members/{place}") for place, m in enumerate(self.members)),
            lead=party_id(self.lead, "/lead"),
            price=self.price,
            result=self.result,
            machine_code=signals.machine_code,
            deposit_account=signals.deposit_account,
            ip=signals.ip,
        )


class LotOut(Out):
    """One lot."""

    lot: str
    category: str | None
    budget: str | None


class ProjectOut(Out):
    """A project as recorded."""

    id: str
    project_no: str
    name: str
    domain: Domain
    region: str | None
    purchaser: str
    agency: str | None
    notice_on: date | None
    deadline: datetime
    lots: tuple[LotOut, ...]
    recorded_at: datetime

    @classmethod
    def of(cls, project: Project) -> Self:
        """Show a project."""
        return cls(
            id=project.id,
            project_no=project.project_no,
            name=project.name,
            domain=project.domain,
            region=project.region,
            purchaser=project.purchaser,
            agency=project.agency,
            notice_on=project.notice_on,
            deadline=project.deadline,
            lots=tuple(LotOut(lot=lot.lot, category=lot.category, budget=money(lot.budget)) for lot in project.lots),
            recorded_at=from_tick(project.tick),
        )


class SignalsOut(Out):
    """Traces of a bid file, as the keyed hashes that are kept."""

    machine_code: str | None
    deposit_account: str | None
    ip: str | None


class BidOut(Out):
    """A bid as recorded."""

    id: str
    lot: str | None
    members: tuple[str, ...]
    lead: str
    price: str | None
    result: BidOutcome
    signals: SignalsOut
    recorded_at: datetime

    @classmethod
    def of(cls, bid: RecordedBid) -> Self:
        """Show a bid."""
        traces = bid.signals
        return cls(
            id=bid.id,
            lot=bid.lot,
            members=bid.members,
            lead=bid.lead,
            price=money(bid.price),
            result=bid.result,
            signals=SignalsOut(machine_code=traces.machine_code, deposit_account=traces.deposit_account, ip=traces.ip),
            recorded_at=from_tick(bid.tick),
        )
