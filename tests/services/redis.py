"""Debian's redis-server for tests: on loopback, on a free port, nothing kept on disk."""

import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
PROGRAM: Final = "redis-server"
START_WITHIN: Final = 10
STOP_WITHIN: Final = 10


@dataclass(frozen=True, slots=True)
class Redis:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        """Address as the client takes it."""
        return f"redis://{HOST}:{self.port}/0"


def missing() -> str | None:
    """Name what this machine lacks to run Redis; None if it can."""
    return None if shutil.which(PROGRAM) else PROGRAM


def start(home: Path, *, port: int = 0) -> Redis:
    """Start a server, at a free port unless one is named, and wait until it answers.

    Raises:
        RuntimeError: it ended or did not answer in time.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = port or _free_port()
    options = {"bind": HOST, "port": str(port), "dir": str(home), "save": "", "appendonly": "no"}
    with (home / "redis.log").open("ab") as log:
        process = subprocess.Popen(
            [PROGRAM, *(word for name, value in options.items() for word in (f"--{name}", value))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Redis(process, port)
    until = time.monotonic() + START_WITHIN
    while process.poll() is None and time.monotonic() < until:
        if _answers(port):
            return server
        time.sleep(0.02)
    stop(server)
    message = f"{PROGRAM} does not answer on port {port}; see {home / 'redis.log'}"
    raise RuntimeError(message)


def stop(server: Redis) -> None:
    """End a server, by force if it does not heed; it may have ended already."""
    server.process.terminate()
    try:
        server.process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64) == b"+PONG\r\n"
    except OSError:
        return False
