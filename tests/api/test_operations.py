"""Health, readiness, metrics, public keys."""

import base64

import httpx
import pytest

from tests.api.bodies import A
from tests.api.conftest import Harness


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/v1/keys", "/openapi.json"])
async def test_it_is_open_to_all(harness: Harness, path: str) -> None:
    async with harness.client(key="") as stranger:
        assert (await stranger.get(path)).status_code == 200


async def test_it_is_ready_when_all_it_needs_is(api: httpx.AsyncClient) -> None:
    assert (await api.get("/readyz")).json()["checks"]["graph"] is True


async def test_metrics_are_for_this_machine(harness: Harness) -> None:
    async with harness.client(key="", client=("203.0.113.9", 4711)) as stranger:
        assert (await stranger.get("/metrics")).status_code == 403
    async with harness.client(key="", client=("127.0.0.1", 4711)) as local:
        assert (await local.get("/metrics")).status_code == 200
    async with harness.client(key="", client=("::1", 4711)) as local:
        assert (await local.get("/metrics")).status_code == 200


async def test_a_proxy_on_this_machine_does_not_make_strangers_local(harness: Harness) -> None:
    async with harness.client(key="", client=("127.0.0.1", 4711)) as client:
        assert (await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})).status_code == 403


async def test_metrics_count_by_route_and_name_no_party(api: httpx.AsyncClient) -> None:
    await api.get(f"/v1/parties/{A}")
    text = (await api.get("/metrics")).text
    assert 'credit_requests_total{method="GET",route="/v1/parties/{party}",status="404"}' in text
    assert A not in text


async def test_public_keys_are_raw_ed25519(api: httpx.AsyncClient) -> None:
    (key,) = (await api.get("/v1/keys")).json()["items"]
    assert key["algorithm"] == "Ed25519"
    assert len(base64.b64decode(key["public_key"])) == 32


async def test_replies_are_not_stored_by_others(api: httpx.AsyncClient) -> None:
    reply = await api.get("/v1/rules")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
