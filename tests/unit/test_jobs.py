"""Long checks: run, told, failed, taken up again; over a store held in memory."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from credit import jobs
from credit.errors import FieldInvalid, StoreUnavailable, Unknown
from credit.jobs import Jobs
from credit.model.caller import Caller, Scope
from credit.model.when import to_tick
from credit.ports import Job

CALLER = Caller("c", "c", frozenset({Scope.CHECK}))


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Held:
    """The jobs of `credit.ports.KeptReplies` in memory."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}

    async def reply(self, caller: str, key: str) -> tuple[str, int, str] | None: ...
    async def claim(self, caller: str, key: str, request: str, holder: str) -> tuple[str, int, str] | None: ...
    async def beat(self, caller: str, key: str, holder: str) -> None: ...
    async def free(self, caller: str, key: str, holder: str) -> None: ...
    async def keep_reply(self, caller: str, key: str, request: str, status: int, body: str) -> None: ...

    async def save_job(self, job: Job) -> None:
        self.jobs[job.id] = job

    async def job(self, job_id: str) -> Job | None:
        return self.jobs.get(job_id)

    async def unfinished_jobs(self) -> Sequence[Job]:
        return [job for job in self.jobs.values() if job.state in {"queued", "running"}]


@pytest.fixture
def store() -> Held:
    return Held()


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(jobs, "CLAIM_STANDS", 0.01)


async def until(told: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not told():  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(0.005)


async def answer(job: Job, report: Callable[[int], None]) -> str:
    report(job.total)
    return f"/v1/checks/{job.question}"


async def test_a_job_is_run_to_its_end(store: Held) -> None:
    async with Jobs(store, Clock()).running(answer) as running:
        job = await running.submit(CALLER, "q", 3)
        await until(lambda: store.jobs[job.id].state == "done")
    ended = store.jobs[job.id]
    assert (ended.result, ended.done, ended.error) == ("/v1/checks/q", 3, None)


async def test_progress_is_told_while_it_runs(store: Held) -> None:
    going, reported = asyncio.Event(), asyncio.Event()

    async def slow(job: Job, report: Callable[[int], None]) -> str:
        report(2)
        reported.set()
        await going.wait()
        return "/v1/checks/x"

    async with Jobs(store, Clock()).running(slow) as running:
        job = await running.submit(CALLER, "q", 3)
        await reported.wait()
        told = await running.job(job.id)
        going.set()
        assert (told.state, told.done, told.total) == ("running", 2, 3)
        await until(lambda: store.jobs[job.id].state == "done")


@pytest.mark.parametrize(("error", "code"), [(FieldInvalid("x"), "field_invalid"), (ValueError("x"), "internal_error")])
async def test_a_job_that_cannot_be_answered_has_failed(store: Held, error: Exception, code: str) -> None:
    async def refuse(job: Job, report: Callable[[int], None]) -> str:
        raise error

    async with Jobs(store, Clock()).running(refuse) as running:
        job = await running.submit(CALLER, "q", 3)
        await until(lambda: store.jobs[job.id].state == "failed")
    assert store.jobs[job.id].error == code


async def test_a_job_is_tried_again_once_the_store_is_back(store: Held) -> None:
    tries: list[str] = []

    async def gone_at_first(job: Job, report: Callable[[int], None]) -> str:
        tries.append(job.id)
        if len(tries) == 1:
            raise StoreUnavailable("x")
        return "/v1/checks/x"

    async with Jobs(store, Clock()).running(gone_at_first) as running:
        job = await running.submit(CALLER, "q", 3)
        await until(lambda: store.jobs[job.id].state == "done")
    assert len(tries) == 2


async def test_a_job_whose_process_died_is_taken_up(store: Held) -> None:
    await store.save_job(Job("j", "c", "running", 1, 3, "q", holder="dead", beat=1))
    async with Jobs(store, Clock()).running(answer):
        await until(lambda: store.jobs["j"].state == "done")


async def test_a_job_whose_process_lives_is_left_alone(store: Held) -> None:
    alive = Job("j", "c", "running", 1, 3, "q", holder="other", beat=to_tick(datetime.now(UTC)))
    await store.save_job(alive)
    async with Jobs(store, Clock()).running(answer) as running:
        mine = await running.submit(CALLER, "q", 3)
        await until(lambda: store.jobs[mine.id].state == "done")
    assert store.jobs["j"] == alive


async def test_a_job_that_another_process_claimed_as_well_is_left_to_it(
    store: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CLAIM_STANDS", 0.05)
    await store.save_job(Job("j", "c", "queued", 0, 3, "q", holder="dead", beat=1))
    async with Jobs(store, Clock()).running(answer) as running:
        await until(lambda: store.jobs["j"].holder != "dead")
        await store.save_job(replace(store.jobs["j"], holder="other"))
        mine = await running.submit(CALLER, "q", 3)
        await until(lambda: store.jobs[mine.id].state == "done")
    assert (store.jobs["j"].state, store.jobs["j"].holder) == ("queued", "other")


async def test_a_job_that_was_cut_off_may_be_taken_up_at_once(store: Held) -> None:
    started = asyncio.Event()

    async def endless(job: Job, report: Callable[[int], None]) -> str:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with Jobs(store, Clock()).running(endless) as running:
        job = await running.submit(CALLER, "q", 3)
        await started.wait()
    assert (store.jobs[job.id].state, store.jobs[job.id].beat) == ("queued", 0)


async def test_a_job_that_is_not_there_is_unknown(store: Held) -> None:
    with pytest.raises(Unknown):
        await Jobs(store, Clock()).job("none")
