"""How fresh the lists are (the contract's ``/v1/sources``)."""

from datetime import datetime
from typing import Self

from pydantic import ConfigDict

from credit.api.schemas.fields import Count, In, Instant, Out
from credit.model.project import Sync, SyncOutcome
from credit.model.statements import SyncStatement
from credit.model.when import from_tick


class SyncBody(In):
    """One run over a list. Natural key: list, finished_at."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"finished_at": "2026-06-10T08:00:00+08:00", "outcome": "complete", "records": 1000}]
        }
    )

    finished_at: Instant
    outcome: SyncOutcome
    records: Count

    def statement(self) -> SyncStatement:
        """Say it to the registry."""
        return SyncStatement(finished_at=self.finished_at, outcome=self.outcome, records=self.records)


class SyncOut(Out):
    """A run as recorded."""

    id: str
    list: str
    finished_at: datetime
    outcome: SyncOutcome
    records: int
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
            recorded_at=from_tick(sync.tick),
        )
