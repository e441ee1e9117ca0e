"""The results as plain text."""

from collections.abc import Sequence
from statistics import median

from rich.box import ASCII2
from rich.console import Console
from rich.table import Table

from bench.filling import Loaded
from bench.measures import ROUNDS, Measured

WIDTH = 150


def show(console: Console, store: str, loaded: Sequence[Loaded], measured: Sequence[Measured]) -> None:
    """Print both tables of one store."""
    console.print(_loading(store, loaded))
    console.print(_asking(store, measured))


def _loading(store: str, loaded: Sequence[Loaded]) -> Table:
    table = Table(title=f"{store}: 装入 · loading through registry.load", box=ASCII2, title_justify="left")
    for name in (
        "rows",
        "number",
        "seconds",
        "rows/s (median of batches)",
        "least-most",
        "our CPU ms/row",
        "of target",
    ):
        table.add_column(name, justify="left" if name == "rows" else "right", no_wrap=True)
    for one in loaded:
        target = f"{one.rate / one.target:.2f} of {one.target:,.0f}/s" if one.target else ""
        table.add_row(
            one.name,
            f"{one.rows:,}",
            f"{one.seconds:.1f}",
            f"{one.rate:,.0f}",
            _spread(one.rates, ",.0f"),
            f"{one.cpu / one.rows * 1000:.3f}",
            target,
        )
    return table


def _asking(store: str, measured: Sequence[Measured]) -> Table:
    title = (
        f"{store}: 查询与登记 · asking and recording, {ROUNDS} rounds by turns. A second: requests, of batches parties "
        "(medians of the rounds). CPU: the API's own, for one of them. p50, p99: of a whole answer."
    )
    table = Table(title=title, box=ASCII2, title_justify="left")
    columns = (
        "kind", "conn.", "answers", "a second", "least-most", "p50 ms", "p99 ms", "CPU ms", "by bare", "least-most",
        "of target",
    )  # fmt: skip
    for name in columns:
        table.add_column(name, justify="left" if name == "kind" else "right", no_wrap=True)
    for one in measured:
        rates, answers = one.rates, one.answers
        table.add_row(
            one.kind.name,
            str(one.kind.connections),
            f"{len(answers):,}",
            f"{median(rates):,.0f}",
            _spread(rates, ",.0f"),
            f"{one.percentile(50) * 1000:,.2f}",
            f"{one.percentile(99) * 1000:,.2f}",
            f"{one.cpu * 1000:.3f}",
            f"{median(one.ratios):.3f}",
            _spread(one.ratios, ".2f"),
            _target(one),
        )
    return table


def _target(one: Measured) -> str:
    if one.of_target is None:
        return ""
    kind = one.kind
    if kind.least is not None:
        return f"{one.of_target:.2f} of {kind.least:,.0f}/s"
    if kind.of_bare is not None:
        return f"{one.of_target:.2f} of {kind.of_bare} bare"
    return f"{one.of_target:.2f} of {(kind.within or 0) * 1000:.0f} ms"


def _spread(values: Sequence[float], form: str) -> str:
    return f"{min(values):{form}}-{max(values):{form}}"
