"""The table of revisions: whatever readers and writers do in whatever order, old facts are never vouched for.

A model of the graph holds one version a party. What was kept may be served only while it is the version committed.
"""

import asyncio
import errno
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from credit.cache import redis_table, shared
from credit.cache.reading import SOURCES, Look, Stamp, slots_of
from credit.cache.redis_table import Address, RedisTable
from credit.cache.shared import Lapses
from credit.cache.table import FileRevisions
from credit.errors import StorageFull
from credit.ports import Doubt
from tests.conftest import require
from tests.services import redis as redis_service

T = TypeVar("T")
PARTIES = ["one", "two"]


class Table(Protocol):
    """A table of revisions, whose calls never wait in the model."""

    def look(self, *parties: str) -> Look: ...

    def doubt(self, party: str, *, late: bool) -> Doubt:
        """Put a party in doubt; ``late``: long after whatever is in doubt by now."""
        ...

    def release(self, doubt: Doubt) -> None: ...

    def close(self) -> None: ...


class InFile:
    """The file."""

    def __init__(self) -> None:
        self.home = TemporaryDirectory()
        self.table = FileRevisions(Path(self.home.name) / "revisions")

    def look(self, *parties: str) -> Look:
        look = asyncio.run(self.table.read(slots_of(parties)))
        assert look is not None
        return look

    def doubt(self, party: str, *, late: bool) -> Doubt:
        del late
        return asyncio.run(self.table.doubt("", [party], sources=False))

    def release(self, doubt: Doubt) -> None:
        asyncio.run(self.table.release(doubt))

    def close(self) -> None:
        self.table.close()
        self.home.cleanup()


@dataclass
class InRedis:
    """A new table in a Redis."""

    run: Callable[[Coroutine[Any, Any, Any]], Any]
    table: RedisTable

    @classmethod
    def over(cls, run: Callable[[Coroutine[Any, Any, Any]], Any], address: Address) -> "InRedis":
        made = cls(run, RedisTable(address, run(address.new_generation())))
        run(made.table.make())
        return made

    def look(self, *parties: str) -> Look:
        return self.run(self.table.read(slots_of(parties)))

    def doubt(self, party: str, *, late: bool) -> Doubt:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(redis_table, "DEAD_AFTER", -1 if late else 60)
            return self.run(self.table.doubt(slots_of([party])))

    def release(self, doubt: Doubt) -> None:
        self.run(self.table.release(doubt))

    def close(self) -> None:
        self.run(self.table.client.aclose())


class Life(RuleBasedStateMachine):
    """Readers that keep facts, and writers that touch a party each and may die at any moment.

    One writer at a time is before its commit: the ledger sees to that. How many may be between commit and release is
    the table's matter.
    """

    asked = Bundle("asked")
    """Looks taken before gathering: (party, stamp)."""

    def __init__(self, table: Callable[[], Table] = InFile, *, overlap: bool = False) -> None:
        super().__init__()
        self.table = table()
        self.overlap = overlap
        self.committed = dict.fromkeys(PARTIES, 0)
        self.kept: dict[str, tuple[Stamp, int]] = {}
        self.under_way: tuple[str, Doubt] | None = None
        self.unreleased: list[Doubt] = []

    @rule(target=asked, party=st.sampled_from(PARTIES))
    def ask(self, party: str) -> tuple[str, Stamp]:
        return party, self.table.look().stamp

    @rule(question=consumes(asked))
    def gather(self, question: tuple[str, Stamp]) -> None:
        party, stamp = question
        self.kept[party] = stamp, self.committed[party]

    @precondition(lambda self: self.under_way is None and (self.overlap or not self.unreleased))
    @rule(party=st.sampled_from(PARTIES), late=st.booleans())
    def begin(self, party: str, late: bool) -> None:
        self.under_way = party, self.table.doubt(party, late=late)

    @precondition(lambda self: self.under_way is not None)
    @rule()
    def commit(self) -> None:
        assert self.under_way is not None
        party, doubt = self.under_way
        self.committed[party] += 1
        self.unreleased.append(doubt)
        self.under_way = None

    @precondition(lambda self: self.unreleased)
    @rule(which=st.integers(0, 9))
    def release(self, which: int) -> None:
        self.table.release(self.unreleased.pop(which % len(self.unreleased)))

    @precondition(lambda self: self.under_way is not None)
    @rule()
    def die_before_the_commit(self) -> None:
        self.under_way = None

    @precondition(lambda self: self.unreleased)
    @rule()
    def die_after_the_commit(self) -> None:
        self.unreleased.pop()

    @invariant()
    def what_is_vouched_for_is_what_is_committed(self) -> None:
        for party, (stamp, version) in self.kept.items():
            look = self.table.look(party)
            if look.vouches_for(stamp, look.values):
                assert version == self.committed[party]

    @invariant()
    def what_is_asked_for_under_an_open_doubt_may_not_be_kept(self) -> None:
        """Facts gathered now might be those from before the commit, and would have to be let go at once after it."""
        if self.under_way is not None:
            look = self.table.look(self.under_way[0])
            assert not look.vouches_for(look.stamp, look.values)

    def teardown(self) -> None:
        self.table.close()


