"""An amendment's changes are held to the form of the record's own body: none may spoil the checks to come."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api import bodies
from tests.faults.running import Api, code, register

PARTY = code(60)
ODD: tuple[dict[str, Any], ...] = (
    {"fine": "NaN"},
    {"fine": "Infinity"},
    {"fine": "1E+9999999"},
    {"fine": "-1"},
    {"fine": 5},
    {"decided_on": "20260101"},
    {"decided_on": "2026-W01-1"},
    {"served_on": "2026-01-01T00:00:00"},
    {"ban": {"scope": "procurement", "months": 10**9}},
    {"ban": {"scope": "procurement", "months": 0}},
    {"ban": {"scope": "procurement", "region": "elsewhere"}},
    {"ban": []},
    {"authority": None},
    {"authority": {"name": ""}},
    {"kinds": [{}]},
    {"violation": "\x00"},
    {"sector_line": {"checked_on": "2026-01-01", "amount": "NaN"}},
    {"no_such_field": 1},
)


@pytest.fixture(scope="module")
def client(api: Api) -> Iterator[httpx.Client]:
    with api.client() as opened:
        yield opened


@pytest.fixture(scope="module")
def record(client: httpx.Client) -> str:
    register(client, PARTY)
    return str(client.post("/v1/penalties", json=bodies.penalty(party=PARTY)).raise_for_status().json()["id"])


def amend(client: httpx.Client, record: str, changes: dict[str, Any]) -> httpx.Response:
    event = {"kind": "amended", "on": "2026-03-01", "doc_no": str(changes), "changes": changes}
    return client.post(f"/v1/records/{record}/events", json=event)


@pytest.mark.parametrize("changes", ODD, ids=str)
def test_changes_of_no_right_form_are_refused(client: httpx.Client, record: str, changes: dict[str, Any]) -> None:
    assert amend(client, record, changes).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"fine": "999999999999999.99"},
        {"decided_on": "0001-01-01", "served_on": "9999-12-31"},
        {"ban": {"scope": "procurement", "months": 1200}},
        {"ban": None},
    ],
    ids=str,
)
def test_changes_of_the_right_form_are_taken_and_a_check_is_answered(
    client: httpx.Client, record: str, changes: dict[str, Any]
) -> None:
    assert amend(client, record, changes).status_code == 201
    assert client.post("/v1/checks", json=bodies.check(PARTY)).status_code == 201
