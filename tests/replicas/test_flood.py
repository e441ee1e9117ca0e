"""Ten times the load that one process can take, by a client of its own: refused in time, served as before afterwards.

The figures stand in what the test prints. In its long form (``--long``), for a machine that does nothing else, three
times the unloaded p99 is asserted; else only that requests do not pile up.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.api import bodies
from tests.faults.running import ROOT, code, register, serving, stop_graph
from tests.replicas.flood import GIVE_UP

SECONDS = "3"
PARTY = code(900)
BUSY = 60
"""Times the unloaded p99 that an answer may take on a machine where others take the processor away."""


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What a flood came to."""
    data: Path = tmp_path_factory.mktemp("flood")
    with serving(data) as api:
        with api.client() as client:
            register(client, PARTY)
        path = f"/v1/parties/{PARTY}/eligibility?{urlencode(bodies.LOOK_UP)}"
        key, port = (data / "first-key").read_text().strip(), api.base.rpartition(":")[2]
        ended = subprocess.run(
            [sys.executable, "-m", "tests.replicas.flood", port, key, path, "--seconds", SECONDS],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=600,
            check=True,
        )
        sys.stdout.write(ended.stdout)
        yield json.loads(ended.stdout)
    stop_graph(data)


@pytest.mark.parametrize("flood", ["steady", "eager"])
def test_most_of_a_flood_is_refused_and_some_is_served(figures: dict[str, Any], flood: str) -> None:
    statuses = figures[flood]["statuses"]
    assert set(statuses) == {"200", "503"}
    assert figures[flood]["shed_share"] > 0.3


@pytest.mark.parametrize("load", ["unloaded", "taken"])
def test_what_it_can_take_is_served_whole(figures: dict[str, Any], load: str) -> None:
    assert set(figures[load]["statuses"]) == {"200"}


@pytest.mark.parametrize("after", ["recovered_after_s", "recovered_again_after_s"])
def test_it_recovers_by_itself(figures: dict[str, Any], after: str) -> None:
    assert figures[after] < GIVE_UP


@pytest.mark.parametrize("flood", ["steady", "eager"])
def test_what_is_accepted_is_served_in_three_times_the_unloaded_time(
    figures: dict[str, Any], flood: str, long: bool
) -> None:
    most = 3 if long else BUSY
    assert figures[flood]["accepted_p99_ms"] <= most * figures["unloaded"]["accepted_p99_ms"]
