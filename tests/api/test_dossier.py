"""The dossier: each part by the reader's rights."""

from typing import Any

import httpx
import pytest

from tests.api.acting import REPAIRED, application, attention, case, keys, order, post
from tests.api.bodies import FINANCE, MARKET, A, B, Z, organisation, penalty, project, relation
from tests.api.complaining import rejected
from tests.api.conftest import Harness

PARTS = ("records", "bids", "attentions", "cases", "corrections", "repairs", "objections")


@pytest.fixture(autouse=True)
async def held(api: httpx.AsyncClient) -> None:
    """Hold something of every part on a party; a repaired record, and two cases of two authorities."""
    for party in (A, B, Z):
        await api.put(f"/v1/parties/{party}", json=organisation())
    await post(api, "/v1/relations", relation(A, B))
    record = (await post(api, "/v1/penalties", penalty()))["id"]
    await post(api, "/v1/objections", application(record))
    gone = (await post(api, "/v1/penalties", penalty(doc_no="二号")))["id"]
    await post(api, f"/v1/records/{gone}/events", REPAIRED)
    await post(api, "/v1/projects", project(Z))
    await post(api, "/v1/projects/N5120022026000001/bids", {"lot": "1", "members": [A], "lead": A})
    await post(api, "/v1/attentions", attention())
    await post(api, "/v1/cases", case("案1"))
    await post(api, "/v1/cases", case("案2", authority=MARKET))
    await post(api, "/v1/corrections", order("改1"))
    said = {"project_no": "N5120022026000001", "by": Z, "of": A, "as": "supplier", "on": "2026-07-01"}
    await post(api, "/v1/evaluations", said | {"scores": {"履约质量": 90}})
    letter = {"complaint_no": "投1", "respondents": [Z], "office": FINANCE, "filed_on": "2026-03-09", "items": ["不公"]}
    await post(api, "/v1/complaints", letter | {"complainants": [A]})


def counted(dossier: dict[str, Any]) -> dict[str, int]:
    found = {part: len(dossier[part]) for part in PARTS if part != "records"}
    found |= {"records": len(dossier["records"]["items"]), "complaints": len(dossier["complaints"]["filed"])}
    return found | {"evaluations": -1 if dossier["evaluations"] is None else dossier["evaluations"]["count"]}


async def test_every_reader_is_shown_what_is_theirs(harness: Harness) -> None:
    shown: dict[str, tuple[object, ...]] = {}
    for name, key in (await keys(harness)).items():
        async with harness.client(key) as client:
            reply = await client.get(f"/v1/parties/{A}/dossier")
            assert reply.status_code == 200, reply.text
            dossier = reply.json()
            assert dossier["relations"]["by_kind"] == {"shareholder": 1}
            found = counted(dossier)
            order_of = (
                "records",
                "bids",
                "complaints",
                "attentions",
                "cases",
                "corrections",
                "evaluations",
                "objections",
            )
            shown[name] = (dossier["reader"], *(found[part] for part in order_of))
    assert shown == {
        "office": ("authority", 2, 1, 1, 1, 1, 1, 1, 1),
        "other office": ("authority", 1, 1, 0, 0, 1, 0, 1, 0),
        "reader": ("other", 1, 1, 0, 0, 0, 0, -1, 0),
        "party": ("self", 2, 1, 1, 1, 0, 1, -1, 1),
        "admin": ("admin", 2, 1, 1, 1, 2, 1, 1, 1),
    }


async def test_a_party_sees_no_other_partys_dossier(harness: Harness) -> None:
    async with harness.client((await keys(harness))["party"]) as own:
        assert (await own.get(f"/v1/parties/{B}/dossier")).status_code == 403


async def test_a_stranger_has_no_dossier(api: httpx.AsyncClient) -> None:
    reply = await api.get("/v1/parties/91512002MAF0000396/dossier")
    assert reply.status_code in {404, 422}


async def test_who_looked_is_written_down(api: httpx.AsyncClient) -> None:
    await api.get(f"/v1/parties/{A}/dossier")
    noted = (await api.get(f"/v1/accesses?party={A}")).json()["items"]
    assert "dossier" in {line["action"] for line in noted}


async def test_proposals_are_for_finance_admin_and_the_party(harness: Harness) -> None:
    async with harness.client() as admin:
        await rejected(admin)
        (proposal,) = (await admin.get("/v1/proposals")).json()["items"]
    shown: dict[str, list[str]] = {}
    for name, key in (await keys(harness)).items():
        async with harness.client(key) as client:
            shown[name] = [one["id"] for one in (await client.get(f"/v1/parties/{A}/dossier")).json()["proposals"]]
    own = [proposal["id"]]
    assert shown == {"office": own, "other office": [], "reader": [], "party": own, "admin": own}


async def test_a_record_is_marked_as_it_is_by_itself(api: httpx.AsyncClient) -> None:
    found = (await api.get(f"/v1/parties/{A}/dossier")).json()["records"]["items"]
    alone = [(await api.get(f"/v1/records/{record['id']}")).json() for record in found]
    assert [record["pending"] for record in found] == [record["pending"] for record in alone]
    assert {mark["kind"] for record in found for mark in record["pending"]} == {"objection"}
