"""``python -m bench.imports``: how fast files go in over Bolt, what a second time costs, and what memory that takes.

Each import is a process of its own, so that its peak of memory is its own; the files are written anew, of invented
firms. A second run of the same file finds everything there.
"""

import argparse
import asyncio
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rich.box import ASCII2
from rich.console import Console
from rich.table import Table

from bench.country import code
from bench.filling import CALLER, TARGET
from bench.stores import STORES, Graph
from bench.table import WIDTH
from credit.logs import configure
from credit.settings import Settings
from credit.wiring import open_services
from importers.run import run

Rows = Callable[[int], Iterator[Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Took:
    """One run over a file; ``cpu`` and ``peak`` (MiB) are our own process's, not the store's."""

    source: str
    rows: int
    written: int
    unchanged: int
    seconds: float
    cpu: float
    peak: float

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds


def main() -> None:
    """Measure, or be the process that is measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description="导入基准 · how fast files go in")
    parser.add_argument("--rows", type=_sizes, default=(10_000, 100_000), help="行数 · rows of a file")
    parser.add_argument("--source", choices=(*FILES, "all"), default="all", help="来源 · the source")
    parser.add_argument("--store", choices=(*STORES, "both"), default="embedded", help="图数据库 · the store")
    parser.add_argument("--measured", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    configure("error")
    if given.measured is not None:
        print(json.dumps(asdict(asyncio.run(_measured(json.loads(sys.stdin.read()), given.measured)))))
        return
    stores = tuple(STORES) if given.store == "both" else (given.store,)
    sources = tuple(FILES) if given.source == "all" else (given.source,)
    console = Console(width=WIDTH, highlight=False)
    for store in stores:
        took = [_pair(store, source, rows) for source in sources for rows in given.rows]
        _show(console, store, took)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


# ---------------------------------------------------------------- files


def _register(rows: int) -> Iterator[Mapping[str, str]]:
    for n in range(rows):
        yield {
            "统一社会信用代码": code(n),
            "企业名称": _name(n),
            "住所": "四川省资阳市雁江区某路1号",
            "登记状态": "存续",
        }


def _debtors(rows: int) -> Iterator[Mapping[str, str]]:
    for n in range(rows):
        yield {
            "iname": _name(n),
            "cardNum": code(n),
            "caseCode": f"（2024）川2002执{n}号",
            "courtName": "某某人民法院",
            "partyTypeName": "1",
            "publishDate": f"2024年{n % 12 + 1:02d}月{n % 28 + 1:02d}日",
            "disruptTypeName": "违反财产报告制度",
        }


def _penalties(rows: int) -> Iterator[Mapping[str, str]]:
    for n in range(rows):
        yield {
            "行政相对人名称": _name(n),
            "行政相对人类别": "法人及非法人组织",
            "统一社会信用代码": code(n),
            "行政处罚决定书文号": f"川建罚〔2024〕{n}号",
            "违法行为类型": "未按规定公示",
            "违法事实": "未按规定公示有关信息",
            "处罚依据": "某某条例第十条",
            "处罚类别": "罚款",
            "处罚内容": "罚款人民币伍仟元整",
            "罚款金额（万元）": "0.5",
            "处罚决定日期": f"2024/{n % 12 + 1:02d}/{n % 28 + 1:02d}",
            "处罚机关": f"某市第{n % 50}住房和城乡建设局",
        }


def _name(number: int) -> str:
    signs = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳"
    trade = "".join(signs[number // len(signs) ** place % len(signs)] for place in range(4))
    return f"资阳{trade}商贸有限公司"


FILES: Final[Mapping[str, Rows]] = {
    "company_register": _register,
    "court_list": _debtors,
    "double_publicity": _penalties,
}


def _write(path: Path, rows: Iterator[Mapping[str, str]]) -> None:
    first = next(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)


# ---------------------------------------------------------------- measuring


def _pair(store: str, source: str, rows: int) -> tuple[Took, Took]:
    """Import one file twice into a store of its own."""
    with tempfile.TemporaryDirectory(prefix="credit-bench-") as folder:
        file = Path(folder) / f"{source}.csv"
        _write(file, FILES[source](rows))
        return asyncio.run(_twice(store, source, file, Path(folder) / "data"))


async def _twice(store: str, source: str, file: Path, data: Path) -> tuple[Took, Took]:
    await asyncio.to_thread(data.mkdir)
    async with STORES[store](data) as graph:
        first = await asyncio.to_thread(_child, graph, source, file)
        return first, await asyncio.to_thread(_child, graph, source, file)


def _child(graph: Graph, source: str, file: Path) -> Took:
    settings = graph.settings
    asked = {
        "source": source,
        "data": str(settings.data),
        "uri": settings.graph_uri,
        "password": settings.password() if settings.graph_uri else "",
        "memory": settings.graph_memory,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.imports", "--measured", str(file)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return Took(**json.loads(done.stdout.splitlines()[-1]))


async def _measured(asked: Mapping[str, str], file: Path) -> Took:
    reached = {"graph_uri": asked["uri"], "graph_password": asked["password"]} if asked["uri"] else {}
    settings = Settings.model_validate({"data": asked["data"], "graph_memory": asked["memory"], **reached})
    async with open_services(settings) as services:
        began, used = time.perf_counter(), time.process_time()
        report = await run(
            asked["source"],
            file,
            registry=services.registry,
            caller=CALLER,
            rejects_dir=settings.data / "rejects",
            absences=services.absences,
        )
        took, cpu = time.perf_counter() - began, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Took(asked["source"], report.read, report.taken, report.unchanged, took, cpu, peak)


def _show(console: Console, store: str, pairs: list[tuple[Took, Took]]) -> None:
    columns = (
        "source",
        "rows",
        "rows/s",
        f"of {TARGET:,.0f}/s",
        "our CPU ms/row",
        "peak MiB",
        "again: rows/s",
        "times",
    )
    table = Table(title=f"{store}: 导入 · importing", box=ASCII2, title_justify="left")
    for name in columns:
        table.add_column(name, justify="left" if name == "source" else "right", no_wrap=True)
    for first, again in pairs:
        table.add_row(
            first.source,
            f"{first.rows:,}",
            f"{first.rate:,.0f}",
            f"{first.rate / TARGET:.2f}",
            f"{first.cpu / first.rows * 1000:.3f}",
            f"{first.peak:.0f}, {again.peak:.0f}",
            f"{again.rate:,.0f} ({again.unchanged:,} unchanged)",
            f"{again.rate / first.rate:.1f}",
        )
    console.print(table)


if __name__ == "__main__":
    main()
