"""What replies of every resource share: pages, problems, rows of an array, keys, health."""

from typing import Any, Generic, Literal, Self, TypeVar

from pydantic import ConfigDict, Field

from credit.api.schemas.answers import ReasonOut
from credit.api.schemas.fields import Out
from credit.lists import Standing
from credit.model.verdict import Freshness

T = TypeVar("T")


class Page(Out, Generic[T]):
    """A part of a list, newest first; ``next`` is the cursor of the part after it."""

    items: tuple[T, ...]
    next: str | None


class Fault(Out):
    """One thing that is wrong in a body, at an RFC 6901 pointer."""

    pointer: str
    message: str


class Problem(Out):
    """What went wrong (RFC 9457); ``code`` is stable, ``detail`` Chinese and then English."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:credit:problem:party_unknown",
                    "title": "未登记 · Not found",
                    "status": 404,
                    "detail": "主体未登记。 The party is not registered",
                    "code": "party_unknown",
                    "errors": [],
                    "request_id": "3f2a9c0d1b7e4c55",
                }
            ]
        }
    )

    type: str
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    code: str
    errors: tuple[Fault, ...]
    request_id: str


class MadeOut(Out):
    """The answer on a row that was taken: 201 recorded, 200 held already."""

    status: Literal[200, 201]
    id: str


class RefusedOut(Out):
    """The answer on a row that was refused."""

    status: int
    problem: Problem


class RowsOut(Out):
    """The answers on an array, row by row."""

    items: tuple[MadeOut | RefusedOut, ...]


class KeyOut(Out):
    """A public key that kept checks are signed with; ``public_key`` is base64 of its 32 raw bytes."""

    key_id: str
    algorithm: Literal["Ed25519"]
    public_key: str


class KeysOut(Out):
    """All public keys, retired ones too."""

    items: tuple[KeyOut, ...]


class HealthOut(Out):
    """Whether the process lives."""

    status: Literal["ok"]


class LateSourceOut(Out):
    """A required list that is not fresh: nobody whom it is required for can be called eligible."""

    list: str
    name: ReasonOut
    status: Freshness

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """Show how a list stands."""
        name = ReasonOut(zh=standing.row.name.zh, en=standing.row.name.en)
        return cls(list=standing.row.id, name=name, status=standing.state.status)


class ReadyOut(Out):
    """Whether it can serve, and what it asked; ``late_sources`` is null where nobody asked for them."""

    status: Literal["ready"]
    checks: dict[str, Any]
    late_sources: tuple[LateSourceOut, ...] | None
