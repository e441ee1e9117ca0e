"""Two API processes on one data directory: one chain, one truth, at once."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from credit.evidence import verify_chain
from tests.api import bodies
from tests.faults.running import Api, chain_of, code, keys_of, records_of, register, serving

ROUNDS = 8


@dataclass
class Two:
    one: Api
    other: Api


@pytest.fixture(scope="module")
def two(api: Api) -> Iterator[Two]:
    with serving(api.data) as other:
        yield Two(api, other)


@pytest.fixture
def one(two: Two) -> Iterator[httpx.Client]:
    with two.one.client() as client:
        yield client


@pytest.fixture
def other(two: Two) -> Iterator[httpx.Client]:
    with two.other.client() as client:
        yield client


def at_once(two: Two, path: str, *posted: object, **headers: str) -> list[httpx.Response]:
    """Post to both in turn, all at the same time."""

    async def scene() -> list[httpx.Response]:
        async with two.one.async_client() as one, two.other.async_client() as other:
            return await asyncio.gather(
                *((one, other)[n % 2].post(path, json=body, headers=headers) for n, body in enumerate(posted))
            )

    return asyncio.run(scene())


def look_up(client: httpx.Client, party: str) -> str:
    reply = client.get(f"/v1/parties/{party}/eligibility", params=bodies.LOOK_UP)
    return str(reply.raise_for_status().json()["verdict"])


def test_checks_of_both_at_once_make_one_chain(two: Two, one: httpx.Client) -> None:
    register(one, code(21))
    kept = at_once(two, "/v1/checks", *[bodies.check(code(21))] * (2 * ROUNDS))
    links = chain_of(two.one.data)
    assert [link.number for link in links] == list(range(1, len(links) + 1))
    assert verify_chain(links, keys_of(two.one.data)) == []
    assert {reply.json()["id"] for reply in kept} <= {link.id for link in links}
    assert len({reply.json()["id"] for reply in kept}) == 2 * ROUNDS


def test_a_penalty_acknowledged_by_one_is_seen_at_once_by_the_other(one: httpx.Client, other: httpx.Client) -> None:
    for number, (writer, reader) in enumerate([(one, other), (other, one)] * (ROUNDS // 2)):
        party = code(30 + number)
        register(writer, party)
        assert look_up(reader, party) != "restricted"
        writer.post("/v1/penalties", json=bodies.penalty(party=party)).raise_for_status()
        assert look_up(reader, party) == "restricted"
        checked = reader.post("/v1/checks", json=bodies.check(party)).raise_for_status().json()
        assert [result["verdict"] for result in checked["results"]] == ["restricted"]


def test_the_same_penalty_sent_to_both_at_once_is_one_record(two: Two, one: httpx.Client) -> None:
    register(one, code(22))
    sent = [bodies.penalty(party=code(22), doc_no=f"both-{n // 2}") for n in range(2 * ROUNDS)]
    replies = at_once(two, "/v1/penalties", *sent)
    assert sorted(reply.status_code for reply in replies) == [200] * ROUNDS + [201] * ROUNDS
    for first, second in zip(replies[::2], replies[1::2], strict=True):
        assert first.json()["id"] == second.json()["id"]
    assert len(records_of(one, code(22))) == ROUNDS


def test_two_bodies_under_one_number_sent_to_both_at_once_are_one_record_and_a_conflict(
    two: Two, one: httpx.Client
) -> None:
    register(one, code(23))
    sent = [bodies.penalty(party=code(23), fine=fine) for fine in ("1.00", "2.00")]
    replies = at_once(two, "/v1/penalties", *sent)
    assert sorted(reply.status_code for reply in replies) == [201, 409]
    assert len(records_of(one, code(23))) == 1


def test_one_idempotency_key_serves_one_check_whichever_process_is_asked_again(
    one: httpx.Client, other: httpx.Client
) -> None:
    register(one, code(24))
    key = {"Idempotency-Key": "two-processes-in-turn"}
    first = one.post("/v1/checks", json=bodies.check(code(24)), headers=key)
    again = other.post("/v1/checks", json=bodies.check(code(24)), headers=key)
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])


def test_one_idempotency_key_for_another_body_is_refused_by_either_process(
    one: httpx.Client, other: httpx.Client
) -> None:
    register(one, code(24))
    key = {"Idempotency-Key": "two-processes-two-bodies"}
    assert one.post("/v1/checks", json=bodies.check(code(24)), headers=key).status_code == 201
    refused = other.post("/v1/checks", json=bodies.check(code(24), lot="2"), headers=key)
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")


def test_one_idempotency_key_sent_to_both_at_once_serves_one_check(two: Two, one: httpx.Client) -> None:
    register(one, code(25))
    for number in range(ROUNDS):
        body = bodies.check(code(25))
        replies = at_once(two, "/v1/checks", body, body, **{"Idempotency-Key": f"both-at-once-{number}"})
        assert [reply.status_code for reply in replies] == [201, 201]
        assert len({reply.json()["id"] for reply in replies}) == 1


def test_a_request_that_fails_frees_its_key_for_the_other_process(one: httpx.Client, other: httpx.Client) -> None:
    key = {"Idempotency-Key": "two-processes-one-fails"}
    body = bodies.penalty(party=code(26))
    assert one.post("/v1/penalties", json=body, headers=key).status_code == 404
    register(one, code(26))
    assert other.post("/v1/penalties", json=body, headers=key).status_code == 201
