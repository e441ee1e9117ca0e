"""Parties and relations, there and back."""

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.bodies import A, B, organisation, relation
from tests.api.conftest import Harness
from tests.api.test_problems import identity_number


async def test_a_party_is_read_as_it_was_registered(api: httpx.AsyncClient) -> None:
    made = await api.put(f"/v1/parties/{A}", json=organisation())
    assert made.status_code == 201
    assert made.headers["location"] == f"/v1/parties/{A}"
    read = (await api.get(f"/v1/parties/{A}")).json()
    assert read == made.json()
    assert organisation().items() <= read.items()


async def test_the_same_party_again_changes_nothing(api: httpx.AsyncClient) -> None:
    first = await api.put(f"/v1/parties/{A}", json=organisation())
    again = await api.put(f"/v1/parties/{A}", json=organisation())
    assert (again.status_code, again.json()) == (200, first.json())


async def test_a_key_left_out_keeps_what_is_held(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    corrected = await api.put(f"/v1/parties/{A}", json={"status": "revoked"})
    assert corrected.status_code == 200
    assert corrected.json()["status"] == "revoked"
    assert corrected.json()["region"] == "512002"


async def test_null_and_an_empty_list_are_corrections(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    corrected = (await api.put(f"/v1/parties/{A}", json={"region": None, "roles": []})).json()
    assert (corrected["region"], corrected["roles"]) == (None, [])


async def test_a_new_party_needs_kind_and_name(api: httpx.AsyncClient) -> None:
    assert (await api.put(f"/v1/parties/{A}", json={"region": "512002"})).status_code == 422


@pytest.mark.parametrize("wrong", [A.lower(), A[:-1] + "7", f"{A}%20", "org:MAF000013", "person:110101190801010012"])
async def test_an_id_that_is_not_exactly_right_is_refused(api: httpx.AsyncClient, wrong: str) -> None:
    reply = await api.put(f"/v1/parties/{wrong}", json=organisation())
    assert (reply.status_code, reply.json()["code"]) == (422, "identifier_invalid")


async def test_an_organisation_code_finds_the_party_of_its_credit_code(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    assert (await api.get(f"/v1/parties/org:{A[8:17]}")).json()["id"] == A


async def test_a_person_gets_an_id_and_is_known_again_by_number(api: httpx.AsyncClient) -> None:
    body = {"kind": "person", "name": "张三", "identity_number": identity_number()}
    made = await api.post("/v1/parties", json=body)
    again = await api.post("/v1/parties", json=body)
    assert made.status_code == 201
    assert made.json()["id"].startswith("person:")
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])


async def test_an_identity_number_is_shown_masked_alone(api: httpx.AsyncClient) -> None:
    number = identity_number()
    made = await api.post("/v1/parties", json={"kind": "person", "name": "张三", "identity_number": number})
    assert "****" in made.json()["identity_number"]
    for reply in (made, await api.get(f"/v1/parties/{made.json()['id']}"), await api.get("/v1/accesses")):
        assert number not in reply.text


async def test_the_number_of_another_name_is_a_conflict(api: httpx.AsyncClient) -> None:
    body = {"kind": "person", "name": "张三", "identity_number": identity_number()}
    await api.post("/v1/parties", json=body)
    reply = await api.post("/v1/parties", json={**body, "name": "李四"})
    assert (reply.status_code, reply.json()["code"]) == (409, "identity_conflict")


async def test_a_wrong_identity_number_is_refused_and_not_repeated(api: httpx.AsyncClient) -> None:
    number = identity_number()
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    reply = await api.post("/v1/parties", json={"kind": "person", "name": "张三", "identity_number": wrong})
    assert (reply.status_code, reply.json()["code"]) == (422, "identifier_invalid")
    assert wrong not in reply.text


async def test_a_persons_name_is_masked_for_readers(harness: Harness, api: httpx.AsyncClient) -> None:
    person = (await api.post("/v1/parties", json={"kind": "person", "name": "张三"})).json()["id"]
    async with harness.client(await harness.key_of(Scope.READ)) as reader:
        assert (await reader.get(f"/v1/parties/{person}")).json()["name"] == "张*"
        (node,) = (await reader.get(f"/v1/parties/{person}/graph")).json()["nodes"]
        assert node["name"] == "张*"
    async with harness.client(await harness.key_of(Scope.READ, Scope.RECORD)) as recorder:
        assert (await recorder.get(f"/v1/parties/{person}")).json()["name"] == "张三"


async def test_an_organisations_name_is_nobodys_secret(harness: Harness, api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    async with harness.client(await harness.key_of(Scope.READ)) as reader:
        assert (await reader.get(f"/v1/parties/{A}")).json()["name"] == organisation()["name"]


@pytest.fixture
async def tied(api: httpx.AsyncClient) -> str:
    """Register two parties, the first holding 51 % of the second; return the relation's id."""
    for party in (A, B):
        await api.put(f"/v1/parties/{party}", json=organisation(name=f"资阳{party[-1]}商贸有限公司"))
    made = await api.post("/v1/relations", json=relation(A, B))
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def test_a_relation_is_read_as_it_was_recorded(api: httpx.AsyncClient, tied: str) -> None:
    read = (await api.get(f"/v1/relations/{tied}")).json()
    assert relation(A, B).items() <= read.items()
    assert (read["until"], read["ends"]) == (None, [])


async def test_the_same_relation_again_is_the_same(api: httpx.AsyncClient, tied: str) -> None:
    again = await api.post("/v1/relations", json=relation(A, B))
    assert (again.status_code, again.json()["id"]) == (200, tied)


async def test_another_share_of_the_same_relation_is_a_conflict(api: httpx.AsyncClient, tied: str) -> None:
    assert (await api.post("/v1/relations", json=relation(A, B, share="0.49"))).status_code == 409


async def test_a_relation_ends_and_its_end_is_corrected(api: httpx.AsyncClient, tied: str) -> None:
    await api.post(f"/v1/relations/{tied}/end", json={"until": "2026-05-01", "reason": "股权转让"})
    ended = await api.post(f"/v1/relations/{tied}/end", json={"until": "2026-04-01", "reason": "登记日期有误"})
    assert ended.status_code == 200
    assert ended.json()["until"] == "2026-04-01"
    assert [end["until"] for end in ended.json()["ends"]] == ["2026-05-01", "2026-04-01"]


async def test_a_relation_to_a_stranger_is_refused(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    reply = await api.post("/v1/relations", json=relation(A, B))
    assert (reply.status_code, reply.json()["code"]) == (404, "party_unknown")


async def test_the_graph_shows_what_is_near(api: httpx.AsyncClient, tied: str) -> None:
    graph = (await api.get(f"/v1/parties/{A}/graph?depth=1")).json()
    assert {node["id"] for node in graph["nodes"]} == {A, B}
    assert [(edge["id"], edge["source"], edge["target"], edge["share"]) for edge in graph["edges"]] == [
        (tied, A, B, "0.51")
    ]
    assert graph["truncated"] is False


@pytest.mark.parametrize("depth", ["0", "4", "x"])
async def test_a_graph_goes_one_to_three_steps(api: httpx.AsyncClient, depth: str) -> None:
    assert (await api.get(f"/v1/parties/{A}/graph?depth={depth}")).status_code == 422
