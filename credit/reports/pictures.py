"""The report's pictures as SVG by matplotlib: letters by month, outcomes, who is linked with whom.

Text stays text, so that whoever shows a picture brings the Chinese font: none is needed where the report is made. The
same report gives the same bytes. The layout of the network is networkx's. What the two libraries make is ``Any``: their
types leave their arguments untold.
"""

import math
import warnings
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any, Final

import matplotlib as mpl
import networkx as nx
from matplotlib.figure import Figure

from credit.model.complaint import ComplaintOutcome
from credit.reports import words
from credit.reports.model import LinkRow, Month, Report

FONTS: Final = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', SimHei, SimSun, sans-serif"
"""Fonts that have Chinese signs, as readers' machines have them."""
STYLE: Final[Mapping[str, Any]] = {
    "text.parse_math": False,  # a name with dollar signs is no formula
    "svg.fonttype": "none",
    "svg.hashsalt": "credit",
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#6b7280",
    "axes.axisbelow": True,
    "grid.color": "#e5e7eb",
    "xtick.color": "#374151",
    "ytick.color": "#374151",
}
FILED, DECIDED, BASELESS = "#94a3b8", "#1d4ed8", "#c2410c"
COLOURS: Final[Mapping[ComplaintOutcome, str]] = {
    ComplaintOutcome.UPHELD_EFFECT: "#15803d",
    ComplaintOutcome.UPHELD_NO_EFFECT: "#4ade80",
    ComplaintOutcome.PARTLY_UPHELD: "#0f766e",
    ComplaintOutcome.REJECTED_UNFOUNDED: BASELESS,
    ComplaintOutcome.REJECTED_FABRICATED: "#7f1d1d",
    ComplaintOutcome.REJECTED_UNLAWFUL_PROOF: "#9f1239",
    ComplaintOutcome.REJECTED_INADMISSIBLE: "#d97706",
}
OTHER: Final = "#64748b"
BOX: Final[Mapping[str, Any]] = {"facecolor": "white", "edgecolor": "none", "pad": 2, "alpha": 0.85}
"""Behind words that lie on a link."""
MOST_TICKS: Final = 18
MOST_DRAWN: Final = 60
"""Complainants in the picture of the network; the table beside it has all of them."""
PAIR: Final = 2
SQUARE: Final = "~"
"""What begins the name of a square: no id does."""
FEW: Final = 3
"""So many stand in a circle, which no layout betters."""
LABELLED: Final = 12
"""In larger groups the words on the links would cover one another; the table has them."""
ALONE: Final = 5
"""A group of more has a line of its own."""
TALL: Final = 5.4
LOW: Final = 3.0
"""Inches of a line of the network: with the largest group, with small ones."""
SEED: Final = 7


def pictures(report: Report) -> Mapping[str, str]:
    """Draw the pictures of a report by the section that they belong to; one of which nothing is known is left out."""
    drawn: dict[str, str] = {}
    if report.ledger.months and report.ledger.letters:
        drawn["trend"] = trend(report.ledger.months)
    if report.ledger.mix:
        drawn["outcomes"] = outcomes(report.ledger.mix)
    if report.network.links:
        drawn["links"] = network(report.network.links)
    return drawn


def trend(months: Sequence[Month]) -> str:
    """Draw what was filed, decided, and decided as wholly unproven, month by month."""
    with _drawing() as figure:
        axes = figure.add_axes((0.06, 0.14, 0.92, 0.72))
        places = range(len(months))
        axes.bar([x - 0.21 for x in places], [m.filed for m in months], 0.4, color=FILED, label="提交 filed")
        axes.bar([x + 0.21 for x in places], [m.decided for m in months], 0.4, color=DECIDED, label="决定 decided")
        style = {"color": BASELESS, "marker": "o", "linewidth": 2}
        axes.plot(list(places), [m.unfounded for m in months], label="查无实据 wholly unproven", **style)
        step = math.ceil(len(months) / MOST_TICKS)
        axes.set_xticks(list(places)[::step], [m.month for m in months][::step])
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.set_ylim(bottom=0, top=max(1, *(max(m.filed, m.decided) for m in months)) * 1.1)
        axes.grid(axis="y")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.02), ncols=3, frameon=False, columnspacing=5)
        return _svg(figure)


def outcomes(mix: Sequence[tuple[ComplaintOutcome, int]]) -> str:
    """Draw how many letters ended in which way."""
    height = 0.7 + 0.36 * len(mix)
    with _drawing(height) as figure:
        axes = figure.add_axes((0.34, 0.45 / height, 0.6, 1 - 0.55 / height))
        told = list(reversed(mix))
        counts = [count for _, count in told]
        labels = [words.both(words.OUTCOMES[outcome]) for outcome, _ in told]
        bars = axes.barh(labels, counts, 0.66, color=[COLOURS.get(outcome, OTHER) for outcome, _ in told])
        axes.bar_label(bars, padding=4)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_xlim(0, max(counts) * 1.12)
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
        return _svg(figure)


