"""Cases: opened, handed on, answered, linked, closed; seen by their authority alone."""

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.acting import DIGEST, POLICE, case, listed, order, post, problem, seen, there_and_back
from tests.api.bodies import FINANCE, MARKET, A, B, authority_of, organisation
from tests.api.conftest import Harness

HANDED = {"kind": "transferred", "on": "2026-05-01", "to": POLICE, "due_on": "2026-06-01"}
CLOSED = {"kind": "closed", "on": "2026-06-10"}
FEEDBACK = {"kind": "feedback", "on": "2026-06-11", "text": "不予立案"}


@pytest.fixture(autouse=True)
async def parties(api: httpx.AsyncClient) -> None:
    for party in (A, B):
        assert (await api.put(f"/v1/parties/{party}", json=organisation())).status_code == 201


async def numbers(api: httpx.AsyncClient, query: str) -> list[str]:
    return [item["case_no"] for item in (await api.get(f"/v1/cases?{query}")).json()["items"]]


async def test_a_case_is_read_as_it_was_posted(api: httpx.AsyncClient) -> None:
    made = await there_and_back(api, "/v1/cases", case("线索〔2026〕1号"))
    assert (made["state"], made["holder"], made["awaiting"]) == ("open", FINANCE, [])
    assert (await api.get("/v1/cases/线索〔2026〕1号")).json() == made


