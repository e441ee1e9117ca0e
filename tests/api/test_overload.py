"""Lanes: who is served, who stands in line and who is refused; and how a refusal looks."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

import httpx
import orjson
import pytest
from starlette.types import Message, Receive, Scope, Send

from credit.api.door import Door, Ending
from credit.api.lanes import CALM, GOAL, WRITE_SPREAD, Lane, Lanes, Place, Width
from credit.api.metrics import Metrics
from credit.settings import Settings
from tests.api.conftest import Harness

WIDTH = Width(at_once=2, steady=3, burst=8, standing=0.1, patience=60)


@dataclass
class Watch:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def lane(watch: Watch) -> Lane:
    return Lane("test", WIDTH, watch)


def ask(lane: Lane, number: int) -> list[Place]:
    """Ask for so many places; return those that were not refused."""
    places = [Place(lane) for _ in range(number)]
    return [place for place in places if lane.ask(place)]


def held(places: Sequence[Place]) -> list[bool]:
    return [place.held for place in places]


async def test_as_many_as_are_served_at_once_hold_a_place_and_the_others_wait(lane: Lane) -> None:
    assert held(ask(lane, 4)) == [True, True, False, False]
    assert (lane.taken, lane.waiting) == (2, 2)


async def test_a_place_that_is_left_passes_to_the_first_in_line(lane: Lane) -> None:
    places = ask(lane, 4)
    places[0].leave()
    assert held(places) == [False, True, True, False]
    assert (lane.taken, lane.waiting) == (2, 1)


async def test_in_a_long_line_the_newest_comes_first(lane: Lane) -> None:
    places = ask(lane, 2 + WIDTH.steady + 1)
    places[0].leave()
    assert held(places)[2:] == [False] * WIDTH.steady + [True]


async def test_a_burst_is_taken_up_to_its_bound(lane: Lane) -> None:
    assert len(ask(lane, 50)) == WIDTH.at_once + WIDTH.burst


async def test_a_short_line_may_stand_for_ever(lane: Lane, watch: Watch) -> None:
    ask(lane, WIDTH.at_once + WIDTH.steady - 1)
    watch.now += 3600
    assert ask(lane, 1)


async def test_a_long_line_that_stands_is_refused_with_whoever_comes(lane: Lane, watch: Watch) -> None:
    waiting = ask(lane, WIDTH.at_once + WIDTH.steady)[WIDTH.at_once :]
    watch.now += 2 * WIDTH.standing
    assert ask(lane, 1) == []
    assert [await place.take() for place in waiting] == [False] * WIDTH.steady
    assert lane.waiting == 0


def flooded(lane: Lane, watch: Watch) -> list[Place]:
    """Flood a lane; return those that are served in it."""
    places = ask(lane, WIDTH.at_once + WIDTH.steady)
    watch.now += 2 * WIDTH.standing
    assert ask(lane, 1) == []
    return places[: WIDTH.at_once]


async def test_in_a_flood_a_free_place_is_given_but_the_last_one_and_nobody_stands_in_line(
    lane: Lane, watch: Watch
) -> None:
    served = flooded(lane, watch)
    served[0].leave()
    assert ask(lane, 3) == []
    served[1].leave()
    assert held(ask(lane, 3)) == [True]


async def test_a_flood_is_over_when_for_a_while_nobody_was_refused(lane: Lane, watch: Watch) -> None:
    flooded(lane, watch)
    watch.now += 0.9 * CALM
    assert ask(lane, 1) == []
    watch.now += 0.9 * CALM
    assert ask(lane, 1) == []
    watch.now += 1.1 * CALM
    assert len(ask(lane, 3)) == 3


async def test_who_stands_in_line_for_too_long_is_refused() -> None:
    lane = Lane("test", Width(at_once=1, steady=3, burst=8, standing=60, patience=0.01))
    _, second = ask(lane, 2)
    assert not await second.take()
    assert lane.waiting == 0


async def test_who_goes_away_while_waiting_leaves_no_gap(lane: Lane) -> None:
    first, second, third, fourth = ask(lane, 4)
    waiting = asyncio.create_task(third.take())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    first.leave()
    assert held([third, fourth]) == [False, True]
    for place in (second, fourth):
        place.leave()
    assert (lane.taken, lane.waiting) == (0, 0)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/v1/parties/x/eligibility", "quick"),
        ("GET", "/v1/rules", "quick"),
        ("GET", "/v1/parties/x/graph", "heavy"),
        ("GET", "/v1/complainants", "heavy"),
        ("GET", "/v1/complainants/x", "quick"),
        ("POST", "/v1/checks", "heavy"),
        ("POST", "/v1/eligibility", "heavy"),
        ("PUT", "/v1/parties/x", "heavy"),
    ],
)
def test_quick_reads_have_a_lane_and_all_else_another(method: str, path: str, name: str) -> None:
    lane = Lanes.of(Settings()).of_request(method, path)
    assert lane is not None
    assert lane.name == name


def test_a_line_that_may_stand_for_ever_keeps_to_the_goal() -> None:
    """Who joins at its end waits for all before it, so many at a time, and is then served."""
    lanes = Lanes.of(Settings())
    for width, spread in ((lanes.quick.width, 1), (lanes.heavy.width, WRITE_SPREAD)):
        assert (width.steady + width.at_once) / width.at_once <= GOAL * spread


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_operators_ask_is_never_refused(path: str) -> None:
    assert Lanes.of(Settings()).of_request("GET", path) is None


@dataclass
class Full:
    """An application behind a door whose lanes are full, and its client."""

    ending: Ending
    metrics: Metrics
    client: httpx.AsyncClient
    door: Door


async def served(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"served"})


@pytest.fixture
async def full(lane: Lane, watch: Watch) -> AsyncGenerator[Full]:
    flooded(lane, watch)
    metrics, ending = Metrics(), Ending()
    lane.name = "quick"
    door = Door(served, metrics, ending)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await door({**scope, "state": {"lanes": Lanes(lane, lane)}}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://registry.test") as client:
        yield Full(ending, metrics, client, door)


async def test_a_refusal_is_a_problem_with_the_time_to_wait(full: Full) -> None:
    reply = await full.client.get("/v1/rules")
    problem = orjson.loads(reply.content)
    assert (reply.status_code, problem["code"], problem["status"]) == (503, "overloaded", 503)
    assert reply.headers["content-type"] == "application/problem+json"
    assert int(reply.headers["retry-after"]) >= 1
    assert reply.headers["x-request-id"] == problem["request_id"]
    assert reply.headers["cache-control"] == "no-store"


async def test_two_refusals_bear_two_ids(full: Full) -> None:
    ids = {(await full.client.get("/v1/rules")).headers["x-request-id"] for _ in range(2)}
    assert len(ids) == 2


async def test_a_refusal_is_counted(full: Full) -> None:
    await full.client.get("/v1/rules")
    assert b'credit_requests_shed_total{reason="quick"} 1.0' in full.metrics.text()


async def test_health_is_told_in_a_flood(full: Full) -> None:
    assert (await full.client.get("/healthz")).status_code == 200


async def test_a_process_that_ends_says_so_and_closes_its_connections(full: Full) -> None:
    full.ending.begun = True
    ready, alive = await full.client.get("/readyz"), await full.client.get("/healthz")
    assert (ready.status_code, ready.json()["code"], alive.status_code) == (503, "draining", 200)
    assert ready.headers["connection"] == alive.headers["connection"] == "close"


async def test_a_place_that_the_server_gave_is_left_whatever_the_path(full: Full, lane: Lane, watch: Watch) -> None:
    watch.now += 2 * CALM
    before = lane.taken
    place = Place(Lane("another", WIDTH))
    assert place.lane.ask(place)
    scope = {"type": "http", "method": "GET", "path": "/readyz", "state": {"lanes": Lanes(lane, lane), "place": place}}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    await full.door(scope, receive, send)
    assert sent[0]["status"] == 200
    assert (place.lane.taken, lane.taken) == (0, before)


async def test_the_application_leaves_every_place_it_took(harness: Harness) -> None:
    async with harness.client() as client:
        replies = await asyncio.gather(*(client.get("/v1/rules") for _ in range(12)), client.get("/v1/parties/nobody"))
    assert {reply.status_code for reply in replies} <= {200, 404, 422}
    lanes: Lanes = harness.state["lanes"]
    assert (lanes.quick.taken, lanes.quick.waiting, lanes.heavy.taken) == (0, 0, 0)
