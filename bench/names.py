"""``python -m bench.names LIST.xlsx``: whether the right company is among the first five, and what is wrongly sure.

The list is one of real companies (a column ``name``). Every name is asked for as people write it, found by the keys
that the graph keeps (here in memory) and ranked by `credit.names.matching`; beside it stand rapidfuzz's plain ratio
over the whole list and, where ``--logic-v2`` names an interpreter that has nomenklatura, the score of OpenSanctions'
logic-v2 over what our keys lead to. A near twin is another firm by one word: a score of `SURE` for it, or one at which
another would call it a match, is false confidence.

With ``--store`` the time is taken instead that a search takes over a store of so many parties, whose names are made
from the parts of the list's.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import uvloop
from python_calamine import CalamineWorkbook
from rich.console import Console

from bench.name_scores import confidence, logic_v2, recall
from bench.name_timing import Timing, time_searches
from bench.stores import STORES
from bench.table import WIDTH
from credit.logs import configure


def main() -> None:
    """Measure and print."""
    given = _parser().parse_args(sys.argv[1:])
    configure("warning")
    names = read_names(given.list)
    console = Console(width=WIDTH, highlight=False)
    console.print(f"{len(names):,} names, {given.each} asked for of a kind")
    if given.store is None:
        scorer = logic_v2(given.logic_v2) if given.logic_v2 else None
        console.print(recall(names, given.each, scorer))
        console.print(confidence(names, given.each, scorer))
        return
    with tempfile.TemporaryDirectory(prefix="credit-bench-") as directory:
        for store in tuple(STORES) if given.store == "both" else (given.store,):
            timing = Timing(store, given.names, given.each, given.keep or Path(directory))
            uvloop.run(time_searches(timing, names, console))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.names", description="名称查找 · finding parties by name")
    parser.add_argument("list", type=Path, help="企业名单（xlsx，name 列）· a list of companies")
    parser.add_argument("--each", type=int, default=200, help="每种写法的名称数 · names asked for of a kind")
    parser.add_argument(
        "--logic-v2", type=Path, metavar="PYTHON", help="装有 nomenklatura 的解释器 · an interpreter with nomenklatura"
    )
    parser.add_argument("--store", choices=(*STORES, "both"), help="在图数据库上计时 · time searches over a store")
    parser.add_argument("--names", type=_sizes, default=(20_000,), help="主体数 · parties, as 20000,1000000")
    parser.add_argument("--keep", type=Path, help="保留并重用数据的目录 · directory where filled stores stay")
    return parser


def read_names(path: Path) -> list[str]:
    """Read the names of a list, each once."""
    with path.open("rb") as file:
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    at = sheet[0].index("name")
    return list(dict.fromkeys("".join(str(row[at]).split()) for row in sheet[1:] if row[at]))


def _sizes(text: str) -> Sequence[int]:
    return tuple(sorted(int(size) for size in text.split(",")))


if __name__ == "__main__":
    main()