def network(links: Sequence[LinkRow]) -> str:
    """Draw who is linked with whom and by what; the largest groups where there are too many.

    What more than two have in common is a small square that each of them is tied to.
    """
    graph = graph_of(links)
    lines = _lines(_largest(graph))
    heights = [min(TALL, LOW + 0.15 * max(0, len(line[0]) - ALONE)) for line in lines]
    with _drawing(height=sum(heights)) as figure:
        top = 1.0
        for line, height in zip(lines, heights, strict=True):
            top -= height / sum(heights)
            for place, group in enumerate(line):
                where = (place / len(line), top, 1 / len(line), height / sum(heights))
                _draw_group(figure.add_axes(where), graph.subgraph(group))
        return _svg(figure)


def _lines(groups: Sequence[list[str]]) -> list[list[list[str]]]:
    """Lay groups, the largest first, into lines: a large one has a line of its own, small ones stand two by two."""
    large = [[group] for group in groups if len(group) > ALONE]
    small = groups[len(large) :]
    return large + [list(small[place : place + 2]) for place in range(0, len(small), 2)]


def graph_of(links: Sequence[LinkRow]) -> Any:  # noqa: ANN401
    """Make a graph of parties, named by their ids, and of squares."""
    library: Any = nx
    graph = library.Graph()
    for place, row in enumerate(links):
        by = words.LINKS[row.kind].zh if row.kind in words.LINKS else row.kind
        graph.add_nodes_from((party.id, {"name": party.name}) for party in row.between)
        if len(row.between) == PAIR:
            one, other = (party.id for party in row.between)
            told = [graph.edges[one, other]["by"]] if graph.has_edge(one, other) else []
            graph.add_edge(one, other, by="\n".join([*told, by]))
        else:
            square = f"{SQUARE}{place:06}"
            graph.add_node(square, name=by)
            graph.add_edges_from(((square, party.id) for party in row.between), by="")
    return graph


def _largest(graph: Any) -> list[list[str]]:  # noqa: ANN401
    """Return the groups that are tied together, the largest first, until the picture is full."""
    groups = sorted((sorted(group) for group in nx.connected_components(graph)), key=lambda g: (-len(g), g))
    drawn, kept = 0, list[list[str]]()
    for group in groups:
        if kept and drawn + len(group) > MOST_DRAWN:
            break
        kept.append(sorted(group, key=lambda node: (-graph.degree(node), node))[:MOST_DRAWN])
        drawn += len(group)
    return kept


def _draw_group(axes: Any, group: Any) -> None:  # noqa: ANN401
    library: Any = nx
    nodes = sorted(group.nodes)
    start = library.circular_layout(nodes)
    apart = 3 / math.sqrt(len(nodes))
    few = len(nodes) <= FEW
    places = start if few else library.spring_layout(group, pos=start, seed=SEED, k=apart, iterations=200)
    for one, other, by in sorted(group.edges(data="by"), key=lambda edge: sorted(edge[:2])):
        (x1, y1), (x2, y2) = places[one], places[other]
        axes.plot([x1, x2], [y1, y2], color=OTHER, linewidth=1.4, zorder=1)
        if by and len(nodes) <= LABELLED:
            axes.text((x1 + x2) / 2, (y1 + y2) / 2, by, ha="center", va="center", fontsize=8, color="#475569", bbox=BOX)
    for node in nodes:
        square = node.startswith(SQUARE)
        look = {"s": 40, "marker": "s", "color": OTHER} if square else {"s": 90, "color": DECIDED}
        axes.scatter(*places[node], zorder=2, **look)
        label = {"fontsize": 8, "color": "#475569"} if square else {"fontsize": 9}
        where = {"xytext": (0, -10), "textcoords": "offset points", "ha": "center", "va": "top"}
        axes.annotate(group.nodes[node]["name"], places[node], bbox=BOX, zorder=1.5, **where, **label)
    axes.set_xlim(-1.5, 1.5)
    axes.set_ylim(-1.35, 1.15)
    axes.set_axis_off()


@contextmanager
def _drawing(height: float = 3.4) -> Generator[Any]:
    """Give a figure for a block, in the report's style; that the machine has no Chinese font is no matter."""
    library: Any = mpl
    with library.rc_context(dict(STYLE)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield Figure(figsize=(10, height))


def _svg(figure: Any) -> str:  # noqa: ANN401
    """Write a figure as SVG: no date, readers' fonts."""
    text = StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue().replace("'DejaVu Sans'", FONTS).replace(f"{FONTS}, sans-serif", FONTS)
