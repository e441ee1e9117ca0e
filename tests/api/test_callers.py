"""Keys: made, shown once, bound, listed, expiring, rotated, revoked; limits; the access log."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.bodies import FINANCE, LOOK_UP, A, check, organisation
from tests.api.conftest import Harness

LIVE, ENDED = 200, 401


async def make(api: httpx.AsyncClient, **given: object) -> dict[str, Any]:
    reply = await api.post("/v1/callers", json={"name": "评审系统", "scopes": ["read"], **given})
    assert reply.status_code == 201, reply.text
    return reply.json()


async def status(harness: Harness, key: str) -> int:
    async with harness.client(key) as client:
        return (await client.get("/v1/rules")).status_code


async def test_a_key_that_was_made_is_live(harness: Harness, api: httpx.AsyncClient) -> None:
    assert await status(harness, (await make(api))["key"]) == LIVE


async def test_a_key_is_shown_once(api: httpx.AsyncClient) -> None:
    made = await make(api)
    shown = (await api.get(f"/v1/callers/{made['id']}")).json()
    assert "key" not in shown
    assert shown == {name: value for name, value in made.items() if name != "key"}
    assert made["key"] not in (await api.get("/v1/callers")).text


async def test_what_a_key_is_bound_to_is_shown(api: httpx.AsyncClient) -> None:
    made = await make(api, scopes=["self", "read"], party=A, authority=FINANCE, limit=60)
    assert (made["scopes"], made["party"], made["authority"], made["limit"]) == (["read", "self"], A, FINANCE, 60)


async def test_a_self_key_needs_its_party(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/callers", json={"name": "x", "scopes": ["self"]})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == "/party"


async def test_a_key_cannot_be_made_that_has_expired(api: httpx.AsyncClient) -> None:
    body = {"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00+08:00"}
    assert (await api.post("/v1/callers", json=body)).status_code == 422


async def test_a_key_ends_when_it_expires(harness: Harness, api: httpx.AsyncClient) -> None:
    soon = harness.clock.now() + timedelta(minutes=1)
    key = (await make(api, expires_at=soon.isoformat()))["key"]
    assert await status(harness, key) == LIVE
    harness.clock.offset = timedelta(minutes=2)
    assert await status(harness, key) == ENDED


async def test_a_rotated_key_ends_at_once(harness: Harness, api: httpx.AsyncClient) -> None:
    made = await make(api)
    assert await status(harness, made["key"]) == LIVE
    new = (await api.post(f"/v1/callers/{made['id']}/rotate")).json()
    assert new["id"] == made["id"]
    assert (await status(harness, made["key"]), await status(harness, new["key"])) == (ENDED, LIVE)


async def test_a_rotated_key_may_live_on_for_a_while(harness: Harness, api: httpx.AsyncClient) -> None:
    made = await make(api)
    new = (await api.post(f"/v1/callers/{made['id']}/rotate", json={"overlap_seconds": 60})).json()
    assert (await status(harness, made["key"]), await status(harness, new["key"])) == (LIVE, LIVE)
    harness.clock.offset = timedelta(seconds=61)
    assert (await status(harness, made["key"]), await status(harness, new["key"])) == (ENDED, LIVE)


async def test_a_revoked_key_ends_at_once(harness: Harness, api: httpx.AsyncClient) -> None:
    made = await make(api)
    assert await status(harness, made["key"]) == LIVE
    reply = await api.post(f"/v1/callers/{made['id']}/revoke")
    assert reply.json()["revoked_at"] is not None
    assert await status(harness, made["key"]) == ENDED


async def test_revoking_twice_changes_nothing(api: httpx.AsyncClient) -> None:
    made = await make(api)
    first = await api.post(f"/v1/callers/{made['id']}/revoke")
    second = await api.post(f"/v1/callers/{made['id']}/revoke")
    assert (second.status_code, second.json()) == (200, first.json())


async def test_a_revoked_key_is_not_rotated(api: httpx.AsyncClient) -> None:
    made = await make(api)
    await api.post(f"/v1/callers/{made['id']}/revoke")
    assert (await api.post(f"/v1/callers/{made['id']}/rotate")).status_code == 409


@pytest.mark.parametrize("action", ["rotate", "revoke"])
async def test_a_key_does_not_end_itself(api: httpx.AsyncClient, action: str) -> None:
    assert (await api.post(f"/v1/callers/first/{action}")).status_code == 409
    assert (await api.get("/v1/callers/first")).status_code == 200


async def test_an_unknown_caller_is_not_found(api: httpx.AsyncClient) -> None:
    for reply in (await api.get("/v1/callers/none"), await api.post("/v1/callers/none/revoke")):
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


async def test_callers_are_paged_newest_first(api: httpx.AsyncClient) -> None:
    made = [(await make(api, name=f"系统{number}"))["id"] for number in range(3)]
    first = (await api.get("/v1/callers?limit=2")).json()
    rest = (await api.get("/v1/callers", params={"after": first["next"]})).json()
    assert [caller["id"] for caller in first["items"]] == [made[2], made[1]]
    assert [caller["id"] for caller in rest["items"]] == [made[0], "first"]
    assert rest["next"] is None


async def test_the_key_of_the_first_start_has_all_scopes_and_no_bounds(api: httpx.AsyncClient) -> None:
    first = (await api.get("/v1/callers/first")).json()
    assert first["scopes"] == [scope.value for scope in Scope]
    assert (first["authority"], first["party"], first["limit"], first["expires_at"]) == (None, None, None, None)


async def test_a_key_has_as_many_calls_a_minute_as_it_was_given(harness: Harness, api: httpx.AsyncClient) -> None:
    async with harness.client((await make(api, limit=2))["key"]) as client:
        replies = [await client.get("/v1/rules") for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert [reply.headers["ratelimit"].partition(";t=")[0] for reply in replies] == [
        '"minute";r=1', '"minute";r=0', '"minute";r=0',
    ]  # fmt: skip
    assert {reply.headers["ratelimit-policy"] for reply in replies} == {'"minute";q=2;w=60'}
    assert 1 <= int(replies[2].headers["retry-after"]) <= 60
    assert replies[2].json()["code"] == "rate_limited"


async def test_a_key_without_limit_is_told_of_none(api: httpx.AsyncClient) -> None:
    assert "ratelimit" not in (await api.get("/v1/rules")).headers


async def test_who_looked_up_whom_and_for_what_is_written_down(harness: Harness, api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    made = await make(api, scopes=["read", "check"])
    async with harness.client(made["key"]) as client:
        await client.get(f"/v1/parties/{A}")
        await client.post("/v1/eligibility", json={**LOOK_UP, "parties": [A]})
        await client.post("/v1/checks", json=check(A, project_no="N1"), headers={"X-Request-Id": "check-no-1"})
    items = (await api.get("/v1/accesses", params={"party": A})).json()["items"]
    mine = [item for item in items if item["caller"] == made["id"]]
    assert [item["action"] for item in mine] == ["check", "eligibility", "party"]
    assert all(item["parties"] == [A] for item in mine)
    assert (mine[0]["project_no"], mine[0]["request_id"]) == ("N1", "check-no-1")


async def test_what_is_no_identifier_is_not_written_down(harness: Harness, api: httpx.AsyncClient) -> None:
    number = "1101011908" + "01010012"
    await api.post("/v1/eligibility", json={**LOOK_UP, "parties": [A, number]})
    await api.get(f"/v1/parties/{number}/eligibility", params=LOOK_UP)
    assert number not in (await api.get("/v1/accesses")).text


async def test_accesses_are_paged(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    for _ in range(3):
        await api.get(f"/v1/parties/{A}")
    first = (await api.get("/v1/accesses", params={"party": A, "limit": 2})).json()
    rest = (await api.get("/v1/accesses", params={"party": A, "limit": 2, "after": first["next"]})).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert first["items"][0]["at"] >= first["items"][1]["at"] >= rest["items"][0]["at"]
