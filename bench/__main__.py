"""``python -m bench``: how fast the registry is, on both stores, printed as plain text."""

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import uvloop
from rich.console import Console

from bench import ledgers, scoring, table
from bench.country import LEAST, Hubs
from bench.running import Sized, bench, grow
from bench.stores import STORES
from credit.logs import configure
from credit.model.when import SHANGHAI

HUBS: Final = Hubs()


@dataclass(frozen=True, slots=True)
class Run:
    """What the command line asks for; ``seconds`` is for each kind of request."""

    stores: tuple[str, ...]
    parties: int
    growth: tuple[int, ...]
    hubs: Hubs
    seconds: float
    files_from: int
    keep: Path | None
    profile: Path | None

    def sized(self, parties: int) -> Sized:
        """Say what is wanted of a country of one size."""
        by_files = parties >= self.files_from
        return Sized(parties, self.hubs.of(parties), self.seconds, by_files=by_files, profile=self.profile)


def main() -> None:
    """Run the benchmark, or one that has a name of its own."""
    own = {"planted": scoring.main, "ledgers": ledgers.main}.get(sys.argv[1]) if len(sys.argv) > 1 else None
    if own is not None:
        own(sys.argv[2:])
        return
    run = _run_of(sys.argv[1:])
    configure("warning")
    console = Console(width=table.WIDTH, highlight=False)
    console.print(_machine(run))
    with tempfile.TemporaryDirectory(prefix="credit-bench-") as directory:
        for name in run.stores:
            uvloop.run(_bench(run, name, run.keep or Path(directory), console))


async def _bench(run: Run, name: str, directory: Path, console: Console) -> None:
    if run.parties:
        await bench(name, run.sized(run.parties), await _place(directory, name, run.parties), console)
    sizes = {
        size: await grow(name, run.sized(size), await _place(directory, name, size), console) for size in run.growth
    }
    if sizes:
        table.show_growth(console, name, sizes)


async def _place(directory: Path, name: str, parties: int) -> Path:
    place = directory / f"{name}-{parties}"
    await asyncio.to_thread(place.mkdir, parents=True, exist_ok=True)
    return place


def _run_of(arguments: list[str]) -> Run:
    parser = argparse.ArgumentParser(prog="python -m bench", description="性能基准 · how fast the registry is")
    parser.add_argument("--parties", type=int, default=20_000, help="主体数，0 为跳过 · organisations; 0: only growth")
    parser.add_argument("--growth", type=_sizes, default=(), help="增长的主体数 · sizes, as 20000,200000,2000000")
    parser.add_argument("--store", choices=(*STORES, "both"), default="both", help="图数据库 · the store")
    parser.add_argument("--seconds", type=float, default=5.0, help="每类请求的秒数 · seconds for each kind of request")
    parser.add_argument(
        "--files-from", type=int, default=200_000, help="Neo4j 自此规模起用文件导入 · import by files from"
    )
    parser.add_argument(
        "--hub-firms", type=int, default=HUBS.firms, help="大股东的企业数（二百万时）· firms of the fund"
    )
    parser.add_argument(
        "--hub-records", type=int, default=HUBS.records, help="记录最多者的记录数 · records of one firm"
    )
    parser.add_argument(
        "--hub-projects", type=int, default=HUBS.projects, help="代理机构的项目数 · projects of one agency"
    )
    parser.add_argument("--keep", type=Path, help="保留并重用数据的目录 · directory where filled stores stay")
    parser.add_argument("--profile", type=Path, help="剖析结果目录 · where to write profiles of the API (cProfile)")
    given = parser.parse_args(arguments)
    sizes: Sequence[int] = [*filter(None, [given.parties]), *given.growth]
    if not sizes or min(sizes) < LEAST or given.seconds <= 0:
        parser.error(f"--parties, --growth >= {LEAST}, --seconds > 0")
    stores = tuple(STORES) if given.store == "both" else (given.store,)
    hubs = Hubs(given.hub_firms, given.hub_records, given.hub_projects)
    return Run(stores, given.parties, given.growth, hubs, given.seconds, given.files_from, given.keep, given.profile)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(size) for size in text.split(",")))


def _machine(run: Run) -> str:
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    return (
        f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M} Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load before the run {load}; {run.parties:,} organisations, {run.seconds:g} s a kind"
    )


if __name__ == "__main__":
    main()
