"""Tables of web pages as rows of a source's layout, with a header or without one.

A page is read piece by piece, so that memory stays flat over a list of any length. A table that is no list (a search
form) is passed over; one that might be the list in another shape stops the file. A page without a header is read by
position only where exactly one order of the layout fits the first rows, sign for sign of its dates and codes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import chain
from typing import Final, NamedTuple

from credit.errors import LayoutDrift
from importers.cells import folded
from importers.html_sections import UNSEEN, section_rows
from importers.snapshot import Snapshot
from importers.source import Layout, Rejected, Row, SourceSpec, heading
from importers.tables import Table

_CHUNK: Final = 1 << 16
_PROBED: Final = 5
_CELLS: Final = frozenset({"td", "th"})
_KNOWN: Final = 2
_LEAST_HEADER: Final = 3
_DIGIT: Final = re.compile(r"\d")
_RECORD: Final = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}|(?<![0-9A-Z])[0-9A-Z]{15}(?:[0-9A-Z]{3})?(?![0-9A-Z])")


class Line(NamedTuple):
    """A row of a table on a page: its number among all rows, its table's, whether all its cells are headings.

    ``holds``: a cell of it holds a table, whose text is not in ``cells``.
    """

    number: int
    table: int
    head: bool
    cells: list[str]
    holds: bool = False


def html_rows(snapshot: Snapshot, spec: SourceSpec) -> Iterator[Row | Rejected]:
    """Yield the rows of a page; header or first rows are looked at before this returns.

    Raises: LayoutDrift, also later where the page breaks off or a table in another shape follows.
    """
    if spec.sections is not None:
        return section_rows(snapshot, spec, spec.sections)
    tables = _Tables(snapshot.path.name, spec)
    rows = tables.rows(_lines(snapshot))
    first = next(rows, None)
    return rows if first is None else chain([first], rows)


def _lines(snapshot: Snapshot) -> Iterator[Line]:
    """Yield the rows of all tables that were closed, or followed by another.

    Raises: LayoutDrift at the end of a page that broke off.
    """
    page = _TablePage()
    with snapshot.path.open(encoding=snapshot.encoding) as file:
        while piece := file.read(_CHUNK):
            page.feed(piece.lstrip("\ufeff"))
            yield from page.lines
            page.lines.clear()
    if page.broken:
        raise LayoutDrift(f"{snapshot.path.name} 的表格中断，页面不完整", f"a table of {snapshot.path.name} breaks off")


@dataclass(slots=True)
class _Frame:
    """A table on its way; ``cells`` None outside a row, ``text`` None outside a cell, ``holds``: a table in the row."""

    table: int
    cells: list[str] | None = None
    text: list[str] | None = None
    heads: int = 0
    holds: bool = False


class _TablePage(HTMLParser):
    """The rows of a page's tables; rows and cells that are never closed end where the next begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._frames: list[_Frame] = []
        self._tables = self._rows = self._unseen = 0
        self._ended = False

    @property
    def broken(self) -> bool:
        """Whether a table is open that should not be."""
        return bool(self._frames) and not self._ended

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row, a cell; a break is one in the cell's text too."""
        del attrs
        self._unseen += tag in UNSEEN
        if tag == "table":
            if self._frames:
                self._frames[-1].holds = True
            self._tables += 1
            self._frames.append(_Frame(self._tables))
        elif tag == "tr":
            self._row_opens()
        elif tag in _CELLS and self._frames:
            self._cell_opens(tag)
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, a row, a table."""
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        self._ended = self._ended or tag == "html"
        if not self._frames:
            return
        frame = self._frames[-1]
        if tag in _CELLS:
            self._cell_ends(frame)
        elif tag == "tr":
            self._row_ends(frame)
        elif tag == "table":
            self._row_ends(frame)
            self._frames.pop()

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._frames and not self._unseen and (text := self._frames[-1].text) is not None:
            text.append(data)

    def _row_opens(self) -> None:
        if not self._frames:
            self._tables += 1
            self._frames.append(_Frame(self._tables))
        frame = self._frames[-1]
        self._row_ends(frame)
        frame.cells, frame.heads, frame.holds = [], 0, False

    def _cell_opens(self, tag: str) -> None:
        frame = self._frames[-1]
        self._cell_ends(frame)
        if frame.cells is None:
            frame.cells, frame.heads, frame.holds = [], 0, False
        frame.text = []
        frame.heads += tag == "th"

    def _cell_ends(self, frame: _Frame) -> None:
        if frame.text is not None and frame.cells is not None:
            frame.cells.append("".join(frame.text))
        frame.text = None

    def _row_ends(self, frame: _Frame) -> None:
        self._cell_ends(frame)
        cells = frame.cells
        frame.cells = None
        if cells is None or not (frame.holds or any(map(str.strip, cells))):
            return
        self._rows += 1
        self.lines.append(Line(self._rows, frame.table, frame.heads == len(cells), cells, holds=frame.holds))


@dataclass(slots=True)
class _Tables:
    """What each table of a page turned out to be: its shape where it is the list, None where it is not."""

    name: str
    spec: SourceSpec
    found: dict[int, Table | None] = field(default_factory=dict[int, Table | None])
    waiting: dict[int, list[Line]] = field(default_factory=dict[int, list[Line]])

    def rows(self, lines: Iterator[Line]) -> Iterator[Row | Rejected]:
        """Yield the rows of the tables that are the list."""
        for line in lines:
            yield from self._rows_by(line)
        for held in self.waiting.values():
            self._pass_over(held)
        if not any(self.found.values()):
            raise LayoutDrift(
                f"{self.name} 中没有“{self.spec.title}”的表格", f"{self.name} holds no table of {self.spec.title_en}"
            )

    def _rows_by(self, line: Line) -> Iterator[Row | Rejected]:
        if line.table in self.found:
            table = self.found[line.table]
            if table is not None:
                yield from _record(table, line)
            return
        held = self.waiting.setdefault(line.table, [])
        held.append(line)
        if line.holds:
            return
        if (table := self._header(line)) is not None:
            self.found[line.table] = table
            del self.waiting[line.table]
        elif (table := self._by_position(line)) is not None:
            self._no_strange_header(held)
            self.found[line.table] = table
            for held_line in self.waiting.pop(line.table):
                yield from _record(table, held_line)
        elif len(held) >= _PROBED:
            self._pass_over(self.waiting.pop(line.table))
            self.found[line.table] = None

    def _header(self, line: Line) -> Table | None:
        """Take a row as the header, where it names two columns or more.

        Raises: LayoutDrift where it is a header, but none of the source's.
        """
        names = {h for layout in self.spec.layouts for h in layout.fields()}
        if sum(heading(cell) in names for cell in line.cells) < _KNOWN:
            return None
        header = list(line.cells)
        while not header[-1].strip():
            header.pop()
        fields = self.spec.layout_of(header).fields()
        return Table(tuple(header), tuple(fields[heading(h)] for h in header), padded=False)

    def _no_strange_header(self, held: Sequence[Line]) -> None:
        """See that no header of words that are not known stands over rows that would be read by position.

        Raises: LayoutDrift, naming the words.
        """
        for line in held:
            if len(line.cells) >= _LEAST_HEADER and not any(map(_DIGIT.search, line.cells)):
                self.spec.layout_of(line.cells)

    def _by_position(self, line: Line) -> Table | None:
        """Take the one order that a row without a header fits; None where none or several do."""
        fitting = [
            (layout, order)
            for layout in self.spec.layouts
            for order in layout.orders
            if _fits(layout, order, line.cells)
        ]
        if len(fitting) != 1:
            return None
        layout, order = fitting[0]
        fields = layout.fields()
        return Table(order, tuple(fields[heading(h)] for h in order), padded=False)

    def _pass_over(self, lines: Sequence[Line]) -> None:
        """Leave a table out; one as wide as the list that holds days or codes may be the list in another shape.

        Raises: LayoutDrift.
        """
        lines = [line for line in lines if not line.holds]
        wide = [len(line.cells) for line in lines if len(line.cells) >= self._least()]
        if wide and any(map(_RECORD.search, chain.from_iterable(line.cells for line in lines))):
            raise LayoutDrift(
                f"{self.name} 的表格有 {wide[0]} 列，不是“{self.spec.title}”的任何版式",
                f"a table of {self.name} has {wide[0]} columns, in no layout of {self.spec.title_en}",
            )

    def _least(self) -> int:
        """The columns of the narrowest list."""
        return min(sum(c.required for c in layout.columns.values()) for layout in self.spec.layouts)


def _record(table: Table, line: Line) -> Iterator[Row | Rejected]:
    """Yield a row of the list; one of which a cell holds a table is set aside, a cell alone around one is none."""
    if not line.holds:
        yield table.row(line.number, line.cells)
    elif len(line.cells) > 1:
        raw = dict(zip(table.header, line.cells, strict=False))
        yield Rejected(line.number, raw, "单元格内含有表格，请人工录入", "a cell holds a table: enter the row by hand")


def _fits(layout: Layout, order: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a row has the order's width, and each field that has a shape is in it."""
    if len(cells) != len(order):
        return False
    fields = layout.fields()
    values = {fields[heading(h)]: folded(cell) for h, cell in zip(order, cells, strict=True)}
    return all(re.search(shape, values[f]) for f, shape in layout.shapes.items() if f in values)
