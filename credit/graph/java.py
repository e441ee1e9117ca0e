"""The Java process of the embedded graph server: where its program is, how it is started, at which port."""

import contextlib
import ctypes
import importlib.util
import os
import secrets
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from credit.graph.home import Home

DATABASE: Final = "registry"
HOST: Final = "127.0.0.1"
PORTS: Final = range(20_000, 32_000)
"""Below the ports that Linux gives to outgoing connections: one of these could take ours while the server is down,
and a client that knocks at such a port before the server listens may be connected to itself."""
PR_SET_PDEATHSIG: Final = 1


def choose_port(kept: int | None) -> int:
    """Keep the port of the last start if it is free, else find another."""
    candidates = [kept] if kept else []
    candidates += [PORTS[secrets.randbelow(len(PORTS))] for _ in range(200)]
    for port in candidates:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((HOST, port))
                return port
    message = f"no free port found between {PORTS.start} and {PORTS.stop} on {HOST}"
    raise OSError(message)


def find_engine() -> Path:
    """Find the directory of jars and runtime inside the wheel, without importing it."""
    spec = importlib.util.find_spec("arcadedb_embedded")
    if spec is None or spec.origin is None:
        message = "the package arcadedb-embedded is not installed beside credit"
        raise FileNotFoundError(message)
    return Path(spec.origin).parent


def java_command(home: Home, *, port: int, memory: str) -> list[str]:
    """Assemble the command line of the server; nothing secret stands on it."""
    engine = find_engine()
    settings = {
        "server.rootPath": home.data,
        "server.rootPasswordPath": home.password,
        # production hides the text of every error
        "server.mode": "development",
        "server.logsDirectory": home.logs,
        "server.defaultDatabases": f"{DATABASE}[root]",
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server.httpIncomingHost": HOST,
        "server.httpIncomingPort": 0,
        "bolt.host": HOST,
        "bolt.port": port,
        "bolt.defaultDatabase": DATABASE,
        # the default, 0, leaves a commit to the operating system
        "txWalFlush": 2,
        "command.timeout": 30_000,
        "opencypher.loadCsv.allowFileUrls": "false",
        "opencypher.loadCsv.allowRemoteUrls": "false",
    }
    opened = ("java.util.concurrent.atomic", "java.nio.channels.spi", "java.lang")
    return [
        str(engine / "jre" / "bin" / "java"),
        f"-Xmx{memory}",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:-UsePerfData",
        f"-XX:ErrorFile={home.logs / 'crash.log'}",
        *("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in opened),
        "-Duser.timezone=UTC",
        "-Djava.awt.headless=true",
        f"-Djava.util.logging.config.file={home.logs / 'logging.properties'}",
        *(f"-Darcadedb.{key}={value}" for key, value in settings.items()),
        *("-cp", str(engine / "jars" / "*"), "com.arcadedb.server.ArcadeDBServer"),
    ]


LOGGING: Final = """\
handlers = java.util.logging.ConsoleHandler
.level = INFO
java.util.logging.ConsoleHandler.level = INFO
java.util.logging.ConsoleHandler.formatter = com.arcadedb.log.LogFormatter
"""
"""The server writes to its console alone: the keeper reads that and bounds the file it goes to."""


def die_with_parent() -> Callable[[], None]:
    """Return what a child runs before it becomes Java, so that the kernel kills it when the keeper dies."""
    prctl = cast("Callable[[int, int], int]", ctypes.CDLL(None, use_errno=True).prctl)
    keeper = os.getpid()

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != keeper:  # it died before the line above
            os._exit(1)

    return in_child
