"""Correction orders: overdue from the day after their last, extended, done, repeated within two years."""

import httpx
import pytest

from tests.api.acting import listed, order, post, problem, seen, there_and_back
from tests.api.bodies import MARKET, A, B, organisation
from tests.api.conftest import Harness


@pytest.fixture(autouse=True)
async def parties(api: httpx.AsyncClient) -> None:
    for party in (A, B):
        assert (await api.put(f"/v1/parties/{party}", json=organisation())).status_code == 201


async def numbers(api: httpx.AsyncClient, query: str) -> list[str]:
    return [item["order_no"] for item in (await api.get(f"/v1/corrections?{query}")).json()["items"]]


async def test_an_order_is_read_as_it_was_posted(api: httpx.AsyncClient) -> None:
    made = await there_and_back(api, "/v1/corrections", order("川财改1"))
    assert (made["state"], made["relapse_of"], made["done_on"]) == ("overdue", None, None)
    assert (await api.get("/v1/corrections/川财改1")).json() == made


async def test_an_order_is_overdue_from_the_day_after_its_last(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/corrections", order("川财改1"))
    assert await numbers(api, "state=overdue&as_of=2020-12-15") == ["川财改1"]
    assert await numbers(api, "state=overdue&as_of=2020-11-11") == ["川财改1"]
    assert await numbers(api, "state=overdue&as_of=2020-11-10") == []
    assert await numbers(api, "state=open&as_of=2020-11-11") == ["川财改1"]
    assert await numbers(api, "as_of=2020-10-26") == []


async def test_an_extension_moves_the_last_day(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/corrections", order("川财改1"))
    extended = {"kind": "extended", "on": "2020-11-09", "due_on": "2020-12-31"}
    await there_and_back(api, "/v1/corrections/川财改1/events", extended)
    assert await numbers(api, "state=overdue&as_of=2020-12-15") == []
    assert (await api.get("/v1/corrections/川财改1")).json()["extended_to"] == "2020-12-31"


async def test_an_extension_says_to_when(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/corrections", order("川财改1"))
    bare = {"kind": "extended", "on": "2020-11-09"}
    assert await problem(api, "/v1/corrections/川财改1/events", bare) == (422, "field_invalid")


async def test_an_order_that_was_carried_out_is_done(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/corrections", order("川财改1"))
    await post(api, "/v1/corrections/川财改1/events", {"kind": "done", "on": "2020-11-05"})
    assert await numbers(api, "state=done&as_of=2020-12-15") == ["川财改1"]
    assert await numbers(api, "state=overdue&as_of=2020-12-15") == []
    again = {"kind": "done", "on": "2020-11-06"}
    assert await problem(api, "/v1/corrections/川财改1/events", again) == (409, "matter_closed")


async def test_the_same_matter_within_two_years_is_a_relapse(api: httpx.AsyncClient) -> None:
    first = await post(api, "/v1/corrections", order("改1"))
    again = await post(
        api,
        "/v1/corrections",
        order("改2", issued_on="2022-10-27", due_on="2022-11-10", items=["公告期限 不足", "其他"]),
    )
    assert (again["relapse_of"], again["relapse"]["id"]) == ("改1", first["id"])
    page = (await api.get("/v1/corrections")).json()["items"]
    assert {item["order_no"]: item["relapse_of"] for item in page} == {"改2": "改1", "改1": None}


@pytest.mark.parametrize(
    "other",
    [{"issued_on": "2022-10-28"}, {"party": B}, {"items": ["评审因素未量化"]}],
    ids=["later", "party", "matter"],
)
async def test_what_is_no_relapse(api: httpx.AsyncClient, other: dict[str, object]) -> None:
    await post(api, "/v1/corrections", order("改1"))
    said = {"issued_on": "2022-10-27", "due_on": "2022-11-10"} | other
    assert (await post(api, "/v1/corrections", order("改2", **said)))["relapse_of"] is None


async def test_an_order_of_a_case_that_is_not_held_is_refused(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/corrections", json=order("改1", case_no="没有此案"))
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (404, "/case_no")


async def test_a_project_need_not_be_recorded(api: httpx.AsyncClient) -> None:
    assert (await post(api, "/v1/corrections", order("改1", project_no="N1")))["project_no"] == "N1"


async def test_an_order_is_shown_to_its_authority_and_the_party(harness: Harness, api: httpx.AsyncClient) -> None:
    made = await post(api, "/v1/corrections", order("改1"))
    await post(api, "/v1/corrections", order("改2", party=B, authority=MARKET))
    shown = {"office": 200, "other office": 404, "reader": 404, "party": 200, "admin": 200}
    assert await seen(harness, f"/v1/corrections/{made['id']}") == shown
    counts = {"office": 1, "other office": 1, "reader": 0, "party": 1, "admin": 2}
    assert await listed(harness, "/v1/corrections") == counts
