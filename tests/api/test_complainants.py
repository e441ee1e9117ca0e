"""Profiles and proposals: the statutory count nationwide, an officer's answer, and that nothing restricts by itself."""

from collections.abc import Sequence
from typing import Any, Final

import httpx
import pytest

from credit.model.caller import Scope
from credit.model.party import PartyId
from tests.api.bodies import FINANCE, LOOK_UP, MARKET, A, B, Z, authority_of, organisation, penalty
from tests.api.conftest import Harness
from tests.contract.makers import code

OFFICES: Final = (
    FINANCE,
    {"name": "青岛市财政局", "id": None, "region": "370200", "level": "city"},
    {"name": "河北省财政厅", "id": None, "region": "130000", "level": "province"},
)
DAYS: Final = (("2026-02-02", "2026-03-10"), ("2026-04-01", "2026-05-11"), ("2026-06-01", "2026-07-06"))
LISTING: Final[dict[str, Any]] = {
    "list": "L02", "party": A, "listed_on": "2026-11-20", "ground": "三次以上投诉查无实据", "matched_by": "identifier",
    "authority": OFFICES[2], "doc_no": "冀财采〔2026〕9号", "region": "130000",
}  # fmt: skip


@pytest.fixture(autouse=True)
async def parties(api: httpx.AsyncClient) -> None:
    for party in (A, B, Z):
        await api.put(f"/v1/parties/{party}", json=organisation(name=f"资阳{party[-1]}商贸有限公司"))


async def rejected(
    api: httpx.AsyncClient, *, who: str = A, outcome: str = "rejected_unfounded", places: Sequence[int] = (0, 1, 2)
) -> None:
    """Three letters at three offices, each rejected in the same way."""
    for place in places:
        filed, decided = DAYS[place]
        letter = {"complaint_no": f"{who}-{place}", "complainants": [who], "respondents": [Z], "office": OFFICES[place],
                  "filed_on": filed, "items": [f"事项{place}"], "participated": True}  # fmt: skip
        assert (await api.post("/v1/complaints", json=letter)).status_code == 201
        event = {"kind": "decided", "on": decided, "outcome": outcome, "items": [{"item": 1, "outcome": outcome}]}
        assert (await api.post(f"/v1/complaints/{who}-{place}/events", json=event)).status_code == 201


async def profile(api: httpx.AsyncClient, who: str = A, as_of: str = "2026-08-01") -> dict[str, Any]:
    reply = await api.get(f"/v1/complainants/{who}?as_of={as_of}")
    assert reply.status_code == 200, reply.text
    return reply.json()


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


async def test_the_letters_that_meet_the_trigger_make_one_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api, places=(0, 1))
    assert (await api.get("/v1/proposals")).json()["items"] == []
    await rejected(api, places=(2,))
    (proposal,) = (await api.get("/v1/proposals?state=open")).json()["items"]
    assert (proposal["party"], proposal["kind"], proposal["office"]["name"]) == (A, "list", "河北省财政厅")
    assert sorted(proposal["facts"]) == sorted((await profile(api))["window"]["complaints"])
    await profile(api)
    assert len((await api.get("/v1/proposals")).json()["items"]) == 1


async def test_a_fabricated_complaint_makes_a_proposal_of_a_ban(api: httpx.AsyncClient) -> None:
    await rejected(api, outcome="rejected_fabricated", places=(0,))
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    assert (proposal["kind"], proposal["state"]) == ("ban", "open")


