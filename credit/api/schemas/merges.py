"""Merges (the contract's ``/v1/merges``)."""

from datetime import date, datetime
from typing import Self

from pydantic import ConfigDict, Field

from credit.api.schemas.fields import Day, In, Out, Paragraphs, PartyRef, party_id
from credit.model.merge import Merge, MergeStatement
from credit.model.when import from_tick


class MergeBody(In):
    """Says that ``same_as`` is the party ``keep``; ``on`` is the day on which that was found."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "keep": "91512002MAF0000126",
                    "same_as": "reg:440301103097413",
                    "on": "2026-06-10",
                    "reason": "换照前后的同一企业，见登记档案",
                }
            ]
        }
    )

    keep: PartyRef
    same_as: PartyRef
    on: Day
    reason: Paragraphs

    def statement(self) -> MergeStatement:
        """Say it to the registry.

        Raises:
            IdentifierInvalid: a party's id is of no right form.
        """
        return MergeStatement(party_id(self.keep, "/keep"), party_id(self.same_as, "/same_as"), self.on, self.reason)


class UndoBody(In):
    """Undoes a merge."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "经核实为两家企业"}]})

    reason: Paragraphs


class UndoingOut(Out):
    """What was said when a merge was undone."""

    reason: str
    recorded_at: datetime
    recorded_by: str


class MergeOut(Out):
    """A merge; ``undone`` is null while it is in force."""

    id: str
    keep: str
    same_as: str
    on: date
    reason: str
    recorded_at: datetime
    recorded_by: str = Field(description="登记人的密钥编号 · id of the caller")
    undone: UndoingOut | None

    @classmethod
    def of(cls, merge: Merge) -> Self:
        """Show a merge."""
        said = merge.undone
        return cls(
            id=merge.id,
            keep=merge.keep,
            same_as=merge.same_as,
            on=merge.on,
            reason=merge.reason,
            recorded_at=from_tick(merge.tick),
            recorded_by=merge.recorded_by,
            undone=said
            and UndoingOut(reason=said.reason, recorded_at=from_tick(said.tick), recorded_by=said.recorded_by),
        )
