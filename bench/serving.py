"""API processes over a store, as child processes, and what they cost."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from bench.app import ANSWER
from credit.cli.serving import environment_of
from credit.settings import Settings
from tests.services import neo4j, redis

ROOT: Final = Path(__file__).parent.parent
POLLS: Final = 1200
POLL: Final = 0.05
END_WITHIN: Final = 20
USER_TIME: Final = 11
"""Where user and system time stand in /proc/PID/stat, counted after the name."""


@dataclass(frozen=True, slots=True)
class Served:
    """An API under way: where it listens, and the process that serves."""

    port: int
    process: int

    def cpu(self) -> float:
        """Return the seconds of processor time that the process has used (Linux alone; elsewhere 0)."""
        try:
            after_name = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return sum(map(int, after_name[USER_TIME : USER_TIME + 2])) / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> float:
    """Return the MiB that a process holds in memory (Linux alone; elsewhere 0)."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


@asynccontextmanager
async def with_redis(settings: Settings, home: Path) -> AsyncGenerator[Settings]:
    """Add a Redis of our own to settings for a block.

    Raises:
        RuntimeError: the machine has none, or it does not answer.
    """
    if (lacking := redis.missing()) is not None:
        raise RuntimeError(f"Redis needs {lacking}")
    server = await asyncio.to_thread(redis.start, home)
    try:
        yield settings.model_copy(update={"redis_url": server.url})
    finally:
        await asyncio.to_thread(redis.stop, server)


@asynccontextmanager
async def api(settings: Settings, answer: Path) -> AsyncGenerator[Served]:
    """Run the API with the bench's routes as a child process for a block.

    Raises:
        RuntimeError: it ended, or did not become ready.
    """
    port = neo4j.free_port()
    log = settings.data / f"api-{port}.log"
    child = await asyncio.to_thread(_start, settings, answer, port, log)
    try:
        if not await _is_ready(child, port):
            raise RuntimeError(f"the API did not become ready: {await asyncio.to_thread(_end_of, log)}")
        yield Served(port, child.pid)
    finally:
        child.terminate()
        await asyncio.to_thread(_end, child)


def _start(settings: Settings, answer: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as told:
        return subprocess.Popen(
            [sys.executable, "-m", "bench.app", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **environment_of(settings), ANSWER: str(answer)},
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
        )


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]


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
