"""The given cases and properties, run through the contract against a registry started as a user would start it.

They lie beside the project (``../shared/acceptance``), so on a user's machine this is skipped.
"""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from tests.conftest import require
from tests.services.ports import free_port

FOLDER = Path(__file__).parents[2] / "shared" / "acceptance"
SECTIONS = ("A", "B", "C", "D", "E", "F")
PROPERTIES = ("G1", "G2", "G3", "G5", "G6", "G7", "G8", "G9")


def _module(name: str) -> ModuleType:
    """Load one of the given scripts, which import each other by name."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _cases() -> list[dict[str, Any]]:
    if not FOLDER.is_dir():
        return []
    return [c for c in _module("run_cases").load(FOLDER / "cases") if c["id"][0] in SECTIONS]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A client of a registry that runs as a process of its own, all lists synchronised."""
    require("../shared/acceptance", FOLDER.is_dir(), "the given cases do not lie beside the project")
    data = tmp_path_factory.mktemp("acceptance")
    port = free_port()
    command = [Path(sys.executable).with_name("credit"), "serve", "--no-sample", "--port", str(port), "--data", data]
    with (data / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            base = f"http://127.0.0.1:{port}"
            _until_ready(base, server, data / "log")
            client = _module("run_cases").Api(base, (data / "first-key").read_text(encoding="utf-8").strip())
            with client.http:
                client.sync_all()
                yield client
        finally:
            os.kill(server.pid, signal.SIGTERM)
            server.wait(60)


def _until_ready(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1800):
        assert server.poll() is None, log.read_text(encoding="utf-8")[-2000:]
        try:
            if httpx.get(f"{base}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(log.read_text(encoding="utf-8")[-2000:])


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["id"])
def test_a_given_case_is_answered_as_the_law_has_it(api: object, case: dict[str, Any]) -> None:
    row = _module("run_cases").run_case(api, case)
    assert row["status"] == "passed", row["why"]


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_given_property_holds(api: object, name: str) -> None:
    rows = _module("properties").run(api, [name])
    assert [row["status"] for row in rows] == ["passed"], rows[0]["why"]
