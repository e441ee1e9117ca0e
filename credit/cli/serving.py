"""`credit serve`: makes ready what the API needs, runs it, ends it."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

import httpx
import typer
import uvicorn
import uvloop
from uvicorn.supervisors import Multiprocess

from credit.cli import banner
from credit.cli.connections import BoundedProtocol
from credit.cli.loading import load_sample
from credit.errors import Unauthenticated, Unavailable
from credit.keys import first_key
from credit.logs import configure
from credit.settings import Settings, variable_of
from credit.wiring import Services, open_services

APP: Final = "credit.cli.worker:make_app"
END_WITHIN: Final = 10
"""Seconds that requests under way have once the end was asked for."""
IDLE: Final = 75
"""Seconds that a connection may rest between requests: longer than proxies keep one, so that they close it, not we."""
READY_WITHIN: Final = 120.0
"""Seconds after which nobody waits any more for the API to say that it is ready."""


@dataclass(frozen=True, slots=True)
class Serving:
    """One run of the API: its settings, with the port that it will have, and whether the sample is to be there."""

    settings: Settings
    sample: bool

    @property
    def base(self) -> str:
        """The address at which this machine reaches it."""
        return banner.base_address(self.settings.host, self.settings.port)


def serve(settings: Settings, *, sample: bool) -> None:
    """Run the API until a signal ends it.

    Raises:
        Unavailable: the port is taken, or the graph cannot be had.
    """
    configure(settings.log_level)
    with take_port(settings.host, settings.port) as probe:  # a port that is taken is told before anything is loaded
        port = probe.getsockname()[1]
    uvloop.run(_run(Serving(settings.model_copy(update={"port": port}), sample)))


def take_port(host: str, port: int) -> socket.socket:
    """Listen.

    Raises:
        Unavailable: another program listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()
    except OSError as error:
        taken.close()
        raise Unavailable(
            f"无法监听 {host} 的端口 {port}（可能已被占用），请用 --port 另选端口，或先结束占用它的程序。",
            f"Cannot listen on {host} port {port}: {error.strerror}. Choose another by --port, or end what listens.",
        ) from error
    taken.set_inheritable(True)
    return taken


async def _run(serving: Serving) -> None:
    """Keep services open around the API, so that the embedded graph outlives a restart of a worker."""
    async with open_services(serving.settings) as services:
        key = await _make_ready(services, sample=serving.sample)
        with take_port(serving.settings.host, serving.settings.port) as taken:
            telling = asyncio.create_task(_tell_when_ready(serving, key))
            try:
                await _serve(serving.settings, taken)
            finally:
                telling.cancel()
                with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                    await telling


async def _make_ready(services: Services, *, sample: bool) -> str | None:
    """Admit the first key and load the sample; return the key where it is still good and its file lies there."""
    key = await _first_key(services)
    if sample:
        await load_sample(services)
    return key


async def _first_key(services: Services) -> str | None:
    """Make the first key where nobody may call yet; None where its file was put away, or it was revoked."""
    data = services.settings.data
    if await services.gate.all() and not (data / "first-key").exists():
        return None
    key = first_key(data)
    await services.gate.admit_first(key)
    with contextlib.suppress(Unauthenticated):
        await services.gate.authenticate(key)
        return key
    return None


async def _tell_when_ready(serving: Serving, key: str | None) -> None:
    """Print the address, the key and what to try once the API answers."""
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client, asyncio.timeout(READY_WITHIN):
        while not await _answers(client, f"{serving.base}/healthz"):  # noqa: ASYNC110  # another process may serve
            await asyncio.sleep(0.1)
    for line in banner.lines(serving.base, key, serving.settings.data, sample=serving.sample):
        typer.echo(line)


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False


async def _serve(settings: Settings, taken: socket.socket) -> None:
    """Run the API in this process, or in as many as are set."""
    config = uvicorn.Config(
        APP,
        factory=True,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        workers=settings.workers,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=END_WITHIN,
    )
    os.environ.update(environment_of(settings))
    if settings.workers == 1:
        await Obedient(config).serve([taken])
    else:
        supervisor = Multiprocess(config, [taken])
        await asyncio.to_thread(supervisor.run)


class Obedient(uvicorn.Server):
    """A server that ends when a signal asks for it, and then lets the process end as it will: with code 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Heed the two signals for a block; unlike uvicorn's own, do not raise them again afterwards."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def environment_of(settings: Settings) -> dict[str, str]:
    """Write settings as the variables that processes of the API read; what was left out stays out."""
    given = settings.model_dump(mode="json", include=settings.model_fields_set)
    plain = {variable_of(name): str(value) for name, value in given.items() if value is not None}
    if "graph_password" in given:
        plain[variable_of("graph_password")] = settings.graph_password.get_secret_value()
    return plain
