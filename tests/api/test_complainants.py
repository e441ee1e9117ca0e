"""Profiles: the statutory count nationwide, who is shown them, and that nothing restricts by itself."""

import httpx
import pytest

from credit.model.caller import Scope
from credit.model.party import PartyId
from tests.api.bodies import FINANCE, LOOK_UP, MARKET, A, B, Z, authority_of, organisation, project
from tests.api.complaining import DAYS, LISTING, letters, profile, registered, rejected
from tests.api.conftest import Harness


@pytest.fixture(autouse=True)
async def parties(api: httpx.AsyncClient) -> None:
    await registered(api)


async def test_three_unfounded_letters_in_three_provinces_meet_the_trigger(api: httpx.AsyncClient) -> None:
    await rejected(api)
    shown = await profile(api)
    assert (shown["trigger"], shown["proposal"], shown["counts"]) == ("met", "list", {"rejected_unfounded": 3})
    assert [p["region"] for p in shown["by_province"]] == ["130000", "370000", "510000"]
    assert len(shown["window"]["complaints"]) == 3
    assert {c["region"] for c in shown["coverage"] if c["reports"]} == {"130000", "370000", "510000"}
    assert len(shown["signals"]) == 16


async def test_nobody_is_restricted_by_a_profile(api: httpx.AsyncClient) -> None:
    await rejected(api)
    asked = {"parties": [A], **LOOK_UP}
    before = (await api.post("/v1/eligibility", json={**asked, "parties": [B]})).json()["results"][0]["verdict"]
    assert (await api.post("/v1/eligibility", json=asked)).json()["results"][0]["verdict"] == before


async def test_an_earlier_day_knows_nothing_of_later_decisions(api: httpx.AsyncClient) -> None:
    await rejected(api)
    assert (await profile(api, as_of="2026-07-05"))["trigger"] == "not_met"


