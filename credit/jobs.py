"""Long checks: kept as jobs in the graph, run in the background, taken up again when their process died.

A job says which process holds it and when that one last gave a sign of life. Whoever finds a job without such a sign
claims it, waits, and runs it if the claim still stands: two processes seldom do the same work, and never harm by it.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Final

from credit.errors import CreditError, Unavailable, Unknown
from credit.logs import logger
from credit.model.caller import Caller
from credit.model.when import to_tick
from credit.ports import Clock, Job, KeptReplies
from credit.tasks import end

BEAT_EVERY: Final = 2.0
"""Seconds between two signs of life."""
DEAD_AFTER: Final = 10_000_000
"""Microseconds without one after which a job's holder is taken for dead."""
LOOK_EVERY: Final = 5.0
CLAIM_STANDS: Final = 0.3
"""Seconds after which a claim that nobody else has overwritten is ours."""
QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
UNFINISHED: Final = frozenset({QUEUED, RUNNING})

Answer = Callable[[Job, Callable[[int], None]], Awaitable[str]]
"""Does a job's work: given the job and a place to report how many parties are done, returns the path of its result."""

_log = logger(__name__)


class Jobs:
    """Takes long checks in, runs them one at a time, and tells how far they are."""

    def __init__(self, store: KeptReplies, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._holder = secrets.token_hex(8)
        self._wake = asyncio.Event()
        self._done: dict[str, int] = {}

    async def submit(self, caller: Caller, question: str, total: int) -> Job:
        """Keep a job and start it soon; ``question`` is the request's body, ``total`` its number of parties."""
        job = Job(secrets.token_hex(12), caller.id, QUEUED, 0, total, question, holder=self._holder, beat=self._now())
        await self._store.save_job(job)
        self._wake.set()
        return job

    async def job(self, job_id: str) -> Job:
        """Return a job as it stands.

        Raises:
            Unknown: there is none of that id.
        """
        job = await self._store.job(job_id)
        if job is None:
            raise Unknown(f"没有编号为 {job_id} 的任务。", f"There is no job {job_id}")
        return replace(job, done=max(job.done, self._done.get(job_id, 0))) if job.state == RUNNING else job

    @asynccontextmanager
    async def running(self, answer: Answer) -> AsyncGenerator["Jobs"]:
        """Run jobs in the background for a block; one that is not finished at its end is left for another process."""
        task = asyncio.create_task(self._keep_running(answer))
        try:
            yield self
        finally:
            await end(task)

    async def _keep_running(self, answer: Answer) -> None:
        while True:
            try:
                for job in await self._store.unfinished_jobs():
                    if (claimed := await self._claim(job)) is not None:
                        await self._run(claimed, answer)
            except CreditError as error:
                _log.warning("jobs_delayed", code=error.code)
            except Exception:  # noqa: BLE001  # the edge of a background task: it goes on
                _log.exception("jobs_delayed")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._wake.wait()
            self._wake.clear()

    async def _claim(self, listed: Job) -> Job | None:
        """Return a job that we may run: one of ours, or one whose holder is dead and that nobody else claims."""
        job = await self._store.job(listed.id)
        if job is None or job.state not in UNFINISHED:
            return None
        if job.holder == self._holder:
            return job
        if self._now() - job.beat < DEAD_AFTER:
            return None
        await self._store.save_job(replace(job, holder=self._holder, beat=self._now()))
        await asyncio.sleep(CLAIM_STANDS)
        held = await self._store.job(job.id)
        return held if held is not None and held.holder == self._holder and held.state in UNFINISHED else None

    async def _run(self, job: Job, answer: Answer) -> None:
        """Do one job to its end; where a backend cannot serve it stays queued, and is tried again."""
        job = replace(job, state=RUNNING, holder=self._holder, beat=self._now())
        await self._store.save_job(job)
        beating = asyncio.create_task(self._keep_beating(job))
        try:
            result = await answer(job, lambda done: self._done.__setitem__(job.id, done))
            ended = replace(job, state=DONE, done=job.total, result=result)
        except asyncio.CancelledError:
            with suppress(CreditError):
                await self._store.save_job(replace(job, state=QUEUED, beat=0))  # another process may take it up at once
            raise
        except Unavailable:
            raise
        except CreditError as error:
            ended = replace(job, state=FAILED, error=error.code)
            _log.warning("job_failed", job=job.id, code=error.code)
        except Exception:  # noqa: BLE001  # the edge of a background process: the job says that it failed
            ended = replace(job, state=FAILED, error="internal_error")
            _log.exception("job_failed", job=job.id, code="internal_error")
        finally:
            await end(beating)
            self._done.pop(job.id, None)
        await self._store.save_job(replace(ended, question="", beat=self._now()))
        _log.info("job_ended", job=job.id, state=ended.state, total=ended.total)

    async def _keep_beating(self, job: Job) -> None:
        while True:
            await asyncio.sleep(BEAT_EVERY)
            with suppress(CreditError):
                await self._store.save_job(replace(job, done=self._done.get(job.id, 0), beat=self._now()))

    def _now(self) -> int:
        return to_tick(self._clock.now())