async def test_a_declined_proposal_answers_its_letters(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    answer = {"accept": False, "reason": "投诉人已说明情况", "on": "2026-07-20"}
    reply = await api.post(f"/v1/proposals/{proposal['id']}/answer", json=answer)
    assert (reply.status_code, reply.json()["state"]) == (201, "declined")
    assert (await profile(api))["trigger"] == "not_met"
    assert (await profile(api, as_of="2026-07-10"))["trigger"] == "met"


async def test_two_officers_get_one_outcome_and_one_conflict(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    where = f"/v1/proposals/{proposal['id']}/answer"
    answers = [{"accept": accept, "reason": "核实", "on": "2026-07-20"} for accept in (True, False)]
    first, second = [await api.post(where, json=answer) for answer in answers]
    assert (first.status_code, second.status_code, second.json()["code"]) == (201, 409, "matter_closed")


async def test_an_officer_of_another_office_does_not_answer(api: httpx.AsyncClient, harness: Harness) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    key = await harness.key_of(Scope.RECORD, authority=authority_of(FINANCE))
    async with harness.client(key) as other:
        reply = await other.post(
            f"/v1/proposals/{proposal['id']}/answer", json={"accept": True, "reason": "核实", "on": "2026-07-20"}
        )
    assert reply.status_code == 403


async def test_only_an_accepted_proposal_becomes_a_record_and_only_once(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    named = {**LISTING, "proposal": proposal["id"]}
    early = await api.post("/v1/listings", json=named)
    assert early.status_code == 409, early.text
    await api.post(
        f"/v1/proposals/{proposal['id']}/answer", json={"accept": True, "reason": "属实", "on": "2026-11-19"}
    )
    recorded = await api.post("/v1/listings", json=named)
    assert recorded.status_code == 201, recorded.text
    assert (await api.post("/v1/listings", json=named)).status_code == 200
    assert (await api.post("/v1/listings", json={**named, "doc_no": "另一文号"})).status_code == 409
    shown = (await api.get(f"/v1/proposals/{proposal['id']}")).json()
    assert (shown["state"], shown["events"][-1]["record"]) == ("recorded", recorded.json()["id"])


async def test_a_decision_that_names_another_partys_proposal_is_refused(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    reply = await api.post("/v1/penalties", json=penalty(party=B, proposal=proposal["id"]))
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/proposal")
    assert (await api.get(f"/v1/parties/{B}/records")).json()["items"] == []


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


async def test_a_proposal_whose_letters_are_reversed_lapses_and_cannot_be_accepted(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    await api.post(f"/v1/complaints/{A}-1/events", json={"kind": "reversed", "on": "2026-07-15"})
    (shown,) = (await api.get("/v1/proposals?state=lapsed")).json()["items"]
    assert shown["id"] == proposal["id"]
    answer = {"accept": True, "reason": "属实", "on": "2026-07-20"}
    assert (await api.post(f"/v1/proposals/{proposal['id']}/answer", json=answer)).status_code == 409


async def more(api: httpx.AsyncClient, number: str, **event: object) -> None:
    """A fourth letter of A, at the first office, to which something happens."""
    letter = {"complaint_no": number, "complainants": [A], "office": FINANCE, "filed_on": "2026-06-20",
              "items": [f"事项{number}"]}  # fmt: skip
    assert (await api.post("/v1/complaints", json=letter)).status_code == 201
    assert (await api.post(f"/v1/complaints/{number}/events", json=event)).status_code == 201


async def test_a_proposal_that_names_a_reversed_letter_gives_way_to_one_that_does_not(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (first,) = (await api.get("/v1/proposals")).json()["items"]
    await api.post(f"/v1/proposals/{first['id']}/answer", json={"accept": True, "reason": "属实", "on": "2026-07-20"})
    await more(api, "D", kind="decided", on="2026-07-21", outcome="rejected_unfounded")
    assert (await api.get(f"/v1/proposals/{first['id']}")).json()["state"] == "accepted"
    await api.post(f"/v1/complaints/{A}-0/events", json={"kind": "reversed", "on": "2026-08-03"})
    states = {one["state"]: one for one in (await api.get("/v1/proposals")).json()["items"]}
    assert sorted(states) == ["lapsed", "open"]
    wrong = set(first["facts"]) - set(states["open"]["facts"])
    assert (states["lapsed"]["id"], len(wrong), len(states["open"]["facts"])) == (first["id"], 1, 3)
    assert states["open"]["office"]["name"] == FINANCE["name"]


async def test_a_mistyped_year_ends_no_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    await more(api, "D", kind="accepted", on="2062-06-25")
    (shown,) = (await api.get("/v1/proposals")).json()["items"]
    assert shown["state"] == "open"


@pytest.mark.parametrize(
    ("outcome", "path", "body"),
    [
        ("rejected_unfounded", "penalties", penalty(kinds=["bad_conduct_listing", "ban"])),
        ("rejected_unfounded", "listings", {**LISTING, "list": "L03"}),
        ("rejected_fabricated", "penalties", penalty(ban={**penalty()["ban"], "scope": "agency_work"})),
    ],
)
async def test_a_decision_of_another_kind_answers_no_proposal(
    api: httpx.AsyncClient, outcome: str, path: str, body: dict[str, Any]
) -> None:
    await rejected(api, outcome=outcome)
    found = (await api.get("/v1/proposals")).json()["items"]
    (proposal,) = [one for one in found if one["kind"] == ("list" if outcome == "rejected_unfounded" else "ban")]
    answer = {"accept": True, "reason": "属实", "on": "2026-11-19"}
    assert (await api.post(f"/v1/proposals/{proposal['id']}/answer", json=answer)).status_code == 201
    said = {**body, "party": A, "authority": proposal["office"], "proposal": proposal["id"]}
    reply = await api.post(f"/v1/{path}", json=said)
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/proposal")


async def test_a_declined_proposal_makes_room_for_what_was_met_meanwhile(api: httpx.AsyncClient) -> None:
    await rejected(api, outcome="rejected_fabricated", places=(0,))
    await rejected(api, places=(1, 2))
    kinds = {one["kind"]: one for one in (await api.get("/v1/proposals?state=open")).json()["items"]}
    assert sorted(kinds) == ["ban", "list"]


async def test_another_offices_decision_does_not_answer_a_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    where = f"/v1/proposals/{proposal['id']}/answer"
    await api.post(where, json={"accept": True, "reason": "属实", "on": "2026-11-19"})
    reply = await api.post("/v1/listings", json={**LISTING, "authority": FINANCE, "proposal": proposal["id"]})
    assert (reply.status_code, reply.json()["code"]) == (403, "not_your_authority")
    ban = penalty(party=A, authority=OFFICES[2], kinds=["warning"], ban=None, fine=None, proposal=proposal["id"])
    assert (await api.post("/v1/penalties", json=ban)).status_code == 422


async def test_one_call_makes_one_record_of_a_proposal(api: httpx.AsyncClient) -> None:
    await rejected(api)
    (proposal,) = (await api.get("/v1/proposals")).json()["items"]
    where = f"/v1/proposals/{proposal['id']}/answer"
    await api.post(where, json={"accept": True, "reason": "属实", "on": "2026-11-19"})
    rows = [{**LISTING, "doc_no": f"冀财采〔2026〕{n}号", "proposal": proposal["id"]} for n in (1, 2)]
    answers = (await api.post("/v1/listings", json=rows)).json()["items"]
    assert [one["status"] for one in answers] == [201, 409]


async def test_the_party_sees_the_proposal_on_itself_and_others_do_not(
    api: httpx.AsyncClient, harness: Harness
) -> None:
    await rejected(api)
    for party, seen in ((A, 1), (B, 0)):
        async with harness.client(await harness.key_of(Scope.SELF, party=PartyId(party))) as client:
            assert len((await client.get("/v1/proposals")).json()["items"]) == seen


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


SAID: Final = "采购人在评审结束后擅自更改评分标准中关于类似项目业绩的认定口径导致我司得分被无故核减"


async def letters(api: httpx.AsyncClient, *who: str, item: str = "中标结果不公") -> None:
    """One letter of each."""
    for party in who:
        letter = {"complaint_no": f"关联{party[-1]}", "complainants": [party], "office": FINANCE,
                  "filed_on": "2026-03-09", "items": [item]}  # fmt: skip
        assert (await api.post("/v1/complaints", json=letter)).status_code == 201


async def clusters(api: httpx.AsyncClient, asked: str = "as_of=2026-08-01") -> list[dict[str, Any]]:
    reply = await api.get(f"/v1/complainants/clusters?{asked}")
    assert reply.status_code == 200, reply.text
    return reply.json()["items"]


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


async def test_clusters_are_paged_from_the_newest_letter_each_once(api: httpx.AsyncClient) -> None:
    others = [code(71), code(72)]
    for party in others:
        await api.put(f"/v1/parties/{party}", json=organisation(name=f"资阳{party[-1]}贸易有限公司"))
    await letters(api, A, B, item=SAID)
    await letters(api, *others, item="中标供应商提供的检测报告编号与检验机构公开的结果不一致涉嫌提供虚假材料谋取中标")
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


async def test_two_clusters_whose_newest_letter_is_a_joint_one_both_come(api: httpx.AsyncClient) -> None:
    others = [code(71), code(72)]
    for party in others:
        await api.put(f"/v1/parties/{party}", json=organisation(name=f"资阳{party[-1]}贸易有限公司"))
    await letters(api, A, B, item=SAID)
    await letters(api, *others, item="中标供应商提供的检测报告编号与检验机构公开的结果不一致涉嫌提供虚假材料谋取中标")
    joint = {"complaint_no": "共同", "complainants": [A, others[0]], "office": FINANCE, "filed_on": "2026-03-09",
             "items": ["事项"]}  # fmt: skip
    assert (await api.post("/v1/complaints", json=joint)).status_code == 201
    page = (await api.get("/v1/complainants/clusters?as_of=2026-08-01&limit=1")).json()
    assert sorted(sorted(m["id"] for m in one["members"]) for one in page["items"]) == sorted(
        [sorted([A, B]), sorted(others)]
    )
    assert page["next"] is None
