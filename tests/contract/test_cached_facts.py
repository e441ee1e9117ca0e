"""Kept facts are the graph's, whatever is written, with the table in a file and in Redis; they name no person."""

import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

import pytest

from credit.cache import redis_table, shared
from credit.cache.facts import CachedFacts, Table, nameless
from credit.cache.redis_table import Address
from credit.cache.shared import NoRevisions, SharedRevisions
from credit.cache.table import FileRevisions
from credit.graph.embedded import Endpoint
from credit.graph.store import Store, open_store
from credit.model.facts import Facts
from credit.model.party import Contact, PartyId, RelationKind
from credit.model.project import SyncOutcome
from tests.conftest import require
from tests.contract.conftest import wipe
from tests.contract.makers import (
    ADMIN,
    City,
    ban,
    code,
    done,
    identity_number,
    listing,
    penalty,
    person,
    sync,
    tie,
)
from tests.contract.test_shared_table import order, until
from tests.contract.test_touches import Story, Town, Watched
from tests.services import redis as redis_service

A, B = PartyId(code(1)), PartyId(code(2))
CUT_OFF: Final = datetime(2030, 1, 1, tzinfo=UTC)
MOST: Final = 100
PASSWORD: Final = "a-password"


class Kept:
    """Two processes with facts of their own over one graph and one table."""

    def __init__(self, store: Store, one: Table, other: Table) -> None:
        self.city = City.over(store)
        self.one, self.other = CachedFacts(store.facts, one, most=MOST), CachedFacts(store.facts, other, most=MOST)

    async def is_the_graphs(self, party: str) -> bool:
        """Look the party up in both processes, and compare with the graph."""
        held = content(nameless(await self.city.gather(party)))
        return all([content(nameless(await x.current(party, cut_off=CUT_OFF))) == held for x in (self.one, self.other)])


