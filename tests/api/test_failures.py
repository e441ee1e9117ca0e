"""What a caller sees when something behind the API fails."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest

from credit import logs
from credit.errors import CreditError, EvidenceBroken, StoreUnavailable, WriteContended
from credit.wiring import Services
from tests.api.bodies import LOOK_UP, A
from tests.api.conftest import Harness, served

SECRET = "张三 lives here"


class Failing:
    """Use-cases of which every one fails alike."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever is asked for
        raise self.error


async def reply_when(harness: Harness, **broken: Any) -> httpx.Response:  # noqa: ANN401  # fields of the services
    services: Services = replace(harness.services, **broken)
    async with served(services) as (app, state):
        failing = replace(harness, app=app, services=services, state=state)
        async with failing.client() as client:
            return await client.get(f"/v1/parties/{A}/eligibility", params=LOOK_UP)


@pytest.mark.usefixtures("logging_as_before")
async def test_an_unexpected_error_is_hidden_and_logged(harness: Harness, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    reply = await reply_when(harness, eligibility=Failing(RuntimeError(SECRET)))
    assert (reply.status_code, reply.json()["code"]) == (500, "internal_error")
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["request_id"] == reply.headers["x-request-id"]
    assert SECRET not in reply.text
    told = "".join(capsys.readouterr())
    assert "request_failed" in told
    assert SECRET not in told


@pytest.mark.parametrize("error", [StoreUnavailable("图不可用。", "gone"), WriteContended("冲突。", "busy")])
async def test_a_backend_that_does_not_serve_is_unavailable_for_now(harness: Harness, error: CreditError) -> None:
    reply = await reply_when(harness, eligibility=Failing(error))
    assert (reply.status_code, reply.json()["code"]) == (503, error.code)
    assert int(reply.headers["retry-after"]) > 0


async def test_broken_evidence_is_told(harness: Harness) -> None:
    reply = await reply_when(harness, eligibility=Failing(EvidenceBroken("已被改动。", "it was changed")))
    assert (reply.status_code, reply.json()["code"]) == (500, "evidence_broken")


async def test_a_graph_that_cannot_tell_who_calls_is_unavailable(harness: Harness) -> None:
    reply = await reply_when(harness, gate=Failing(StoreUnavailable("图不可用。", "gone")))
    assert reply.status_code == 503


async def test_it_is_not_ready_without_its_graph(harness: Harness) -> None:
    async def unready() -> Mapping[str, bool]:
        return {"graph": False}

    services = replace(harness.services, ready=unready)
    async with served(services) as (app, state):
        failing = replace(harness, app=app, services=services, state=state)
        async with failing.client(key="") as client:
            reply = await client.get("/readyz")
    assert (reply.status_code, reply.json()["code"]) == (503, "store_unavailable")
