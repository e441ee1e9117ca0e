"""The report as one page of HTML that needs nothing else: no script, nothing remote, pictures inside, to be printed."""

import base64
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from credit.model.verdict import Reason
from credit.model.when import SHANGHAI
from credit.reports.model import Report
from credit.reports.pictures import MOST_DRAWN, pictures
from credit.reports.sections import Section, sections
from credit.reports.words import Cell, cell_text

LONG: Final = 28
"""Signs of the longest word that is never broken: an id of the registry."""
ALTS: Final[Mapping[str, Reason]] = {
    "trend": Reason("逐月提交、决定和查无实据的件数，数据见下表", "letters by month; the table below has the numbers"),
    "outcomes": Reason("各处理结果的件数，数据见下表", "letters by outcome; the table below has the numbers"),
    "links": Reason(
        f"投诉人之间的关联，最大的网络在先，至多画出 {MOST_DRAWN} 个；全部关联列于下表",
        f"linked complainants, the largest groups first, {MOST_DRAWN} at most; the table below has every link",
    ),
}


def render(report: Report) -> bytes:
    """Write a report as HTML in UTF-8."""
    page = templates().get_template("report.html")
    drawn = {name: _embedded(svg) for name, svg in pictures(report).items()}
    made = report.head.made_at.astimezone(SHANGHAI)
    text = page.render(
        head=report.head,
        made_at=f"{made:%Y-%m-%d %H:%M:%S}",
        sections=[(section, drawn.get(section.id)) for section in sections(report)],
        alts=ALTS,
        summary=summary(sections(report)),
    )
    return text.encode()


def templates() -> Environment:
    """Open the templates of reports: everything is escaped, and a name that is not given is a mistake."""
    made = Environment(
        loader=PackageLoader("credit.reports"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = made.filters  # typed as the filters that jinja2 brings
    filters |= {"cell": cell_text, "lines": lines}
    made.tests["figure"] = is_figure
    made.tests["words"] = is_words
    made.tests["long"] = is_long
    return made


def lines(value: Cell) -> list[str]:
    """Return the lines of a cell."""
    return cell_text(value).split("\n")


def is_figure(value: Cell) -> bool:
    """Tell whether a cell is a number, which is written to the right, or a day, which is never broken."""
    return isinstance(value, (int, Decimal, date))


def is_words(value: Cell) -> bool:
    """Tell whether a cell is words in both languages."""
    return isinstance(value, Reason)


def is_long(value: Cell) -> bool:
    """Tell whether a cell holds a word that is to be broken where its column ends."""
    return any(len(word) > LONG and word.isascii() for word in cell_text(value).split())


def summary(all_sections: tuple[Section, ...]) -> tuple[tuple[Section, int], ...]:
    """Return the sections with the number of their rows."""
    return tuple((section, len(section.rows)) for section in all_sections)


def _embedded(svg: str) -> str:
    """Write a picture into an address of its own, so that its names meet no other picture's."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