async def test_another_summary_under_the_same_number_is_a_conflict(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/cases", case("线索1"))
    assert await problem(api, "/v1/cases", case("线索1", summary="别的")) == (409, "conflict")


async def test_an_event_is_read_as_it_was_posted(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/cases", case("线索1"))
    body = {"kind": "evidence", "on": "2026-05-02", "doc_no": "证1", "text": "转账记录", "digest": DIGEST}
    made = await there_and_back(api, "/v1/cases/线索1/events", body)
    assert (await api.get("/v1/cases/线索1")).json()["events"] == [made]


async def test_a_case_that_awaits_feedback_is_overdue_and_not_closed(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/cases", case("线索1"))
    await post(api, "/v1/cases/线索1/events", HANDED)
    assert await problem(api, "/v1/cases/线索1/events", CLOSED) == (409, "case_awaits_feedback")
    shown = (await api.get("/v1/cases/线索1?as_of=2026-06-10")).json()
    assert ([a["to"] for a in shown["awaiting"]], shown["overdue_since"]) == ([POLICE], "2026-06-01")
    assert await numbers(api, "overdue=true&as_of=2026-06-10") == ["线索1"]
    assert await numbers(api, "overdue=true&as_of=2026-06-01") == []
    await post(api, "/v1/cases/线索1/events", FEEDBACK)
    await post(api, "/v1/cases/线索1/events", {**CLOSED, "on": "2026-06-12"})
    assert await numbers(api, "overdue=true&as_of=2026-06-13") == []
    assert await numbers(api, "state=closed&as_of=2026-06-13") == ["线索1"]
    assert await numbers(api, "state=open&as_of=2026-06-11") == ["线索1"]


async def test_a_case_is_not_closed_on_a_day_before_it_was_handed_over(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/cases", case("线索1"))
    await post(api, "/v1/cases/线索1/events", HANDED)
    early = {**CLOSED, "on": "2026-04-30"}
    assert await problem(api, "/v1/cases/线索1/events", early) == (409, "case_awaits_feedback")


async def test_a_closed_case_takes_nothing_but_its_reopening(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/cases", case("线索1"))
    await post(api, "/v1/cases/线索1/events", CLOSED)
    late = {"kind": "evidence", "on": "2026-06-20"}
    assert await problem(api, "/v1/cases/线索1/events", late) == (409, "matter_closed")
    await post(api, "/v1/cases/线索1/events", {"kind": "reopened", "on": "2026-06-21"})
    await post(api, "/v1/cases/线索1/events", {**late, "on": "2026-06-22"})


async def test_a_transfer_names_whom_it_goes_to(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/cases", case("线索1"))
    nobody = {**HANDED, "to": None}
    assert await problem(api, "/v1/cases/线索1/events", nobody) == (422, "field_invalid")


async def test_a_case_with_an_open_order_is_not_closed(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/cases", case("案1"))
    made = await post(api, "/v1/corrections", order("改1", case_no="案1"))
    assert await problem(api, "/v1/cases/案1/events", CLOSED) == (409, "case_has_open_order")
    shown = (await api.get("/v1/cases/案1")).json()["corrections"]
    assert [(o["id"], o["order_no"], o["state"]) for o in shown] == [(made["id"], "改1", "overdue")]
    await post(api, "/v1/corrections/改1/events", {"kind": "done", "on": "2026-06-09"})
    await post(api, "/v1/cases/案1/events", CLOSED)


async def test_linked_cases_are_shown_with_each_other_and_each_closes_for_itself(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/cases", case("一案"))
    await post(api, "/v1/cases", case("双查", parties=[B], linked=["一案"]))
    await post(api, "/v1/cases/一案/events", CLOSED)
    for one, other, state in (("一案", "双查", "open"), ("双查", "一案", "closed")):
        shown = (await api.get(f"/v1/cases/{one}")).json()
        assert shown["linked"] == [other]
        assert [(c["case_no"], c["state"]) for c in shown["linked_cases"]] == [(other, state)]


async def test_a_linked_number_means_the_authoritys_own_case_first(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/cases", case("一案", authority=MARKET))
    own = await post(api, "/v1/cases", case("一案"))
    made = await post(api, "/v1/cases", case("双查", linked=["一案"]))
    assert [c["id"] for c in made["linked_cases"]] == [own["id"]]


async def test_a_case_linked_with_nothing_held_is_refused(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/cases", json=case("双查", linked=["没有此案"]))
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (404, "/linked/0")


async def test_a_number_of_two_authorities_is_ambiguous(api: httpx.AsyncClient) -> None:
    for authority in (FINANCE, MARKET):
        await post(api, "/v1/cases", case("线索1", authority=authority))
    assert (await api.get("/v1/cases/线索1")).json()["code"] == "number_ambiguous"
    assert await problem(api, "/v1/cases/线索1/events", CLOSED) == (409, "number_ambiguous")


async def test_a_case_is_shown_to_its_authority_alone(harness: Harness, api: httpx.AsyncClient) -> None:
    made = await post(api, "/v1/cases", case("线索1"))
    shown = {"office": 200, "other office": 404, "reader": 404, "party": 403, "admin": 200}
    assert await seen(harness, f"/v1/cases/{made['id']}") == shown
    assert await seen(harness, "/v1/cases/线索1") == shown
    assert await listed(harness, "/v1/cases") == {
        "office": 1, "other office": 0, "reader": 0, "party": -1, "admin": 1,
    }  # fmt: skip


async def test_only_its_authority_follows_a_case_up(harness: Harness, api: httpx.AsyncClient) -> None:
    await post(api, "/v1/cases", case("线索1", authority=MARKET))
    key = await harness.key_of(Scope.RECORD, authority=authority_of(FINANCE))
    async with harness.client(key) as officer:
        assert await problem(officer, "/v1/cases/线索1/events", CLOSED) == (403, "not_your_authority")


async def test_cases_are_found_by_authority_and_paged(api: httpx.AsyncClient) -> None:
    for number in range(3):
        await post(api, "/v1/cases", case(f"线索{number}"))
    await post(api, "/v1/cases", case("查处1", authority=MARKET))
    assert await numbers(api, f"authority={FINANCE['name']}") == ["线索2", "线索1", "线索0"]
    page = (await api.get(f"/v1/cases?authority={FINANCE['name']}&limit=2")).json()
    assert [c["case_no"] for c in page["items"]] == ["线索2", "线索1"]
    assert await numbers(api, f"authority={FINANCE['name']}&limit=2&after={page['next']}") == ["线索0"]
