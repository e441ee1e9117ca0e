"""What each scope may, and what it may not."""

from typing import Any

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.bodies import FINANCE, LOOK_UP, MARKET, A, authority_of, check, listing, organisation, penalty, project
from tests.api.conftest import Harness

READ, CHECK, RECORD, ADMIN, SELF = Scope.READ, Scope.CHECK, Scope.RECORD, Scope.ADMIN, Scope.SELF
ALL = {READ, CHECK, RECORD, ADMIN, SELF}
OWN = authority_of(FINANCE)
SYNC = {"finished_at": "2026-06-10T08:00:00+08:00", "outcome": "complete", "records": 1000}
MATRIX = [
    ("GET", f"/v1/parties/{A}", None, {READ, RECORD, ADMIN, SELF}),
    ("GET", f"/v1/parties/{A}/graph", None, {READ, RECORD, ADMIN, SELF}),
    ("GET", f"/v1/parties/{A}/records", None, {READ, RECORD, ADMIN, SELF}),
    ("GET", f"/v1/parties/{A}/eligibility?domain=other&role=supplier&on=2026-06-10", None, {READ, RECORD, ADMIN, SELF}),
    ("POST", "/v1/eligibility", {**LOOK_UP, "parties": [A]}, {READ, RECORD, ADMIN}),
    ("GET", "/v1/sources", None, {READ, CHECK, RECORD, ADMIN}),
    ("GET", "/v1/checks", None, {READ, CHECK, ADMIN}),
    ("GET", "/v1/rules", None, ALL),
    ("POST", "/v1/checks", check(A), {CHECK}),
    ("PUT", f"/v1/parties/{A}", organisation(), {RECORD, ADMIN}),
    ("POST", "/v1/penalties", penalty(), {RECORD, ADMIN}),
    ("POST", "/v1/listings", listing(authority=FINANCE), {RECORD, ADMIN}),
    ("POST", "/v1/projects", project(A), {RECORD, ADMIN}),
    ("POST", "/v1/sources/L03/syncs", SYNC, {ADMIN}),
    ("GET", "/v1/callers", None, {ADMIN}),
    ("POST", "/v1/callers", {"name": "x", "scopes": ["read"]}, {ADMIN}),
    ("GET", "/v1/accesses", None, {ADMIN}),
]


@pytest.fixture
async def party(api: httpx.AsyncClient) -> None:
    assert (await api.put(f"/v1/parties/{A}", json=organisation())).status_code == 201


@pytest.mark.usefixtures("party")
@pytest.mark.parametrize("scope", list(Scope))
async def test_a_scope_may_what_it_may_and_nothing_else(harness: Harness, scope: Scope) -> None:
    key = await harness.key_of(scope, party=A if scope is SELF else None, authority=OWN if scope is RECORD else None)
    async with harness.client(key) as client:
        for method, path, body, scopes in MATRIX:
            reply = await client.request(method, path, json=body)
            if scope in scopes:
                assert reply.is_success, (scope, method, path, reply.text)
            else:
                assert (reply.status_code, reply.json()["code"]) == (403, "scope_missing"), (scope, method, path)


@pytest.mark.usefixtures("party")
async def test_a_self_key_sees_its_own_party_alone(harness: Harness, api: httpx.AsyncClient) -> None:
    other = (await api.post("/v1/parties", json={"kind": "person", "name": "张三"})).json()["id"]
    async with harness.client(await harness.key_of(SELF, party=A)) as own:
        assert (await own.get(f"/v1/parties/{other}")).status_code == 403
        reply = await own.get(f"/v1/parties/{other}/eligibility?domain=other&role=supplier&on=2026-06-10")
        assert reply.status_code == 403


@pytest.mark.usefixtures("party")
@pytest.mark.parametrize(("path", "body"), [("/v1/penalties", penalty()), ("/v1/listings", listing(authority=FINANCE))])
async def test_a_record_key_writes_for_its_own_authority_alone(
    harness: Harness, path: str, body: dict[str, Any]
) -> None:
    async with harness.client(await harness.key_of(RECORD, authority=authority_of(MARKET))) as other:
        reply = await other.post(path, json=body)
        assert (reply.status_code, reply.json()["code"]) == (403, "not_your_authority")
    async with harness.client(await harness.key_of(RECORD, authority=OWN)) as own:
        assert (await own.post(path, json=body)).status_code == 201


@pytest.mark.usefixtures("party")
async def test_each_row_of_an_array_is_of_the_keys_authority_or_refused(harness: Harness) -> None:
    async with harness.client(await harness.key_of(RECORD, authority=OWN)) as own:
        reply = await own.post("/v1/penalties", json=[penalty(), penalty(authority=MARKET)])
    first, second = reply.json()["items"]
    assert first["status"] == 201
    assert second["problem"]["code"] == "not_your_authority"


@pytest.mark.usefixtures("party")
async def test_an_event_is_recorded_by_the_records_authority_or_an_administrator(
    harness: Harness, api: httpx.AsyncClient
) -> None:
    record = (await api.post("/v1/penalties", json=penalty())).json()["id"]
    event = {"kind": "suspended", "on": "2026-03-02", "by": "某人民法院"}
    async with harness.client(await harness.key_of(RECORD, authority=authority_of(MARKET))) as other:
        reply = await other.post(f"/v1/records/{record}/events", json=event)
        assert (reply.status_code, reply.json()["code"]) == (403, "not_your_authority")
    async with harness.client(await harness.key_of(ADMIN)) as admin:
        assert (await admin.post(f"/v1/records/{record}/events", json=event)).status_code == 201


@pytest.mark.usefixtures("party")
async def test_an_entry_without_an_authority_is_for_administrators(harness: Harness, api: httpx.AsyncClient) -> None:
    body = listing(authority=None)
    async with harness.client(await harness.key_of(RECORD, authority=OWN)) as own:
        assert (await own.post("/v1/listings", json=body)).status_code == 403
    assert (await api.post("/v1/listings", json=body)).status_code == 201
