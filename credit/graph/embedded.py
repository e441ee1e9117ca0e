"""The graph server that credit brings along: ArcadeDB out of a wheel, on loopback, spoken to over Bolt.

All processes of one data directory share one server. Whoever needs it first starts its keeper
(`credit.graph.keeper`), which ends it when nobody holds a `Lease` any more::

    async with running(home) as endpoint:
        driver = AsyncGraphDatabase.driver(endpoint.uri, auth=(endpoint.user, endpoint.password))

A process that lost its connection calls `ensure` again: that starts keeper and server anew where both died. The
port is the same again unless another program has taken it meanwhile.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from neo4j import AsyncGraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from credit.errors import StoreUnavailable
from credit.graph.home import Home, Phase, State, is_held, open_lock, reported, try_lock
from credit.graph.java import DATABASE, HOST
from credit.graph.keeper import PATIENCE
from credit.graph.lease import POLL, STOP_WITHIN, Lease
from credit.graph.room import LEAST, Room, full

USER: Final = "root"
START_WITHIN: Final = 60.0
"""Seconds in which a server must answer."""
LAUNCH_WITHIN: Final = 20


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens and who may speak to it."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str
    home: Path | None = None
    """Home of an embedded server, whose disk is ours to mind; None for one elsewhere."""


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a server is kept for a data directory, and what its keeper last wrote."""

    kept: bool
    state: State | None


@asynccontextmanager
async def running(home: Path, *, memory: str = "1g") -> AsyncGenerator[Endpoint]:
    """Have a server for a block: take a lease and `ensure` that it answers."""
    with await Lease.take(home):
        yield await ensure(home, memory=memory)


async def ensure(home: Path, *, memory: str = "1g") -> Endpoint:
    """Return a server for this directory that answers queries: the running one, else a new one.

    Hold a `Lease` before and after, or it ends soon. ``memory`` is the heap of a server that must be started.

    Raises:
        StoreUnavailable: none could be started, or it does not answer.
        StorageFull: none is started for want of room.
    """
    place = Home.of(home)
    with await Lease.take(home):
        until = time.monotonic() + START_WITHIN
        kept_before = False
        while time.monotonic() < until:
            with reported(place):
                kept_before = await _have_keeper(place, memory=memory, kept_before=kept_before)
                endpoint = _read_endpoint(place)
                if endpoint is not None and await _answers(endpoint, place):
                    return endpoint
                _refuse_without_room(place)
            await asyncio.sleep(POLL)
    raise StoreUnavailable(
        f"{home} 的内置图数据库未在 {START_WITHIN:.0f} 秒内应答，"
        f"请查看 {place.logs / 'keeper.log'}，再运行 credit stop。",
        f"The embedded graph server in {home} did not answer within {START_WITHIN:.0f} s. "
        f"Read {place.logs / 'keeper.log'}, then run: credit stop",
    )


async def stop(home: Path) -> bool:
    """End the server of this directory at once, whoever uses it; tell whether there was one.

    Raises:
        StoreUnavailable: it cannot be ended by this user.
    """
    place = Home.of(home)
    with reported(place):
        if not is_held(place.lock("keeper")):
            return False
        place.stop.touch(mode=0o600)
        if not await _is_gone(place, within=STOP_WITHIN):
            _kill_keeper(place)
            if not await _is_gone(place, within=PATIENCE):
                raise StoreUnavailable(
                    f"{home} 的守护进程无法结束，请以其所属用户身份结束它。",
                    f"The keeper of {home} neither ends nor can be killed. End it as its own user.",
                )
    return True


def status(home: Path) -> Status:
    """Tell whether a server is kept for this directory, asking nobody but the file system."""
    place = Home.of(home)
    with reported(place):
        return Status(is_held(place.lock("keeper")), place.read_state())