async def test_a_reversed_decision_no_longer_counts(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await api.post(f"/v1/complaints/{A}-1/events", json={"kind": "reversed", "on": "2026-07-15"})
    assert (await profile(api))["trigger"] == "not_met"
    assert (await profile(api, as_of="2026-07-10"))["trigger"] == "met"


async def test_complainants_are_paged_by_what_is_asked(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await rejected(api, who=B, outcome="upheld_effect")
    met = (await api.get("/v1/complainants?trigger=met&as_of=2026-08-01")).json()
    assert [one["id"] for one in met["items"]] == [A]
    pages = [(await api.get("/v1/complainants?limit=1&as_of=2026-08-01")).json()]
    pages.append((await api.get(f"/v1/complainants?limit=1&as_of=2026-08-01&after={pages[0]['next']}")).json())
    assert [one["id"] for page in pages for one in page["items"]] == [B, A]
    assert (await api.get("/v1/complainants?region=440000&as_of=2026-08-01")).json()["items"] == []
    assert len((await api.get("/v1/complainants?region=510000&as_of=2026-08-01")).json()["items"]) == 2


async def test_a_profile_is_for_finance_admin_and_the_party_itself(api: httpx.AsyncClient, harness: Harness) -> None:
    await rejected(api)
    keys = {
        "finance": await harness.key_of(Scope.READ, authority=authority_of(FINANCE)),
        "itself": await harness.key_of(Scope.SELF, party=PartyId(A)),
        "another": await harness.key_of(Scope.SELF, party=PartyId(B)),
        "market": await harness.key_of(Scope.READ, authority=authority_of(MARKET)),
        "reader": await harness.key_of(Scope.READ),
    }
    seen: dict[str, int] = {}
    for who, key in keys.items():
        async with harness.client(key) as client:
            seen[who] = (await client.get(f"/v1/complainants/{A}")).status_code
    assert seen == {"finance": 200, "itself": 200, "another": 403, "market": 403, "reader": 403}


async def test_the_base_rate_is_the_registrys_own(api: httpx.AsyncClient, harness: Harness) -> None:
    await rejected(api)
    counts = await harness.services.matters.tallies([f"{filed[:7]} rejected_unfounded ledger" for filed, _ in DAYS])
    assert list(counts.values()) == [1, 1, 1]
    await api.post(f"/v1/complaints/{A}-1/events", json={"kind": "reversed", "on": "2026-07-15"})
    after = await harness.services.matters.tallies(
        ["2026-04 rejected_unfounded ledger", "2026-04 reversed_on_review ledger"]
    )
    assert after == {"2026-04 rejected_unfounded ledger": 0, "2026-04 reversed_on_review ledger": 1}


async def test_complainants_of_one_city_are_found(api: httpx.AsyncClient) -> None:
    await rejected(api)
    for region, found in (("512000", 1), ("370200", 1), ("511100", 0)):
        items = (await api.get(f"/v1/complainants?region={region}&as_of=2026-08-01")).json()["items"]
        assert len(items) == found


async def test_two_bureaus_of_one_name_in_two_places_may_use_one_number(api: httpx.AsyncClient) -> None:
    letter = {"complaint_no": "2026-1", "complainants": [A], "filed_on": "2026-03-09", "items": ["事项"]}
    offices = [{"name": "市中区财政局", "region": region, "level": "county"} for region in ("511102", "370103")]
    replies = [await api.post("/v1/complaints", json={**letter, "office": office}) for office in offices]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert (await profile(api))["counts"] == {"pending": 2}


@pytest.mark.parametrize(("ended", "marked"), [(False, "true"), (True, None)])
async def test_abnormal_operations_are_a_mark_until_the_entry_ends(
    api: httpx.AsyncClient, ended: bool, marked: str | None
) -> None:
    entry = {**LISTING, "list": "L06", "listed_on": "2026-01-20", "authority": MARKET, "doc_no": "市监异〔2026〕1号"}
    listed = await api.post("/v1/listings", json=entry)
    assert listed.status_code == 201, listed.text
    if ended:
        removed = {"kind": "removed", "on": "2026-02-20", "reason": "移出经营异常名录"}
        assert (await api.post(f"/v1/records/{listed.json()['id']}/events", json=removed)).status_code == 201
    await letters(api, A)
    (shell,) = [signal for signal in (await profile(api))["signals"] if signal["name"] == "shell"]
    assert dict(shell["inputs"]).get("abnormal") == marked


async def test_the_party_itself_is_not_told_who_the_others_are(api: httpx.AsyncClient, harness: Harness) -> None:
    reached = [{"kind": "phone", "value": "0999-1"}]
    for party in (A, B):
        said = organisation(name=f"资阳{party[-1]}商贸有限公司", contacts=reached)
        assert (await api.put(f"/v1/parties/{party}", json=said)).status_code == 200
    for number in ("P1", "P2", "P3"):
        assert (await api.post("/v1/projects", json=project(Z, project_no=number))).status_code == 201
        bid = {"lot": "1", "members": [B], "lead": B, "price": None, "result": "won"}
        assert (await api.post(f"/v1/projects/{number}/bids", json=bid)).status_code == 201
        for who in (A, B):
            letter = {"complaint_no": f"{number}{who}", "complainants": [who], "office": FINANCE, "project_no": number,
                      "filed_on": "2026-06-01", "items": [f"事项{number}{who}"]}  # fmt: skip
            assert (await api.post("/v1/complaints", json=letter)).status_code == 201
    whole = await profile(api)
    async with harness.client(await harness.key_of(Scope.SELF, party=PartyId(A))) as itself:
        own = (await itself.get(f"/v1/complainants/{A}?as_of=2026-08-01")).json()
    assert whole["linked"] == [{"id": B, "by": ["phone"]}]
    assert own["linked"] == [{"id": None, "by": ["phone"]}]
    assert [(one["party"], one["base"], one["share"]) for one in own["benefits"]] == [(None, None, "1")]
    values = [[(s["name"], s["value"], s["of"]) for s in shown["signals"]] for shown in (whole, own)]
    assert values[0] == values[1]
    mine = {letter["id"] for letter in own["letters"]}
    assert {name for s in own["signals"] for name in s["rests_on"]} <= mine
    assert not {name for s in whole["signals"] for name in s["rests_on"]} <= mine


async def test_by_province_counts_what_is_surely_counted_alone(api: httpx.AsyncClient) -> None:
    await rejected(api, places=(0, 1))
    unclear = {"name": "河北省公共资源交易监督管理局", "region": "130000", "level": "province"}
    letter = {
        "complaint_no": "存疑",
        "complainants": [A],
        "office": unclear,
        "filed_on": "2026-06-01",
        "items": ["事项9"],
    }
    assert (await api.post("/v1/complaints", json=letter)).status_code == 201
    event = {"kind": "decided", "on": "2026-07-06", "outcome": "rejected_unfounded"}
    assert (await api.post("/v1/complaints/存疑/events", json=event)).status_code == 201
    shown = await profile(api)
    assert (shown["trigger"], len(shown["window"]["complaints"])) == ("review", 3)
    assert {row["region"]: row["counted"] for row in shown["by_province"]} == {"130000": 0, "370000": 1, "510000": 1}


@pytest.mark.parametrize("name", [A.lower(), f"{A[:-1]}7", "某某公司", "org:x", "%00"])
async def test_an_id_of_no_right_form_is_an_invalid_identifier(api: httpx.AsyncClient, name: str) -> None:
    reply = await api.get(f"/v1/complainants/{name}")
    assert (reply.status_code, reply.json()["code"]) == (422, "identifier_invalid")


async def test_an_id_that_nobody_registered_is_an_unknown_party(api: httpx.AsyncClient) -> None:
    reply = await api.get("/v1/complainants/person:nobody")
    assert (reply.status_code, reply.json()["code"]) == (404, "party_unknown")
