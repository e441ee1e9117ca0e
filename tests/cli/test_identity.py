"""`credit merges` and `credit twins`: what they write, what they list, how a refusal is told."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from credit.cli.checking import CALLER
from credit.cli.identity import app
from credit.model.party import PartyKind
from credit.model.statements import PartyStatement
from credit.settings import Settings
from credit.wiring import open_services, stop_graph

A, B = "91512002MAF0000126", "91512002MAF0000201"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A registry with two firms of one name."""
    place = tmp_path_factory.mktemp("data")
    settings = Settings(data=place, graph_memory="512m", log_level="error")

    async def fill() -> None:
        async with open_services(settings) as services:
            firms = [PartyStatement(id=x, kind=PartyKind.ORGANISATION, name="资阳云溪科技有限公司") for x in (A, B)]
            await services.registry.register(CALLER, firms)

    asyncio.run(fill())
    yield place
    asyncio.run(stop_graph(settings))


def run(data: Path, *said: str) -> Result:
    return CliRunner().invoke(app, [*said, "--data", str(data)])


def test_twins_are_listed_merged_and_parted_again(data: Path) -> None:
    (twin,) = json.loads(run(data, "twins", "--json").stdout)["items"]
    assert {party["id"] for party in twin["parties"]} == {A, B}
    assert "名称一致" in run(data, "twins").stdout
    made = run(data, "merges", "add", A, B, "--reason", "重新赋码", "--on", "2026-06-01")
    assert made.exit_code == 0, made.output
    name = made.stdout.strip()
    assert json.loads(run(data, "twins", "--json").stdout)["items"] == []
    refused = run(data, "merges", "add", A, B, "--reason", "另一理由")
    assert refused.exit_code == 2
    assert "撤销" in refused.output
    assert run(data, "merges", "undo", name, "--reason", "误并").exit_code == 0
    (merge,) = json.loads(run(data, "merges", "list", "--json").stdout)["items"]
    assert (merge["id"], merge["on"], merge["undone"]) == (name, "2026-06-01", {"reason": "误并"})
    assert name in run(data, "merges", "list").stdout
