"""The breaker: work that is slow goes on, work of a server that has stopped ends at once."""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from credit.errors import StoreUnavailable
from credit.graph import breaker
from credit.graph.breaker import Breaker


class Server:
    """A server that answers, refuses or keeps silent, as it is told."""

    def __init__(self) -> None:
        self.speaks = asyncio.Event()
        self.speaks.set()
        self.refuses = False
        self.asked = 0
        self.revived = 0
        self.no_files = 0
        """How often it cannot be brought back."""

    async def ask(self) -> None:
        self.asked += 1
        if not self.refuses:
            await self.speaks.wait()
        if self.refuses:
            raise ConnectionRefusedError

    async def revive(self) -> None:
        self.revived += 1
        if self.revived <= self.no_files:
            raise OSError(errno.EMFILE, "no file descriptor is left")
        self.refuses = False

    def stop(self) -> None:
        self.speaks.clear()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time pass fifty times as fast."""
    for name in ("TICK", "QUIET", "PULSE_WITHIN", "PATIENCE", "PAUSE"):
        monkeypatch.setattr(breaker, name, getattr(breaker, name) / 50)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def guard(server: Server) -> AsyncIterator[Breaker]:
    made = Breaker(server.ask, server.revive)
    yield made
    await made.close()


async def wait_for_ever(guard: Breaker) -> None:
    async with guard.watch():
        await asyncio.Event().wait()


async def opened(guard: Breaker, server: Server) -> None:
    server.stop()
    with pytest.raises(StoreUnavailable):
        await wait_for_ever(guard)


async def closed(guard: Breaker) -> None:
    async with asyncio.timeout(20):
        while guard.is_open:  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0.001)


async def test_quick_work_asks_the_server_nothing(guard: Breaker, server: Server) -> None:
    for _ in range(100):
        async with guard.watch():
            await asyncio.sleep(0)
    assert server.asked == 0


async def test_slow_work_goes_on_while_the_server_answers(guard: Breaker, server: Server) -> None:
    async with guard.watch():
        async with asyncio.timeout(20):
            while server.asked < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
    assert not guard.is_open


async def test_slow_work_goes_on_while_other_work_comes_to_an_end(guard: Breaker, server: Server) -> None:
    """A server with no time for the trivial question, but for others."""
    server.stop()

    async def others() -> None:
        for _ in range(200):
            async with guard.watch():
                await asyncio.sleep(breaker.TICK)

    slow = asyncio.create_task(wait_for_ever(guard))
    await others()
    assert not slow.done()
    slow.cancel()
    await asyncio.wait([slow])


async def test_a_server_that_was_just_started_is_given_time(guard: Breaker, server: Server) -> None:
    server.stop()
    guard.trust(40 * (breaker.QUIET + breaker.PULSE_WITHIN))
    slow = asyncio.create_task(wait_for_ever(guard))
    await asyncio.sleep(4 * (breaker.QUIET + breaker.PULSE_WITHIN))
    assert not slow.done()
    slow.cancel()
    await asyncio.wait([slow])


async def test_all_work_under_way_ends_when_the_server_is_silent(guard: Breaker, server: Server) -> None:
    server.stop()
    ends = await asyncio.gather(*(wait_for_ever(guard) for _ in range(50)), return_exceptions=True)
    assert {type(end) for end in ends} == {StoreUnavailable}


async def test_work_is_refused_at_once_while_it_is_silent(guard: Breaker, server: Server) -> None:
    await opened(guard, server)
    asked = server.asked
    for _ in range(100):
        with pytest.raises(StoreUnavailable):
            await wait_for_ever(guard)
    assert server.asked == asked


async def test_work_is_taken_again_once_the_server_answers(guard: Breaker, server: Server) -> None:
    await opened(guard, server)
    server.speaks.set()
    await closed(guard)
    async with guard.watch():
        pass


async def test_a_question_left_standing_is_enough_to_close_it(guard: Breaker, server: Server) -> None:
    """Whoever goes on after a stop answers what came in meanwhile: nothing has to be sent anew."""
    await opened(guard, server)
    asked = server.asked
    async with asyncio.timeout(20):
        while server.asked == asked:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    server.speaks.set()
    await closed(guard)
    assert server.asked == asked + 1


async def test_a_server_that_refuses_is_not_silent(guard: Breaker, server: Server) -> None:
    """Its clients learn that by themselves, and may wait for it to be brought back."""
    server.refuses = True
    async with guard.watch():
        async with asyncio.timeout(20):
            while server.asked < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
    assert not guard.is_open


async def test_a_server_that_dies_while_it_is_silent_is_brought_back(guard: Breaker, server: Server) -> None:
    await opened(guard, server)
    server.refuses = True
    server.speaks.set()
    await closed(guard)
    assert server.revived >= 1


async def test_a_server_that_could_not_be_brought_back_is_asked_again(guard: Breaker, server: Server) -> None:
    """Whatever the attempt raised, be it that this process has no file descriptor left."""
    server.no_files = 2
    await opened(guard, server)
    server.refuses = True
    server.speaks.set()
    await closed(guard)
    assert server.revived == 3


async def test_work_that_is_refused_has_a_server_asked_that_nobody_watches_any_more(
    guard: Breaker, server: Server
) -> None:
    await opened(guard, server)
    await guard.close()
    server.speaks.set()
    with pytest.raises(StoreUnavailable):
        await wait_for_ever(guard)
    await closed(guard)


async def test_a_server_that_only_stopped_is_not_brought_back(guard: Breaker, server: Server) -> None:
    await opened(guard, server)
    server.speaks.set()
    await closed(guard)
    assert server.revived == 0


async def test_work_that_takes_too_long_is_unavailable(guard: Breaker) -> None:
    with pytest.raises(StoreUnavailable):
        async with guard.watch(0.01):
            await asyncio.Event().wait()
    assert not guard.is_open


async def test_an_error_of_the_work_stays_what_it_is(guard: Breaker) -> None:
    with pytest.raises(TimeoutError):
        async with guard.watch(20):
            raise TimeoutError


async def test_work_within_work_ends_once(guard: Breaker, server: Server) -> None:
    server.stop()
    with pytest.raises(StoreUnavailable):
        async with guard.watch(), guard.watch(20):
            await asyncio.Event().wait()
    await asyncio.sleep(0)  # a second cancellation left over would strike here


async def test_work_that_is_cancelled_from_outside_is_cancelled(guard: Breaker) -> None:
    work = asyncio.create_task(wait_for_ever(guard))
    await asyncio.sleep(0)
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    assert work.cancelled()


async def test_a_pause_of_our_own_process_is_not_held_against_the_server(guard: Breaker, server: Server) -> None:
    """Time is counted in turns of the loop, so one long turn is one turn."""
    async with guard.watch():
        await asyncio.sleep(breaker.TICK)
        pause = breaker.QUIET + breaker.PULSE_WITHIN
        _block(pause * 3)
        await asyncio.sleep(0)
    assert not guard.is_open


def _block(seconds: float) -> None:
    """Hold up the whole loop."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until:
        pass
