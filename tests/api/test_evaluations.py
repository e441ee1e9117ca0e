"""Two-way evaluation: one for a project and pair, of those who took part, seen by office, of no verdict."""

import httpx
import pytest

from tests.api.acting import post, problem, seen, there_and_back
from tests.api.bodies import LOOK_UP, A, B, Z, organisation, project
from tests.api.conftest import Harness

PROJECT = "N5120022026000001"


def evaluation(**given: object) -> dict[str, object]:
    said = {"project_no": PROJECT, "by": Z, "of": A, "as": "supplier", "on": "2026-07-01"}
    return said | {"scores": {"履约质量": 90, "响应时效": 85.5}, "remark": None} | given


@pytest.fixture(autouse=True)
async def opened(api: httpx.AsyncClient) -> None:
    for party in (A, B, Z):
        await api.put(f"/v1/parties/{party}", json=organisation(name=f"资阳{party[-1]}商贸有限公司"))
    await post(api, "/v1/projects", project(Z))
    await post(api, f"/v1/projects/{PROJECT}/bids", {"lot": "1", "members": [A], "lead": A, "result": "won"})


async def test_an_evaluation_is_read_as_it_was_posted(api: httpx.AsyncClient) -> None:
    await there_and_back(api, "/v1/evaluations", evaluation())


async def test_there_is_one_for_a_project_and_pair(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/evaluations", evaluation())
    other = evaluation(on="2026-07-02", scores={"履约质量": 10})
    assert await problem(api, "/v1/evaluations", other) == (409, "conflict")
    await post(api, "/v1/evaluations", evaluation(by=A, of=Z, **{"as": "purchaser"}))


@pytest.mark.parametrize(
    "said",
    [
        {"of": B},
        {"by": B},
        {"by": A, "of": Z, "as": "supplier"},
        {"by": A, "of": Z, "as": "agency"},
        {"as": "purchaser"},
    ],
    ids=["no bidder", "no part", "purchaser as supplier", "no agency", "bidder as purchaser"],
)
async def test_those_who_had_no_such_part_are_refused(api: httpx.AsyncClient, said: dict[str, object]) -> None:
    assert await problem(api, "/v1/evaluations", evaluation(**said)) == (409, "not_a_participant")


async def test_an_expert_evaluates_and_is_evaluated(api: httpx.AsyncClient) -> None:
    expert = (await api.post("/v1/parties", json={"kind": "person", "name": "张三", "roles": ["expert"]})).json()["id"]
    await post(api, "/v1/evaluations", evaluation(of=expert, **{"as": "expert"}))
    await post(api, "/v1/evaluations", evaluation(by=expert))


async def test_a_project_without_recorded_bids_refuses_no_supplier(api: httpx.AsyncClient) -> None:
    await post(api, "/v1/projects", project(Z, project_no="N2"))
    await post(api, "/v1/evaluations", evaluation(project_no="N2", of=B))


async def test_nobody_evaluates_itself(api: httpx.AsyncClient) -> None:
    assert await problem(api, "/v1/evaluations", evaluation(of=Z)) == (422, "field_invalid")


@pytest.mark.parametrize("mark", [-1, 100.5, "90", True, None])
async def test_a_mark_is_a_number_up_to_a_hundred(api: httpx.AsyncClient, mark: object) -> None:
    assert (await api.post("/v1/evaluations", json=evaluation(scores={"履约质量": mark}))).status_code == 422


async def test_marks_are_summed_up_by_criterion(api: httpx.AsyncClient) -> None:
    for number in range(6):
        await post(api, "/v1/projects", project(Z, project_no=f"P{number}"))
        await post(api, "/v1/evaluations", evaluation(project_no=f"P{number}", scores={"履约质量": 70 + number}))
    await post(api, "/v1/evaluations", evaluation(scores={"响应时效": 60}))
    shown = (await api.get(f"/v1/parties/{A}/evaluations")).json()
    assert (shown["count"], shown["by_capacity"]) == (7, {"supplier": 7})
    assert shown["criteria"] == [
        {"criterion": "响应时效", "count": 1, "median": 60, "interval": None},
        {"criterion": "履约质量", "count": 6, "median": 72.5, "interval": {"low": 70, "high": 75, "level": 0.95}},
    ]
    assert (await api.get(f"/v1/parties/{A}/evaluations?as=expert")).json()["count"] == 0
    assert (await api.get(f"/v1/parties/{Z}/evaluations")).json()["count"] == 0


async def test_an_evaluation_enters_no_verdict(api: httpx.AsyncClient) -> None:
    asked = {**LOOK_UP, "parties": [A]}
    before = (await api.post("/v1/eligibility", json=asked)).json()["results"]
    await post(api, "/v1/evaluations", evaluation(scores={"履约质量": 0}))
    assert (await api.post("/v1/eligibility", json=asked)).json()["results"] == before


async def test_evaluations_are_seen_by_office_alone(harness: Harness, api: httpx.AsyncClient) -> None:
    made = await post(api, "/v1/evaluations", evaluation())
    shown = {"office": 200, "other office": 200, "reader": 403, "party": 403, "admin": 200}
    assert await seen(harness, f"/v1/evaluations/{made['id']}") == shown
    assert await seen(harness, f"/v1/parties/{A}/evaluations") == shown
