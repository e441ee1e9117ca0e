"""The shapes of the sample's three .toml files."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from credit.model.party import Contact, PartyKind, PartyStatus, RelationKind, Role
from credit.model.project import BidOutcome, Domain
from credit.model.record import (
    Authority,
    Ban,
    BanScope,
    Category,
    EventKind,
    Level,
    Listing,
    MatchedBy,
    Penalty,
    PenaltyKind,
    SectorLine,
)
from credit.model.statements import EventStatement
from credit.model.when import When
from credit.sample.numbers import credit_code, organisation_code, registration_number

CENTRE: Final = "512002"
LOOKED_UP: Final = SectorLine(checked_on=date(2026, 6, 1), amount=None)
"""The sector table was looked at: no fine line above the general one."""
TO_PUBLISH: Final = timedelta(days=5)
FOUNDED: Final = date(2016, 3, 1)


class Row(BaseModel):
    """What the files hold: nothing unnamed may stand in them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Firm(Row):
    """An organisation with a story, told in ``zh`` and ``en``."""

    handle: str
    number: int
    name: str
    zh: str
    en: str
    prefix: str = "91"
    region: str = CENTRE
    roles: tuple[Role, ...] = (Role.SUPPLIER,)
    kind: PartyKind = PartyKind.ORGANISATION
    status: PartyStatus = PartyStatus.ACTIVE
    former_names: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    established_on: date | None = None
    leader: int | None = None
    known_by: str | None = None

    @property
    def id(self) -> str:
        """The party's id: its credit code, or the older or foreign number it is known by."""
        match self.known_by:
            case "reg":
                return f"reg:{registration_number(self.number)}"
            case "org":
                return f"org:{organisation_code(self.number)}"
            case "foreign":
                return f"foreign:IS:sample:{self.number:07d}"
            case _:
                return credit_code(self.number, self.prefix, self.region)

    @property
    def founded_on(self) -> date:
        """The day it was established: one a week, unless the story says otherwise."""
        return self.established_on or FOUNDED + timedelta(weeks=self.number)


class Expert(Row):
    """A review expert with a story."""

    number: int
    zh: str
    en: str


class TieRow(Row):
    """A relation; a number names a person."""

    kind: RelationKind
    source: str | int
    target: str | int
    share: Decimal | None = None
    since: date
    until: date | None = None


class EventRow(Row):
    """What happened to a record on a day."""

    kind: EventKind
    on: date
    doc_no: str | None = None
    by: str | None = None
    reason: str | None = None
    changes: dict[str, str] | None = None

    def statement(self) -> EventStatement:
        """State it to the registry."""
        return EventStatement(
            kind=self.kind,
            on=When.of(self.on),
            doc_no=self.doc_no,
            by=self.by,
            reason=self.reason,
            changes=self.changes,
        )


class OfficeRow(Row):
    """An office of the city."""

    name: str
    region: str | None = None
    level: Level


class BanRow(Row):
    """A ban, as the contract writes it."""

    scope: BanScope
    from_: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    months: int | None = None
    region: str | None = None
    indefinite: bool = False

    def ban(self) -> Ban:
        """Make the ban."""
        return Ban(
            scope=self.scope,
            from_=When.of(self.from_) if self.from_ else None,
            until=self.until,
            months=self.months,
            region=self.region,
            indefinite=self.indefinite,
        )


class PenaltyRow(Row):
    """A decision; ``authority`` names an office."""

    on: str | int
    authority: str
    doc_no: str
    decided_on: date
    violation: str
    category: Category
    kinds: tuple[PenaltyKind, ...]
    legal_basis: tuple[str, ...]
    fine: Decimal | None = None
    confiscated: Decimal | None = None
    sector: str | None = None
    ban: BanRow | None = None
    events: tuple[EventRow, ...] = ()

    def penalty(self, offices: Mapping[str, Authority]) -> Penalty:
        """Fill in what a decision of the sample leaves unsaid."""
        return Penalty(
            doc_no=self.doc_no,
            authority=offices[self.authority],
            decided_on=self.decided_on,
            violation=self.violation,
            category=self.category,
            kinds=self.kinds,
            served_on=When.of(self.decided_on),
            published_on=When.of(self.decided_on + TO_PUBLISH),
            fine=self.fine,
            confiscated=self.confiscated,
            sector=self.sector,
            sector_line=LOOKED_UP if self.sector else None,
            legal_basis=self.legal_basis,
            in_business=True,
            ban=self.ban.ban() if self.ban else None,
        )


class ListingRow(Row):
    """An entry on a list; ``authority`` names an office."""

    on: str | int
    list: str
    listed_on: date
    authority: str
    until: date | None = None
    doc_no: str | None = None
    ground: str | None = None
    matched_by: MatchedBy = MatchedBy.IDENTIFIER
    events: tuple[EventRow, ...] = ()

    def listing(self, offices: Mapping[str, Authority]) -> Listing:
        """Make an entry that is published on the day it is listed."""
        return Listing(
            list=self.list,
            listed_on=self.listed_on,
            published_on=When.of(self.listed_on),
            until=self.until,
            ground=self.ground,
            doc_no=self.doc_no,
            authority=offices[self.authority],
            matched_by=self.matched_by,
        )


class BidRow(Row):
    """A bid; its first member leads it."""

    lot: str
    members: tuple[str, ...]
    price: Decimal | None = None
    result: BidOutcome = BidOutcome.PENDING
    machine_code: str | None = None
    deposit_account: str | None = None


class LotRow(Row):
    """A lot, budget in yuan."""

    lot: str
    category: str | None = None
    budget: Decimal | None = None


class ProjectRow(Row):
    """A project with the bids for it; parties by handle."""

    project_no: str
    name: str
    domain: Domain
    region: str
    purchaser: str
    agency: str | None = None
    notice_on: date
    deadline: datetime
    lots: tuple[LotRow, ...]
    bids: tuple[BidRow, ...]


class Cast(Row):
    """``cast.toml``."""

    firm: tuple[Firm, ...]
    expert: tuple[Expert, ...]
    relation: tuple[TieRow, ...]


class Records(Row):
    """``records.toml``."""

    offices: dict[str, OfficeRow]
    penalty: tuple[PenaltyRow, ...]
    listing: tuple[ListingRow, ...]


class Projects(Row):
    """``projects.toml``."""

    project: tuple[ProjectRow, ...]
