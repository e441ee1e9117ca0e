"""Finding parties by name: candidates with a score and its reasons, never an identification."""

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.bodies import A, B, Z, organisation
from tests.api.conftest import Harness

NAME = "四川云溪智能科技有限公司"


@pytest.fixture(autouse=True)
async def parties(api: httpx.AsyncClient) -> None:
    told = {
        A: organisation(name=NAME, former_names=["资阳旧名商贸有限公司"]),
        B: organisation(name="四川云汐智能科技有限公司", region="610100"),
        Z: organisation(name="资阳市第一人民医院", region=None),
    }
    for party, body in told.items():
        assert (await api.put(f"/v1/parties/{party}", json=body)).status_code == 201


async def found(api: httpx.AsyncClient, name: str, **said: object) -> list[dict[str, object]]:
    reply = await api.post("/v1/parties/search", json={"name": name, **said})
    assert reply.status_code == 200, reply.text
    assert set(reply.json()) == {"items"}
    return reply.json()["items"]


async def test_the_likest_comes_first_with_its_reasons(api: httpx.AsyncClient) -> None:
    first, second = await found(api, "四川省云溪智能科技有限公司")
    assert set(first) == {"id", "name", "score", "why"}
    assert (first["id"], first["name"], first["score"]) == (A, NAME, 1.0)
    assert second["id"] == B
    assert float(str(second["score"])) < 0.9
    assert "字号差一字" in str(second["why"])


async def test_every_candidate_says_that_it_is_no_identification(api: httpx.AsyncClient) -> None:
    for one in await found(api, NAME):
        assert "不能确认身份" in str(one["why"])


async def test_a_former_name_is_found(api: httpx.AsyncClient) -> None:
    (one,) = await found(api, "资阳旧名商贸有限公司")
    assert (one["id"], one["name"]) == (A, NAME)


async def test_a_region_leaves_out_who_is_registered_elsewhere(api: httpx.AsyncClient) -> None:
    assert [one["id"] for one in await found(api, NAME, region="510000")] == [A]
    assert [one["id"] for one in await found(api, "资阳市第一人民医院", region="110000")] == [Z]


async def test_a_limit_keeps_the_likest(api: httpx.AsyncClient) -> None:
    assert [one["id"] for one in await found(api, NAME, limit=1)] == [A]


async def test_persons_are_found_only_by_those_who_may_see_their_names(
    harness: Harness, api: httpx.AsyncClient
) -> None:
    person = (await api.post("/v1/parties", json={"kind": "person", "name": "张小某"})).json()["id"]
    for scope, ids in ((Scope.READ, []), (Scope.RECORD, [person]), (Scope.ADMIN, [person])):
        async with harness.client(await harness.key_of(scope)) as client:
            assert [one["id"] for one in await found(client, "张小某")] == ids


async def test_a_partys_own_key_may_not_search(harness: Harness) -> None:
    async with harness.client(await harness.key_of(Scope.SELF, party=A)) as client:
        assert (await client.post("/v1/parties/search", json={"name": NAME})).status_code == 403


async def test_who_was_found_is_written_to_the_access_log(api: httpx.AsyncClient) -> None:
    await found(api, NAME)
    accesses = (await api.get(f"/v1/accesses?party={A}")).json()["items"]
    assert "search" in [access["action"] for access in accesses]


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": NAME, "limit": 0}, {"name": NAME, "limit": 101}, {"q": 1}])
async def test_a_malformed_search_is_refused(api: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert (await api.post("/v1/parties/search", json=body)).status_code == 422
