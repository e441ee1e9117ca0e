"""Sites still showing what was repaired: a request with its day, shown with the record."""

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.acting import DIGEST, REPAIRED, post, problem, seen, there_and_back
from tests.api.bodies import MARKET, A, authority_of, organisation, penalty
from tests.api.conftest import Harness

SEEN = {"site": "某转载网站", "seen_on": "2026-05-12", "digest": DIGEST}


@pytest.fixture
async def record(api: httpx.AsyncClient) -> str:
    assert (await api.put(f"/v1/parties/{A}", json=organisation())).status_code == 201
    return (await post(api, "/v1/penalties", penalty()))["id"]


@pytest.fixture
async def repaired(api: httpx.AsyncClient, record: str) -> str:
    await post(api, f"/v1/records/{record}/events", REPAIRED)
    return record


async def test_a_sighting_is_read_as_it_was_posted_and_shown_with_its_record(
    api: httpx.AsyncClient, repaired: str
) -> None:
    made = await there_and_back(api, f"/v1/records/{repaired}/sightings", SEEN)
    assert made["due"] == "2026-05-15"
    assert "2026-05-15" in made["request"]["zh"]
    assert (await api.get(f"/v1/records/{repaired}")).json()["correction_requests"] == [made]
    assert (await api.get(f"/v1/records/{repaired}/sightings")).json() == {"items": [made], "next": None}


@pytest.mark.parametrize("kind", ["repaired", "annulled", "removed"])
async def test_a_record_is_sighted_from_the_day_it_was_off_display(
    api: httpx.AsyncClient, record: str, kind: str
) -> None:
    path = f"/v1/records/{record}/sightings"
    assert await problem(api, path, SEEN) == (409, "record_on_display")
    await post(api, f"/v1/records/{record}/events", {"kind": kind, "on": "2026-05-12"})
    assert await problem(api, path, {**SEEN, "seen_on": "2026-05-11"}) == (409, "record_on_display")
    await post(api, path, SEEN)


async def test_a_site_that_is_seen_again_is_named(api: httpx.AsyncClient, repaired: str) -> None:
    path = f"/v1/records/{repaired}/sightings"
    await post(api, path, SEEN)
    await post(api, path, {**SEEN, "seen_on": "2026-06-01"})
    await post(api, path, {**SEEN, "site": "另一网站", "seen_on": "2026-06-02"})
    requests = (await api.get(f"/v1/records/{repaired}")).json()["correction_requests"]
    assert [(r["seen_on"], r["seen_again_on"]) for r in requests] == [
        ("2026-06-02", None), ("2026-06-01", None), ("2026-05-12", "2026-06-01"),
    ]  # fmt: skip


async def test_no_site_is_called_overdue(api: httpx.AsyncClient, repaired: str) -> None:
    assert (await post(api, f"/v1/records/{repaired}/sightings", SEEN))["state"] == "unknown"


async def test_another_digest_of_the_same_page_is_a_conflict(api: httpx.AsyncClient, repaired: str) -> None:
    path = f"/v1/records/{repaired}/sightings"
    await post(api, path, SEEN)
    assert await problem(api, path, {**SEEN, "digest": "sha256:" + "cd" * 32}) == (409, "conflict")


async def test_a_digest_is_of_sha_256(api: httpx.AsyncClient, repaired: str) -> None:
    reply = await api.post(f"/v1/records/{repaired}/sightings", json={**SEEN, "digest": "md5:00"})
    assert reply.status_code == 422


async def test_a_sighting_is_shown_to_those_who_see_the_record(
    harness: Harness, api: httpx.AsyncClient, repaired: str
) -> None:
    made = await post(api, f"/v1/records/{repaired}/sightings", SEEN)
    assert await seen(harness, f"/v1/records/{repaired}/sightings/{made['id']}") == {
        "office": 200, "other office": 404, "reader": 404, "party": 200, "admin": 200,
    }  # fmt: skip


async def test_another_authority_records_no_sighting(harness: Harness, repaired: str) -> None:
    async with harness.client(await harness.key_of(Scope.RECORD, authority=authority_of(MARKET))) as other:
        assert (await other.post(f"/v1/records/{repaired}/sightings", json=SEEN)).status_code == 404
