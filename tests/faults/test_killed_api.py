"""`kill -9` of the API in the middle of concurrent writes: what was acknowledged is there, once, and holds."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from credit.evidence import verify, verify_chain
from tests.faults.running import (
    Written,
    chain_of,
    code,
    come_true,
    keys_of,
    plain,
    records_of,
    register,
    resend,
    serving,
    write_on,
)

PARTY = code(1)
PENALTIES, CHECKS = 30, 3


@dataclass
class Aftermath:
    written: Written
    client: httpx.Client
    data: Path


@pytest.fixture(scope="module")
def aftermath(data: Path) -> Iterator[Aftermath]:
    """Kill the API while clients write, and start it again on the same data."""
    written = Written()

    async def scene() -> None:
        async def kill() -> None:
            await come_true(lambda: written.enough(PENALTIES, CHECKS))
            api.process.kill()

        writing = write_on(api, PARTY, written, until=lambda: api.process.poll() is not None, name="api")
        async with asyncio.timeout(180):
            await asyncio.gather(writing, kill())

    with serving(data) as api:
        with api.client() as client:
            register(client, PARTY)
        asyncio.run(scene())
    with serving(data) as again, again.client() as client:
        yield Aftermath(written, client, data)


def test_the_kill_came_in_the_middle_of_writes(aftermath: Aftermath) -> None:
    assert len(aftermath.written.sent) > len(aftermath.written.penalties) >= PENALTIES
    assert set(aftermath.written.statuses) == {201}


def test_every_acknowledged_penalty_is_there_exactly_once(aftermath: Aftermath) -> None:
    held = Counter(item["doc_no"] for item in records_of(aftermath.client, PARTY) if item["doc_no"].startswith("api-"))
    assert set(held.values()) == {1}
    assert aftermath.written.penalties.keys() <= held.keys() <= set(aftermath.written.sent)


def test_every_acknowledged_penalty_is_read_by_its_id(aftermath: Aftermath) -> None:
    for doc_no, record in aftermath.written.penalties.items():
        assert aftermath.client.get(f"/v1/penalties/{record}").json()["doc_no"] == doc_no


def test_every_acknowledged_check_reads_as_it_was_answered(aftermath: Aftermath) -> None:
    for check, answered in aftermath.written.checks.items():
        kept = aftermath.client.get(f"/v1/checks/{check}").raise_for_status().json()
        assert {**kept, "annotations": None} == {**answered, "annotations": None}


def test_every_acknowledged_check_has_a_certificate_that_verifies(aftermath: Aftermath) -> None:
    keys = keys_of(aftermath.data)
    for check in aftermath.written.checks:
        certificate = aftermath.client.get(f"/v1/checks/{check}/certificate.json").raise_for_status().json()
        assert verify(certificate, keys) == []


def test_the_chain_is_whole(aftermath: Aftermath) -> None:
    links = chain_of(aftermath.data)
    assert verify_chain(links, keys_of(aftermath.data)) == []
    assert aftermath.written.checks.keys() <= {link.id for link in links}


def test_the_same_bodies_again_answer_the_same_ids(aftermath: Aftermath) -> None:
    sent = aftermath.written.sent
    once, twice = resend(aftermath.client, PARTY, sent), resend(aftermath.client, PARTY, sent)
    for doc_no, record in aftermath.written.penalties.items():
        assert once[doc_no] == (200, record)
    assert plain({n: i for n, (_, i) in once.items()}) == plain({n: i for n, (_, i) in twice.items()})
    assert {status for status, _ in twice.values()} == {200}
