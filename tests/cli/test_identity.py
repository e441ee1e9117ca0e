"""`credit merges` and `credit twins`: what they write, what they list, how a refusal is told."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from credit.callers import CallerStatement
from credit.cli.checking import CALLER
from credit.cli.identity import app
from credit.model.caller import Scope
from credit.model.party import PartyKind
from credit.model.statements import PartyStatement
from credit.settings import Settings
from credit.wiring import open_services, stop_graph

A, B = "91512002MAF0000126", "91512002MAF0000201"


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry with two firms of one name; the keys of an administrator and of one who may only record."""

    data: Path
    admin: str
    recorder: str
    who: str
    """Id of the administrator."""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    place = tmp_path_factory.mktemp("data")
    settings = Settings(data=place, graph_memory="512m", log_level="error")

    async def fill() -> Registry:
        async with open_services(settings) as services:
            firms = [PartyStatement(id=x, kind=PartyKind.ORGANISATION, name="资阳云溪科技有限公司") for x in (A, B)]
            await services.registry.register(CALLER, firms)
            said = CallerStatement(name="管理员", scopes=frozenset({Scope.ADMIN}))
            holder, admin = await services.gate.make(said)
            _, recorder = await services.gate.make(replace(said, scopes=frozenset({Scope.RECORD})))
            return Registry(place, admin, recorder, holder.id)

    yield asyncio.run(fill())
    asyncio.run(stop_graph(settings))


def run(registry: Registry, *said: str, key: str = "") -> Result:
    """Run a command; ``key`` stands in the environment."""
    return CliRunner().invoke(app, [*said, "--data", str(registry.data)], env={"CREDIT_KEY": key})


def test_twins_are_listed_merged_and_parted_again(registry: Registry, tmp_path: Path) -> None:
    (twin,) = json.loads(run(registry, "twins", "--json").stdout)["items"]
    assert {party["id"] for party in twin["parties"]} == {A, B}
    assert "名称一致" in run(registry, "twins").stdout
    file = tmp_path / "key"
    file.write_text(registry.admin, encoding="utf-8")
    by = ("--key-file", str(file))
    made = run(registry, "merges", "add", A, B, "--reason", "重新赋码", "--on", "2026-06-01", *by)
    assert made.exit_code == 0, made.output
    name = made.stdout.strip()
    assert json.loads(run(registry, "twins", "--json").stdout)["items"] == []
    refused = run(registry, "merges", "add", A, B, "--reason", "另一理由", *by)
    assert refused.exit_code == 2
    assert "撤销" in refused.output
    assert run(registry, "merges", "undo", name, "--reason", "误并", *by).exit_code == 0
    (merge,) = json.loads(run(registry, "merges", "list", "--json").stdout)["items"]
    assert (merge["id"], merge["on"], merge["recorded_by"]) == (name, "2026-06-01", registry.who)
    assert (merge["undone"]["reason"], merge["undone"]["recorded_by"]) == ("误并", registry.who)
    assert merge["recorded_at"] < merge["undone"]["recorded_at"]
    shown = run(registry, "merges", "list").stdout
    assert name in shown
    assert registry.who in shown


@pytest.mark.parametrize("words", [("add", A, B), ("undo", "mrg_1")], ids=["add", "undo"])
def test_nobody_merges_or_parts_without_a_key_of_an_administrator(registry: Registry, words: tuple[str, ...]) -> None:
    for key, why in (("", "--key-file"), (registry.recorder, "admin")):
        refused = run(registry, "merges", *words, "--reason", "重新赋码", key=key)
        assert refused.exit_code == 2
        assert why in refused.output


def test_a_key_sees_merges_as_far_as_it_does_through_the_api(registry: Registry) -> None:
    assert run(registry, "merges", "list", key=registry.recorder).exit_code == 0
    assert run(registry, "twins", key="x" * 40).exit_code == 2