Life.TestCase.settings = settings(max_examples=400, stateful_step_count=30, deadline=None)
TestLife = Life.TestCase


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis_service.Redis]:
    """A Redis that is waited for, however busy the machine is."""
    lacking = redis_service.missing()
    require("redis", lacking is None, f"{lacking} is missing")
    monkeypatch.setattr(redis_table, "ANSWER_WITHIN", 30)
    server = redis_service.start(tmp_path / "redis")
    yield server
    redis_service.stop(server)


def test_writers_that_overlap_in_redis_leave_no_old_facts_vouched_for(redis: redis_service.Redis) -> None:
    with asyncio.Runner() as runner:
        table = partial(InRedis.over, runner.run, Address(redis.url))
        run_state_machine_as_test(
            cast("type[Life]", partial(Life, table, overlap=True)),
            settings=settings(max_examples=100, stateful_step_count=30, deadline=None),
        )


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.setattr(shared, "LAPSE", 0.05)
    return 0.05


async def waited(lapses: Lapses, closed: int) -> float:
    loop = asyncio.get_running_loop()
    before = loop.time()
    await lapses.lapse(closed)
    return loop.time() - before


async def test_a_closing_is_waited_for_once_by_whoever_hears_of_it_however_old_it_seems(short: float) -> None:
    lapses = Lapses()
    for closed in (5, 4, 1 << 60):
        assert await waited(lapses, closed) >= short
        assert not await lapses.lapse(closed)


async def test_nothing_is_waited_for_where_nothing_was_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "LAPSE", 3600)
    async with asyncio.timeout(60):
        assert not await Lapses().lapse(0)


async def test_a_table_that_finds_no_room_is_not_read_and_takes_no_mark_until_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as patched:
        patched.setattr("credit.cache.table.os.posix_fallocate", full)
        table = FileRevisions(tmp_path / "revisions")
        assert await table.read(()) is None
        with pytest.raises(StorageFull):
            await table.doubt("", ["one"], sources=False)
    await table.release(await table.doubt("", ["one"], sources=False))
    assert await table.read(()) is not None
    table.close()


async def look(table: FileRevisions, *slots: int) -> Look:
    found = await table.read(slots)
    assert found is not None
    return found


async def test_facts_of_a_party_that_nobody_touched_are_vouched_for(tmp_path: Path) -> None:
    table = FileRevisions(tmp_path / "revisions")
    stamp = (await look(table)).stamp
    await table.release(await table.doubt("", ["another"], sources=False))
    later = await look(table, *slots_of(["one"]))
    assert later.vouches_for(stamp, later.values)
    table.close()


async def test_a_write_is_in_doubt_for_every_process_until_it_is_released(tmp_path: Path) -> None:
    here, there = (FileRevisions(tmp_path / "revisions") for _ in range(2))
    stamp = (await look(there)).stamp
    doubt = await here.doubt("", ["one"], sources=True)
    seen = await look(there, SOURCES, *slots_of(["one"]))
    assert not seen.vouches_for(stamp, seen.values[:1])
    assert not seen.vouches_for(stamp, seen.values[1:])
    await here.release(doubt)
    again = await look(there, SOURCES, *slots_of(["one"]))
    assert not again.vouches_for(stamp, again.values)
    assert again.vouches_for(again.stamp, again.values)
    here.close()
    there.close()


async def test_what_a_dead_write_left_in_doubt_is_settled_by_the_next_one(tmp_path: Path) -> None:
    table = FileRevisions(tmp_path / "revisions")
    await table.doubt("", ["one"], sources=False)
    await table.release(await table.doubt("", ["two"], sources=False))
    later = await look(table, *slots_of(["one"]))
    assert later.vouches_for(later.stamp, later.values)
    table.close()
