"""The graph goes away: nothing acknowledged is lost, nothing is written twice, and work goes on when it is back."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from credit.cache.shared import NoRevisions
from credit.errors import StoreUnavailable
from credit.graph import embedded
from credit.graph.bolt import Bolt, GoneError, Transaction
from credit.graph.embedded import Endpoint
from credit.graph.store import Store, open_store
from credit.model.party import PartyId
from credit.ports import Entry, WriteUnit
from tests.contract.makers import ADMIN, City, code, firm, penalty

A = PartyId(code(1))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "graph"


@pytest.fixture
async def mortal(home: Path) -> AsyncIterator[City]:
    """A store over a server of its own, which it brings back."""

    async def revive() -> Endpoint:
        return await embedded.ensure(home, memory="256m")

    async with (
        embedded.running(home, memory="256m") as endpoint,
        open_store(endpoint, revisions=NoRevisions(), lock=home / "write.lock", on_unavailable=revive) as store,
    ):
        yield City.over(store)
    await embedded.stop(home)


def kill(home: Path) -> None:
    state = embedded.status(home).state
    assert state is not None
    assert state.java is not None
    os.kill(state.java, signal.SIGKILL)


async def test_a_read_after_a_kill_waits_for_the_server_to_come_back(mortal: City, home: Path) -> None:
    await mortal.firms(1)
    kill(home)
    assert list((await mortal.gather(A)).dossiers) == [A]


async def test_a_write_after_a_kill_waits_for_the_server_to_come_back(mortal: City, home: Path) -> None:
    await mortal.firms(1)
    kill(home)
    await mortal.record(penalty(A))
    assert len((await mortal.gather(A)).dossiers[A].records) == 1


async def test_many_readers_bring_the_server_back_once(mortal: City, home: Path) -> None:
    await mortal.firms(1)
    kill(home)
    found = await asyncio.gather(*(mortal.gather(A) for _ in range(20)))
    assert all(A in facts.dossiers for facts in found)


async def test_nothing_acknowledged_is_lost_and_nothing_doubled_when_it_is_killed_in_the_middle(
    mortal: City, home: Path
) -> None:
    await mortal.firms(1)
    done: list[str] = []

    async def write_on() -> None:
        for n in range(60):
            done.extend(await mortal.record(penalty(A, f"{n}号")))

    async def kill_twice() -> None:
        for when in (15, 35):
            while len(done) < when:  # noqa: ASYNC110  # nobody announces it
                await asyncio.sleep(0.005)
            kill(home)

    await asyncio.gather(write_on(), kill_twice())
    held = (await mortal.gather(A)).dossiers[A].records
    assert [r.id for r in held] == done
    assert len(held) == 60


async def test_a_commit_answered_by_silence_is_found_when_the_work_runs_again(
    mortal: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server commits, then the connection is lost before the answer comes."""
    lost: list[int] = []
    transaction = Bolt.transaction

    @asynccontextmanager
    async def silent(bolt: Bolt) -> AsyncGenerator[Transaction]:
        async with transaction(bolt) as tx:
            yield tx
        if not lost:
            lost.append(1)
            raise GoneError

    monkeypatch.setattr(Bolt, "transaction", silent)
    (first,) = await mortal.registry.register(ADMIN, [firm(1)])
    (again,) = await mortal.registry.register(ADMIN, [firm(1)])
    assert (first.error, again.id) == (None, first.id)
    assert lost == [1]
    ((states,),) = await mortal.store.bolt.fetch("MATCH (p:Party) RETURN p.states")
    assert len(states) == 1


async def test_without_a_way_back_a_dead_server_is_unavailable_within_seconds(home: Path) -> None:
    async with (
        embedded.running(home, memory="256m") as endpoint,
        open_store(endpoint, revisions=NoRevisions()) as store,
    ):
        await City.over(store).firms(1)
        await embedded.stop(home)
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            await store.browser.party(A)
        with pytest.raises(StoreUnavailable):
            await City.over(store).firms(2)
        assert time.monotonic() - began < 10
        assert not await store.is_current()


async def test_a_check_kept_while_the_server_dies_is_kept_once(mortal: City, home: Path) -> None:
    async def keep(store: Store, name: str) -> None:
        async def work(unit: WriteUnit) -> None:
            if await store.evidence.entry(name) is not None:
                return
            number, previous = await unit.evidence.head()
            link = Entry(name, "check", "{}", f"sha256:{name}", "s", "k", previous, number + 1, unit.tick, name)
            await unit.evidence.append(link)

        await store.writes.write(work)

    for n in range(20):
        if n == 10:
            kill(home)
        await keep(mortal.store, f"chk_{n}")
    chain = await mortal.store.evidence.chain(after=0, limit=99)
    assert [(e.number, e.id) for e in chain] == [(n + 1, f"chk_{n}") for n in range(20)]
