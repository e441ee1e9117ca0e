"""CSV files and spreadsheets as rows of a source's layout.

Headings may be codes or Chinese names, in any order, full width, starred or broken over lines. A heading that the
layout does not know, a required one that is missing, or rows that do not fit the header stop the file before anything
is written.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final

from credit.errors import LayoutDrift
from importers.cells import clean
from importers.snapshot import Form, Snapshot
from importers.source import Rejected, Row, SourceSpec, heading
from importers.spreadsheets import xls_rows, xlsx_rows

_PROBED: Final = 20
_TITLES: Final = 3
_DELIMITERS: Final = ",\t;|"


def table_rows(snapshot: Snapshot, spec: SourceSpec) -> Iterator[Row | Rejected]:
    """Yield the rows under the header; header and first rows are looked at before this returns.

    Raises: LayoutDrift, also later where the file breaks off.
    """
    numbered = ((number, cells) for number, cells in enumerate(_cells(snapshot), 1) if any(map(str.strip, cells)))
    table, under = _headed(numbered, snapshot, spec) if spec.header_rows > 1 else (None, ())
    numbered = chain(under, numbered)
    table = table or _table(next(numbered, None), snapshot, spec)
    first = list(islice(numbered, _PROBED))
    if len(first) > 1 and not any(table.fits(cells) for _, cells in first):
        raise LayoutDrift(
            f"{snapshot.path.name} 的数据行与表头列数不符", f"the rows of {snapshot.path.name} do not fit its header"
        )
    return (table.row(number, cells) for number, cells in chain(first, numbered))


def _headed(
    numbered: Iterator[tuple[int, list[str]]], snapshot: Snapshot, spec: SourceSpec
) -> "tuple[Table | None, list[tuple[int, list[str]]]]":
    """Find a header of one or more rows under rows of title, and return it with the rows read beyond it.

    Of an empty file there is none. Raises: LayoutDrift, about the rows that come nearest to a header.
    """
    head = list(islice(numbered, spec.header_rows + _TITLES))
    known = {name for layout in spec.layouts for name in layout.fields()}
    tried: list[tuple[int, int, int]] = []
    for start in range(len(head)):
        for height in range(1, spec.header_rows + 1):
            names = _joined([cells for _, cells in head[start : start + height]])
            tried.append((sum(heading(name) in known for name in names), -start, -height))
    if not tried:
        return None, head
    _, start, height = max(tried)
    rows = [cells for _, cells in head[-start : -start - height]]
    return _table((head[-start][0], _joined(rows)), snapshot, spec), head[-start - height :]


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Read a merged header: of each column the lowest cell that holds anything."""
    width = max(map(len, rows))
    columns = ([row[n] for row in rows if n < len(row) and row[n].strip()] for n in range(width))
    return [cells[-1] if cells else "" for cells in columns]


def _table(first: tuple[int, list[str]] | None, snapshot: Snapshot, spec: SourceSpec) -> "Table":
    if first is None:
        raise LayoutDrift(f"{snapshot.path.name} 没有表头", f"{snapshot.path.name} has no header")
    header = list(first[1])
    while not header[-1].strip():
        header.pop()
    fields = spec.layout_of(header).fields()
    return Table(tuple(header), tuple(fields[heading(h)] for h in header), padded=snapshot.form is not Form.TEXT)


@dataclass(frozen=True, slots=True)
class Table:
    """A header with the field of each heading, empty for unused ones.

    ``padded``: rows may end early, as spreadsheets cut empty cells.
    """

    header: tuple[str, ...]
    fields: tuple[str, ...]
    padded: bool

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether a row has a cell for each heading and none beyond."""
        short = len(cells) < len(self.header) and not self.padded
        return not short and not any(map(str.strip, cells[len(self.header) :]))

    def row(self, number: int, cells: Sequence[str]) -> Row | Rejected:
        """Give each cell its field; a row that does not fit is rejected with all its cells."""
        raw = dict(zip(self.header, cells, strict=False))
        if self.fits(cells):
            return Row(number, self._values(cells), raw)
        beyond = {f"+{i}": text for i, text in enumerate(cells[len(self.header) :], 1)}
        zh = f"该行有 {len(cells)} 格，表头有 {len(self.header)} 列"
        return Rejected(number, {**raw, **beyond}, zh, f"the row has {len(cells)} cells, the header {len(self.header)}")

    def _values(self, cells: Sequence[str]) -> Mapping[str, str]:
        return {field: clean(text) for field, text in zip(self.fields, cells, strict=False) if field and text}


def _cells(snapshot: Snapshot) -> Iterator[list[str]]:
    if snapshot.form is Form.XLSX:
        return xlsx_rows(snapshot.path)
    if snapshot.form is Form.XLS:
        return xls_rows(snapshot.path)
    return _csv_rows(snapshot.path, snapshot.encoding or "utf-8")


def _csv_rows(path: Path, encoding: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV file; line breaks in quoted cells belong to the cell.

    Strictly: a quote that is never closed, or closed in the midst of a cell, would swallow the rows behind it.

    Raises: LayoutDrift.
    """
    with path.open(encoding=encoding, newline="") as file:
        line = file.readline().lstrip("\ufeff")
        delimiter = max(_DELIMITERS, key=line.count)
        try:
            yield from csv.reader(chain([line], file), delimiter=delimiter, strict=True)
        except csv.Error as error:
            raise LayoutDrift(
                f"{path.name} 中断或引号不配对", f"{path.name} breaks off or a quote is never closed"
            ) from error
