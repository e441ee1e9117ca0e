"""Clusters of linked complainants over the API, each once and never summed."""

import httpx
import pytest

from credit.model.caller import Scope
from credit.model.party import PartyId
from tests.api.bodies import FINANCE, MARKET, A, B, Z, authority_of, organisation, project
from tests.api.complaining import SAID, clusters, letters, profile, registered, rejected
from tests.api.conftest import Harness
from tests.contract.makers import code


@pytest.fixture(autouse=True)
async def parties(api: httpx.AsyncClient) -> None:
    await registered(api)


async def test_complainants_with_one_leader_are_a_cluster_with_the_link_that_makes_it(api: httpx.AsyncClient) -> None:
    leader = (await api.post("/v1/parties", json={"kind": "person", "name": "王某某"})).json()["id"]
    ids = [
        (await api.post("/v1/relations", json={"kind": "unit_leader", "source": leader, "target": party})).json()["id"]
        for party in (A, B)
    ]
    await letters(api, A, B)
    (found,) = await clusters(api)
    assert found["links"] == [{"kind": "unit_leader", "between": sorted([A, B]), "rests_on": sorted(ids)}]
    assert {member["id"]: member["name"] for member in found["members"]} == {
        party: f"资阳{party[-1]}商贸有限公司" for party in (A, B)
    }
    assert found["complaints"] == {A: 1, B: 1}


async def test_letters_worded_alike_link_complainants_and_their_profiles(api: httpx.AsyncClient) -> None:
    await letters(api, A, B, item=SAID)
    (found,) = await clusters(api)
    assert [link["kind"] for link in found["links"]] == ["text"]
    assert (await profile(api))["linked"] == [{"id": B, "by": ["text"]}]


async def test_a_cluster_ends_with_the_window_of_its_letters(api: httpx.AsyncClient) -> None:
    await letters(api, A, B, item=SAID)
    for day, seen in (("2026-03-08", 0), ("2026-03-09", 1), ("2027-03-08", 1), ("2027-03-09", 0)):
        assert len(await clusters(api, f"as_of={day}")) == seen, day


async def test_nothing_is_summed_over_a_cluster(api: httpx.AsyncClient) -> None:
    await rejected(api, places=(0, 1))
    await rejected(api, who=B, places=(2,))
    await letters(api, A, B, item=SAID)
    assert len(await clusters(api)) == 1
    assert [(await profile(api, who))["trigger"] for who in (A, B)] == ["not_met", "not_met"]


async def two_pairs(api: httpx.AsyncClient) -> list[str]:
    """Have A and B write letters worded alike, then two others in words of their own; return the others."""
    others = [code(71), code(72)]
    for party in others:
        await api.put(f"/v1/parties/{party}", json=organisation(name=f"资阳{party[-1]}贸易有限公司"))
    await letters(api, A, B, item=SAID)
    await letters(api, *others, item="中标供应商提供的检测报告编号与检验机构公开的结果不一致涉嫌提供虚假材料谋取中标")
    return others


async def test_clusters_are_paged_from_the_newest_letter_each_once(api: httpx.AsyncClient) -> None:
    others = await two_pairs(api)
    first = (await api.get("/v1/complainants/clusters?as_of=2026-08-01&limit=1")).json()
    rest = (await api.get(f"/v1/complainants/clusters?as_of=2026-08-01&limit=1&after={first['next']}")).json()
    assert [[m["id"] for m in one["members"]] for one in (*first["items"], *rest["items"])] == [
        sorted(others), sorted([A, B])
    ]  # fmt: skip


async def test_clusters_are_for_finance_authorities_and_admin(api: httpx.AsyncClient, harness: Harness) -> None:
    keys = {
        "finance": await harness.key_of(Scope.READ, authority=authority_of(FINANCE)),
        "itself": await harness.key_of(Scope.SELF, party=PartyId(A)),
        "market": await harness.key_of(Scope.READ, authority=authority_of(MARKET)),
    }
    seen: dict[str, int] = {}
    for who, key in keys.items():
        async with harness.client(key) as client:
            seen[who] = (await client.get("/v1/complainants/clusters")).status_code
    assert seen == {"finance": 200, "itself": 403, "market": 403}


async def test_two_clusters_whose_newest_letter_is_a_joint_one_both_come(api: httpx.AsyncClient) -> None:
    others = await two_pairs(api)
    joint = {"complaint_no": "共同", "complainants": [A, others[0]], "office": FINANCE, "filed_on": "2026-03-09",
             "items": ["事项"]}  # fmt: skip
    assert (await api.post("/v1/complaints", json=joint)).status_code == 201
    page = (await api.get("/v1/complainants/clusters?as_of=2026-08-01&limit=1")).json()
    assert sorted(sorted(m["id"] for m in one["members"]) for one in page["items"]) == sorted(
        [sorted([A, B]), sorted(others)]
    )
    assert page["next"] is None


async def test_who_gains_by_a_cluster_stands_in_the_access_log(api: httpx.AsyncClient, harness: Harness) -> None:
    await letters(api, A, B, item=SAID)
    for number in ("P1", "P2", "P3"):
        assert (await api.post("/v1/projects", json=project(Z, project_no=number))).status_code == 201
        bid = {"lot": "1", "members": [Z], "lead": Z, "price": None, "result": "won"}
        assert (await api.post(f"/v1/projects/{number}/bids", json=bid)).status_code == 201
        letter = {"complaint_no": number, "complainants": [A], "office": FINANCE, "project_no": number,
                  "filed_on": "2026-06-01", "items": [f"事项{number}"]}  # fmt: skip
        assert (await api.post("/v1/complaints", json=letter)).status_code == 201
    (found,) = await clusters(api)
    assert [one["party"] for one in found["benefits"]] == [Z]
    seen = (await api.get(f"/v1/accesses?party={Z}")).json()["items"]
    assert "complainant_clusters" in {one["action"] for one in seen}
