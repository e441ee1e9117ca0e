"""The gate's short memory and the access log's batches, over a store held in memory."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from credit import callers
from credit.callers import AccessLog, CallerStatement, Gate, hash_of
from credit.errors import StoreUnavailable, Unauthenticated
from credit.keys import make_api_key
from credit.model.caller import Access, Caller, Scope

NOW = datetime(2026, 6, 10, tzinfo=UTC)
READER = CallerStatement(name="reader", scopes=frozenset({Scope.READ}))


class Clock:
    def now(self) -> datetime:
        return NOW


class Held:
    """`credit.ports.Callers` in memory; ``pause`` holds answers back, ``gone`` refuses to write."""

    def __init__(self) -> None:
        self.keys: dict[str, Caller] = {}
        self.written: list[Access] = []
        self.asked = 0
        self.pause = asyncio.Event()
        self.pause.set()
        self.gone = False

    async def caller(self, key_hash: str) -> Caller | None:
        self.asked += 1
        found = self.keys.get(key_hash)
        await self.pause.wait()
        return found

    async def save_caller(self, caller: Caller, key_hash: str) -> None:
        self.keys[key_hash] = caller

    async def retire_hash(self, caller_id: str, keep: str | None, at: datetime) -> None:
        for key, caller in self.keys.items():
            if caller.id == caller_id and key != keep:
                self.keys[key] = replace(caller, revoked_at=at)

    async def callers(self) -> Sequence[Caller]:
        return list({caller.id: caller for caller in self.keys.values()}.values())

    async def log_accesses(self, accesses: Sequence[Access]) -> None:
        if self.gone:
            raise StoreUnavailable("x")
        self.written += accesses

    async def accesses(self, *, party: str | None, before: int | None, limit: int) -> Sequence[tuple[int, Access]]:
        return list(enumerate(self.written))[::-1][:limit]


@pytest.fixture
def store() -> Held:
    return Held()


@pytest.fixture
def gate(store: Held) -> Gate:
    return Gate(store, Clock(), make_api_key)


def access(number: int) -> Access:
    return Access(NOW, "c", "party", (), None, str(number))


async def test_of_a_key_only_its_hash_is_kept(store: Held, gate: Gate) -> None:
    _, key = await gate.make(READER)
    assert list(store.keys) == [hash_of(key)]
    assert key not in repr(store.keys)


async def test_the_store_is_asked_once_while_a_key_is_believed(store: Held, gate: Gate) -> None:
    _, key = await gate.make(READER)
    for _ in range(3):
        await gate.authenticate(key)
    assert store.asked == 1


async def test_the_store_is_asked_once_for_all_who_ask_at_the_same_time(store: Held, gate: Gate) -> None:
    _, key = await gate.make(READER)
    store.pause.clear()
    asking = [asyncio.create_task(gate.authenticate(key)) for _ in range(5)]
    await asyncio.sleep(0)
    store.pause.set()
    assert len({caller.id for caller in await asyncio.gather(*asking)}) == 1
    assert store.asked == 1


async def test_a_key_of_no_right_form_is_refused_without_asking(store: Held, gate: Gate) -> None:
    for key in ("", "short", "x" * 129, "with space " * 3, "ключ" * 10):
        with pytest.raises(Unauthenticated):
            await gate.authenticate(key)
    assert store.asked == 0


async def test_a_stranger_is_not_remembered(store: Held, gate: Gate) -> None:
    key = make_api_key()
    with pytest.raises(Unauthenticated):
        await gate.authenticate(key)
    await store.save_caller(Caller("late", "late", frozenset()), hash_of(key))
    assert (await gate.authenticate(key)).id == "late"


async def test_what_was_being_read_when_a_key_was_revoked_is_not_believed(store: Held, gate: Gate) -> None:
    caller, key = await gate.make(READER)
    store.pause.clear()
    asking = asyncio.create_task(gate.authenticate(key))
    while not store.asked:  # noqa: ASYNC110  # nothing tells
        await asyncio.sleep(0)
    await gate.revoke(caller.id)
    store.pause.set()
    await asking  # it was asked before
    with pytest.raises(Unauthenticated):
        await gate.authenticate(key)


async def test_the_first_key_is_admitted_once(store: Held, gate: Gate) -> None:
    assert await gate.admit_first("credit_" + "a" * 43) is not None
    assert await gate.admit_first("credit_" + "b" * 43) is None
    assert len(store.keys) == 1


async def test_accesses_are_written_soon(store: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "FLUSH_EVERY", 0.01)
    async with AccessLog(store).running() as log:
        await log.note(access(1))
        async with asyncio.timeout(5):
            while not store.written:  # noqa: ASYNC110  # nothing tells
                await asyncio.sleep(0.005)


async def test_accesses_are_written_at_the_end(store: Held) -> None:
    async with AccessLog(store).running() as log:
        await log.note(access(1))
        assert store.written == []
    assert store.written == [access(1)]


async def test_a_full_batch_is_written_at_once(store: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "FLUSH_EVERY", 60)
    monkeypatch.setattr(callers, "FLUSH_AT", 3)
    async with AccessLog(store).running() as log:
        for number in range(3):
            await log.note(access(number))
        async with asyncio.timeout(5):
            while len(store.written) < 3:  # noqa: ASYNC110  # nothing tells
                await asyncio.sleep(0.005)


async def test_what_the_store_did_not_take_is_written_later_in_order(store: Held) -> None:
    log = AccessLog(store)
    store.gone = True
    for number in range(2):
        await log.note(access(number))
    with pytest.raises(StoreUnavailable):
        await log.flush()
    store.gone = False
    await log.note(access(2))
    await log.flush()
    assert store.written == [access(0), access(1), access(2)]


async def test_no_more_is_held_than_memory_may(store: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "BUFFERED", 2)
    log = AccessLog(store)
    store.gone = True
    for number in range(2):
        await log.note(access(number))
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await log.note(access(2))
    store.gone = False
    await log.note(access(3))
    await log.flush()
    assert [line.request_id for line in store.written] == ["0", "1", "3"]


async def test_reading_shows_what_was_just_noted(store: Held) -> None:
    log = AccessLog(store)
    await log.note(access(1))
    assert [line for _, line in await log.read(party=None, before=None, limit=10)] == [access(1)]
