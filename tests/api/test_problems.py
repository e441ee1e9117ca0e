"""One error shape everywhere, whatever path, method or body."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import httpx
import pytest

from credit.api.problems import KINDS, kind_of, problem_of
from credit.api.schemas.fields import read_instant
from credit.errors import CreditError, Refusal, Unknown
from importers.sources import SOURCES
from tests.api.acting import attention, case, order
from tests.api.bodies import A, organisation, penalty
from tests.api.conftest import Harness

SHAPE = {"type", "title", "status", "detail", "code", "errors", "request_id"}
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")


def assert_is_problem(reply: httpx.Response, status: int | None = None) -> dict[str, Any]:
    assert reply.headers["content-type"] == "application/problem+json"
    body = reply.json()
    assert set(body) == SHAPE
    assert body["status"] == reply.status_code
    assert body["request_id"] == reply.headers["x-request-id"]
    assert body["type"] == f"urn:credit:problem:{body['code']}"
    assert all(set(fault) == {"pointer", "message"} for fault in body["errors"])
    if status is not None:
        assert reply.status_code == status, reply.text
    return body


async def paths(api: httpx.AsyncClient) -> list[str]:
    return [re.sub(r"\{\w+\}", "x", path) for path in (await api.get("/openapi.json")).json()["paths"]]


async def test_every_path_and_method_answers_well_or_with_a_problem(api: httpx.AsyncClient) -> None:
    for path in await paths(api):
        for method in METHODS:
            reply = await api.request(method, path)
            if reply.status_code >= 400 and method != "HEAD":
                assert_is_problem(reply)
            assert reply.status_code < 500, f"{method} {path}: {reply.text}"


async def test_every_path_refuses_garbage_with_a_problem(api: httpx.AsyncClient) -> None:
    for path in await paths(api):
        for method in ("POST", "PUT"):
            for garbage in (b"{", b"\xff", b"[]", b"null", b'{"a":NaN}', b'"\\ud800"'):
                reply = await api.request(method, path, content=garbage)
                assert reply.status_code < 500
                if reply.status_code >= 400:
                    assert_is_problem(reply)


async def test_a_stranger_is_refused_before_anything_is_read(harness: Harness) -> None:
    async with harness.client(key="") as stranger:
        for path, operations in (await stranger.get("/openapi.json")).json()["paths"].items():
            for method, operation in operations.items():
                if "security" in operation:
                    assert_is_problem(await stranger.request(method, path, content=b"{"), 401)


@pytest.mark.parametrize("header", ["Bearer wrong", "Basic Zm9vOmJhcg==", "Bearer", "Bearer credit_" + "A" * 43])
async def test_a_wrong_key_is_unauthenticated(harness: Harness, header: str) -> None:
    async with harness.client(key="") as client:
        reply = await client.get("/v1/rules", headers={"Authorization": header})
    assert assert_is_problem(reply, 401)["code"] == "unauthenticated"
    assert reply.headers["www-authenticate"].startswith("Bearer")


async def test_an_unknown_path_is_a_problem(api: httpx.AsyncClient) -> None:
    assert assert_is_problem(await api.get("/v1/nothing"), 404)["code"] == "path_unknown"


@pytest.mark.parametrize("path", ["/v1/changes", "/v1/subscriptions"])
async def test_what_comes_later_is_not_found(api: httpx.AsyncClient, path: str) -> None:
    assert_is_problem(await api.get(path), 404)


async def test_a_wrong_method_names_every_right_one(api: httpx.AsyncClient) -> None:
    reply = await api.delete(f"/v1/parties/{A}")
    assert assert_is_problem(reply, 405)["code"] == "method_not_allowed"
    assert reply.headers["allow"] == "GET, PUT"


async def test_a_path_of_its_own_takes_what_it_is_described_to_take(api: httpx.AsyncClient) -> None:
    reply = await api.request("PATCH", "/v1/parties/search")
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


async def test_a_body_over_8_mib_is_too_large(api: httpx.AsyncClient) -> None:
    body = b'"' + b"x" * (8 << 20) + b'"'
    assert assert_is_problem(await api.post("/v1/penalties", content=body), 413)["code"] == "too_large"


async def test_a_body_of_8_mib_is_read(api: httpx.AsyncClient) -> None:
    body = b'"' + b"x" * ((8 << 20) - 2) + b'"'
    assert_is_problem(await api.post("/v1/penalties", content=body), 422)


async def test_malformed_json_is_said_to_be_so(api: httpx.AsyncClient) -> None:
    problem = assert_is_problem(await api.post("/v1/penalties", content=b'{"party":'), 422)
    assert problem["errors"] == [{"pointer": "", "message": "不是有效的 JSON · not valid JSON"}]


async def test_a_body_of_another_type_is_told_which_is_right(api: httpx.AsyncClient) -> None:
    problem = assert_is_problem(await api.post("/v1/relations", data={"kind": "manages"}), 422)
    assert problem["errors"][0]["pointer"] == "#header/Content-Type"


async def test_every_wrong_field_is_named_by_its_pointer(api: httpx.AsyncClient) -> None:
    body = penalty(fine=3, nope=1, kinds=["warning", "execution"], ban={"scope": "procurement", "indefinite": "no"})
    problem = assert_is_problem(await api.post("/v1/penalties", json=body), 422)
    assert {fault["pointer"] for fault in problem["errors"]} == {"/fine", "/nope", "/kinds/1", "/ban/indefinite"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("decided_on", "2026-1-13"),
        ("decided_on", "2026-01-13T00:00:00+08:00"),
        ("decided_on", "20260113"),
        ("decided_on", 1768262400),
        ("decided_on", "2026-02-30"),
        ("decided_on", "２０２６-01-13"),
        ("served_on", "2026-01-14T09:30:00"),
        ("served_on", "2026-01-14 09:30:00+08:00"),
        ("served_on", "0001-01-01T00:00:00+08:00"),
        ("fine", 9000),
        ("fine", "-1"),
        ("fine", "1e3"),
        ("fine", "9000.001"),
        ("fine", "９000"),
        ("fine", "9000\n"),
        ("doc_no", ""),
        ("doc_no", "  "),
        ("doc_no", "a\x00b"),
        ("doc_no", "x" * 201),
        ("kinds", "fine"),
        ("in_business", 1),
        ("authority", {"name": "资阳市财政局", "region": "51200", "level": "city"}),
        ("authority", {"name": "资阳市财政局", "region": "512000", "level": "village"}),
        ("violation", None),
        ("legal_basis", ["x"] * 101),
    ],
)
async def test_a_field_of_another_form_is_refused(api: httpx.AsyncClient, field: str, value: object) -> None:
    problem = assert_is_problem(await api.post("/v1/penalties", json=penalty(**{field: value})), 422)
    assert all(fault["pointer"].startswith(f"/{field}") for fault in problem["errors"])


@pytest.mark.parametrize("field", ["party", "doc_no", "authority", "decided_on", "violation", "category", "kinds"])
async def test_a_required_field_may_not_be_left_out(api: httpx.AsyncClient, field: str) -> None:
    body = penalty()
    del body[field]
    problem = assert_is_problem(await api.post("/v1/penalties", json=body), 422)
    assert problem["errors"] == [{"pointer": f"/{field}", "message": "缺少此字段 · this field is missing"}]


async def test_a_malformed_id_in_a_path_is_an_invalid_identifier(api: httpx.AsyncClient) -> None:
    assert assert_is_problem(await api.get(f"/v1/parties/{A[:-1]}7"), 422)["code"] == "identifier_invalid"


async def test_an_identity_number_sent_as_an_id_is_not_repeated(api: httpx.AsyncClient) -> None:
    number = identity_number()
    for reply in (
        await api.get(f"/v1/parties/{number}"),
        await api.put(f"/v1/parties/person:{number}", json=organisation(kind="person")),
    ):
        assert_is_problem(reply, 422)
        assert number not in reply.text


SENT = "NUMBER"
NAMING: Final[Mapping[str, tuple[str, object]]] = {
    "linked": ("/v1/cases", case("案1", linked=[SENT])),
    "about": ("/v1/attentions", attention(about=[SENT])),
    "case": ("/v1/corrections", order("改1", case_no=SENT)),
    "proposal": ("/v1/penalties", penalty(proposal=SENT)),
    "row": ("/v1/penalties", [penalty(proposal=SENT)]),
    "field": ("/v1/cases", {**case("案1"), SENT: 1}),
    "record": ("/v1/records/NUMBER/events", {"kind": "served", "on": "2026-01-01"}),
    "complaint": ("/v1/complaints/NUMBER/events", {"kind": "accepted", "on": "2026-01-01"}),
    "merge": ("/v1/merges/NUMBER/undo", {"reason": "x"}),
    "relation": ("/v1/relations/NUMBER/end", {"until": "2026-01-01", "reason": "x"}),
}


@pytest.mark.parametrize("name", NAMING)
async def test_an_identity_number_that_names_nothing_is_not_repeated(api: httpx.AsyncClient, name: str) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    path, body = NAMING[name]
    new = identity_number()
    for number in (new, new[:6] + new[8:17]):
        reply = await api.post(path.replace(SENT, number), json=json.loads(json.dumps(body).replace(SENT, number)))
        assert reply.status_code in {200, 404, 422}, reply.text
        assert number not in reply.text


async def test_a_changed_field_named_by_an_identity_number_is_not_repeated(api: httpx.AsyncClient) -> None:
    await api.put(f"/v1/parties/{A}", json=organisation())
    record = (await api.post("/v1/penalties", json=penalty())).json()["id"]
    number = identity_number()
    said = {"kind": "amended", "on": "2026-01-01", "changes": {number: 1}}
    reply = await api.post(f"/v1/records/{record}/events", json=said)
    assert_is_problem(reply, 422)
    assert number not in reply.text


@pytest.mark.parametrize("path", ["/v1/complainants/{}", "/v1/callers/{}", "/v1/cases/{}", "/v1/projects/{}"])
async def test_an_identity_number_in_a_path_is_not_repeated(api: httpx.AsyncClient, path: str) -> None:
    number = identity_number()
    reply = await api.get(path.format(number))
    assert reply.status_code in {404, 422}
    assert number not in reply.text


async def test_a_quick_look_up_repeats_no_identity_number(api: httpx.AsyncClient) -> None:
    number, asked = identity_number(), {"domain": "government_procurement", "role": "supplier", "on": "2026-06-10"}
    one = await api.get(f"/v1/parties/{number}/eligibility", params=asked)
    both = await api.post("/v1/eligibility", json={**asked, "parties": [number, A]})
    assert (one.json()["verdict"], both.json()["results"][1]["party"]) == ("unknown", A)
    assert "PARTY-MALFORMED" in {found["rule"] for found in one.json()["findings"]}
    assert number not in one.text + both.text


@pytest.mark.parametrize("name", [A, "川财罚〔2026〕12号", "N5120022026000001", "91370200MAF000039X", "20260610-1"])
def test_codes_and_numbers_of_documents_are_told_as_they_were_sent(name: str) -> None:
    problem, _ = problem_of(Unknown(f"没有案件 {name}。", f"There is no case {name}", pointer=f"/linked/{name}"), "r1")
    assert problem.detail == f"没有案件 {name}。 There is no case {name}"
    assert problem.errors[0].pointer == f"/linked/{name}"


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "limit=1&limit=1", "after=nonsense", "after=00000000000000001", "page=2"],
)
async def test_a_wrong_page_is_refused(api: httpx.AsyncClient, query: str) -> None:
    assert_is_problem(await api.get(f"/v1/callers?{query}"), 422)


async def test_a_request_id_of_the_callers_is_taken_over(api: httpx.AsyncClient) -> None:
    reply = await api.get("/v1/nothing", headers={"X-Request-Id": "order-2026-0001"})
    assert assert_is_problem(reply, 404)["request_id"] == "order-2026-0001"


async def test_a_request_id_that_might_be_a_persons_number_is_not(api: httpx.AsyncClient) -> None:
    reply = await api.get("/healthz", headers={"X-Request-Id": identity_number()})
    assert len(reply.headers["x-request-id"]) == 16


def test_every_error_has_its_answer() -> None:
    """Those of commands and of start-up are unexpected in a request, and hidden; those of importers are known too."""
    assert SOURCES
    hidden = {"CatalogueInvalid", "LayoutDrift", "SettingInvalid"}
    pending = [CreditError]
    while pending:
        cls = pending.pop()
        pending += cls.__subclasses__()
        if cls not in {CreditError, Refusal} and cls.__name__ not in hidden:
            assert kind_of(cls("x")) in KINDS.values(), cls


def identity_number() -> str:
    """Make a synthetic number with its check digit, of a person born in 1908."""
    head = "11010119080101" + "001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return head + "10X98765432"[sum(int(sign) * weight for sign, weight in zip(head, weights, strict=True)) % 11]


# ---------------------------------------------------------------- what is asked of a list

EMPTY = (
    "cases?state=open&authority=&as_of=", "complainants?trigger=met&region=&as_of=", "corrections?state=&as_of=",
    "complaints?as_of=&limit=", "proposals?state=", "attentions?party=&as_of=", "callers?after=",
)  # fmt: skip


@pytest.mark.parametrize("path", EMPTY)
async def test_an_empty_filter_is_one_that_is_not_given(api: httpx.AsyncClient, path: str) -> None:
    full = re.sub(r"[?&]\w+=(?=&|$)", "", path)
    replies = [await api.get(f"/v1/{one}") for one in (path, full)]
    assert [reply.status_code for reply in replies] == [200, 200], replies[0].text
    assert replies[0].json() == replies[1].json()


async def test_an_empty_filter_of_a_quick_look_up_is_one_that_is_not_given(api: httpx.AsyncClient) -> None:
    asked = f"/v1/parties/{A}/eligibility?domain=government_procurement&role=supplier"
    assert (await api.get(f"{asked}&on=2026-06-10&region=")).status_code == 200
    assert_is_problem(await api.get(f"{asked}&on="), 422)


@pytest.mark.parametrize("query", ["page=", "state=&state=open", "limit=+"])
async def test_an_empty_value_hides_no_mistake(api: httpx.AsyncClient, query: str) -> None:
    assert_is_problem(await api.get(f"/v1/cases?{query}"), 422)


@pytest.mark.parametrize(
    ("path", "said"),
    [("cases?as_of=2026-02-30", "没有这一天 · there is no such day"),
     ("cases?as_of=2026-2-3", "日期应为 YYYY-MM-DD · expected a day, YYYY-MM-DD")],
)  # fmt: skip
async def test_a_day_that_there_is_not_is_told_in_chinese_first(api: httpx.AsyncClient, path: str, said: str) -> None:
    problem = assert_is_problem(await api.get(f"/v1/{path}"), 422)
    assert [fault["message"] for fault in problem["errors"]] == [said]


@pytest.mark.parametrize("at", ["2026-02-30T09:00:00+08:00", "2026-02-20T25:00:00+08:00", "2026-02-20T09:00:00+25:00"])
def test_an_instant_that_there_is_not_is_told_in_chinese_first(at: str) -> None:
    with pytest.raises(ValueError, match=r"^没有这一时刻 · there is no such instant$"):
        read_instant(at)
