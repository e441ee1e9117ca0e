"""Whose a record is as amended, whose a key of scope ``self`` is, and what else hangs on who one is."""

import asyncio
from typing import Any, Final

import httpx
import pytest

from credit.model.caller import Scope
from tests.api.acting import POLICE, REPAIRED, application, attention, case, order, post, problem
from tests.api.bodies import FINANCE, MARKET, A, B, authority_of, listing, organisation, penalty
from tests.api.conftest import Harness

QINGDAO: Final = {"name": "青岛市财政局", "id": None, "region": "370200", "level": "city"}
NUMBERED: Final = FINANCE | {"id": "11512000MB0F00012D"}
HANDED_OVER: Final = {"kind": "amended", "on": "2026-02-01", "changes": {"authority": QINGDAO}}
SERVED: Final = {"kind": "served", "on": "2026-02-03"}
GONE: Final = {"kind": "annulled", "on": "2026-02-04"}
ORG: Final = "org:MAF000012"
"""What is contained in the credit code of A."""
MERGED: Final = {"keep": A, "same_as": B, "on": "2026-06-01", "reason": "重新赋码，见登记档案"}


@pytest.fixture
async def parties(api: httpx.AsyncClient) -> None:
    for party in (A, B):
        assert (await api.put(f"/v1/parties/{party}", json=organisation())).status_code == 201


async def office(harness: Harness, body: dict[str, Any]) -> httpx.AsyncClient:
    return harness.client(await harness.key_of(Scope.READ, Scope.RECORD, authority=authority_of(body)))


async def own(harness: Harness, party: str) -> httpx.AsyncClient:
    return harness.client(await harness.key_of(Scope.SELF, party=party))


async def status(api: httpx.AsyncClient, path: str) -> int:
    return (await api.get(path)).status_code


# ---------------------------------------------------------------- an authority as amended


@pytest.mark.usefixtures("parties")
async def test_a_record_is_its_authoritys_as_amended(harness: Harness, api: httpx.AsyncClient) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    path = f"/v1/records/{record}"
    await post(api, f"{path}/events", HANDED_OVER)
    async with await office(harness, FINANCE) as before, await office(harness, QINGDAO) as now:
        assert await problem(before, f"{path}/events", GONE) == (403, "not_your_authority")
        await post(now, f"{path}/events", SERVED)
        await post(now, f"{path}/events", {"kind": "amended", "on": "2026-02-05", "changes": {"fine": "1.00"}})
        await post(now, f"{path}/events", GONE)
        assert [await status(who, path) for who in (before, now)] == [404, 200]


@pytest.mark.usefixtures("parties")
async def test_until_the_day_of_the_amendment_a_record_is_as_it_was(harness: Harness, api: httpx.AsyncClient) -> None:
    path = f"/v1/records/{(await post(api, '/v1/penalties', penalty()))['id']}/events"
    await post(api, path, HANDED_OVER | {"on": "2027-02-01"})
    async with await office(harness, FINANCE) as before, await office(harness, QINGDAO) as later:
        assert await problem(later, path, SERVED) == (403, "not_your_authority")
        await post(before, path, SERVED)


@pytest.mark.usefixtures("parties")
async def test_an_entry_told_without_authority_is_that_of_the_one_named_later(
    harness: Harness, api: httpx.AsyncClient
) -> None:
    path = f"/v1/records/{(await post(api, '/v1/listings', listing(authority=None)))['id']}/events"
    await post(api, path, HANDED_OVER)
    async with await office(harness, QINGDAO) as now:
        told = await post(now, path, {"kind": "removed", "on": "2026-05-01"})
    async with await office(harness, FINANCE) as other:
        assert await problem(other, path, SERVED) == (403, "not_your_authority")
    assert told["kind"] == "removed"


@pytest.mark.usefixtures("parties")
async def test_applications_are_the_authoritys_as_amended(harness: Harness, api: httpx.AsyncClient) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    await post(api, f"/v1/records/{record}/events", HANDED_OVER)
    path = f"/v1/repairs/{(await post(api, '/v1/repairs', application(record)))['id']}"
    granted = {"kind": "granted", "on": "2026-08-10"}
    async with await office(harness, FINANCE) as before, await office(harness, QINGDAO) as now:
        assert [await status(who, path) for who in (before, now)] == [404, 200]
        assert await problem(before, f"{path}/events", granted) == (403, "not_your_authority")
        await post(now, f"{path}/events", granted)


@pytest.mark.usefixtures("parties")
async def test_an_office_handles_what_it_told_under_its_places_former_code(
    harness: Harness, api: httpx.AsyncClient
) -> None:
    place = {"name": "简阳市财政局", "id": None, "region": "512081", "level": "county"}
    record = (await post(api, "/v1/penalties", penalty(authority=place, decided_on="2015-03-02")))["id"]
    async with await office(harness, place | {"region": "510185"}) as now:
        await post(now, f"/v1/records/{record}/events", {"kind": "repaired", "on": "2026-04-10"})
    async with await office(harness, place | {"region": "510181"}) as neighbour:
        gone = f"/v1/records/{record}/events"
        assert await problem(neighbour, gone, GONE) == (403, "not_your_authority")


