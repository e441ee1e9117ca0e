"""Whether an authority published its penalties in time: working days, one authority at a time."""

import httpx
import pytest

from tests.api.acting import REPAIRED, keys, listed, post
from tests.api.bodies import FINANCE, MARKET, A, organisation, penalty
from tests.api.conftest import Harness


@pytest.fixture(autouse=True)
async def party(api: httpx.AsyncClient) -> None:
    assert (await api.put(f"/v1/parties/{A}", json=organisation())).status_code == 201


async def told(
    api: httpx.AsyncClient, query: str = "", authority: str = str(FINANCE["name"])
) -> list[dict[str, object]]:
    reply = await api.get(f"/v1/publications?authority={authority}{query}")
    assert reply.status_code == 200, reply.text
    return reply.json()["items"]


async def test_a_penalty_published_a_year_later_is_late(api: httpx.AsyncClient) -> None:
    late = penalty(decided_on="2019-11-04", served_on=None, published_on="2020-12-01")
    record = (await post(api, "/v1/penalties", late))["id"]
    (row,) = await told(api, "&late=true&as_of=2020-12-31")
    assert (row["record"], row["due"], row["published_on"], row["state"]) == (
        record, "2019-11-13", "2020-12-01", "late",
    )  # fmt: skip
    (before,) = await told(api, "&late=true&as_of=2020-11-30")
    assert (before["state"], before["published_on"]) == ("overdue", None)
    assert await told(api, "&late=true&as_of=2019-11-13") == []


async def test_one_published_within_seven_working_days_is_in_time(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/penalties", penalty())
    (row,) = await told(api)
    assert (row["state"], row["days_late"]) == ("in_time", 0)
    assert await told(api, "&late=true") == []


async def test_an_authority_answers_for_its_own_penalties(api: httpx.AsyncClient) -> None:
    for authority in (FINANCE, MARKET):
        await post(api, "/v1/penalties", penalty(authority=authority))
    assert {row["authority"] for row in await told(api, authority=str(MARKET["name"]))} == {MARKET["name"]}
    assert await told(api, authority="没有此局") == []


async def test_the_keys_own_authority_is_meant_where_none_is_named(harness: Harness, api: httpx.AsyncClient) -> None:
    await post(api, "/v1/penalties", penalty())
    held = await keys(harness)
    async with harness.client(held["office"]) as office, harness.client(held["reader"]) as reader:
        assert len((await office.get("/v1/publications")).json()["items"]) == 1
        assert (await reader.get("/v1/publications")).status_code == 422


async def test_what_is_off_display_is_told_to_its_authority_alone(harness: Harness, api: httpx.AsyncClient) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    await post(api, f"/v1/records/{record}/events", REPAIRED)
    assert await listed(harness, f"/v1/publications?authority={FINANCE['name']}") == {
        "office": 1, "other office": 0, "reader": 0, "party": -1, "admin": 1,
    }  # fmt: skip


async def test_penalties_of_one_array_are_paged_each_once(api: httpx.AsyncClient) -> None:
    rows = [penalty(doc_no=f"{number}号") for number in range(5)]
    posted = [item["id"] for item in (await api.post("/v1/penalties", json=rows)).json()["items"]]
    shown: list[object] = []
    after = ""
    while True:
        page = (await api.get(f"/v1/publications?authority={FINANCE['name']}&limit=2{after}")).json()
        shown += [item["record"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert shown == posted[::-1]
