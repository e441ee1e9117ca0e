"""Keys and the access log (the contract's "Callers")."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, StrictInt

from credit.api.schemas.fields import In, Instant, Line, Out, PartyRef, read_whole
from credit.api.schemas.recorded import AuthorityOut
from credit.api.schemas.records import AuthorityBody
from credit.callers import CallerStatement
from credit.identifiers import parse
from credit.model.caller import Access, Caller, Scope
from credit.model.party import PartyId

A_WEEK = 7 * 24 * 3600


class CallerBody(In):
    """A new key: its scopes, what it is bound to, calls a minute (null: no limit)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "资阳市财政局政府采购科",
                    "scopes": ["read", "record"],
                    "authority": {"name": "资阳市财政局", "region": "512000", "level": "city"},
                    "limit": 600,
                    "expires_at": "2027-01-01T00:00:00+08:00",
                }
            ]
        }
    )

    name: Line
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=len(Scope))]
    authority: AuthorityBody | None = None
    party: PartyRef | None = None
    limit: Annotated[StrictInt, Field(ge=1, le=1_000_000), BeforeValidator(read_whole)] | None = None
    expires_at: Instant | None = None

    def statement(self) -> CallerStatement:
        """Say it to the gate.

        Raises:
            IdentifierInvalid: the party's id is of no right form.
        """
        return CallerStatement(
            name=self.name,
            scopes=frozenset(self.scopes),
            authority=self.authority.authority() if self.authority else None,
            party=PartyId(parse(self.party).id) if self.party else None,
            limit=self.limit,
            expires_at=self.expires_at,
        )


class RotateBody(In):
    """How long the old key lives on beside the new one, in seconds."""

    overlap_seconds: Annotated[StrictInt, Field(ge=0, le=A_WEEK), BeforeValidator(read_whole)] = 0


class CallerOut(Out):
    """A caller; never its key."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    authority: AuthorityOut | None
    party: str | None
    limit: int | None
    created_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, caller: Caller) -> Self:
        """Show a caller."""
        return cls(
            id=caller.id,
            name=caller.name,
            scopes=tuple(scope for scope in Scope if scope in caller.scopes),
            authority=AuthorityOut.of(caller.authority) if caller.authority else None,
            party=caller.party,
            limit=caller.limit,
            created_at=caller.created_at,
            expires_at=caller.expires_at,
            revoked_at=caller.revoked_at,
        )


class NewKeyOut(CallerOut):
    """A caller with its new key, which is shown this once."""

    key: str

    @classmethod
    def made(cls, caller: Caller, key: str) -> Self:
        """Show a caller and its new key."""
        return cls(**CallerOut.of(caller).model_dump(), key=key)


class AccessOut(Out):
    """Who looked up whom, when, by which key and for which project."""

    at: datetime
    caller: str
    action: str
    parties: tuple[str, ...]
    project_no: str | None
    request_id: str

    @classmethod
    def of(cls, access: Access) -> Self:
        """Show a line of the access log."""
        return cls(
            at=access.at,
            caller=access.caller,
            action=access.action,
            parties=access.parties,
            project_no=access.project_no,
            request_id=access.request_id,
        )
