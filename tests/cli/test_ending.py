"""How `credit serve` ends: it says so, serves on for a while, finishes what is under way, and ends with code 0."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from credit.api.door import Ending
from credit.api.metrics import Metrics
from credit.cli.draining import drain_first
from tests.faults.running import Api, is_ready, serving, stop_graph, wait_until


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("ending")
    yield place
    stop_graph(place)


def answers(api: Api, path: str) -> int | None:
    try:
        return httpx.get(f"{api.base}{path}", timeout=30, trust_env=False).status_code
    except httpx.HTTPError:
        return None


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_serves_on_and_says_that_it_is_not_ready_and_ends_with_code_0(data: Path, workers: str) -> None:
    with serving(data, CREDIT_DRAIN_SECONDS="3", CREDIT_WORKERS=workers) as api:
        api.process.send_signal(signal.SIGTERM)
        wait_until(lambda: answers(api, "/readyz") == 503, within=30)
        served = httpx.get(f"{api.base}/v1/rules", headers=api.headers, timeout=30, trust_env=False)
        assert (served.status_code, served.headers["connection"]) == (200, "close")
        assert api.process.wait(60) == 0
        assert answers(api, "/healthz") is None


def test_a_second_signal_ends_it_without_the_waiting(data: Path) -> None:
    with serving(data, CREDIT_DRAIN_SECONDS="300") as api:
        api.process.send_signal(signal.SIGTERM)
        wait_until(lambda: answers(api, "/readyz") == 503, within=30)
        api.process.send_signal(signal.SIGTERM)
        assert api.process.wait(60) == 0


def test_an_interrupt_ends_it_without_the_waiting(data: Path) -> None:
    with serving(data, CREDIT_DRAIN_SECONDS="300") as api:
        assert is_ready(api.base)
        api.process.send_signal(signal.SIGINT)
        assert api.process.wait(60) == 0


def test_an_interrupt_amid_the_waiting_is_not_followed_by_the_delayed_signal() -> None:
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    running = set(threading.enumerate())
    try:
        for number in before:
            signal.signal(number, lambda number, _: came.append(number))
        drain_first(300, Ending(), Metrics())
        os.kill(os.getpid(), signal.SIGTERM)
        (later,) = set(threading.enumerate()) - running
        os.kill(os.getpid(), signal.SIGINT)
        later.join(10)
        assert not later.is_alive()
        assert came == [signal.SIGINT]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
