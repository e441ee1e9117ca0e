"""`credit sources`: what it tells of each list, what one that is not fresh does, and its exit code."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from credit.cli.checking import CALLER
from credit.cli.commands import app
from credit.cli.frame import screen
from credit.cli.sources import as_answer, code_of, consequences, source_table, words_of
from credit.lists import Lists, Standing
from credit.model.facts import Facts
from credit.model.project import Domain, Sync, SyncOutcome
from credit.model.statements import SyncStatement
from credit.rules.catalogue import Catalogue
from credit.rules.evaluate import Rules
from credit.settings import Settings
from credit.wiring import SystemClock, open_services, rules_of, stop_graph

NOW = datetime(2026, 6, 10, 6, tzinfo=UTC)
ALL = tuple(f"L{n:02}" for n in range(1, 29))


class Noon(SystemClock):
    """Fourteen o'clock in Shanghai, for ever."""

    def now(self) -> datetime:
        return NOW


class Runs:
    """`credit.ports.FactReader` of syncs alone."""

    def __init__(self, *syncs: Sync) -> None:
        self.held = syncs

    async def gather(
        self, ids: Sequence[str], *, project_no: str | None, known: int | None, cut_off: datetime | None
    ) -> Facts:
        raise NotImplementedError

    async def syncs(self, *, cut_off: datetime, ask: bool) -> tuple[Sync, ...]:
        return tuple(sync for sync in self.held if sync.finished_at <= cut_off)


def run(list_id: str, hours: float = 1, outcome: SyncOutcome = SyncOutcome.COMPLETE) -> Sync:
    return Sync(f"syn_{list_id}", list_id, NOW - timedelta(hours=hours), outcome, 1000, 1)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return rules_of(Settings())


async def standing(rules: Rules, *other: Sync, without: str = "") -> tuple[Lists, tuple[Standing, ...]]:
    """Have every list synchronised an hour ago, but for those given."""
    named = {sync.list for sync in other} | {without}
    lists = Lists(rules, Runs(*other, *(run(x) for x in ALL if x not in named)), Noon())
    return lists, await lists.standing(ask=True)


async def test_with_every_list_fresh_it_ends_with_code_0(rules: Rules) -> None:
    assert code_of((await standing(rules))[1]) == 0


@pytest.mark.parametrize(("hours", "code"), [(72, 0), (72.01, 1)])
async def test_a_required_list_older_than_its_allowance_ends_with_code_1(rules: Rules, hours: float, code: int) -> None:
    assert code_of((await standing(rules, run("L03", hours)))[1]) == code


async def test_a_required_list_that_failed_or_never_was_ends_with_code_1(rules: Rules) -> None:
    assert code_of((await standing(rules, run("L03", outcome=SyncOutcome.FAILED)))[1]) == 1
    assert code_of((await standing(rules, without="L04"))[1]) == 1


async def test_a_list_that_is_not_required_changes_no_exit_code(rules: Rules) -> None:
    _, told = await standing(rules, run("L05", 500))
    assert (told[4].state.status, code_of(told)) == ("stale", 0)


async def test_an_item_tells_all_of_its_list(rules: Rules) -> None:
    lists, told = await standing(rules, run("L03", 100))
    item = as_answer(lists, told, NOW)["items"][2]
    assert item["name"]["zh"] == "失信被执行人名单"
    assert item["keeper"]["zh"] == "人民法院"
    assert item["synced_at"] == "2026-06-06T10:00:00+08:00"
    assert (item["outcome"], item["records"], item["age_seconds"]) == ("complete", 1000, 360_000)
    assert (item["status"], item["required"]) == ("stale", True)


async def test_a_list_that_was_run_today_over_an_old_file_is_as_old_as_the_file(rules: Rules) -> None:
    old = replace(run("L03"), seen_at=NOW - timedelta(hours=100))
    lists, told = await standing(rules, old)
    item = as_answer(lists, told, NOW)["items"][2]
    assert (item["synced_at"], item["seen_at"]) == ("2026-06-10T13:00:00+08:00", "2026-06-06T10:00:00+08:00")
    assert (item["age_seconds"], item["status"], code_of(told)) == (360_000, "stale", 1)
    assert as_answer(lists, told, NOW)["items"][0]["seen_at"] is None


async def test_what_a_stale_list_does_is_what_the_rows_say(rules: Rules) -> None:
    lists, _ = await standing(rules)
    unknown, flag = consequences(lists, "L03", NOW)
    assert (unknown.rule, unknown.effect) == ("SOURCE-REQUIRED", "unknown")
    assert dict(unknown.applies) == {
        Domain.GOVERNMENT_PROCUREMENT: ("supplier", "agency", "expert"),
        Domain.STATUTORY_TENDER: ("supplier", "agency", "expert"),
    }
    assert (flag.rule, flag.effect) == ("SOURCE-OTHERS", "flag")
    assert [one.effect for one in consequences(lists, "L05", NOW)] == ["flag"]


async def test_another_catalogue_says_something_else(rules: Rules) -> None:
    plain = rules.catalogue.plain
    row = {"domain": "land", "roles": ["supplier"], "lists": ["L05"], "citations": [{"instrument": "CK125"}]}
    other = replace(rules, catalogue=Catalogue.of({**plain, "required": [row]}))
    lists, told = await standing(other, run("L03", 500))
    assert code_of(told) == 0
    assert "土地 land (supplier)" in words_of(consequences(lists, "L05", NOW))


async def test_the_table_fits_every_list_and_says_what_follows(rules: Rules) -> None:
    lists, told = await standing(rules, without="L10")
    console = screen()
    with console.capture() as shown:
        console.print(source_table(lists, told, NOW))
    assert all(name in shown.get() for name in ALL)
    assert "从未更新" in shown.get()
    assert "医药集采平台" in shown.get()


def test_the_command_asks_the_registry_and_its_code_follows(tmp_path: Path, rules: Rules) -> None:
    settings = Settings(data=tmp_path, graph_memory="512m")
    required = {name for row in rules.catalogue.required for name in row.lists}
    asyncio.run(synchronise(settings, *required))
    fresh = sources(tmp_path, "--json")
    asyncio.run(synchronise(settings, "L03", outcome=SyncOutcome.FAILED))
    failed = sources(tmp_path)
    asyncio.run(stop_graph(settings))
    assert (fresh.exit_code, failed.exit_code) == (0, 1), fresh.stderr + failed.stderr
    assert {x["list"]: x["records"] for x in json.loads(fresh.stdout)["items"]}["L03"] == 7
    assert "更新失败" in failed.stdout


def sources(data: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["sources", *words, "--data", str(data)], env={"CREDIT_GRAPH_MEMORY": "512m"})


async def synchronise(settings: Settings, *lists: str, outcome: SyncOutcome = SyncOutcome.COMPLETE) -> None:
    async with open_services(settings) as services:
        for name in lists:
            await services.registry.synchronise(
                CALLER, name, SyncStatement(finished_at=services.clock.now(), outcome=outcome, records=7)
            )