async def _have_keeper(place: Home, *, memory: str, kept_before: bool) -> bool:
    """See to it that there is a keeper; tell whether there is or was one.

    Raises:
        StoreUnavailable: the one seen before gave up, or a new one cannot be launched.
    """
    if is_held(place.lock("keeper")):
        return True
    state = place.read_state()
    if kept_before and state is not None and state.phase is Phase.FAILED:
        raise StoreUnavailable(
            f"{place.root} 的内置图数据库无法运行，原因见 {place.logs / 'keeper.log'}。",
            f"The embedded graph server in {place.root} cannot be kept up, see its log: {state.why}",
        )
    starter = open_lock(place.lock("starter"))
    try:
        if not try_lock(starter):
            return kept_before  # another process is at it
        await asyncio.to_thread(_launch_keeper, place, memory)
    finally:
        os.close(starter)
    return True


def _launch_keeper(place: Home, memory: str) -> None:
    """Start the keeper; back once it has the keeper lock or could not get so far."""
    source = str(Path(__file__).parents[2])
    launcher = subprocess.run(  # our own module, no shell
        [sys.executable, "-m", "credit.graph.keeper", str(place.root), memory],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=place.root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])},
        start_new_session=True,
        timeout=LAUNCH_WITHIN,
        check=False,
    )
    if launcher.returncode not in (0, 3):
        said = launcher.stderr.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        raise StoreUnavailable(
            f"{place.root} 的内置图数据库守护进程无法启动。",
            f"The keeper of the embedded graph server in {place.root} could not be started: {said}",
        )


def _read_endpoint(place: Home) -> Endpoint | None:
    """Read where the server listens; None while there is none to be asked."""
    state = place.read_state()
    if state is None or state.phase is not Phase.RUNNING or state.port is None:
        return None
    return Endpoint(f"bolt://{HOST}:{state.port}", USER, place.password.read_text().strip(), DATABASE, place.root)


def _refuse_without_room(place: Home) -> None:
    state = place.read_state()
    if state is not None and state.phase is Phase.WAITING and not Room(place.root).is_left(LEAST):
        raise full()


async def _answers(endpoint: Endpoint, place: Home) -> bool:
    """Tell whether a query in the database is answered; that it listens proves nothing yet."""
    if not await _listens(endpoint):
        return False
    driver = AsyncGraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType]  # the driver leaves **config untyped
        endpoint.uri, auth=(endpoint.user, endpoint.password), connection_timeout=2, connection_acquisition_timeout=5
    )
    async with driver, driver.session(database=endpoint.database) as session:  # pyright: ignore[reportUnknownMemberType]  # **config
        try:
            await (await session.run("RETURN 1")).consume()
        except AuthError as error:
            users = place.data / "config" / "server-users.jsonl"
            raise StoreUnavailable(
                f"{endpoint.uri} 不接受 {place.password} 中的口令，请恢复该文件，或运行 credit stop 后删除 {users}。",
                f"The server at {endpoint.uri} refuses the password in {place.password}. "
                f"Put the right one back, or run credit stop and remove {users}",
            ) from error
        except (DriverError, Neo4jError, OSError):
            return False
    return True


async def _listens(endpoint: Endpoint) -> bool:
    """Knock, which costs far less than a driver."""
    try:
        _, writer = await asyncio.open_connection(HOST, int(endpoint.uri.rpartition(":")[2]))
    except OSError:
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True


async def _is_gone(place: Home, *, within: float) -> bool:
    """Wait for keeper and server to end."""
    until = time.monotonic() + within
    while is_held(place.lock("keeper")) or is_held(place.lock("server")):
        if time.monotonic() > until:
            return False
        await asyncio.sleep(POLL)
    return True


def _kill_keeper(place: Home) -> None:
    """Kill a keeper that does not heed the stop file; the kernel ends its Java with it."""
    state = place.read_state()
    if state is not None and state.keeper is not None and is_held(place.lock("keeper")):
        with suppress(ProcessLookupError):
            os.kill(state.keeper, signal.SIGKILL)
