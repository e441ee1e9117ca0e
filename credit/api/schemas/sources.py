"""How fresh the lists are (the contract's ``/v1/sources``)."""

from datetime import datetime
from typing import Self

from pydantic import ConfigDict, Field

from credit.api.schemas.fields import Count, In, Instant, Out
from credit.model.party import PartyKind
from credit.model.project import Sync, SyncOutcome
from credit.model.statements import SyncStatement
from credit.model.when import from_tick


class SyncBody(In):
    """One run over a list. Natural key: list, finished_at.

    ``silent``: kinds of parties that the list hides, so that nobody of them is clean by it; left out, those of the run
    before. ``seen_at``: as of when the list was seen, if before ``finished_at``: its age counts from
    then; left out, as the run before said.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"finished_at": "2026-06-10T08:00:00+08:00", "outcome": "complete", "records": 1000}]
        }
    )

    finished_at: Instant
    outcome: SyncOutcome
    records: Count
    silent: tuple[PartyKind, ...] | None = Field(default=None, max_length=len(PartyKind))
    seen_at: Instant | None = None

    def statement(self) -> SyncStatement:
        """Say it to the registry."""
        return SyncStatement(
            finished_at=self.finished_at,
            outcome=self.outcome,
            records=self.records,
            silent=self.silent,
            seen_at=self.seen_at,
        )


class SyncOut(Out):
    """A run as recorded; ``silent``: kinds of parties of whom the list tells nothing; ``seen_at`` null: not known."""

    id: str
    list: str
    finished_at: datetime
    outcome: SyncOutcome
    records: int
    silent: tuple[PartyKind, ...]
    seen_at: datetime | None
    recorded_at: datetime

    @classmethod
    def of(cls, sync: Sync) -> Self:
        """Show a run."""
        return cls(
            id=sync.id,
            list=sync.list,
            finished_at=sync.finished_at,
            outcome=sync.outcome,
            records=sync.records,
            silent=sync.silent,
            seen_at=sync.seen_at,
            recorded_at=from_tick(sync.tick),
        )
