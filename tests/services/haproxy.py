"""Debian's haproxy for tests: in front of two replicas, on loopback, by the file that compose.yaml runs it with."""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.services.ports import free_port

HOST: Final = "127.0.0.1"
PROGRAM: Final = "haproxy"
CONFIG: Final = Path(__file__).parents[2] / "deploy" / "haproxy.cfg"
START_WITHIN: Final = 20
STOP_WITHIN: Final = 10


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self.port}"


def missing() -> str | None:
    """Name what this machine lacks to run it; None if it can."""
    return None if _program() else PROGRAM


def environment(port: int, replicas: tuple[int, int]) -> dict[str, str]:
    """Write the variables that the configuration reads."""
    one, two = replicas
    return os.environ | {
        "PROXY_BIND": f"{HOST}:{port}",
        "REPLICA_ONE": f"{HOST}:{one}",
        "REPLICA_TWO": f"{HOST}:{two}",
    }


def start(home: Path, replicas: tuple[int, int]) -> Proxy:
    """Start it before two ports, and wait until it listens.

    Raises:
        RuntimeError: it ended, or does not listen in time.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with (home / "haproxy.log").open("ab") as log:
        process = subprocess.Popen(
            [_program() or PROGRAM, "-db", "-f", str(CONFIG)],
            env=environment(port, replicas),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    proxy = Proxy(process, port)
    until = time.monotonic() + START_WITHIN
    while process.poll() is None and time.monotonic() < until:
        if _listens(port):
            return proxy
        time.sleep(0.05)
    stop(proxy)
    said = (home / "haproxy.log").read_text(errors="replace")[-2000:]
    message = f"{PROGRAM} does not listen on port {port}: {said}"
    raise RuntimeError(message)


def stop(proxy: Proxy) -> None:
    """End it, by force if it does not heed; it may have ended already."""
    proxy.process.terminate()
    try:
        proxy.process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        proxy.process.kill()
        proxy.process.wait()


def _program() -> str | None:
    """Find it; Debian puts it where plain users do not look."""
    return shutil.which(PROGRAM) or shutil.which(PROGRAM, path="/usr/sbin")


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
