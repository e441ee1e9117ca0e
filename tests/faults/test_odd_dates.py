"""Days at the ends of the calendar, in every field that takes one: a check after them is answered."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api import bodies
from tests.faults.running import Api, code, register

ENDS = ("0001-01-01", "9999-12-31")
EVENTS = ("served", "published", "suspended", "resumed", "annulled", "repaired", "lifted", "performed")
BANS: tuple[dict[str, Any], ...] = ({"months": 1200}, {"indefinite": True}, {"until": "9999-12-31"}, {})
DOMAINS = ("government_procurement", "statutory_tender")


@pytest.fixture(scope="module")
def client(api: Api) -> Iterator[httpx.Client]:
    with api.client() as opened:
        yield opened


@pytest.fixture(scope="module", params=ENDS)
def party(request: pytest.FixtureRequest, client: httpx.Client) -> str:
    """A party of which every date is one of the two ends."""
    day: str = request.param
    name = code(50 + ENDS.index(day))
    register(client, name, code(52))
    client.put(f"/v1/parties/{name}", json={"established_on": day}).raise_for_status()
    for number, ban in enumerate(BANS):
        given = {"decided_on": day, "served_on": day, "published_on": day}
        body = bodies.penalty(
            party=name, doc_no=f"end-{number}", ban={"scope": "procurement", "from": day} | ban, **given
        )
        record = client.post("/v1/penalties", json=body).raise_for_status().json()["id"]
        kind = {"kind": EVENTS[number], "on": day}
        client.post(f"/v1/records/{record}/events", json=kind).raise_for_status()
        late = {"kind": EVENTS[number + 4], "on": day}
        client.post(f"/v1/records/{record}/events", json=late).raise_for_status()
    for name_of_list in ("L01", "L03", "L04", "L05", "L11"):
        listing = bodies.listing(party=name, list=name_of_list, listed_on=day, published_on=day, until=day)
        client.post("/v1/listings", json=listing).raise_for_status()
    for source, target, kind in ((name, code(52), "controls"), (name, code(52), "branch_of")):
        relation = bodies.relation(source, target, kind=kind, share=None, since=None, until=day)
        client.post("/v1/relations", json=relation).raise_for_status()
    return name


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("deadline", ["0001-01-01T09:00:00+08:00", "2026-06-10T09:30:00+08:00", "9999-12-31T09:00:00Z"])
def test_a_check_is_answered(client: httpx.Client, party: str, domain: str, deadline: str) -> None:
    question = bodies.check(party, code(52), domain=domain, deadline=deadline, cut_off=None)
    reply = client.post("/v1/checks", json=question)
    assert reply.status_code == 201, reply.text
    again = client.post(f"/v1/checks/{reply.json()['id']}/replay")
    assert (again.status_code, again.json()["same"]) == (200, True)


@pytest.mark.parametrize("day", ENDS)
def test_a_look_up_is_answered(client: httpx.Client, party: str, day: str) -> None:
    reply = client.get(f"/v1/parties/{party}/eligibility", params=bodies.LOOK_UP | {"on": day})
    assert reply.status_code == 200, reply.text


def test_party_records_and_graph_are_shown(client: httpx.Client, party: str) -> None:
    for path in ("", "/records", "/graph?depth=3"):
        assert client.get(f"/v1/parties/{party}{path}").status_code == 200
