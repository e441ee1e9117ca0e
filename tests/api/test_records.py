"""Penalties, entries on lists, events on them; arrays, pages, who sees what."""

from typing import Any

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.bodies import FINANCE, MARKET, A, B, authority_of, listing, organisation, penalty
from tests.api.conftest import Harness

REPAIRED = {"kind": "repaired", "on": "2026-05-01", "reason": "信用修复"}


@pytest.fixture(autouse=True)
async def party(api: httpx.AsyncClient) -> None:
    assert (await api.put(f"/v1/parties/{A}", json=organisation())).status_code == 201


async def post(api: httpx.AsyncClient, path: str, body: object) -> dict[str, Any]:
    reply = await api.post(path, json=body)
    assert reply.status_code == 201, reply.text
    return reply.json()


@pytest.mark.parametrize(
    ("path", "body", "kind"), [("/v1/penalties", penalty(), "penalty"), ("/v1/listings", listing(), "listing")]
)
async def test_a_record_is_read_as_it_was_posted(
    api: httpx.AsyncClient, path: str, body: dict[str, Any], kind: str
) -> None:
    made = await post(api, path, body)
    assert body.items() <= made.items()
    assert (made["type"], made["events"], made["recorded_by"]) == (kind, [], "first")
    for place in (path, "/v1/records"):
        assert (await api.get(f"{place}/{made['id']}")).json() == made


