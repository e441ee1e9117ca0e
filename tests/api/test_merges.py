"""Merges: verdicts change at once, kept checks are told of it, and an undoing puts all back."""

import asyncio
from typing import Any

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.bodies import FINANCE, LOOK_UP, A, B, Z, authority_of, check, organisation, penalty
from tests.api.complaining import profile, rejected
from tests.api.conftest import Harness

SYNC = {"finished_at": "2026-06-10T08:00:00+08:00", "outcome": "complete", "records": 1000}
BODY = {"keep": A, "same_as": B, "on": "2026-06-01", "reason": "重新赋码，见登记档案"}


@pytest.fixture(autouse=True)
async def world(api: httpx.AsyncClient) -> None:
    """Two suppliers, the second banned; the lists that a verdict must have are fresh."""
    for party, name in ((A, "资阳云溪科技有限公司"), (B, "资阳腾达商贸有限公司")):
        await api.put(f"/v1/parties/{party}", json=organisation(name=name))
    assert (await api.post("/v1/penalties", json=penalty(party=B))).status_code == 201
    for name in ("L01", "L03", "L04"):
        await api.post(f"/v1/sources/{name}/syncs", json=SYNC)


async def merge(api: httpx.AsyncClient, **given: object) -> str:
    reply = await api.post("/v1/merges", json=BODY | given)
    assert reply.status_code == 201, reply.text
    return reply.json()["id"]


