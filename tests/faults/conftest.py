"""Two data directories for the folder: one of a sound history, one that is filled with whatever comes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.running import Api, serving, stop_graph


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory, of which the tests share the graph and write about parties of their own."""
    place = tmp_path_factory.mktemp("sound")
    yield place
    stop_graph(place)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory for imports and for odd requests."""
    place = tmp_path_factory.mktemp("filled")
    yield place
    stop_graph(place)


@pytest.fixture(scope="session")
def api(data: Path) -> Iterator[Api]:
    """The registry, running from the first test that asks for it to the end: no test kills this process."""
    with serving(data) as running:
        yield running
