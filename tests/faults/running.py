"""The whole registry as its own processes, to be killed; and clients that write until nobody answers."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from stdnum.cn import uscc

from credit.graph import embedded
from credit.keys import public_keys
from credit.ports import Entry
from credit.settings import Settings
from credit.wiring import open_graph
from tests.api import bodies
from tests.services.ports import free_port

CREDIT: Final = (sys.executable, "-c", "from credit.cli import main; main()")
ROOT: Final = Path(__file__).parents[2]
READY_WITHIN: Final = 120.0
ENVIRONMENT: Final = {name: value for name, value in os.environ.items() if not name.startswith("CREDIT_")} | {
    "CREDIT_GRAPH_MEMORY": "512m",
    "CREDIT_LOG_LEVEL": "warning",
}
TAKEN: Final = {200, 201}
WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


def code(number: int) -> str:
    """Make the n-th synthetic credit code."""
    body = f"MAF{number:05d}"
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    first17 = f"91512002{body}" + "0X987654321"[total % 11]
    return first17 + uscc.calc_check_digit(first17)


@dataclass
class Api:
    """A running `credit serve`."""

    process: subprocess.Popen[bytes]
    base: str
    data: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Settings beside those that every test has: another graph, a Redis."""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {(self.data / 'first-key').read_text().strip()}"}

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.base, headers=self.headers, timeout=60, trust_env=False)

    def async_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.base, headers=self.headers, timeout=60, trust_env=False)

    def kill(self) -> None:
        """End it as a power cut would; nothing of it is asked to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(data: Path, **environment: str) -> Generator[Api]:
    """Run `credit serve` on a data directory for a block."""
    port = free_port()
    process = launch(data, port, environment)
    api = Api(process, f"http://127.0.0.1:{port}", data, environment)
    try:
        wait_until(lambda: is_ready(api.base), lambda: process.poll() is None, within=READY_WITHIN, log=log_of(api))
        yield api
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        process.wait(30)


def launch(data: Path, port: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start `credit serve`; its log goes on where that of an earlier one at the port ended."""
    with (data / f"serve-{port}.log").open("ab") as output:
        return subprocess.Popen(
            [*CREDIT, "serve", "--port", str(port), "--data", str(data), "--no-sample"],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**ENVIRONMENT, **environment},
        )


def log_of(api: Api) -> Path:
    return api.data / f"serve-{api.base.rpartition(':')[2]}.log"


def wait_until(
    condition: Callable[[], bool], alive: Callable[[], bool] = lambda: True, *, within: float, log: Path | None = None
) -> None:
    """Poll a condition that must come true."""
    until = time.monotonic() + within
    while not condition():
        assert alive(), log.read_text() if log else "it ended"
        assert time.monotonic() < until, log.read_text() if log else "it did not come true in time"
        time.sleep(0.05)


async def come_true(condition: Callable[[], bool]) -> None:
    """Poll a condition beside clients that write; whoever waits sets the limit."""
    while not condition():  # noqa: ASYNC110  # what it looks at tells nobody of a change
        await asyncio.sleep(0.01)


def is_ready(base: str) -> bool:
    try:
        return httpx.get(f"{base}/readyz", timeout=30, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def stop_graph(data: Path) -> None:
    asyncio.run(embedded.stop(data / "graph"))


def credit(data: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, as a process of its own."""
    return subprocess.run(
        [*CREDIT, *words, "--data", str(data)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=ENVIRONMENT | environment,
        timeout=300,
        check=False,
    )


def register(client: httpx.Client, *ids: str) -> None:
    for party in ids:
        client.put(f"/v1/parties/{party}", json=bodies.organisation()).raise_for_status()


def settings_of(data: Path, environment: Mapping[str, str]) -> Settings:
    """Return the settings that a process of that environment has."""
    return Settings.from_env({**ENVIRONMENT, **environment, "CREDIT_DATA": str(data)})


def chain_of(data: Path, **environment: str) -> list[Entry]:
    """Read the whole chain as it lies in the graph."""

    async def read() -> list[Entry]:
        links: list[Entry] = []
        async with open_graph(settings_of(data, environment)) as (store, _):
            while page := await store.evidence.chain(after=len(links), limit=500):
                links += page
        return links

    return asyncio.run(read())


def keys_of(data: Path) -> Mapping[str, bytes]:
    return public_keys(data)


def records_of(client: httpx.Client, party: str) -> list[Mapping[str, Any]]:
    """Read all records on a party, page by page."""
    items: list[Mapping[str, Any]] = []
    after = None
    while True:
        reply = client.get(f"/v1/parties/{party}/records", params={"limit": 1000} | ({"after": after} if after else {}))
        page = reply.raise_for_status().json()
        items += page["items"]
        after = page["next"]
        if after is None:
            return items


@dataclass
class Written:
    """What clients sent, and what was acknowledged."""

    penalties: dict[str, str] = field(default_factory=dict[str, str])
    """doc_no → id, of those acknowledged."""
    sent: list[str] = field(default_factory=list[str])
    """Every doc_no sent, acknowledged or not."""
    checks: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """id → reply."""
    statuses: list[int] = field(default_factory=list[int])

    def enough(self, penalties: int, checks: int) -> bool:
        return len(self.penalties) >= penalties and len(self.checks) >= checks


async def write_on(api: Api, party: str, written: Written, *, until: Callable[[], bool], name: str) -> None:
    """Write penalties and checks from several clients at once until told to end, or until nobody listens any more."""
    async with api.async_client() as client:
        penalties = [_penalties(client, party, written, until, f"{name}-{n}") for n in range(6)]
        checks = [_checks(client, party, written, until) for _ in range(2)]
        await asyncio.gather(*penalties, *checks)


async def _penalties(
    client: httpx.AsyncClient, party: str, written: Written, until: Callable[[], bool], name: str
) -> None:
    number = 0
    while not until():
        number += 1
        doc_no = f"{name}-{number}"
        written.sent.append(doc_no)
        reply = await _answer(client.post("/v1/penalties", json=bodies.penalty(party=party, doc_no=doc_no)))
        if reply is None:
            return
        written.statuses.append(reply.status_code)
        if reply.status_code in TAKEN:
            written.penalties[doc_no] = reply.json()["id"]


async def _checks(client: httpx.AsyncClient, party: str, written: Written, until: Callable[[], bool]) -> None:
    while not until():
        reply = await _answer(client.post("/v1/checks", json=bodies.check(party)))
        if reply is None:
            return
        written.statuses.append(reply.status_code)
        if reply.status_code in TAKEN:
            written.checks[reply.json()["id"]] = reply.json()


async def _answer(asked: Awaitable[httpx.Response]) -> httpx.Response | None:
    """Return the reply, None where the server went away before its end: that was not acknowledged."""
    try:
        return await asked
    except httpx.TransportError:
        return None


def resend(client: httpx.Client, party: str, doc_nos: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Send the same bodies again, all in one array; return status and id of each."""
    rows = [bodies.penalty(party=party, doc_no=doc_no) for doc_no in doc_nos]
    items = client.post("/v1/penalties", json=rows).raise_for_status().json()["items"]
    return {doc_no: (item["status"], item["id"]) for doc_no, item in zip(doc_nos, items, strict=True)}


def plain(value: object) -> object:
    """Return a value as a reader of JSON has it."""
    return json.loads(json.dumps(value))