# ---------------------------------------------------------------- one number, told in two ways


MADE: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "complaints": ("office", {"complaint_no": "投1", "complainants": [A], "filed_on": "2026-03-09", "items": ["事项"]}),
    "cases": ("authority", case("案1")),
    "corrections": ("authority", order("改1")),
    "attentions": ("authority", attention()),
}


@pytest.mark.usefixtures("parties")
@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("told", [(FINANCE, NUMBERED), (NUMBERED, FINANCE)])
async def test_what_an_authority_tells_with_its_id_and_without_is_one(
    harness: Harness, kind: str, told: tuple[dict[str, Any], ...]
) -> None:
    role, body = MADE[kind]
    async with await office(harness, NUMBERED) as bound:
        made = await post(bound, f"/v1/{kind}", body | {role: told[0]})
        again = await bound.post(f"/v1/{kind}", json=body | {role: told[1]})
    assert (again.status_code, again.json()["id"]) == (200, made["id"])


@pytest.mark.usefixtures("parties")
@pytest.mark.parametrize("kind", MADE)
async def test_what_a_body_of_one_id_tells_under_another_name_is_one(api: httpx.AsyncClient, kind: str) -> None:
    role, body = MADE[kind]
    await post(api, f"/v1/{kind}", body | {role: NUMBERED})
    assert await problem(api, f"/v1/{kind}", body | {role: NUMBERED | {"name": "资阳市财政国资局"}}) == (
        409,
        "conflict",
    )


@pytest.mark.usefixtures("parties")
async def test_two_bodies_of_one_name_and_place_give_the_same_number(api: httpx.AsyncClient) -> None:
    other = NUMBERED | {"id": "11512002MBF000016W"}
    first, second = [await post(api, "/v1/cases", case("案1", authority=said)) for said in (NUMBERED, other)]
    assert first["id"] != second["id"]
    for made, said in ((first, NUMBERED), (second, other)):
        again = await api.post("/v1/cases", json=case("案1", authority=said))
        assert (again.status_code, again.json()["id"]) == (200, made["id"])


@pytest.mark.usefixtures("parties")
async def test_what_was_told_under_a_former_code_is_told_again_under_the_new_one(api: httpx.AsyncClient) -> None:
    place = {"name": "简阳市财政局", "id": None, "region": "512081", "level": "county"}
    made = await post(api, "/v1/cases", case("案1", authority=place))
    again = await api.post("/v1/cases", json=case("案1", authority=place | {"region": "510185"}))
    assert (again.status_code, again.json()["id"]) == (200, made["id"])


# ---------------------------------------------------------------- objections


async def marked(api: httpx.AsyncClient, record: str) -> list[str]:
    return [one["id"] for one in (await api.get(f"/v1/records/{record}")).json()["pending"]]


@pytest.mark.usefixtures("parties")
@pytest.mark.parametrize("applied_on", ["2026-06-15", "2026-06-10"])
async def test_an_objection_is_open_though_another_was_closed_since(api: httpx.AsyncClient, applied_on: str) -> None:
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    first = await post(api, "/v1/objections", application(record, applied_on="2026-06-01"))
    await post(api, f"/v1/objections/{first['id']}/events", {"kind": "refused", "on": "2026-06-15"})
    second = await post(api, "/v1/objections", application(record, applied_on=applied_on))
    shown = (await api.get(f"/v1/objections/{second['id']}")).json()
    assert (shown["state"], shown["open"]) == ("filed", True)
    assert await marked(api, record) == [second["id"]]
    await post(api, f"/v1/objections/{second['id']}/events", {"kind": "refused", "on": "2026-06-15"})
    assert await marked(api, record) == []


# ---------------------------------------------------------------- cases


@pytest.mark.usefixtures("parties")
async def test_feedback_of_a_namesake_elsewhere_answers_no_transfer(api: httpx.AsyncClient) -> None:
    path = f"/v1/cases/{(await post(api, '/v1/cases', case('案1')))['id']}/events"
    await post(api, path, {"kind": "transferred", "on": "2026-05-01", "to": POLICE})
    feedback = {"kind": "feedback", "on": "2026-05-20"}
    await post(api, path, feedback | {"to": POLICE | {"region": "370200"}})
    closed = {"kind": "closed", "on": "2026-06-01"}
    assert await problem(api, path, closed) == (409, "case_awaits_feedback")
    await post(api, path, feedback | {"to": POLICE, "on": "2026-05-21"})
    await post(api, path, closed)


