"""The results as plain text."""

from collections.abc import Mapping, Sequence
from statistics import median

from rich.box import ASCII2
from rich.console import Console
from rich.table import Table

from bench.acknowledging import ACKNOWLEDGED_TARGET, Acknowledged
from bench.filling import Loaded
from bench.measures import ROUNDS, Measured

WIDTH = 168
GROWTH_TARGET = 1.2
"""The p50 of a quick look-up at two million parties, by that at twenty thousand (DESIGN.md)."""
ASKED = (
    "kind", "conn.", "answers", "refused", "a second", "least-most", "p50 ms", "p99 ms", "CPU ms", "by bare",
    "least-most", "of target",
)  # fmt: skip


def show_loading(console: Console, store: str, loaded: Sequence[Loaded]) -> None:
    """Print how a store was filled."""
    columns = ("rows", "number", "seconds", "rows/s (median of batches)", "least-most", "our CPU ms/row", "of target")
    table = _table(f"{store}: 装入 · loading", columns)
    for one in loaded:
        table.add_row(
            one.name,
            f"{one.rows:,}",
            f"{one.seconds:.1f}",
            f"{one.rate:,.0f}",
            _spread(one.rates, ",.0f"),
            f"{one.cpu / one.rows * 1000:.3f}",
            f"{one.rate / one.target:.2f} of {one.target:,.0f}/s" if one.target else "",
        )
    console.print(table)


def show_asking(console: Console, store: str, measured: Sequence[Measured]) -> None:
    """Print what asking came to."""
    title = (
        f"{store}: 查询 · asking, {ROUNDS} rounds by turns. A second: requests, of batches parties (medians of the "
        "rounds). CPU: the APIs' own, for one of them. p50, p99: of a whole answer."
    )
    table = _table(title, ASKED)
    for one in measured:
        rates, answers = one.rates, one.answers
        table.add_row(
            one.kind.name,
            str(one.kind.connections),
            f"{len(answers):,}",
            f"{one.refused:,}",
            f"{median(rates):,.0f}",
            _spread(rates, ",.0f"),
            f"{one.percentile(50) * 1000:,.2f}",
            f"{one.percentile(99) * 1000:,.2f}",
            f"{one.cpu * 1000:.3f}",
            f"{median(one.ratios):.3f}",
            _spread(one.ratios, ".2f"),
            _target(one),
        )
    console.print(table)


def show_facts(
    console: Console, store: str, acknowledged: Acknowledged, memory: Mapping[str, float], cold: Mapping[str, float]
) -> None:
    """Print what is measured once: acknowledgement, memory, cold start."""
    part = ACKNOWLEDGED_TARGET / acknowledged.percentile(99)
    console.print(
        f"{store}: 处罚确认（双副本）· a penalty acknowledged with two replicas, {len(acknowledged.seconds)} times: "
        f"p50 {acknowledged.percentile(50) * 1000:.1f} ms, p99 {acknowledged.percentile(99) * 1000:.1f} ms "
        f"({part:.2f} of {ACKNOWLEDGED_TARGET * 1000:.0f} ms); answers that did not know of it: {acknowledged.stale}"
    )
    console.print(f"{store}: 内存 · memory, MiB: " + ", ".join(f"{name} {mib:,.0f}" for name, mib in memory.items()))
    console.print(f"{store}: 冷启动 · cold start, s: " + ", ".join(f"{name} {s:.1f}" for name, s in cold.items()))


def show_growth(console: Console, store: str, sizes: Mapping[int, Sequence[Measured]]) -> None:
    """Print the p50 of each kind at each size, and how it grew."""
    first = next(iter(sizes))
    columns = ["kind", *(f"{size:,}: p50 ms" for size in sizes), *(f"{n:,} by {first:,}" for n in sizes if n != first)]
    table = _table(f"{store}: 增长 · growth, medians of {ROUNDS} rounds by turns", (*columns, "of target"))
    for place, one in enumerate(sizes[first]):
        p50 = {size: measured[place].percentile(50) for size, measured in sizes.items()}
        grown = [p50[size] / p50[first] for size in sizes if size != first]
        target = f"{GROWTH_TARGET / grown[-1]:.2f} of {GROWTH_TARGET}" if place == 0 and grown else ""
        table.add_row(one.kind.name, *(f"{s * 1000:.2f}" for s in p50.values()), *(f"{g:.2f}" for g in grown), target)
    console.print(table)


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, box=ASCII2, title_justify="left")
    for name in columns:
        table.add_column(name, justify="left" if name in {"kind", "rows"} else "right", no_wrap=True)
    return table


def _target(one: Measured) -> str:
    if one.of_target is None:
        return ""
    kind = one.kind
    return (
        f"{one.of_target:.2f} of {kind.least:,.0f}/s"
        if kind.least is not None
        else f"{one.of_target:.2f} of {kind.of_bare} bare"
    )


def _spread(values: Sequence[float], form: str) -> str:
    return f"{min(values):{form}}-{max(values):{form}}"
