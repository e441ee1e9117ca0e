"""Floods of one process, by a client of its own: refused in time, served as before afterwards.

The figures stand in what the test prints. What a calm caller beside the flood gets is to be answered within three times
the unloaded p99: its p99 in the long form (``--long``), for a machine that does nothing else; else half of it in ten
times, for one where others take the processor away: a line without end, which makes all wait, is seen on it too.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from credit.api.lanes import GOAL
from tests.api import bodies
from tests.faults.running import ROOT, code, register, serving, stop_graph
from tests.replicas.flood import EAGER, GIVE_UP, HEAVY

SHORT, LONG = "2", "10"
PARTY = code(900)
FLOODS = (*EAGER, *HEAVY, "steady")
BUSY = 10


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory, long: bool) -> Iterator[dict[str, Any]]:  # a fixture
    """What a flood came to."""
    data: Path = tmp_path_factory.mktemp("flood")
    with serving(data) as api:
        with api.client() as client:
            register(client, PARTY)
        path = f"/v1/parties/{PARTY}/eligibility?{urlencode(bodies.LOOK_UP)}"
        body = data / "check.json"
        body.write_text(json.dumps(bodies.check(PARTY)))
        words = [api.base.rpartition(":")[2], str(data / "first-key"), path, str(body)]
        ended = subprocess.run(
            [sys.executable, "-m", "tests.replicas.flood", *words, "--seconds", LONG if long else SHORT],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=600,
            check=True,
        )
        sys.stdout.write(ended.stdout)
        yield json.loads(ended.stdout)
    stop_graph(data)


@pytest.mark.parametrize("flood", ["steady", "eager", "heavy_eager"])
def test_most_of_a_flood_is_refused_and_some_is_served(figures: dict[str, Any], flood: str) -> None:
    came = figures[flood]["flood"]
    assert set(came["statuses"]) == {"201" if flood in HEAVY else "200", "503"}
    assert came["shed_share"] > 0.3


@pytest.mark.parametrize(("load", "status"), [("unloaded", "200"), ("taken", "200"), ("heavy_taken", "201")])
def test_what_it_can_take_is_served_whole(figures: dict[str, Any], load: str, status: str) -> None:
    assert set(figures[load]["statuses"]) == {status}


@pytest.mark.parametrize("flood", FLOODS)
def test_it_recovers_by_itself(figures: dict[str, Any], flood: str) -> None:
    assert figures[flood]["recovered_after_s"] < GIVE_UP


@pytest.mark.parametrize("flood", FLOODS)
def test_what_is_accepted_is_served_in_a_few_times_the_unloaded_time(
    figures: dict[str, Any], flood: str, long: bool
) -> None:
    unloaded, served = figures["heavy_unloaded" if flood in HEAVY else "unloaded"], figures[flood]
    if long:
        assert served["accepted_p99_ms"] <= GOAL * unloaded["accepted_p99_ms"], figures
    elif any(status in served["statuses"] for status in ("200", "201")):  # of so short a flood all may be refused it
        assert served["accepted_p50_ms"] <= BUSY * unloaded["accepted_p50_ms"], figures
