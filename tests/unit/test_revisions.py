"""The table of revisions: whatever readers and writers do in whatever order, old facts are never vouched for.

A model of the graph holds one version a party. What was kept may be served only while it is the version committed.
"""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, precondition, rule

from credit.cache.reading import SOURCES, Stamp, slots_of
from credit.cache.table import FileRevisions
from credit.ports import Doubt

T = TypeVar("T")
PARTIES = ["one", "two"]


def now(awaitable: Awaitable[T]) -> T:
    """Do what never waits."""

    async def done() -> T:
        return await awaitable

    return asyncio.run(done())


class Life(RuleBasedStateMachine):
    """Readers that keep facts and one writer at a time that touches a party, and may die at any moment."""

    asked = Bundle("asked")
    """Readings taken before gathering: (party, stamp)."""

    def __init__(self) -> None:
        super().__init__()
        self.home = TemporaryDirectory()
        self.table = FileRevisions(Path(self.home.name) / "revisions")
        self.committed = dict.fromkeys(PARTIES, 0)
        self.kept: dict[str, tuple[Stamp, int]] = {}
        self.under_way: tuple[str, Doubt] | None = None
        self.decided = False

    @rule(target=asked, party=st.sampled_from(PARTIES))
    def ask(self, party: str) -> tuple[str, Stamp]:
        return party, now(self.table.read((SOURCES,))).stamp

    @rule(question=consumes(asked))
    def gather(self, question: tuple[str, Stamp]) -> None:
        party, stamp = question
        self.kept[party] = stamp, self.committed[party]

    @precondition(lambda self: self.under_way is None)
    @rule(party=st.sampled_from(PARTIES))
    def begin(self, party: str) -> None:
        self.under_way = party, now(self.table.doubt("", [party], sources=False))
        self.decided = False

    @precondition(lambda self: self.under_way is not None and not self.decided)
    @rule()
    def commit(self) -> None:
        assert self.under_way is not None
        self.committed[self.under_way[0]] += 1
        self.decided = True

    @precondition(lambda self: self.under_way is not None and self.decided)
    @rule()
    def release(self) -> None:
        assert self.under_way is not None
        now(self.table.release(self.under_way[1]))
        self.under_way = None

    @precondition(lambda self: self.under_way is not None)
    @rule()
    def die(self) -> None:
        self.under_way = None

    @invariant()
    def what_is_vouched_for_is_what_is_committed(self) -> None:
        for party, (stamp, version) in self.kept.items():
            reading = now(self.table.read(slots_of([party])))
            if reading.vouches_for(stamp, reading.values):
                assert version == self.committed[party]

    def teardown(self) -> None:
        self.table.close()
        self.home.cleanup()


Life.TestCase.settings = settings(max_examples=400, stateful_step_count=30, deadline=None)
TestLife = Life.TestCase


async def test_facts_of_a_party_that_nobody_touched_are_vouched_for(tmp_path: Path) -> None:
    table = FileRevisions(tmp_path / "revisions")
    stamp = (await table.read(())).stamp
    await table.release(await table.doubt("", ["another"], sources=False))
    later = await table.read(slots_of(["one"]))
    assert later.vouches_for(stamp, later.values)
    table.close()


async def test_a_write_is_in_doubt_for_every_process_until_it_is_released(tmp_path: Path) -> None:
    here, there = (FileRevisions(tmp_path / "revisions") for _ in range(2))
    stamp = (await there.read(())).stamp
    doubt = await here.doubt("", ["one"], sources=True)
    seen = await there.read((SOURCES, *slots_of(["one"])))
    assert not seen.vouches_for(stamp, seen.values[:1])
    assert not seen.vouches_for(stamp, seen.values[1:])
    await here.release(doubt)
    again = await there.read((SOURCES, *slots_of(["one"])))
    assert not again.vouches_for(stamp, again.values)
    assert again.vouches_for(again.stamp, again.values)
    here.close()
    there.close()


async def test_what_a_dead_write_left_in_doubt_is_settled_by_the_next_one(tmp_path: Path) -> None:
    table = FileRevisions(tmp_path / "revisions")
    await table.doubt("", ["one"], sources=False)
    await table.release(await table.doubt("", ["two"], sources=False))
    later = await table.read(slots_of(["one"]))
    assert later.vouches_for(later.stamp, later.values)
    table.close()
