"""Parties and the relations between them (DOMAIN §1.6; the contract's "Parties")."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NewType

PartyId = NewType("PartyId", str)


class PartyKind(StrEnum):
    ORGANISATION = "organisation"
    INDIVIDUAL_BUSINESS = "individual_business"
    PERSON = "person"
    FOREIGN = "foreign"


class Role(StrEnum):
    """What a party is registered as; ``AUTHORITY`` never takes part."""

    SUPPLIER = "supplier"
    PURCHASER = "purchaser"
    AGENCY = "agency"
    EXPERT = "expert"
    AUTHORITY = "authority"


class PartyStatus(StrEnum):
    ACTIVE = "active"
    REVOKED = "revoked"
    DEREGISTERED = "deregistered"


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach a party; ``value`` of a device, an account or a network address is a keyed hash."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Party:
    """What is held on a party, as of one place in the order of writes."""

    id: PartyId
    kind: PartyKind
    name: str
    former_names: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    region: str | None = None
    status: PartyStatus = PartyStatus.ACTIVE
    established_on: date | None = None
    contacts: tuple[Contact, ...] = ()
    identity_masked: str | None = None


class RelationKind(StrEnum):
    """Read ``source KIND target``: the leader leads, the shareholder holds, the branch is a branch of."""

    UNIT_LEADER = "unit_leader"
    SHAREHOLDER = "shareholder"
    CONTROLS = "controls"
    MANAGES = "manages"
    BRANCH_OF = "branch_of"
    SUCCESSOR_OF = "successor_of"
    RENAMED_FROM = "renamed_from"


@dataclass(frozen=True, slots=True)
class RelationEnd:
    """What ``POST /v1/relations/{id}/end`` said: the relation holds until this day, exclusive."""

    until: date
    reason: str | None
    tick: int


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation; ``since`` inclusive, ``until`` exclusive, None open; ``share`` 0–1.

    ``told`` are its ends as they were recorded, where by a merge one of them is now another entry's.
    """

    id: str
    kind: RelationKind
    source: PartyId
    target: PartyId
    share: Decimal | None = None
    since: date | None = None
    until: date | None = None
    tick: int = 0
    ends: tuple[RelationEnd, ...] = field(default=())
    told: tuple[PartyId, ...] | None = None

    @property
    def recorded_ends(self) -> tuple[PartyId, PartyId]:
        """Source and target as they were recorded."""
        return (self.told[0], self.told[1]) if self.told else (self.source, self.target)

    def ends_on(self, known: int | None = None) -> date | None:
        """The exclusive last day by the newest word known; ``known`` is a place in the order of writes."""
        said = [e for e in self.ends if known is None or e.tick <= known]
        return max(said, key=lambda e: e.tick).until if said else self.until

    def holds_on(self, day: date) -> bool:
        """Whether the relation holds on a legal day."""
        until = self.ends_on()
        return (self.since is None or self.since <= day) and (until is None or day < until)
