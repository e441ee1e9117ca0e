"""`kill -9` of the embedded graph, and of its keeper, under an API that goes on: it comes back, and nothing is lost."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from credit.evidence import verify, verify_chain
from credit.graph import embedded
from credit.graph.keeper import State
from tests.faults.running import (
    Api,
    Written,
    chain_of,
    code,
    come_true,
    keys_of,
    records_of,
    register,
    resend,
    write_on,
)

PARTIES = {"java": code(11), "keeper": code(12)}
BEFORE, AFTER = 10, 10


def state_of(data: Path) -> State:
    state = embedded.status(data / "graph").state
    assert state is not None
    return state


def process_of(data: Path, which: str) -> int:
    process = getattr(state_of(data), which)
    assert isinstance(process, int)
    return process


@pytest.fixture(scope="module", params=sorted(PARTIES))
def kill(request: pytest.FixtureRequest, api: Api) -> tuple[str, Written]:
    """Kill one of the two while clients write, and let them write on until it serves again."""
    which: str = request.param
    written = Written()
    ended = False

    async def strike() -> None:
        nonlocal ended
        await come_true(lambda: written.enough(BEFORE, 2))
        os.kill(process_of(api.data, which), signal.SIGKILL)
        acknowledged, checked = len(written.penalties), len(written.checks)
        await come_true(lambda: written.enough(acknowledged + AFTER, checked + 2))
        ended = True

    async def scene() -> None:
        async with asyncio.timeout(180):
            await asyncio.gather(write_on(api, PARTIES[which], written, until=lambda: ended, name=which), strike())

    with api.client() as client:
        register(client, PARTIES[which])
    asyncio.run(scene())
    return PARTIES[which], written


@pytest.fixture
def client(api: Api) -> Iterator[httpx.Client]:
    with api.client() as opened:
        yield opened


def test_every_request_succeeds_or_is_told_that_the_graph_is_away(kill: tuple[str, Written]) -> None:
    _, written = kill
    # 200: a write whose commit outlived the server was tried again and found itself there.
    assert set(written.statuses) <= {200, 201, 503}


def test_the_api_process_lived_through_it(kill: tuple[str, Written], api: Api) -> None:
    assert api.process.poll() is None


def test_it_came_back_by_itself(kill: tuple[str, Written], api: Api, client: httpx.Client) -> None:
    assert embedded.status(api.data / "graph").kept
    assert client.get("/readyz").status_code == 200


def test_nothing_acknowledged_is_lost_and_nothing_doubled(kill: tuple[str, Written], client: httpx.Client) -> None:
    party, written = kill
    held = Counter(item["doc_no"] for item in records_of(client, party))
    assert set(held.values()) == {1}
    assert written.penalties.keys() <= held.keys() <= set(written.sent)


def test_what_was_sent_again_is_the_same_record(kill: tuple[str, Written], client: httpx.Client) -> None:
    party, written = kill
    again = resend(client, party, list(written.penalties))
    assert again == {doc_no: (200, record) for doc_no, record in written.penalties.items()}


def test_every_acknowledged_check_verifies(kill: tuple[str, Written], client: httpx.Client, api: Api) -> None:
    _, written = kill
    for check in written.checks:
        certificate = client.get(f"/v1/checks/{check}/certificate.json").raise_for_status().json()
        assert verify(certificate, keys_of(api.data)) == []


def test_the_chain_is_whole(kill: tuple[str, Written], api: Api) -> None:
    _, written = kill
    links = chain_of(api.data)
    assert verify_chain(links, keys_of(api.data)) == []
    assert written.checks.keys() <= {link.id for link in links}
