"""``Idempotency-Key``: the same request again, another request, other callers."""

import asyncio

import httpx

from credit.model.caller import Scope
from tests.api.bodies import A, check, organisation, penalty
from tests.api.conftest import Harness

KEY = {"Idempotency-Key": "5f1c7d0e-0000-4000-8000-000000000001"}


async def test_the_same_request_again_gets_the_same_reply(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    first = await api.post("/v1/checks", json=check(A), headers=KEY)
    again = await api.post("/v1/checks", json=check(A), headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"


async def test_without_a_key_every_check_is_its_own(api: httpx.AsyncClient) -> None:
    first, second = [(await api.post("/v1/checks", json=check(A))).json()["id"] for _ in range(2)]
    assert first != second


async def test_another_request_under_the_key_is_refused(api: httpx.AsyncClient) -> None:
    await api.post("/v1/checks", json=check(A), headers=KEY)
    for reply in (
        await api.post("/v1/checks", json=check(A, lot="2"), headers=KEY),
        await api.put(f"/v1/parties/{A}", json=organisation(), headers=KEY),
    ):
        assert (reply.status_code, reply.json()["code"]) == (409, "idempotency_key_reused")


async def test_a_key_belongs_to_one_caller(harness: Harness, api: httpx.AsyncClient) -> None:
    await api.post("/v1/checks", json=check(A), headers=KEY)
    async with harness.client(await harness.key_of(Scope.CHECK)) as other:
        assert (await other.post("/v1/checks", json=check(A, lot="2"), headers=KEY)).status_code == 201


async def test_what_failed_may_be_tried_again(api: httpx.AsyncClient) -> None:
    assert (await api.post("/v1/penalties", json=penalty(), headers=KEY)).status_code == 404
    await api.put(f"/v1/parties/{A}", json=organisation())
    assert (await api.post("/v1/penalties", json=penalty(), headers=KEY)).status_code == 201


async def test_a_large_reply_is_kept_whole(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    body = check(*[A] * 50)
    first = await api.post("/v1/checks", json=body, headers=KEY)
    again = await api.post("/v1/checks", json=body, headers=KEY)
    assert len(first.content) > 4096
    assert again.content == first.content


async def test_requests_at_the_same_time_are_served_once(api: httpx.AsyncClient) -> None:
    replies = await asyncio.gather(*(api.post("/v1/checks", json=check(A), headers=KEY) for _ in range(8)))
    assert len({reply.json()["id"] for reply in replies}) == 1


async def test_a_get_takes_no_notice_of_the_key(api: httpx.AsyncClient) -> None:
    for path in ("/v1/rules", "/v1/sources"):
        assert (await api.get(path, headers=KEY)).status_code == 200


async def test_a_key_of_another_form_is_refused(api: httpx.AsyncClient) -> None:
    for key in ("a b", "x" * 256):
        reply = await api.post("/v1/checks", json=check(A), headers={"Idempotency-Key": key})
        assert reply.status_code == 422
        assert reply.json()["errors"][0]["pointer"] == "#header/Idempotency-Key"


async def test_a_reply_that_holds_a_key_is_not_kept(harness: Harness, api: httpx.AsyncClient) -> None:
    made = (await api.post("/v1/callers", json={"name": "x", "scopes": ["read"]}, headers=KEY)).json()
    rotated = (await api.post(f"/v1/callers/{made['id']}/rotate", headers=KEY)).json()
    assert await harness.services.replies.reply("first", KEY["Idempotency-Key"]) is None
    assert rotated["key"] != made["key"]
