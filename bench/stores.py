"""The two stores, each in a directory of its own, and the API over one of them as a child process."""

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from pydantic import SecretStr

from bench.app import ANSWER
from credit.cli.serving import environment_of
from credit.settings import Settings
from credit.wiring import stop_graph
from tests.services import neo4j

ROOT: Final = Path(__file__).parent.parent
LOG: Final = "api.log"
POLLS: Final = 600
POLL: Final = 0.1
END_WITHIN: Final = 20
USER_TIME: Final = 11
"""Where user and system time stand in /proc/PID/stat, counted after the name."""


@dataclass(frozen=True, slots=True)
class Served:
    """The API under way: where it listens, and the process that serves."""

    port: int
    process: int

    def cpu(self) -> float:
        """Return the seconds of processor time that the process has used (Linux alone; elsewhere 0)."""
        try:
            after_name = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return sum(map(int, after_name[USER_TIME : USER_TIME + 2])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def embedded(data: Path) -> AsyncGenerator[Settings]:
    """Have the graph that credit brings along, for a block."""
    settings = Settings(data=data)
    try:
        yield settings
    finally:
        await stop_graph(settings)


@asynccontextmanager
async def neo4j_server(data: Path) -> AsyncGenerator[Settings]:
    """Have a Neo4j Community on loopback, for a block.

    Raises:
        RuntimeError: the machine lacks what it takes, or the server does not answer.
    """
    if (lacking := neo4j.missing()) is not None:
        raise RuntimeError(f"Neo4j needs {lacking}")
    port, password = neo4j.free_port(), secrets.token_hex(16)
    server = await asyncio.to_thread(neo4j.start, data / "neo4j", port=port, password=password)
    try:
        yield Settings(data=data, graph_uri=f"bolt://{neo4j.HOST}:{port}", graph_password=SecretStr(password))
    finally:
        await asyncio.to_thread(neo4j.stop, server)


STORES: Final[dict[str, Callable[[Path], AbstractAsyncContextManager[Settings]]]] = {
    "embedded": embedded,
    "neo4j": neo4j_server,
}


@asynccontextmanager
async def api(settings: Settings, answer: Path) -> AsyncGenerator[Served]:
    """Run the API with the bench's routes as a child process for a block.

    Raises:
        RuntimeError: it ended, or did not become ready.
    """
    port = neo4j.free_port()
    child = await asyncio.to_thread(_start, settings, answer, port)
    try:
        if not await _is_ready(child, port):
            raise RuntimeError(f"the API did not become ready: {await asyncio.to_thread(_log_of, settings)}")
        yield Served(port, child.pid)
    finally:
        child.terminate()
        await asyncio.to_thread(_end, child)


def _start(settings: Settings, answer: Path, port: int) -> subprocess.Popen[bytes]:
    with (settings.data / LOG).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bench.app", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **environment_of(settings), ANSWER: str(answer)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _log_of(settings: Settings) -> str:
    return (settings.data / LOG).read_text(errors="replace")[-2000:]


async def _is_ready(child: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the API says that it is ready; False when it ended, or took too long."""
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        for _ in range(POLLS):
            if child.poll() is not None:
                return False
            try:
                if (await client.get(f"http://{neo4j.HOST}:{port}/readyz")).is_success:
                    return True
            except httpx.HTTPError:
                pass
            await asyncio.sleep(POLL)
    return False
