"""The embedded graph server: one a directory, up while it is used, back after any `kill -9`."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import DriverError

from credit.errors import StoreUnavailable
from credit.graph import embedded
from credit.graph.embedded import Endpoint
from credit.graph.keeper import State

SOURCE = Path(embedded.__file__).parents[2]
CLIENT = """
import asyncio, sys
from pathlib import Path
from credit.graph import embedded

async def main():
    home = Path(sys.argv[1])
    async with embedded.running(home, memory="256m") as endpoint:
        print(endpoint.uri, embedded.status(home).state.java, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "home"
    yield place
    asyncio.run(embedded.stop(place))


def start_client(home: Path) -> subprocess.Popen[str]:
    """Start a process that uses the server until its standard input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])},
    )


def said_by(client: subprocess.Popen[str]) -> tuple[str, int]:
    """Return the address and the Java process that a client found."""
    assert client.stdout is not None
    uri, java = client.stdout.readline().split()
    return uri, int(java)


def state_of(home: Path) -> State:
    state = embedded.status(home).state
    assert state is not None
    return state


def java_of(home: Path) -> int:
    java = state_of(home).java
    assert java is not None
    return java


def query(endpoint: Endpoint, text: LiteralString) -> list[object]:
    with (
        GraphDatabase.driver(endpoint.uri, auth=(endpoint.user, endpoint.password)) as driver,  # pyright: ignore[reportUnknownMemberType]  # **config
        driver.session(database=endpoint.database) as session,  # pyright: ignore[reportUnknownMemberType]  # **config
    ):
        return [record.value() for record in session.run(text)]


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def command_line_of(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text()


async def come_true(condition: Callable[[], bool], *, within: float = 10) -> bool:
    """Wait for a condition; tell whether it came true in time."""
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.05)
    return True


def starts_logged(home: Path) -> int:
    return (home / "log" / "keeper.log").read_text().count("is starting up")


def test_two_processes_share_one_server(home: Path) -> None:
    with start_client(home) as one, start_client(home) as other:
        assert said_by(one) == said_by(other)
    assert starts_logged(home) == 1


def test_twenty_processes_at_once_start_exactly_one_server(home: Path) -> None:
    clients = [start_client(home) for _ in range(20)]
    found = {said_by(client) for client in clients}
    for client in clients:
        client.communicate()
    assert len(found) == 1
    assert starts_logged(home) == 1
    assert {client.returncode for client in clients} == {0}


def test_it_comes_back_at_its_port_with_its_data_after_java_is_killed(home: Path) -> None:
    async def scene() -> None:
        async with embedded.running(home, memory="256m") as before:
            query(before, "CREATE (:Kept {n: 1})")
            killed = java_of(home)
            os.kill(killed, signal.SIGKILL)
            assert await come_true(lambda: not is_alive(killed))
            after = await embedded.ensure(home)
            assert after == before
            assert query(after, "MATCH (k:Kept) RETURN k.n") == [1]
            assert java_of(home) != killed
            assert state_of(home).restarts == 1

    asyncio.run(scene())


def test_java_ends_with_a_killed_keeper_and_ensure_starts_both_anew(home: Path) -> None:
    async def scene() -> None:
        async with embedded.running(home, memory="256m") as before:
            query(before, "CREATE (:Kept {n: 1})")
            keeper, java = state_of(home).keeper, java_of(home)
            assert keeper is not None
            os.kill(keeper, signal.SIGKILL)
            assert await come_true(lambda: not is_alive(java))
            assert not embedded.status(home).kept
            after = await embedded.ensure(home, memory="256m")
            assert after == before
            assert query(after, "MATCH (k:Kept) RETURN k.n") == [1]

    asyncio.run(scene())


def test_it_ends_by_itself_when_its_last_user_is_killed(home: Path) -> None:
    with start_client(home) as client:
        _, java = said_by(client)
        client.kill()
    assert asyncio.run(come_true(lambda: not embedded.status(home).kept))
    assert not is_alive(java)


def test_it_stays_while_one_of_its_users_stays(home: Path) -> None:
    with start_client(home) as stays:
        with start_client(home) as goes:
            _, java = said_by(goes)
        assert said_by(stays)[1] == java
        time.sleep(3)
        assert is_alive(java)


def test_stop_ends_it_whoever_uses_it_and_says_so(home: Path) -> None:
    async def scene() -> None:
        async with embedded.running(home, memory="256m") as endpoint:
            java = java_of(home)
            assert await embedded.stop(home)
            assert not is_alive(java)
            with pytest.raises(DriverError):
                query(endpoint, "RETURN 1")
        assert not await embedded.stop(home)

    asyncio.run(scene())


def test_a_port_taken_meanwhile_is_left_to_the_other_program(home: Path) -> None:
    async def scene() -> None:
        async with embedded.running(home, memory="256m") as before:
            await embedded.stop(home)
        port = int(before.uri.rpartition(":")[2])
        with socket.create_server(("127.0.0.1", port)):
            async with embedded.running(home, memory="256m") as after:
                assert after.uri != before.uri
                assert query(after, "RETURN 1") == [1]

    asyncio.run(scene())


def test_only_its_own_user_may_read_password_and_data(home: Path) -> None:
    async def scene() -> None:
        async with embedded.running(home, memory="256m") as endpoint:
            assert endpoint.password not in repr(endpoint)
            assert endpoint.password not in command_line_of(java_of(home))
            assert (home / "password").stat().st_mode & 0o777 == 0o600
            for directory in (home, home / "data", home / "log", home / "data" / "databases"):
                assert directory.stat().st_mode & 0o777 == 0o700

    asyncio.run(scene())


def test_a_server_that_cannot_start_is_given_up_with_the_reason(home: Path) -> None:
    with pytest.raises(StoreUnavailable, match="Invalid maximum heap size"):
        asyncio.run(embedded.ensure(home, memory="nonsense"))
    assert not embedded.status(home).kept
