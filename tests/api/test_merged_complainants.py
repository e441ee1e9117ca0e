"""Complainants whose entries were merged: one party in profiles, lists and clusters, and never linked with itself."""

from typing import Any

import httpx
import pytest

from credit.model.when import legal_day
from credit.supervision import Wanted
from tests.api.bodies import FINANCE, A, B, Z, organisation, project
from tests.api.complaining import SAID, clusters, letters, merged, profile, registered, rejected
from tests.api.conftest import Harness
from tests.contract.makers import code

C, D = code(71), code(72)


@pytest.fixture(autouse=True)
async def parties(api: httpx.AsyncClient) -> None:
    await registered(api, C, D)


async def reached(api: httpx.AsyncClient, number: str, *who: str) -> None:
    """Let some have one telephone."""
    for party in who:
        said = organisation(name=f"资阳{party[-1]}商贸有限公司", contacts=[{"kind": "phone", "value": number}])
        assert (await api.put(f"/v1/parties/{party}", json=said)).status_code == 200


async def tender(api: httpx.AsyncClient, number: str, *bids: tuple[str, str]) -> None:
    """A project with bids: (who, with what result)."""
    assert (await api.post("/v1/projects", json=project(Z, project_no=number))).status_code == 201
    for who, result in bids:
        bid = {"lot": "1", "members": [who], "lead": who, "price": None, "result": result}
        assert (await api.post(f"/v1/projects/{number}/bids", json=bid)).status_code == 201


async def complain(api: httpx.AsyncClient, number: str, *who: str, **said: object) -> None:
    letter = {"complaint_no": number, "complainants": list(who), "office": FINANCE, "filed_on": "2026-06-01",
              "items": [f"事项{number}"], **said}  # fmt: skip
    assert (await api.post("/v1/complaints", json=letter)).status_code == 201


def signal(shown: dict[str, Any], name: str) -> dict[str, Any]:
    return next(signal for signal in shown["signals"] if signal["name"] == name)


@pytest.mark.parametrize("who", [A, B])
async def test_nobody_is_linked_with_itself_or_watched_for_its_own_letter(api: httpx.AsyncClient, who: str) -> None:
    await tender(api, "P1", (A, "lost"))
    await reached(api, "0999-1", A, B)
    await complain(api, "1", B, project_no="P1")
    await complain(api, "2", A)
    await merged(api, A, B)
    shown = await profile(api, who)
    assert (shown["linked"], shown["watch"]) == ([], False)
    assert (signal(shown, "co_complaint")["value"], dict(signal(shown, "shell")["inputs"])["linked_complainants"]) == (
        0, "false"
    )  # fmt: skip


async def test_what_one_entry_wins_by_the_letters_of_the_other_is_nobody_elses_gain(api: httpx.AsyncClient) -> None:
    for number in ("P1", "P2", "P3"):
        await tender(api, number, (B, "won"))
        await complain(api, number, A, project_no=number)
    assert [one["party"] for one in (await profile(api))["benefits"]] == [B]
    await merged(api, A, B)
    assert (await profile(api))["benefits"] == []


async def test_it_took_part_where_its_other_entry_bid(api: httpx.AsyncClient) -> None:
    await tender(api, "P1", (B, "lost"), (Z, "won"))
    await complain(api, "1", A, project_no="P1", challenge_received_on="2026-06-20", filed_on="2026-06-21")
    assert signal(await profile(api), "no_bid")["value"] == "1"
    await merged(api, A, B)
    assert signal(await profile(api), "no_bid")["value"] == "0"


async def test_what_links_one_entry_links_the_party_and_another_party_is_named_once(api: httpx.AsyncClient) -> None:
    await reached(api, "0999-1", B, C)
    await reached(api, "0999-2", A, D)
    await letters(api, A, B, C, D)
    await merged(api, A, B)
    await merged(api, C, D)
    assert (await profile(api))["linked"] == [{"id": C, "by": ["phone"]}]


async def test_a_merged_complainant_stands_once_among_the_profiles(api: httpx.AsyncClient, harness: Harness) -> None:
    await rejected(api, places=(0, 1))
    await rejected(api, who=B, places=(2,))
    await merged(api, A, B)
    day = legal_day(harness.clock.now())
    found, _ = await harness.services.supervision.profiles(Wanted(), day, before=None, limit=10)
    assert [(one.id, one.trigger.by_filing) for one in found] == [(A, 3)]
    listed = (await api.get("/v1/complainants?as_of=2026-08-01")).json()["items"]
    assert [one["id"] for one in listed] == [A]


async def test_who_complains_jointly_with_a_merged_entry_keeps_its_own_place(api: httpx.AsyncClient) -> None:
    await reached(api, "0999-1", A, C, D)
    await complain(api, "1", B, C)
    await complain(api, "2", D)
    await complain(api, "3", A)
    await merged(api, A, B)
    (found,) = await clusters(api)
    assert sorted(member["id"] for member in found["members"]) == sorted([A, C, D])


async def test_a_letter_filed_jointly_with_a_merged_entry_is_no_link(api: httpx.AsyncClient) -> None:
    await complain(api, "1", B, C, items=[SAID])
    await merged(api, A, B)
    assert await clusters(api) == []
    assert (await profile(api))["linked"] == []


async def test_a_cluster_is_shown_with_the_entry_that_is_kept(api: httpx.AsyncClient) -> None:
    await reached(api, "0999-1", B, C)
    await letters(api, B, C)
    await merged(api, A, B)
    (found,) = await clusters(api)
    assert {member["id"] for member in found["members"]} == {A, C}
    assert found["complaints"] == {A: 1, C: 1}


async def test_what_stands_with_an_entry_that_filed_nothing_links_its_party(api: httpx.AsyncClient) -> None:
    await reached(api, "0999-1", A, C)
    await letters(api, B, C)
    assert await clusters(api) == []
    await merged(api, A, B)
    (found,) = await clusters(api)
    assert found["complaints"] == {A: 1, C: 1}
    assert (await profile(api))["linked"] == [{"id": C, "by": ["phone"]}]
