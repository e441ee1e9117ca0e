"""Checks, look-ups, decisions, replays, certificates, jobs."""

import asyncio
import base64
from typing import Any

import httpx
import pytest

from credit.evidence import verify
from credit.model.caller import Scope
from tests.api.bodies import LOOK_UP, A, B, Z, check, listing, organisation, penalty, project
from tests.api.conftest import Harness
from tests.api.test_problems import identity_number

SYNC = {"finished_at": "2026-06-10T08:00:00+08:00", "outcome": "complete", "records": 1000}


@pytest.fixture(autouse=True)
async def world(api: httpx.AsyncClient) -> None:
    """Two suppliers, the first banned; fresh are the lists that a verdict must have, the others one flag."""
    for party in (A, B):
        await api.put(f"/v1/parties/{party}", json=organisation(name=f"资阳{party[-1]}商贸有限公司"))
    assert (await api.post("/v1/penalties", json=penalty())).status_code == 201
    for name in ("L01", "L03", "L04"):
        await api.post(f"/v1/sources/{name}/syncs", json=SYNC)


async def ask(api: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    reply = await api.post("/v1/checks", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json()


async def test_a_check_answers_every_bid_with_its_findings(api: httpx.AsyncClient) -> None:
    answer = await ask(api, check(A, B))
    banned, clean = answer["results"]
    assert (banned["ref"], banned["verdict"], banned["until"]) == ("B0", "restricted", "2027-01-15")
    assert (clean["ref"], clean["verdict"]) == ("B1", "eligible_with_flags")
    assert {"rule", "effect", "records", "reason", "citations"} <= banned["findings"][0].keys()


async def test_a_check_is_read_as_it_was_answered(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/checks", json=check(A))
    assert (await api.get(reply.headers["location"])).json() == reply.json()


async def test_what_is_unknown_is_an_answer_and_no_error(api: httpx.AsyncClient) -> None:
    answer = await ask(api, check("91512002MAF000039X", "nonsense", ""))
    assert [result["verdict"] for result in answer["results"]] == ["unknown"] * 3


async def test_an_identity_number_is_kept_in_no_answer_wherever_it_was_written(api: httpx.AsyncClient) -> None:
    number = identity_number()
    body = check(number, prior_services=[{"party": number, "service": "design"}])
    body["bids"][0]["members"] += [{"id": "nonsense", "name": f"张三（{number}）"}]
    answer = await ask(api, body)
    certificate = await api.get(f"/v1/checks/{answer['id']}/certificate.json")
    assert number not in str(answer)
    assert number not in certificate.text
    assert certificate.text.count("****") >= 3


async def test_what_the_activity_leaves_out_comes_from_the_project(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{Z}", json=organisation(roles=["purchaser"]))
    assert (await api.post("/v1/projects", json=project(Z))).status_code == 201
    body = check(A) | {"activity": {"project_no": project(Z)["project_no"], "cut_off": "2026-06-10T14:00:00+08:00"}}
    assert (await ask(api, body))["results"][0]["verdict"] == "restricted"


@pytest.mark.parametrize("field", ["domain", "deadline"])
async def test_what_neither_activity_nor_project_says_is_missing(api: httpx.AsyncClient, field: str) -> None:
    body = check(A)
    del body["activity"][field]
    reply = await api.post("/v1/checks", json=body)
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == f"/activity/{field}"


async def test_a_project_that_is_not_held_cannot_fill_up_the_activity(api: httpx.AsyncClient) -> None:
    body = check(A) | {"activity": {"project_no": "none"}}
    assert (await api.post("/v1/checks", json=body)).status_code == 404


async def test_two_bids_may_not_bear_one_ref(api: httpx.AsyncClient) -> None:
    body = check(A, B)
    body["bids"][1]["ref"] = "B0"
    reply = await api.post("/v1/checks", json=body)
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (409, "/bids/1/ref")


async def test_a_member_named_more_than_once_is_one_member(api: httpx.AsyncClient) -> None:
    body = check(A)
    body["bids"][0]["members"] *= 3
    assert [m["id"] for m in (await ask(api, body))["results"][0]["members"]] == [A]


async def test_the_future_is_not_known(api: httpx.AsyncClient) -> None:
    reply = await api.post("/v1/checks", json=check(A) | {"known_at": "2999-01-01T00:00:00+08:00"})
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/known_at")


async def test_checks_of_a_project_are_paged_newest_first(api: httpx.AsyncClient) -> None:
    ids = [(await ask(api, check(B, project_no="N1")))["id"] for _ in range(3)]
    await ask(api, check(B, project_no="N2"))
    first = (await api.get("/v1/checks", params={"project_no": "N1", "limit": 2})).json()
    rest = (await api.get("/v1/checks", params={"project_no": "N1", "limit": 2, "after": first["next"]})).json()
    assert [item["id"] for item in first["items"]] == [ids[2], ids[1]]
    assert [item["id"] for item in rest["items"]] == [ids[0]]
    assert rest["next"] is None


async def test_a_replay_gives_the_answer_of_then_and_todays(api: httpx.AsyncClient) -> None:
    kept = await ask(api, check(B))
    await api.post("/v1/penalties", json=penalty(party=B))
    replayed = (await api.post(f"/v1/checks/{kept['id']}/replay")).json()
    assert replayed["results"] == kept["results"]
    assert replayed["same"] is True
    assert replayed["now"]["results"][0]["verdict"] == "restricted"
    assert [(change["ref"], change["from"], change["to"]) for change in replayed["changed"]] == [
        ("B0", "eligible_with_flags", "restricted")
    ]


async def test_a_certificate_holds_by_the_public_key_alone(api: httpx.AsyncClient) -> None:
    kept = await ask(api, check(A))
    reply = await api.get(f"/v1/checks/{kept['id']}/certificate.json")
    keys = await public_keys(api)
    assert verify(reply.json(), keys) == []
    changed = reply.json()
    changed["check"]["results"][0]["verdict"] = "eligible"
    assert verify(changed, keys) != []


async def public_keys(api: httpx.AsyncClient) -> dict[str, bytes]:
    items = (await api.get("/v1/keys")).json()["items"]
    return {item["key_id"]: base64.b64decode(item["public_key"]) for item in items}


async def test_a_decision_on_a_review_is_kept(api: httpx.AsyncClient) -> None:
    await api.post("/v1/listings", json=listing(party=B, matched_by="name"))
    kept = await ask(api, check(B))
    assert kept["results"][0]["verdict"] == "review"
    told = {"ref": "B0", "decision": "admit", "by": "评审委员会", "reason": "经核实，非同一主体。"}
    reply = await api.post(f"/v1/checks/{kept['id']}/decisions", json=told)
    assert reply.status_code == 201, reply.text
    assert told.items() <= reply.json().items()
    assert (await api.get(reply.headers["location"])).json() == reply.json()
    again = await api.post(f"/v1/checks/{kept['id']}/decisions", json=told)
    assert (again.status_code, again.json()) == (200, reply.json())


async def test_what_was_not_left_to_review_is_not_decided(api: httpx.AsyncClient) -> None:
    kept = await ask(api, check(A))
    told = {"ref": "B0", "decision": "admit", "by": "评审委员会", "reason": "x"}
    assert (await api.post(f"/v1/checks/{kept['id']}/decisions", json=told)).status_code == 409


async def test_a_check_that_is_not_there_is_not_found(api: httpx.AsyncClient) -> None:
    told = {"ref": "B0", "decision": "admit", "by": "x", "reason": "x"}
    for reply in (
        await api.get("/v1/checks/none"),
        await api.get("/v1/checks/none/certificate.json"),
        await api.post("/v1/checks/none/replay"),
        await api.post("/v1/checks/none/decisions", json=told),
    ):
        assert reply.status_code == 404


async def test_a_quick_look_up_answers_for_one_party(api: httpx.AsyncClient) -> None:
    answer = (await api.get(f"/v1/parties/{A}/eligibility", params=LOOK_UP)).json()
    assert set(answer) == {"party", "on", "verdict", "until", "findings", "sources", "rules"}
    assert (answer["party"], answer["on"], answer["verdict"]) == (A, "2026-06-10", "restricted")


async def test_a_quick_look_up_of_a_stranger_is_unknown(api: httpx.AsyncClient) -> None:
    for stranger in ("91512002MAF000039X", "nonsense"):
        reply = await api.get(f"/v1/parties/{stranger}/eligibility", params=LOOK_UP)
        assert (reply.status_code, reply.json()["verdict"]) == (200, "unknown")


async def test_a_batch_answers_as_each_party_alone(api: httpx.AsyncClient) -> None:
    parties = [B, A, "nonsense", B]
    batch = (await api.post("/v1/eligibility", json={**LOOK_UP, "parties": parties})).json()["results"]
    alone = [(await api.get(f"/v1/parties/{party}/eligibility", params=LOOK_UP)).json() for party in parties]
    assert [(answer["party"], answer["verdict"]) for answer in batch] == [
        (answer["party"], answer["verdict"]) for answer in alone
    ]


async def test_a_batch_holds_a_thousand_parties_and_no_more(api: httpx.AsyncClient) -> None:
    assert (await api.post("/v1/eligibility", json={**LOOK_UP, "parties": [A] * 1000})).status_code == 200
    assert (await api.post("/v1/eligibility", json={**LOOK_UP, "parties": [A] * 1001})).status_code == 413


async def test_more_than_a_thousand_parties_go_as_a_job(api: httpx.AsyncClient) -> None:
    body = in_own_lots(*[A] * 1001)
    assert (await api.post("/v1/checks", json=body)).status_code == 413
    reply = await api.post("/v1/checks?mode=job", json=body)
    assert reply.status_code == 202
    assert reply.json()["total"] == 1001
    job = await ended(api, reply.headers["location"])
    assert (job["state"], job["done"], job["error"]) == ("done", 1001, None)
    kept = (await api.get(job["result"])).json()
    assert len(kept["results"]) == 1001


def in_own_lots(*members: str) -> dict[str, Any]:
    """Ask for each by itself: bids of one lot are tested against each other, pair by pair."""
    body = check(*members)
    return body | {"bids": [bid | {"lot": bid["ref"]} for bid in body["bids"]]}


async def ended(api: httpx.AsyncClient, path: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while (job := (await api.get(path)).json())["state"] not in {"done", "failed"}:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return job


async def test_a_job_is_its_callers(harness: Harness, api: httpx.AsyncClient) -> None:
    path = (await api.post("/v1/checks?mode=job", json=check(A))).headers["location"]
    async with harness.client(await harness.key_of(Scope.CHECK)) as other:
        assert (await other.get(path)).status_code == 404
    await ended(api, path)


async def test_a_persons_name_is_masked_in_what_is_kept(api: httpx.AsyncClient) -> None:
    person = (await api.post("/v1/parties", json={"kind": "person", "name": "张三", "roles": ["expert"]})).json()["id"]
    body = check(person)
    body["bids"][0] |= {"role": "expert", "members": [{"id": person, "name": "张三"}]}
    kept = await ask(api, body)
    assert "张三" not in (await api.get(f"/v1/checks/{kept['id']}")).text


async def test_the_rules_are_shown_with_their_sources(api: httpx.AsyncClient) -> None:
    rules = (await api.get("/v1/rules")).json()
    assert rules["digest"].startswith("sha256:")
    rule = (await api.get("/v1/rules/GP-ART22-FINE")).json()
    assert rule["citations"]
    assert (await api.get("/v1/rules/NONE-SUCH")).status_code == 404
