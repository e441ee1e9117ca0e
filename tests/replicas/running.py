"""Two replicas behind a proxy as compose.yaml describes them, natively: Neo4j, Redis, two `credit serve`, haproxy."""

import re
import signal
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import yaml

from tests.faults.running import CREDIT, ENVIRONMENT, READY_WITHIN, ROOT, is_ready, wait_until
from tests.services import haproxy, neo4j, redis

PASSWORD: Final = "a-throw-away-password"
END_WITHIN: Final = 60
KILLED: Final = -signal.SIGKILL


def compose_settings(graph: str, cache: str) -> dict[str, str]:
    """Read the API's settings from compose.yaml, with the addresses of these servers in place of its own."""
    said: Mapping[str, object] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["api-1"][
        "environment"
    ]
    passwords = {"NEO4J_PASSWORD": PASSWORD, "REDIS_PASSWORD": PASSWORD}
    plain = {name: re.sub(r"\$\{(\w+)[^}]*\}", lambda m: passwords[m[1]], str(value)) for name, value in said.items()}
    assert plain["CREDIT_GRAPH_URI"] == "neo4j://neo4j:7687"
    assert plain["CREDIT_REDIS_URL"] == f"redis://:{PASSWORD}@redis:6379/0"
    return plain | {"CREDIT_GRAPH_URI": graph, "CREDIT_REDIS_URL": cache}


def redis_settings() -> dict[str, str]:
    """Read from compose.yaml what its Redis is told, but for the password and what is kept on disk."""
    (said,) = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["redis"]["command"][2:]
    settings = dict(line.split(" ", 1) for line in re.findall(r"'(\w[^'%$]* [^'%$]+)'", said))
    assert settings.keys() == {"save", "appendonly", "maxmemory", "maxmemory-policy"}
    return {name: value.strip('"') for name, value in settings.items()}


@dataclass
class Replica:
    """One API process on a port that stays its own."""

    port: int
    data: Path
    settings: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    ended: list[int] = field(default_factory=list[int])

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        log = self.data / f"replica-{self.port}.log"
        with log.open("ab") as output:
            process = self.process = subprocess.Popen(
                [*CREDIT, "serve", "--port", str(self.port), "--data", str(self.data), "--no-sample"],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=ENVIRONMENT | dict(self.settings),
            )
        wait_until(lambda: is_ready(self.base), lambda: process.poll() is None, within=READY_WITHIN, log=log)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it; return its code."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            self.process.send_signal(number)
        code = self.process.wait(END_WITHIN)
        self.ended.append(code)
        return code


@dataclass(frozen=True)
class City:
    """All of it, running."""

    proxy: haproxy.Proxy
    one: Replica
    two: Replica

    @property
    def key(self) -> str:
        return (self.one.data / "first-key").read_text().strip()

    def client(self, base: str | None = None, key: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {key or self.key}"}
        return httpx.Client(base_url=base or self.proxy.base, headers=headers, timeout=150, trust_env=False)

    def async_client(self) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.AsyncClient(base_url=self.proxy.base, headers=headers, timeout=150, trust_env=False)


@contextmanager
def running(home: Path) -> Generator[City]:
    """Run all of it for a block."""
    graph_port, data = neo4j.free_port(), home / "data"
    data.mkdir()
    graph = neo4j.start(home / "neo4j", port=graph_port, password=PASSWORD)
    cache = redis.start(home / "redis", password=PASSWORD)
    for name, value in redis_settings().items():
        redis.ask(cache, "CONFIG", "SET", name, value)
    settings = compose_settings(f"neo4j://{neo4j.HOST}:{graph_port}", cache.url)
    one, two = (Replica(neo4j.free_port(), data, settings) for _ in range(2))
    proxy = None
    try:
        one.start()  # it makes schema, keys and first API key, as compose has it
        two.start()
        proxy = haproxy.start(home / "proxy", (one.port, two.port))
        yield City(proxy, one, two)
    finally:
        if proxy is not None:
            haproxy.stop(proxy)
        for replica in (one, two):
            if replica.process is not None and replica.process.poll() is None:
                replica.end()
        redis.stop(cache)
        neo4j.stop(graph)
