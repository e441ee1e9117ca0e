"""Requests under one ``Idempotency-Key`` of several processes: one is served, the others wait for its answer."""

import asyncio

import httpx

from credit.api.lanes import Lanes
from credit.api.repeats import Repeats
from tests.api.bodies import A, check, organisation
from tests.api.conftest import Harness

KEY = "5f1c7d0e-0000-4000-8000-000000000002"
HEADER = {"Idempotency-Key": KEY}
PATIENT = 60.0
"""Seconds that a request waits for another: no test that sets it is about how soon it gives up."""


async def digest_of(harness: Harness, api: httpx.AsyncClient) -> str:
    """Learn the digest of the check by having it answered once under another key."""
    await api.put(f"/v1/parties/{A}", json=organisation())
    await api.post("/v1/checks", json=check(A), headers={"Idempotency-Key": "another"})
    kept = await harness.services.replies.reply("first", "another")
    assert kept is not None
    return kept[0]


async def test_a_request_waits_for_what_another_process_answers(harness: Harness, api: httpx.AsyncClient) -> None:
    harness.app.state.repeats = Repeats(patience=PATIENT)
    digest = await digest_of(harness, api)
    replies = harness.services.replies
    await replies.claim("first", KEY, digest, "another process")
    waiting = asyncio.create_task(api.post("/v1/checks", json=check(A), headers=HEADER))
    await api.get("/v1/rules")
    assert not waiting.done()
    await replies.keep_reply("first", KEY, digest, 201, '{"location":null,"body":"{}"}')
    reply = await waiting
    assert (reply.status_code, reply.content, reply.headers["idempotent-replayed"]) == (201, b"{}", "true")


async def test_a_request_is_served_once_the_other_process_has_failed(harness: Harness, api: httpx.AsyncClient) -> None:
    harness.app.state.repeats = Repeats(patience=PATIENT)
    digest = await digest_of(harness, api)
    await harness.services.replies.claim("first", KEY, digest, "another process")
    waiting = asyncio.create_task(api.post("/v1/checks", json=check(A), headers=HEADER))
    await api.get("/v1/rules")
    await harness.services.replies.free("first", KEY, "another process")
    reply = await waiting
    assert (reply.status_code, "idempotent-replayed" in reply.headers) == (201, False)


async def test_requests_that_wait_for_another_hold_up_nobody(harness: Harness, api: httpx.AsyncClient) -> None:
    harness.app.state.repeats = Repeats(patience=PATIENT)
    digest = await digest_of(harness, api)
    replies, lanes = harness.services.replies, harness.state["lanes"]
    assert isinstance(lanes, Lanes)
    keys = [f"{KEY}-{number}" for number in range(lanes.heavy.width.at_once)]
    for key in keys:
        await replies.claim("first", key, digest, "another process")
    waiting = [
        asyncio.create_task(api.post("/v1/checks", json=check(A), headers={"Idempotency-Key": key})) for key in keys * 2
    ]
    repeats: Repeats = harness.app.state.repeats
    async with asyncio.timeout(60):
        while repeats.under_way < len(keys):  # noqa: ASYNC110  # nobody tells of it
            await asyncio.sleep(0.05)
    async with asyncio.timeout(PATIENT / 2):
        assert (await api.post("/v1/checks", json=check(A))).status_code == 201
    assert not any(task.done() for task in waiting)
    for key in keys:
        await replies.keep_reply("first", key, digest, 201, '{"location":null,"body":"{}"}')
    assert {reply.status_code for reply in await asyncio.gather(*waiting)} == {201}
    assert (lanes.heavy.taken, lanes.heavy.waiting) == (0, 0)


async def test_who_waits_in_vain_is_told_to_come_again(harness: Harness, api: httpx.AsyncClient) -> None:
    harness.app.state.repeats = Repeats(patience=0.05)
    digest = await digest_of(harness, api)
    await harness.services.replies.claim("first", KEY, digest, "another process")
    replies = await asyncio.gather(*(api.post("/v1/checks", json=check(A), headers=HEADER) for _ in range(2)))
    for reply in replies:
        assert (reply.status_code, reply.json()["code"]) == (503, "write_contended")
        assert int(reply.headers["retry-after"]) >= 1