@pytest.mark.parametrize(("path", "body"), [("/v1/penalties", penalty()), ("/v1/listings", listing())])
async def test_the_same_record_again_is_the_same(api: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    made = await post(api, path, body)
    again = await api.post(path, json=body)
    assert (again.status_code, again.json()) == (200, made)


async def test_a_number_is_the_same_in_other_brackets(api: httpx.AsyncClient) -> None:
    made = await post(api, "/v1/penalties", penalty(doc_no="资财采罚〔2026〕1号"))
    again = await api.post("/v1/penalties", json=penalty(doc_no="资财采罚 [2026] １号"))
    assert again.json().get("id", made["id"]) == made["id"]
    assert again.status_code in {200, 409}


async def test_another_body_under_the_same_number_is_a_conflict(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/penalties", penalty())
    reply = await api.post("/v1/penalties", json=penalty(fine="8000.00"))
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(("path", "body"), [("/v1/penalties", penalty(party=B)), ("/v1/listings", listing(party=B))])
async def test_a_record_on_a_stranger_is_refused(api: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    reply = await api.post(path, json=body)
    assert (reply.status_code, reply.json()["code"]) == (404, "party_unknown")


async def test_a_record_on_a_malformed_id_is_refused(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/penalties", json=penalty(party=A[:-1] + "7"))
    assert (reply.status_code, reply.json()["code"]) == (422, "identifier_invalid")


async def test_a_penalty_is_found_by_its_number(api: httpx.AsyncClient) -> None:
    made = await post(api, "/v1/penalties", penalty())
    assert (await api.get("/v1/penalties/资财采罚〔2026〕1号")).json()["id"] == made["id"]


async def test_a_number_of_two_authorities_is_ambiguous(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/penalties", penalty(authority=FINANCE))
    await post(api, "/v1/penalties", penalty(authority=MARKET))
    for reply in (
        await api.get("/v1/penalties/资财采罚〔2026〕1号"),
        await api.post("/v1/records/资财采罚〔2026〕1号/events", json=REPAIRED),
    ):
        assert (reply.status_code, reply.json()["code"]) == (409, "number_ambiguous")


async def test_a_listing_is_no_penalty(api: httpx.AsyncClient) -> None:
    made = await post(api, "/v1/listings", listing())
    assert (await api.get(f"/v1/penalties/{made['id']}")).status_code == 404


async def test_an_hour_that_was_given_is_shown(api: httpx.AsyncClient) -> None:
    made = await post(api, "/v1/penalties", penalty(served_on="2026-01-14T09:30:00+08:00"))
    assert made["served_on"] == "2026-01-14T09:30:00+08:00"
    assert made["published_on"] == "2026-01-19"


async def test_where_a_record_is_from_is_kept(api: httpx.AsyncClient) -> None:
    source = {"name": "信用资阳", "url": "https://example.org/1", "fetched_at": "2026-01-20", "kind": "notice"}
    made = await post(api, "/v1/penalties", penalty(source=source))
    assert source.items() <= made["source"].items()


async def test_each_row_of_an_array_is_answered_for_itself(api: httpx.AsyncClient) -> None:
    held = await post(api, "/v1/penalties", penalty())
    rows = [
        penalty(),
        penalty(doc_no="二号"),
        penalty(doc_no="三号", fine=3),
        penalty(doc_no="四号", party=B),
        penalty(fine="1.00"),
        7,
        penalty(doc_no="五号", party="nobody"),
        penalty(doc_no="二号"),
    ]
    reply = await api.post("/v1/penalties", json=rows)
    assert reply.status_code == 200
    items = reply.json()["items"]
    assert [item["status"] for item in items] == [200, 201, 422, 404, 409, 422, 422, 200]
    assert items[0]["id"] == held["id"]
    assert items[1]["id"] == items[7]["id"]
    assert [item["problem"]["code"] for item in items if "problem" in item] == [
        "malformed", "party_unknown", "conflict", "malformed", "identifier_invalid",
    ]  # fmt: skip
    assert items[2]["problem"]["errors"] == [
        {
            "pointer": "/fine",
            "message": '金额应为十进制字符串（元），如 "2000000.00" · expected yuan as a decimal string',
        }
    ]


async def test_an_array_holds_a_thousand_rows_and_no_more(api: httpx.AsyncClient) -> None:
    rows = [listing(doc_no=f"{number}号") for number in range(1000)]
    items = (await api.post("/v1/listings", json=rows)).json()["items"]
    assert {item["status"] for item in items} == {201}
    assert len({item["id"] for item in items}) == 1000
    assert (await api.post("/v1/listings", json=[*rows, listing()])).status_code == 413


async def test_an_empty_array_is_answered(api: httpx.AsyncClient) -> None:
    assert (await api.post("/v1/penalties", json=[])).json() == {"items": []}


async def test_an_event_is_read_as_it_was_posted(api: httpx.AsyncClient) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    reply = await api.post(
        f"/v1/records/{record}/events", json={"kind": "suspended", "on": "2026-03-02", "by": "某法院"}
    )
    assert reply.status_code == 201
    event = reply.json()
    assert (event["kind"], event["on"], event["by"], event["recorded_by"]) == (
        "suspended", "2026-03-02", "某法院", "first",
    )  # fmt: skip
    assert (await api.get(reply.headers["location"])).json() == event
    assert (await api.get(f"/v1/records/{record}")).json()["events"] == [event]


async def test_the_same_event_again_is_the_same(api: httpx.AsyncClient) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    first, again = [await api.post(f"/v1/records/{record}/events", json=REPAIRED) for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())


async def test_events_are_shown_in_the_order_of_their_days(api: httpx.AsyncClient) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    for kind, day in (("resumed", "2026-05-01"), ("suspended", "2026-03-02")):
        await post(api, f"/v1/records/{record}/events", {"kind": kind, "on": day})
    events = (await api.get(f"/v1/records/{record}")).json()["events"]
    assert [event["kind"] for event in events] == ["suspended", "resumed"]


async def test_an_amendment_may_not_change_whose_record_it_is(api: httpx.AsyncClient) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    amended = {"kind": "amended", "on": "2026-03-02", "changes": {"party": B}}
    assert (await api.post(f"/v1/records/{record}/events", json=amended)).status_code == 422


async def test_an_amendment_shows_what_it_changed(api: httpx.AsyncClient) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    amended = {"kind": "amended", "on": "2026-03-02", "changes": {"fine": "8000.00"}}
    assert (await post(api, f"/v1/records/{record}/events", amended))["changes"] == {"fine": "8000.00"}


async def test_an_event_on_nothing_is_not_found(api: httpx.AsyncClient) -> None:
    assert (await api.post("/v1/records/none/events", json=REPAIRED)).status_code == 404


async def test_records_are_paged_newest_first(api: httpx.AsyncClient) -> None:
    ids = [(await post(api, "/v1/penalties", penalty(doc_no=f"{number}号")))["id"] for number in range(5)]
    assert await pages(api, limit=2) == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]


async def test_records_of_one_array_are_paged_each_once(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/penalties", json=[penalty(doc_no=f"{number}号") for number in range(7)])
    posted = [item["id"] for item in reply.json()["items"]]
    shown = [record for page in await pages(api, limit=3) for record in page]
    assert sorted(shown) == sorted(posted)


async def pages(api: httpx.AsyncClient, *, limit: int) -> list[list[str]]:
    found: list[list[str]] = []
    after = None
    while True:
        params = {"limit": limit} | ({"after": after} if after else {})
        page = (await api.get(f"/v1/parties/{A}/records", params=params)).json()
        found.append([item["id"] for item in page["items"]])
        after = page["next"]
        if after is None:
            return found


@pytest.mark.parametrize("kind", ["repaired", "annulled", "entered_in_error"])
async def test_what_is_off_display_is_shown_to_few(harness: Harness, api: httpx.AsyncClient, kind: str) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    await post(api, f"/v1/records/{record}/events", {"kind": kind, "on": "2026-05-01"})
    seen = {
        name: [await sees(harness, key, record), await lists(harness, key)]
        for name, key in {
            "reader": await harness.key_of(Scope.READ),
            "other authority": await harness.key_of(Scope.READ, Scope.RECORD, authority=authority_of(MARKET)),
            "its authority": await harness.key_of(Scope.READ, Scope.RECORD, authority=authority_of(FINANCE)),
            "administrator": await harness.key_of(Scope.READ, Scope.ADMIN),
        }.items()
    }
    assert seen == {
        "reader": [404, []],
        "other authority": [404, []],
        "its authority": [200, [record]],
        "administrator": [200, [record]],
    }
    own = await harness.key_of(Scope.SELF, party=A)
    assert await lists(harness, own) == [record]


async def test_an_entry_whose_term_is_over_is_off_display(harness: Harness, api: httpx.AsyncClient) -> None:
    await post(api, "/v1/listings", listing(listed_on="2019-01-01", until="2020-01-01"))
    assert await lists(harness, await harness.key_of(Scope.READ)) == []


async def test_hidden_records_do_not_shorten_a_page(harness: Harness, api: httpx.AsyncClient) -> None:
    ids = [(await post(api, "/v1/penalties", penalty(doc_no=f"{number}号")))["id"] for number in range(6)]
    for record in ids[1:4]:
        await post(api, f"/v1/records/{record}/events", REPAIRED)
    async with harness.client(await harness.key_of(Scope.READ)) as reader:
        assert await pages(reader, limit=2) == [[ids[5], ids[4]], [ids[0]]]


async def sees(harness: Harness, key: str, record: str) -> int:
    async with harness.client(key) as client:
        return (await client.get(f"/v1/records/{record}")).status_code


async def lists(harness: Harness, key: str) -> list[str]:
    async with harness.client(key) as client:
        return [item["id"] for item in (await client.get(f"/v1/parties/{A}/records")).json()["items"]]
