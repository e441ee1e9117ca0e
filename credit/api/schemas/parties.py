"""Parties and the graph around one (the contract's "Parties")."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints

from credit.api.schemas.fields import Day, In, Line, LongLine, Out, Region
from credit.identifiers import mask_name
from credit.model.party import Contact, Party, PartyKind, PartyStatus, Relation, Role
from credit.model.statements import UNSET, PartyStatement
from credit.model.when import from_tick
from credit.ports import Alike, HeldParty

IdentityNumber = Annotated[str, StringConstraints(max_length=40)]
"""Whether it is of a right form is the registry's to say: a wrong one is ``identifier_invalid``."""
MANY = 100


def _without_default(schema: dict[str, Any]) -> None:
    """Take the default out of the description: a key that is left out keeps what is held."""
    schema.pop("default", None)


class ContactIn(In):
    """A way to reach a party; device and account are kept as keyed hashes."""

    kind: Literal["phone", "email", "address", "device", "account"]
    value: LongLine


class PartyBody(In):
    """What is said of a party; a key left out keeps what is held."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "organisation", "name": "资阳示范商贸有限公司", "roles": ["supplier"], "region": "512002"}
            ]
        }
    )

    kind: PartyKind = Field(default=PartyKind.ORGANISATION, json_schema_extra=_without_default)
    name: Line = Field(default="", json_schema_extra=_without_default)
    former_names: Annotated[tuple[Line, ...], Field(max_length=MANY)] = ()
    roles: Annotated[tuple[Role, ...], Field(max_length=MANY)] = ()
    region: Region | None = None
    status: PartyStatus = Field(default=PartyStatus.ACTIVE, json_schema_extra=_without_default)
    established_on: Day | None = None
    contacts: Annotated[tuple[ContactIn, ...], Field(max_length=MANY)] = ()
    identity_number: IdentityNumber | None = Field(
        default=None, repr=False, description="自然人的身份证号，只写不读 · of persons; written, never shown"
    )

    def statement(self, party_id: str | None) -> PartyStatement:
        """Say it to the registry, leaving out what the body left out."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"contacts"}}
        if "kind" in given:
            given["kind"] = PartyKind(given["kind"])
        if "contacts" in self.model_fields_set:
            given["contacts"] = tuple(Contact(contact.kind, contact.value) for contact in self.contacts)
        return PartyStatement(id=party_id, **{name: given.get(name, UNSET) for name in type(self).model_fields})


class NewPartyBody(PartyBody):
    """A party whose id the registry gives, a natural person: at least its kind and its name."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "person", "name": "张三", "roles": ["expert"], "region": "512002"}]}
    )

    kind: Literal["person"]  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues]  # narrower
    name: Line  # pyright: ignore[reportGeneralTypeIssues]  # required here


class ContactOut(Out):
    """A contact; what is kept as a keyed hash is shown so."""

    kind: str
    value: str


class PartyOut(Out):
    """A party as held now; a person's name is masked for keys of scope ``read`` alone."""

    id: str
    kind: PartyKind
    name: str
    former_names: tuple[str, ...]
    roles: tuple[Role, ...]
    region: str | None
    status: PartyStatus
    established_on: date | None
    contacts: tuple[ContactOut, ...]
    identity_number: str | None = Field(description="只显示脱敏形式 · masked")
    recorded_at: datetime | None
    kept_as: str | None = Field(description="合并后以此标识显示 · the entry that a merge shows the party under")
    same_as: tuple[str, ...] = Field(description="同一主体的其他登记 · other entries of the party, by merges")

    @classmethod
    def of(cls, held: HeldParty, one: Alike | None = None, *, full: bool) -> Self:
        """Show a party; ``full`` is whether the reader may see a person's name and contacts."""
        party = held.party
        others = one.others if one is not None else ()
        hidden = party.kind is PartyKind.PERSON and not full
        return cls(
            id=party.id,
            kind=party.kind,
            name=shown_name(party, full=full),
            former_names=tuple(map(mask_name, party.former_names)) if hidden else party.former_names,
            roles=party.roles,
            region=party.region,
            status=party.status,
            established_on=party.established_on,
            contacts=() if hidden else tuple(ContactOut(kind=c.kind, value=c.value) for c in party.contacts),
            identity_number=party.identity_masked,
            recorded_at=from_tick(held.revision) if held.revision else None,
            kept_as=one.kept.id if one is not None and others else None,
            same_as=others,
        )


class NodeOut(Out):
    """A party of a graph."""

    id: str
    kind: PartyKind
    name: str
    region: str | None
    status: PartyStatus

    @classmethod
    def of(cls, party: Party, *, full: bool) -> Self:
        """Show a party as a node."""
        return cls(
            id=party.id, kind=party.kind, name=shown_name(party, full=full), region=party.region, status=party.status
        )


class EdgeOut(Out):
    """A relation of a graph; ``since`` inclusive, ``until`` exclusive."""

    id: str
    kind: str
    source: str
    target: str
    share: str | None
    since: date | None
    until: date | None

    @classmethod
    def of(cls, relation: Relation) -> Self:
        """Show a relation as an edge."""
        return cls(
            id=relation.id,
            kind=relation.kind,
            source=relation.source,
            target=relation.target,
            share=None if relation.share is None else f"{relation.share:f}",
            since=relation.since,
            until=relation.ends_on(),
        )


class GraphOut(Out):
    """What lies around a party; ``truncated`` where there is more than may be shown."""

    nodes: tuple[NodeOut, ...]
    edges: tuple[EdgeOut, ...]
    truncated: bool


def shown_name(party: Party, *, full: bool) -> str:
    """Return a party's name as the reader may see it."""
    return mask_name(party.name) if party.kind is PartyKind.PERSON and not full else party.name
