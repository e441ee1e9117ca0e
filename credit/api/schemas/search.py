"""Finding parties by name (the contract's "Parties")."""

from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, StrictInt

from credit.api.schemas.fields import In, Line, Out, Region
from credit.api.schemas.parties import shown_name
from credit.names.matching import reasons
from credit.search import Candidate

MOST: Final = 100
"""Candidates in one answer."""


class SearchBody(In):
    """A name as a document prints it; ``region`` leaves out parties that are registered elsewhere."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "资阳示范商贸有限公司", "region": None, "limit": 20}]}
    )

    name: Line
    region: Region | None = None
    limit: Annotated[StrictInt, Field(ge=1, le=MOST)] = 20


class CandidateOut(Out):
    """A party whose name may be meant; ``why`` says what is alike and what differs, and that it identifies nobody."""

    id: str
    name: str
    score: float = Field(ge=0, le=1)
    why: tuple[str, ...]

    @classmethod
    def of(cls, found: Candidate, *, full: bool) -> Self:
        """Show a candidate; ``full`` is whether the reader may see a person's name."""
        return cls(
            id=found.party.id,
            name=shown_name(found.party, full=full),
            score=found.likeness.score,
            why=tuple(reasons(found.likeness)),
        )


class SearchOut(Out):
    """The parties whose names are likest, the likest first; a candidate is never an identification."""

    items: tuple[CandidateOut, ...]
