"""Who calls: a key's scopes, what it is bound to, how much it may ask (the contract's "Callers")."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from credit.model.party import PartyId
from credit.model.record import Authority


class Scope(StrEnum):
    READ = "read"
    CHECK = "check"
    RECORD = "record"
    ADMIN = "admin"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Caller:
    """One key's holder; ``limit`` is calls a minute, None without limit. Of the key only its hash is held.

    ``own``: for a request, the other ids that the party has to which the key is bound; not held.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    authority: Authority | None = None
    party: PartyId | None = None
    limit: int | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    own: frozenset[str] = frozenset()

    def has(self, scope: Scope) -> bool:
        return scope in self.scopes

    def is_party(self, party: str) -> bool:
        """Whether a party is the caller's own, by any of its ids that are known."""
        return party == self.party or party in self.own

    def live_at(self, now: datetime) -> bool:
        """Whether the key is neither revoked nor expired."""
        return (self.revoked_at is None or now < self.revoked_at) and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the access log: who looked up whom, when, for which project; never an identity number."""

    at: datetime
    caller: str
    action: str
    parties: tuple[str, ...]
    project_no: str | None
    request_id: str
