"""What an Idempotency-Key was answered, and long jobs."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from credit.graph import mapping
from credit.graph.bolt import Bolt
from credit.graph.queries import replies
from credit.ports import Job

SILENT_FOR: Final = 45_000_000
"""Microseconds without a sign of life after which a claim may be taken over."""


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

    async def claim(self, caller: str, key: str, request: str, holder: str) -> tuple[str, int, str] | None:
        """Take a key for a request in hand; None: it is the holder's now."""
        claim = {"key": _name(caller, key), "request": request, "holder": holder, "at": _now()}
        ((held, status, body, by, seen),) = await self._bolt.put(replies.MERGE_CLAIM, **claim)
        if status == 0 and by == holder:
            return None
        if status == 0 and seen < _now() - SILENT_FOR:
            taken = await self._bolt.put(replies.TAKE_CLAIM_OVER, **claim, held=by, seen=seen)
            return None if taken else (held, status, body)
        return held, status, body

    async def beat(self, caller: str, key: str, holder: str) -> None:
        """Give a sign of life for a claim."""
        await self._bolt.put(replies.BEAT_CLAIM, key=_name(caller, key), holder=holder, at=_now())

    async def free(self, caller: str, key: str, holder: str) -> None:
        """Give back a claim that came to nothing."""
        await self._bolt.put(replies.DELETE_CLAIM, key=_name(caller, key), holder=holder, at=_now())

    async def keep_reply(self, caller: str, key: str, request: str, status: int, body: str) -> None:
        """Keep an answer; the first one stands."""
        await self._bolt.put(
            replies.MERGE_REPLY,
            key=_name(caller, key),
            request=request,
            status=status,
            body=body,
            at=_now(),
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


def _now() -> int:
    return time.time_ns() // 1000


def _name(caller: str, key: str) -> str:
    return f"{caller}\0{key}"