@pytest.mark.usefixtures("parties")
async def test_a_closed_case_takes_no_order(api: httpx.AsyncClient) -> None:
    path = f"/v1/cases/{(await post(api, '/v1/cases', case('案1')))['id']}/events"
    await post(api, "/v1/corrections", order("改1", case_no="案1"))
    await post(api, "/v1/corrections/改1/events", {"kind": "done", "on": "2020-11-03"})
    await post(api, path, {"kind": "closed", "on": "2026-06-01"})
    assert await problem(api, "/v1/corrections", order("改2", case_no="案1")) == (409, "matter_closed")
    assert (await api.post("/v1/corrections", json=order("改1", case_no="案1"))).status_code == 200
    await post(api, path, {"kind": "reopened", "on": "2026-06-02"})
    await post(api, "/v1/corrections", order("改2", case_no="案1"))


@pytest.mark.usefixtures("parties")
async def test_of_an_order_and_the_closing_of_its_case_at_once_one_comes_to_be(api: httpx.AsyncClient) -> None:
    for number in range(5):
        made = await post(api, "/v1/cases", case(f"案{number}"))
        replies = await asyncio.gather(
            api.post(f"/v1/cases/{made['id']}/events", json={"kind": "closed", "on": "2026-06-01"}),
            api.post("/v1/corrections", json=order(f"改{number}", case_no=made["id"])),
        )
        assert sorted(reply.status_code for reply in replies) == [201, 409]


# ---------------------------------------------------------------- publications


@pytest.mark.usefixtures("parties")
async def test_the_keys_own_publications_hold_no_namesakes(harness: Harness, api: httpx.AsyncClient) -> None:
    name = "市中区财政局"
    here, there = ({"name": name, "id": None, "region": place, "level": "county"} for place in ("511002", "370103"))
    late = [(await post(api, "/v1/penalties", penalty(authority=here, doc_no="一号", published_on=None)))["id"]]
    unplaced = penalty(authority=here | {"region": None}, doc_no="二号", published_on=None)
    late.append((await post(api, "/v1/penalties", unplaced))["id"])

    async def told(client: httpx.AsyncClient, query: str = "") -> set[str]:
        return {row["record"] for row in (await client.get(f"/v1/publications?late=true{query}")).json()["items"]}

    async with await office(harness, there) as elsewhere, await office(harness, here) as at_home:
        assert await told(elsewhere) == {late[1]}  # whose it is, nobody told
        assert await told(at_home) == set(late)
        assert await told(elsewhere, f"&authority={name}") == set(late)


# ---------------------------------------------------------------- a party's own key


async def test_a_key_bound_by_an_organisation_code_is_the_partys_whose_credit_code_is_known(
    harness: Harness, api: httpx.AsyncClient
) -> None:
    await api.put(f"/v1/parties/{ORG}", json=organisation())
    record = (await post(api, "/v1/penalties", penalty(party=ORG)))["id"]
    async with await own(harness, ORG) as self:
        assert await status(self, f"/v1/parties/{ORG}/dossier") == 200
        assert (await api.put(f"/v1/parties/{A}", json=organisation())).is_success
        for party in (ORG, A):
            assert await status(self, f"/v1/parties/{party}/dossier") == 200
            assert await status(self, f"/v1/complainants/{party}") == 200
        await post(self, "/v1/objections", application(record, party=ORG))
        assert await status(self, f"/v1/parties/{B}/dossier") == 403


@pytest.mark.usefixtures("parties")
@pytest.mark.parametrize(("key", "other"), [(A, B), (B, A)])
async def test_the_key_of_either_entry_is_the_merged_partys(
    harness: Harness, api: httpx.AsyncClient, key: str, other: str
) -> None:
    record = (await post(api, "/v1/penalties", penalty(party=other)))["id"]
    letter = {
        "complaint_no": "投1",
        "complainants": [other],
        "office": MARKET,
        "filed_on": "2026-03-09",
        "items": ["事"],
    }
    complaint = (await post(api, "/v1/complaints", letter))["id"]
    async with await own(harness, key) as self:
        assert await status(self, f"/v1/parties/{other}/dossier") == 403
        merge = await post(api, "/v1/merges", MERGED)
        for party in (A, B):
            assert await status(self, f"/v1/parties/{party}/dossier") == 200
        assert await status(self, f"/v1/complaints/{complaint}") == 200
        made = await post(self, "/v1/repairs", application(record, party=key))
        assert await status(self, f"/v1/repairs/{made['id']}") == 200
        await post(api, f"/v1/records/{record}/events", REPAIRED)
        shown = (await self.get(f"/v1/parties/{key}/records")).json()["items"]
        assert [one["id"] for one in shown] == [record]
        assert (await api.post(f"/v1/merges/{merge['id']}/undo", json={"reason": "误合并"})).is_success
        assert await status(self, f"/v1/parties/{other}/dossier") == 403