async def look_up(api: httpx.AsyncClient, party: str) -> dict[str, Any]:
    said = {name: value for name, value in LOOK_UP.items() if name != "parties"}
    reply = await api.get(f"/v1/parties/{party}/eligibility", params=said)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_a_merge_is_read_where_it_was_made_and_listed(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/merges", json=BODY)
    made = reply.json()
    assert (reply.status_code, reply.headers["location"]) == (201, f"/v1/merges/{made['id']}")
    assert {name: made[name] for name in BODY} == BODY
    assert made["undone"] is None
    assert made["recorded_by"]
    assert (await api.get(reply.headers["location"])).json() == made
    assert (await api.get("/v1/merges")).json() == {"items": [made], "next": None}
    again = await api.post("/v1/merges", json=BODY)
    assert (again.status_code, again.json()) == (200, made)
    other = await api.post("/v1/merges", json=BODY | {"reason": "另一理由"})
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


async def test_merges_page_newest_first(api: httpx.AsyncClient) -> None:
    ids = [(await api.post("/v1/parties", json={"kind": "person", "name": "张三"})).json()["id"] for _ in range(4)]
    made = [await merge(api, keep=ids[0], same_as=other) for other in ids[1:]]
    first = (await api.get("/v1/merges?limit=2")).json()
    second = (await api.get(f"/v1/merges?limit=2&after={first['next']}")).json()
    assert [m["id"] for m in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


async def test_a_verdict_changes_at_once_under_both_ids_and_back_again(api: httpx.AsyncClient) -> None:
    before = {party: await look_up(api, party) for party in (A, B)}
    assert [x["verdict"] for x in before.values()] == ["eligible_with_flags", "restricted"]
    made = await merge(api)
    for party in (A, B):
        told = await look_up(api, party)
        assert (told["party"], told["verdict"]) == (party, "restricted")
    step = (await look_up(api, A))["findings"][0]["path"]
    assert step == [{"from": A, "relation": "same_as", "to": B}]
    reply = await api.post(f"/v1/merges/{made}/undo", json={"reason": "误并"})
    assert (reply.status_code, reply.json()["id"], reply.json()["undone"]["reason"]) == (200, made, "误并")
    assert {party: await look_up(api, party) for party in (A, B)} == before


async def test_another_process_sees_it_at_once(api: httpx.AsyncClient, harness: Harness) -> None:
    assert (await look_up(api, A))["verdict"] != "restricted"
    hits = harness.services.cache.counts["hit"]
    assert (await look_up(api, A))["verdict"] != "restricted"
    assert harness.services.cache.counts["hit"] == hits + 1
    await merge(api)
    assert (await look_up(api, A))["verdict"] == "restricted"


async def test_a_kept_check_is_replayed_as_it_was_and_told_of_merge_and_undoing(api: httpx.AsyncClient) -> None:
    kept = (await api.post("/v1/checks", json=check(A))).json()
    made = await merge(api)
    replay = (await api.post(f"/v1/checks/{kept['id']}/replay")).json()
    assert replay["same"] is True
    assert [(c["from"], c["to"]) for c in replay["changed"]] == [("eligible_with_flags", "restricted")]
    later = (await api.post("/v1/checks", json=check(B))).json()
    assert later["annotations"] == []
    await api.post(f"/v1/merges/{made}/undo", json={"reason": "误并"})
    assert (await api.post(f"/v1/checks/{later['id']}/replay")).json()["same"] is True
    told = (await api.get(f"/v1/checks/{kept['id']}")).json()
    assert [(x["kind"], x["merge"]) for x in told["annotations"]] == [("merged", made), ("merge_undone", made)]
    assert told["results"] == kept["results"]
    assert [x["kind"] for x in (await api.get(f"/v1/checks/{later['id']}")).json()["annotations"]] == ["merge_undone"]


async def test_a_name_of_either_is_right_in_a_check_by_either_id(api: httpx.AsyncClient) -> None:
    body = check(A)
    body["bids"][0]["members"][0]["name"] = "资阳腾达商贸有限公司"

    async def rules() -> set[str]:
        result = (await api.post("/v1/checks", json=body)).json()["results"][0]
        return {found["rule"] for found in result["findings"]}

    assert "PARTY-NAME-DIFFERS" in await rules()
    await merge(api)
    assert "PARTY-NAME-DIFFERS" not in await rules()


async def test_records_graph_dossier_and_search_look_through_it(api: httpx.AsyncClient) -> None:
    (mine,) = [(await api.post("/v1/penalties", json=penalty(doc_no="另一号"))).json()["id"]]
    theirs = (await api.get(f"/v1/parties/{B}/records")).json()["items"][0]["id"]
    await merge(api)
    for party in (A, B):
        for path in ("records", "dossier"):
            told = (await api.get(f"/v1/parties/{party}/{path}")).json()
            records = told["records"]["items"] if path == "dossier" else told["items"]
            assert [(r["id"], r["party"]) for r in records] == [(mine, A), (theirs, B)]
        graph = (await api.get(f"/v1/parties/{party}/graph")).json()
        assert [node["id"] for node in graph["nodes"]] == [party]
        shown = (await api.get(f"/v1/parties/{party}")).json()
        assert (shown["id"], shown["kept_as"], shown["same_as"]) == (party, A, [B if party == A else A])
    found = (await api.post("/v1/parties/search", json={"name": "资阳腾达商贸有限公司"})).json()["items"]
    assert [one["id"] for one in found] == [A]


@pytest.mark.parametrize(
    ("given", "status", "code", "pointer"),
    [
        ({"same_as": A}, 422, "field_invalid", "/same_as"),
        ({"same_as": Z}, 404, "party_unknown", "/same_as"),
        ({"keep": Z}, 404, "party_unknown", "/keep"),
        ({"keep": "nonsense"}, 422, "identifier_invalid", "/keep"),
    ],
)
async def test_what_cannot_be_merged_is_refused(
    api: httpx.AsyncClient, given: dict[str, str], status: int, code: str, pointer: str
) -> None:
    reply = await api.post("/v1/merges", json=BODY | given)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert [fault["pointer"] for fault in reply.json()["errors"]] == [pointer]


async def test_a_person_is_no_organisation(api: httpx.AsyncClient) -> None:
    person = (await api.post("/v1/parties", json={"kind": "person", "name": "张三"})).json()["id"]
    reply = await api.post("/v1/merges", json=BODY | {"same_as": person})
    assert (reply.status_code, reply.json()["code"]) == (409, "kinds_differ")


async def test_two_admins_at_once_come_to_one_outcome(api: httpx.AsyncClient) -> None:
    said = [api.post("/v1/merges", json=BODY | {"reason": f"理由{n}"}) for n in range(2)]
    replies = sorted(await asyncio.gather(*said), key=lambda r: r.status_code)
    assert [r.status_code for r in replies] == [201, 409]
    path = f"/v1/merges/{replies[0].json()['id']}/undo"
    undone = await asyncio.gather(*(api.post(path, json={"reason": f"理由{n}"}) for n in range(2)))
    assert sorted((r.status_code, r.json().get("code", "")) for r in undone) == [(200, ""), (409, "merge_undone")]


async def test_only_admin_merges_and_who_records_may_read(harness: Harness, api: httpx.AsyncClient) -> None:
    made = await merge(api)
    async with harness.client(await harness.key_of(Scope.RECORD, authority=authority_of(FINANCE))) as officer:
        assert (await officer.post("/v1/merges", json=BODY)).status_code == 403
        assert (await officer.post(f"/v1/merges/{made}/undo", json={"reason": "x"})).status_code == 403
        assert (await officer.get(f"/v1/merges/{made}")).status_code == 200
    async with harness.client(await harness.key_of(Scope.READ)) as reader:
        assert (await reader.get(f"/v1/merges/{made}")).status_code == 403


async def test_the_letters_of_both_count_together_and_make_one_proposal(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{Z}", json=organisation(name="资阳采购中心"))
    await rejected(api, who=A, places=(0, 1))
    await rejected(api, who=B, places=(2,))
    assert (await profile(api, A))["trigger"] == "not_met"
    assert (await api.get("/v1/complainants?as_of=2026-08-01")).json()["items"] == []
    made = await merge(api)
    for who in (A, B):
        shown = await profile(api, who)
        assert (shown["id"], shown["trigger"]) == (who, "met")
        assert shown["counts"] == {"rejected_unfounded": 3}
    (proposal,) = (await api.get("/v1/proposals?state=open")).json()["items"]
    assert (proposal["party"], len(proposal["facts"])) == (A, 3)
    listed = (await api.get("/v1/complainants?trigger=met&as_of=2026-08-01")).json()["items"]
    assert [one["id"] for one in listed] == [A]
    for who in (A, B):
        filed = (await api.get(f"/v1/parties/{who}/dossier")).json()["complaints"]["filed"]
        assert [one["complainants"] for one in filed] == [[who]] * 3
    await api.post(f"/v1/merges/{made}/undo", json={"reason": "误并"})
    assert (await profile(api, A))["trigger"] == "not_met"
    assert (await api.get("/v1/proposals?state=open")).json()["items"] == []


async def test_twins_are_listed_with_their_reasons_and_page_by_cursor(api: httpx.AsyncClient, harness: Harness) -> None:
    for number in ("foreign:US:delaware:1", "foreign:US:texas:2", "foreign:US:ohio:3"):
        said = organisation(kind="foreign", name="Acme Ltd", region=None)
        assert (await api.put(f"/v1/parties/{number}", json=said)).status_code == 201
    page = (await api.get("/v1/twins?limit=2")).json()
    assert [len(one["parties"]) for one in page["items"]] == [2, 2]
    assert page["items"][0]["why"] == ["名称一致 · the same name", "同一国家或地区 US · the same country, US"]
    assert page["items"][0]["score"] == 0.6
    rest = (await api.get(f"/v1/twins?limit=2&after={page['next']}")).json()
    pairs = {frozenset(p["id"] for p in one["parties"]) for one in page["items"] + rest["items"]}
    assert (len(pairs), rest["next"]) == (3, None)
    async with harness.client(await harness.key_of(Scope.READ)) as reader:
        assert (await reader.get("/v1/twins")).status_code == 403


async def test_two_that_are_told_apart_are_no_twins_any_more(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{B}", json=organisation(name="资阳云溪科技有限公司"))
    assert len((await api.get("/v1/twins")).json()["items"]) == 1
    body = {"parties": [A, B], "on": "2026-06-01", "reason": "同名的两家企业"}
    reply = await api.post("/v1/twins", json=body)
    told = reply.json()
    assert (reply.status_code, told["parties"], told["reason"]) == (201, [A, B], "同名的两家企业")
    assert (await api.get(reply.headers["location"])).json() == told
    assert (await api.post("/v1/twins", json=body)).status_code == 200
    assert (await api.get("/v1/twins")).json()["items"] == []
    wrong = await api.post("/v1/twins", json=body | {"parties": [A, Z]})
    assert [fault["pointer"] for fault in wrong.json()["errors"]] == ["/parties/1"]
    assert (await look_up(api, A))["verdict"] == "eligible_with_flags"
