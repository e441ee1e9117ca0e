"""An invented ledger that commands look at, and one that a module may change."""

import asyncio
from collections.abc import Generator

import pytest

from credit.settings import Settings
from credit.wiring import stop_graph
from tests.cli.bureau import Bureau, fill


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Generator[Bureau]:
    """A ledger that nobody changes."""
    yield from _kept(tmp_path_factory)


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Generator[Bureau]:
    """A ledger of the module's own, to act on."""
    yield from _kept(tmp_path_factory)


def _kept(factory: pytest.TempPathFactory) -> Generator[Bureau]:
    data = factory.mktemp("bureau")
    yield asyncio.run(fill(data))
    asyncio.run(stop_graph(Settings(data=data)))
