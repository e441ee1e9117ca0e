"""What an Idempotency-Key was answered, and long jobs."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from credit.graph import mapping
from credit.graph.bolt import Bolt
from credit.graph.queries import replies
from credit.ports import Job


@dataclass(frozen=True, slots=True)
class GraphReplies:
    """`credit.ports.KeptReplies`."""

    _bolt: Bolt

    async def reply(self, caller: str, key: str) -> tuple[str, int, str] | None:
        """Read what was answered under a key of a caller."""
        rows = await self._bolt.fetch(replies.MATCH_REPLY_BY_KEY, key=_name(caller, key))
        if not rows:
            return None
        request, status, body = rows[0]
        return request, status, body

    async def keep_reply(self, caller: str, key: str, request: str, status: int, body: str) -> None:
        """Keep an answer; the first one stands."""
        await self._bolt.put(
            replies.MERGE_REPLY,
            key=_name(caller, key),
            request=request,
            status=status,
            body=body,
            at=time.time_ns() // 1000,
        )

    async def save_job(self, job: Job) -> None:
        """Write a job as it stands."""
        await self._bolt.put(replies.MERGE_JOB, **asdict(job))

    async def job(self, job_id: str) -> Job | None:
        """Read one job."""
        rows = await self._bolt.fetch(replies.MATCH_JOB_BY_ID, id=job_id)
        return mapping.job_of(rows[0]) if rows else None

    async def unfinished_jobs(self) -> Sequence[Job]:
        """Read the jobs that are queued or running."""
        rows = await self._bolt.fetch(replies.MATCH_JOBS_BY_STATE, states=["queued", "running"])
        return [mapping.job_of(row) for row in rows]


def _name(caller: str, key: str) -> str:
    return f"{caller}\0{key}"
