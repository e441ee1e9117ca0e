"""A slow graph: time-outs, not hangs; and whoever is cut short leaves nothing behind that others wait for."""

import asyncio

import pytest

from credit.errors import StoreUnavailable, Unavailable
from credit.graph import bolt, conflicts
from credit.graph.store import Store
from credit.ports import WriteUnit
from tests.contract.makers import City, code

LONG = "UNWIND range(1, $n) AS a UNWIND range(1, 4000) AS b RETURN sum(a * b % 7)"
ENOUGH = 300.0
"""Seconds after which a test counts as hanging."""


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch, long: bool) -> float:
    """Seconds that anything may take: the real ones in the long form."""
    if not long:
        monkeypatch.setattr(bolt, "SILENCE", 1.0)
        monkeypatch.setattr(conflicts, "TRYING", 0.0)
    return bolt.SILENCE


async def stand_still(_: WriteUnit) -> None:
    """Hold a transaction open that has taken its place in the order of writes."""
    await asyncio.Event().wait()


async def standing(store: Store) -> asyncio.Task[None]:
    """Begin a write that holds its transaction open."""
    began = asyncio.Event()

    async def work(unit: WriteUnit) -> None:
        began.set()
        await stand_still(unit)

    writer = asyncio.create_task(store.writes.write(work))
    await began.wait()
    return writer


async def test_a_query_that_takes_too_long_is_unavailable_and_not_asked_again(
    store: Store, limit: float, long: bool
) -> None:
    began = asyncio.get_running_loop().time()
    with pytest.raises(StoreUnavailable):
        await store.bolt.fetch(LONG, n=1_000_000 if long else 6_000)
    assert asyncio.get_running_loop().time() - began < limit * 2 + 30


async def test_others_are_served_while_one_query_takes_long(
    store: Store, limit: float, long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = asyncio.create_task(store.bolt.fetch(LONG, n=1_000_000 if long else 6_000))
    await asyncio.sleep(limit / 2)
    monkeypatch.undo()
    assert await store.bolt.fetch("RETURN 1") == [[1]]
    assert isinstance((await asyncio.gather(slow, return_exceptions=True))[0], StoreUnavailable)


async def test_a_write_that_never_ends_is_unavailable(store: Store, limit: float) -> None:
    async with asyncio.timeout(ENOUGH):
        with pytest.raises(Unavailable):
            await store.writes.write(stand_still)


async def test_the_next_write_goes_on_after_one_that_took_too_long(
    store: Store, city: City, limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unavailable):
        await store.writes.write(stand_still)
    monkeypatch.undo()
    async with asyncio.timeout(ENOUGH):
        await city.firms(1)


async def test_a_writer_that_is_cancelled_leaves_no_lock_behind(
    store: Store, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Neo4j it held the lock on the ledger; a second try would mean that the next one waited for it in vain."""
    monkeypatch.setattr(conflicts, "TRIES", 1)
    writer = await standing(store)
    writer.cancel()
    await asyncio.wait([writer])
    assert writer.cancelled()
    await city.firms(1)
    assert (await city.gather(code(1))).resolved


async def test_a_writer_that_is_cut_short_by_a_stop_leaves_no_lock_behind(
    store: Store, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "TRIES", 1)
    writer = await standing(store)
    breaker = store.bolt._breaker  # pyright: ignore[reportPrivateUsage]
    breaker.open()
    with pytest.raises(StoreUnavailable):
        await writer
    async with asyncio.timeout(ENOUGH):
        while breaker.is_open:  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0.01)
    await city.firms(1)


async def test_what_a_writer_had_written_when_it_was_cut_short_is_not_held(
    store: Store, limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(unit: WriteUnit) -> None:
        unit.announce("test", "half", [])
        await stand_still(unit)

    with pytest.raises(Unavailable):
        await store.writes.write(work)
    monkeypatch.undo()
    assert await store.bolt.fetch("MATCH (c:Change) RETURN count(c)") == [[0]]
