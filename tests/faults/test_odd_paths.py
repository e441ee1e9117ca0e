"""Numbers as authorities write them, in paths that are posted to: the reply says where the new thing lies."""

from collections.abc import Iterator

import httpx
import pytest

from tests.api import bodies
from tests.faults.running import Api, code, register

PARTY, PURCHASER = code(70), code(71)
NUMBERS = ("资财采罚〔2026〕71号", "a{b}c", "100%", "甲 乙 {id}", "?#;")


@pytest.fixture(scope="module")
def client(api: Api) -> Iterator[httpx.Client]:
    with api.client() as opened:
        register(opened, PARTY, PURCHASER)
        yield opened


def escaped(number: str) -> str:
    return "".join(f"%{byte:02X}" for byte in number.encode())


def read_back(client: httpx.Client, reply: httpx.Response) -> None:
    assert reply.status_code == 201, reply.text
    assert client.get(reply.headers["Location"]).raise_for_status().json()["id"] == reply.json()["id"]


@pytest.mark.parametrize("number", NUMBERS)
def test_an_event_on_a_record_named_by_its_number_says_where_it_lies(client: httpx.Client, number: str) -> None:
    client.post("/v1/penalties", json=bodies.penalty(party=PARTY, doc_no=number)).raise_for_status()
    event = {"kind": "served", "on": "2026-01-15"}
    read_back(client, client.post(f"/v1/records/{escaped(number)}/events", json=event))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_bid_on_a_project_named_by_its_number_says_where_it_lies(client: httpx.Client, number: str) -> None:
    client.post("/v1/projects", json=bodies.project(PURCHASER, project_no=number)).raise_for_status()
    bid = {"lot": "1", "members": [PARTY], "lead": PARTY}
    read_back(client, client.post(f"/v1/projects/{escaped(number)}/bids", json=bid))
