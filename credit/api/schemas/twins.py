"""Suspected twins (the contract's ``GET /v1/twins``)."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from credit.api.schemas.fields import Day, In, Out, Paragraphs, PartyRef, party_id
from credit.api.schemas.parties import shown_name
from credit.model.merge import Merge, MergeStatement
from credit.model.party import Party
from credit.model.when import from_tick
from credit.search import Twin


class EntryOut(Out):
    """One of the two."""

    id: str
    name: str

    @classmethod
    def of(cls, party: Party, *, full: bool) -> Self:
        """Show an entry; ``full`` is whether the reader may see a person's name."""
        return cls(id=party.id, name=shown_name(party, full=full))


class TwinOut(Out):
    """Two entries that may be one party, why, and how much speaks for it; it merges nobody."""

    parties: tuple[EntryOut, EntryOut]
    why: tuple[str, ...]
    score: float = Field(ge=0, le=1)

    @classmethod
    def of(cls, twin: Twin, *, full: bool) -> Self:
        """Show suspected twins."""
        one, other = twin.parties
        return cls(
            parties=(EntryOut.of(one, full=full), EntryOut.of(other, full=full)),
            why=tuple(f"{zh} · {en}" for zh, en in twin.suspicion.why),
            score=twin.suspicion.score,
        )


class ApartBody(In):
    """Says that two entries are not one party; ``on`` is the day on which that was found."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "parties": ["91512002MAF0000126", "reg:440301103097413"],
                    "on": "2026-06-10",
                    "reason": "同名的两家企业，经核对登记档案",
                }
            ]
        }
    )

    parties: Annotated[tuple[PartyRef, ...], Field(min_length=2, max_length=2)]
    on: Day
    reason: Paragraphs

    def statement(self) -> MergeStatement:
        """Say it to the registry.

        Raises:
            IdentifierInvalid: a party's id is of no right form.
        """
        one, other = (party_id(party, f"/parties/{place}") for place, party in enumerate(self.parties))
        return MergeStatement(one, other, self.on, self.reason)


class ApartOut(Out):
    """That two entries are not one party."""

    id: str
    parties: tuple[str, str]
    on: date
    reason: str
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, apart: Merge) -> Self:
        """Show what was found."""
        return cls(
            id=apart.id,
            parties=(apart.keep, apart.same_as),
            on=apart.on,
            reason=apart.reason,
            recorded_at=from_tick(apart.tick),
            recorded_by=apart.recorded_by,
        )
