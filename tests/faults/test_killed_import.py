"""`kill -9` of `credit import` in the middle of 20,000 rows: run again it takes the rest, and a third time nothing."""

import asyncio
import csv
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from credit.graph.embedded import Lease
from credit.graph.store import Store
from credit.settings import Settings
from credit.wiring import open_graph
from tests.faults.running import CREDIT, ENVIRONMENT, ROOT, code, credit

ROWS, WRONG = 20_000, 20
FIRST = 40_000
FIGURES = re.compile(r"read (\d+) = taken (\d+) \+ unchanged (\d+) \+ rejected (\d+)")


@dataclass
class Ran:
    """An import that came to its end: what it said, and what the graph holds after it."""

    exit_code: int
    figures: tuple[int, ...]
    held: tuple[int, int]
    """Parties of the file, and states they ever had."""


@dataclass
class Imports:
    killed_at: int
    second: Ran
    third: Ran


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of organisations; the codes of some rows have wrong check signs."""
    path = tmp_path_factory.mktemp("register") / "register.csv"
    with path.open("w", newline="", encoding="utf-8") as output:
        writer = csv.writer(output)
        writer.writerow(["统一社会信用代码", "企业名称", "登记状态", "成立日期"])
        for number in range(ROWS):
            right = code(FIRST + number)
            wrong = number % (ROWS // WRONG) == ROWS // WRONG - 1
            given = right[:-1] + ("0" if right[-1] != "0" else "1") if wrong else right
            writer.writerow([given, f"示范商贸{number}号有限公司", "存续", "2020-01-02"])
    return path


@pytest.fixture(scope="module")
def imports(filled: Path, file: Path) -> Iterator[Imports]:
    """Run it thrice, killed the first time; the graph is held up meanwhile, so that only the importer dies."""
    with asyncio.run(Lease.take(filled / "graph")):
        killed_at = kill_in_the_middle(filled, file)
        second, third = run(filled, file), run(filled, file)
        yield Imports(killed_at, second, third)


def kill_in_the_middle(data: Path, file: Path) -> int:
    """Start an import, kill it once some of its rows are held; return how many were."""
    process = subprocess.Popen(
        [*CREDIT, "import", "company_register", str(file), "--data", str(data)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=ENVIRONMENT,
    )
    try:
        return asyncio.run(watch(data, process))
    finally:
        process.kill()
        process.wait()


async def watch(data: Path, process: subprocess.Popen[bytes]) -> int:
    """Kill the process once a tenth of the rows are held; return how many are once it is dead."""
    async with open_graph(Settings(data=data, graph_memory="512m")) as (store, _):
        async with asyncio.timeout(180):
            while (await count(store))[0] < ROWS // 10:
                assert process.poll() is None, "it ended before it could be killed"
                await asyncio.sleep(0.01)
        process.kill()
        process.wait()
        return (await count(store))[0]


async def count(store: Store) -> tuple[int, int]:
    """Count the parties of the file by their names, and the states that they ever had."""
    ((parties, states),) = await store.bolt.fetch(
        "MATCH (p:Party) WHERE p.states[-1] CONTAINS '示范商贸' RETURN count(p), sum(size(p.states))"
    )
    return int(parties), int(states or 0)


def run(data: Path, file: Path) -> Ran:
    done = credit(data, "import", "company_register", str(file))
    figures = FIGURES.search(done.stdout + done.stderr)
    assert figures is not None, done.stderr

    async def held() -> tuple[int, int]:
        async with open_graph(Settings(data=data, graph_memory="512m")) as (store, _):
            return await count(store)

    return Ran(done.returncode, tuple(map(int, figures.groups())), asyncio.run(held()))


def test_the_kill_came_in_the_middle(imports: Imports) -> None:
    assert 0 < imports.killed_at < ROWS - WRONG


def test_the_second_run_takes_what_the_first_left(imports: Imports) -> None:
    read, taken, unchanged, rejected = imports.second.figures
    assert (read, rejected) == (ROWS, WRONG)
    assert read == taken + unchanged + rejected
    assert imports.killed_at <= unchanged < ROWS
    assert taken > 0


def test_a_run_with_rejected_rows_ends_with_1(imports: Imports) -> None:
    assert imports.second.exit_code == 1


def test_the_graph_holds_each_party_of_the_file_once(imports: Imports) -> None:
    assert imports.second.held == (ROWS - WRONG, ROWS - WRONG)


def test_a_third_run_changes_nothing(imports: Imports) -> None:
    assert imports.third.figures == (ROWS, 0, ROWS - WRONG, WRONG)
    assert imports.third.held == imports.second.held
