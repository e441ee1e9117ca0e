"""The ladder: rungs that expire, restrict nobody, and are seen by their authority and the party."""

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.acting import attention, case, listed, post, problem, seen, there_and_back
from tests.api.bodies import FINANCE, LOOK_UP, MARKET, A, B, authority_of, organisation, penalty
from tests.api.conftest import Harness


@pytest.fixture(autouse=True)
async def party(api: httpx.AsyncClient) -> None:
    assert (await api.put(f"/v1/parties/{A}", json=organisation())).status_code == 201


async def test_a_rung_is_read_as_it_was_posted(api: httpx.AsyncClient) -> None:
    made = await there_and_back(api, "/v1/attentions", attention())
    assert (made["until"], made["expires_on"], made["recorded_by"]) == (None, "2027-02-02", "first")


async def test_a_day_that_was_set_is_the_last(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/attentions", attention(until="2026-05-31"))
    states = {
        day: [item["state"] for item in (await api.get(f"/v1/attentions?party={A}&as_of={day}")).json()["items"]]
        for day in ("2026-02-01", "2026-02-02", "2026-05-31", "2026-06-01")
    }
    assert states == {
        "2026-02-01": [],
        "2026-02-02": ["in_force"],
        "2026-05-31": ["in_force"],
        "2026-06-01": ["expired"],
    }


async def test_another_reason_for_the_same_rung_is_a_conflict(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/attentions", attention())
    assert await problem(api, "/v1/attentions", attention(reason="另一理由")) == (409, "conflict")


async def test_a_rung_on_a_stranger_is_refused(api: httpx.AsyncClient) -> None:
    assert await problem(api, "/v1/attentions", attention(party=B)) == (404, "party_unknown")


async def test_rungs_may_be_given_in_any_order(api: httpx.AsyncClient) -> None:
    for rung, day in (("interview", "2026-02-02"), ("attention", "2026-03-02")):
        await post(api, "/v1/attentions", attention(rung=rung, on=day))


async def test_the_ladder_three_times_restricts_nobody(api: httpx.AsyncClient) -> None:
    before = (await api.post("/v1/eligibility", json={**LOOK_UP, "parties": [A]})).json()["results"][0]
    for rung, day in (("attention", "2026-02-02"), ("reminder", "2026-03-02"), ("interview", "2026-04-02")):
        await post(api, "/v1/attentions", attention(rung=rung, on=day))
    after = (await api.post("/v1/eligibility", json={**LOOK_UP, "parties": [A]})).json()["results"][0]
    assert after == before


async def test_what_a_rung_is_about_is_named_by_id_or_number(api: httpx.AsyncClient) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    lead = (await post(api, "/v1/cases", case("线索〔2026〕1号")))["id"]
    made = await post(api, "/v1/attentions", attention(about=[record, "线索(2026)1号"]))
    assert made["about"] == [record, lead]


async def test_a_rung_about_nothing_held_is_refused(api: httpx.AsyncClient) -> None:
    for name in ("没有此号", "pen_000000000000000000000000"):
        assert await problem(api, "/v1/attentions", attention(about=[name])) == (404, "not_found")


async def test_a_number_of_a_case_and_a_record_is_ambiguous(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/penalties", penalty(doc_no="同号1"))
    await post(api, "/v1/cases", case("同号1"))
    assert await problem(api, "/v1/attentions", attention(about=["同号1"])) == (409, "number_ambiguous")


async def test_only_the_authority_itself_gives_its_rungs(harness: Harness) -> None:
    async with harness.client(await harness.key_of(Scope.RECORD, authority=authority_of(MARKET))) as other:
        assert await problem(other, "/v1/attentions", attention()) == (403, "not_your_authority")
    async with harness.client(await harness.key_of(Scope.RECORD, authority=authority_of(FINANCE))) as own:
        await post(own, "/v1/attentions", attention())


async def test_a_rung_is_shown_to_its_authority_and_the_party(harness: Harness, api: httpx.AsyncClient) -> None:
    made = await post(api, "/v1/attentions", attention())
    shown = {"office": 200, "other office": 404, "reader": 404, "party": 200, "admin": 200}
    assert await seen(harness, f"/v1/attentions/{made['id']}") == shown
    counts = {"office": 1, "other office": 0, "reader": 0, "party": 1, "admin": 1}
    assert await listed(harness, "/v1/attentions") == counts
    assert await listed(harness, f"/v1/attentions?party={A}") == counts


@pytest.mark.parametrize("query", ["", f"party={A}&"])
async def test_rungs_are_paged_newest_first(api: httpx.AsyncClient, query: str) -> None:
    ids = [(await post(api, "/v1/attentions", attention(on=f"2026-02-{day:02}")))["id"] for day in range(1, 6)]
    found: list[list[str]] = []
    after = ""
    while True:
        page = (await api.get(f"/v1/attentions?{query}limit=2{after}")).json()
        found.append([item["id"] for item in page["items"]])
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
