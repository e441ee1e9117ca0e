"""The two graphs under the registry, as far as a test may lay hands on their servers."""

import os
import secrets
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from credit.graph import embedded
from tests.services import neo4j


class Graph(Protocol):
    """A graph whose server a test may stop, kill and wait for."""

    @property
    def environment(self) -> dict[str, str]:
        """Settings of the processes that use it."""
        ...

    def process(self) -> int | None:
        """Number of the server's process; None while there is none."""
        ...

    def is_kept(self) -> bool:
        """Tell whether whoever needs it will have it: it runs, or is started by its users."""
        ...

    def supervise(self) -> None:
        """Start it again if it died and nobody else would."""
        ...

    def end(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Embedded:
    """ArcadeDB below a data directory; the registry starts it and brings it back."""

    data: Path
    environment: dict[str, str] = field(default_factory=dict[str, str])

    def process(self) -> int | None:
        found = embedded.status(self.data / "graph")
        return found.state.java if found.kept and found.state else None

    def keeper(self) -> int | None:
        found = embedded.status(self.data / "graph")
        return found.state.keeper if found.kept and found.state else None

    def is_kept(self) -> bool:
        return True

    def supervise(self) -> None:
        """Leave that to its keeper."""

    def end(self) -> None:
        """Leave that to the registry."""


@dataclass(slots=True)
class Neo4j:
    """A Neo4j with a supervisor, which a test plays."""

    home: Path
    port: int = field(default_factory=neo4j.free_port)
    password: str = field(default_factory=lambda: secrets.token_hex(8))
    server: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CREDIT_GRAPH_URI": f"bolt://{neo4j.HOST}:{self.port}",
            "CREDIT_GRAPH_USER": neo4j.USER,
            "CREDIT_GRAPH_PASSWORD": self.password,
            "CREDIT_GRAPH_DATABASE": neo4j.DATABASE,
        }

    def process(self) -> int | None:
        return self.server.pid if self.server is not None and self.server.poll() is None else None

    def is_kept(self) -> bool:
        return self.process() is not None

    def supervise(self) -> None:
        if self.process() is None:
            self.server = neo4j.start(self.home, port=self.port, password=self.password)

    def end(self) -> None:
        if self.server is not None:
            neo4j.stop(self.server)


def send(process: int | None, number: signal.Signals) -> bool:
    """Send a signal; False if there is nobody to get it."""
    if process is None:
        return False
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return False
    return True