def content(facts: Facts) -> object:
    return (
        facts.resolved,
        {name: (d.party, d.records) for name, d in facts.dossiers.items()},
        sorted(facts.relations, key=lambda r: r.id),
        sorted(facts.syncs, key=lambda s: s.list),
    )


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a Redis that answers: no test of these is about how fast it does."""
    monkeypatch.setattr(redis_table, "ANSWER_WITHIN", 30.0)
    monkeypatch.setattr(shared, "BELIEVED", 30.0)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis_service.Redis]:
    lacking = redis_service.missing()
    require("redis", lacking is None, f"{lacking} is missing")
    server = redis_service.start(tmp_path_factory.mktemp("redis"))
    yield server
    redis_service.stop(server)


@pytest.fixture(params=["file", "redis"])
async def kept(request: pytest.FixtureRequest, endpoint: Endpoint, tmp_path: Path) -> AsyncIterator[Kept]:
    lock = tmp_path / "write.lock"
    if request.param == "file":
        opened = in_file(endpoint, lock, tmp_path)
    else:
        opened = in_redis(endpoint, lock, request.getfixturevalue("redis").url)
    async with opened as made:
        yield made


@asynccontextmanager
async def in_file(endpoint: Endpoint, lock: Path, home: Path) -> AsyncGenerator[Kept]:
    one, other = (FileRevisions(home / "revisions") for _ in range(2))
    async with open_store(endpoint, revisions=one, lock=lock) as store:
        await wipe(store.bolt)
        yield Kept(store, one, other)
    one.close()
    other.close()


@asynccontextmanager
async def in_redis(endpoint: Endpoint, lock: Path, url: str) -> AsyncGenerator[Kept]:
    one, other = SharedRevisions(Address(url)), SharedRevisions(Address(url))
    async with open_store(endpoint, revisions=one, lock=lock) as store:
        await wipe(store.bolt)
        async with one.tended(store.writes), other.tended(store.writes):
            await until(lambda: one.read(()))
            await until(lambda: other.read(()))
            yield Kept(store, one, other)


async def test_a_party_asked_for_again_is_not_read_from_the_graph_again(kept: Kept) -> None:
    await kept.city.firms(1, 2)
    for _ in range(3):
        assert await kept.is_the_graphs(A)
    assert kept.one.counts["miss"] == 1
    assert kept.one.counts["hit"] == 2


async def test_a_write_is_seen_by_the_next_look_up_of_either_process(kept: Kept) -> None:
    await kept.city.firms(1, 2)
    assert await kept.is_the_graphs(A)
    await kept.city.record(ban(A))
    facts = await kept.other.current(A, cut_off=CUT_OFF)
    assert len(facts.dossiers[A].records) == 1
    assert await kept.is_the_graphs(A)


async def test_a_write_on_one_party_leaves_the_facts_of_another_kept(kept: Kept) -> None:
    await kept.city.firms(1, 2)
    assert await kept.is_the_graphs(A)
    misses = kept.one.counts["miss"]
    await kept.city.record(penalty(B))
    assert await kept.is_the_graphs(A)
    assert kept.one.counts["miss"] == misses


async def test_a_sync_is_seen_though_the_facts_are_kept(kept: Kept) -> None:
    await kept.city.firms(1)
    for hours, outcome in enumerate((SyncOutcome.COMPLETE, SyncOutcome.FAILED)):
        await kept.city.synchronise("L01", sync(CUT_OFF - timedelta(days=9) + timedelta(hours=hours), outcome))
        for one in (kept.one, kept.other):
            assert [s.outcome for s in (await one.current(A, cut_off=CUT_OFF)).syncs] == [outcome]
        assert await kept.is_the_graphs(A)


async def test_an_id_that_named_nobody_is_asked_for_again(kept: Kept) -> None:
    assert (await kept.one.current(A, cut_off=CUT_OFF)).resolved == {}
    await kept.city.firms(1)
    assert (await kept.one.current(A, cut_off=CUT_OFF)).resolved == {A: A}


async def test_another_process_takes_up_what_lies_in_redis(
    endpoint: Endpoint, tmp_path: Path, redis: redis_service.Redis
) -> None:
    async with in_redis(endpoint, tmp_path / "write.lock", redis.url) as kept:
        await kept.city.firms(1)
        held = await kept.one.current(A, cut_off=CUT_OFF)
        assert content(await kept.other.current(A, cut_off=CUT_OFF)) == content(nameless(held))
        assert kept.other.counts == {"shared": 1}


async def test_nothing_in_redis_tells_of_a_natural_person(
    endpoint: Endpoint, tmp_path: Path, redis: redis_service.Redis
) -> None:
    order(redis, "FLUSHALL")
    async with in_redis(endpoint, tmp_path / "write.lock", redis.url) as kept:
        who = person(
            "王大明",
            former_names=("王小明",),
            identity_number=identity_number(1),
            region="512021",
            established_on=date(1908, 1, 1),
            contacts=(Contact("phone", "02812345678"),),
        )
        (leader,) = await kept.city.register(who)
        await kept.city.firms(1, 2)
        (led, _) = await kept.city.relate(
            tie(RelationKind.UNIT_LEADER, leader, A), tie(RelationKind.UNIT_LEADER, leader, B)
        )
        done(await kept.city.registry.end_relation(ADMIN, led, until=date(2029, 1, 1), reason="王大明去世"))
        await kept.city.record(ban(B, violation="王大明等人串通投标"))
        assert await kept.is_the_graphs(A)
        assert await kept.is_the_graphs(leader)
        await kept.city.record(listing(A, ground="法定代表人王大明失信"), penalty(leader, violation="王大明行贿"))
        for party in (A, B, leader):
            assert await kept.is_the_graphs(party)
        await kept.city.firms(3)
        assert await kept.is_the_graphs(code(3))
        keys = order(redis, "KEYS", "credit:*facts:*")
        text = " ".join([key.decode() + order(redis, "GET", key).decode() for key in keys])
        assert code(3) in text
        traces = ("大明", "小明", "1908", "512021", "02812345678", "去世")
        assert [trace for trace in traces if trace in text] == []


async def test_facts_with_more_records_than_are_worth_keeping_are_gathered_each_time(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("credit.cache.facts.MOST_RECORDS", 3)
    await kept.city.firms(1)
    await kept.city.record(*(penalty(A, f"资财采罚〔2026〕{n}0号") for n in range(1, 5)))
    for _ in range(2):
        assert await kept.is_the_graphs(A)
    assert kept.one.counts == {"miss": 2}


async def test_facts_of_more_text_than_redis_is_to_hold_are_kept_here_alone(
    endpoint: Endpoint, tmp_path: Path, redis: redis_service.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("credit.cache.facts.LONGEST", 100)
    async with in_redis(endpoint, tmp_path / "write.lock", redis.url) as kept:
        await kept.city.firms(1)
        for _ in range(2):
            assert await kept.is_the_graphs(A)
        assert kept.one.counts == kept.other.counts == {"miss": 1, "hit": 1}


@pytest.mark.parametrize("seed", range(2))
async def test_kept_facts_are_the_graphs_whatever_is_written(kept: Kept, seed: int) -> None:
    town = Town(kept.city, Watched(kept.city.store.writes))
    story = Story(town, Random(seed))
    await story.begin()
    for _ in range(12):
        await story.step()
        for party in story.everybody:
            assert await kept.is_the_graphs(party)
    assert kept.one.counts["hit"] > 0


async def test_without_a_table_the_graph_is_read_each_time(store: Store) -> None:
    facts = CachedFacts(store.facts, NoRevisions(), most=MOST)
    await City.over(store).firms(1)
    for _ in range(2):
        assert (await facts.current(A, cut_off=CUT_OFF)).resolved == {A: A}
    assert facts.counts == {"off": 2}


async def test_redis_with_a_password_and_tls(endpoint: Endpoint, tmp_path: Path) -> None:
    lacking = redis_service.missing()
    require("redis", lacking is None, f"{lacking} is missing")
    server = redis_service.start(tmp_path / "redis", password=secrets.token_hex(8), tls=True)
    try:
        table = SharedRevisions(Address(server.url, server.ca))
        async with open_store(endpoint, revisions=table, lock=tmp_path / "write.lock") as store:
            await wipe(store.bolt)
            async with table.tended(store.writes):
                await until(lambda: table.read(()))
    finally:
        redis_service.stop(server)
