"""Bidders: told on the command line, or read from a list (xlsx, xls, csv) as agencies keep them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from credit.errors import IdentifierInvalid, LayoutDrift
from credit.identifiers import parse, recognise, repair
from importers.cells import clean
from importers.snapshot import Form, take_snapshot
from importers.source import heading
from importers.spreadsheets import xls_rows, xlsx_rows

HEADINGS: Final = {
    "id": (
        "统一社会信用代码", "社会信用代码", "信用代码", "统一社会信用代码/组织机构代码",
        "统一社会信用代码(或组织机构代码)", "组织机构代码", "注册号", "标识", "代码", "ID", "CODE", "USCC", "PARTY",
    ),
    "name": ("投标人", "投标人名称", "供应商", "供应商名称", "单位名称", "企业名称", "名称", "NAME", "BIDDER"),
    "lot": ("标段", "标段号", "包", "包号", "包件", "标项", "LOT"),
    "ref": ("投标", "投标编号", "联合体", "联合体编号", "REF", "BID"),
}  # fmt: skip
"""What columns of a list of bidders are called; others are passed over."""
PROBED: Final = 10
"""Rows among which the header is looked for: a title may stand above it."""
LIST_FORMS: Final = frozenset({".xlsx", ".xls", ".csv", ".txt", ".tsv"})


@dataclass(frozen=True, slots=True)
class Bidder:
    """One row of a list: who bids (``id`` as found where it is of no right form), for which lot, in which bid."""

    id: str
    name: str | None = None
    lot: str | None = None
    ref: str | None = None


def bidders_of(targets: Sequence[str]) -> Iterator[Bidder]:
    """Read what was named on the command line: ids, and files with lists of bidders.

    Raises:
        LayoutDrift: a file is no list of bidders.
    """
    for target in targets:
        path = Path(target)
        if path.suffix.lower() in LIST_FORMS:
            yield from read_bidders(path)
        else:
            yield Bidder(identifier_of(target))


def read_bidders(path: Path) -> Iterator[Bidder]:
    """Read a list of bidders.

    Raises:
        LayoutDrift: the file cannot be read, or has no column of identifiers among its first rows.
    """
    rows = iter(_rows(path))
    columns = _columns(path, islice(rows, PROBED))
    for row in rows:
        cells = {field: clean(row[place]) for field, place in columns.items() if place < len(row)}
        if any(cells.get(field) for field in ("id", "name")):
            yield _bidder(cells)


def _bidder(cells: dict[str, str]) -> Bidder:
    told = cells.get("id") or cells["name"]
    return Bidder(identifier_of(told), cells.get("name") or None, cells.get("lot") or None, cells.get("ref") or None)


def identifier_of(text: str) -> str:
    """Return the id that a text names: canonical, or a bare code as sources write it; else the text as it is.

    >>> identifier_of(" 91512002maf0000126"), identifier_of("MAF00001-2"), identifier_of("某某公司")
    ('91512002MAF0000126', 'org:MAF000012', '某某公司')
    """
    told = text.strip()
    with suppress(IdentifierInvalid):
        return parse(told).id
    with suppress(IdentifierInvalid):
        return recognise(repair(told)).id
    return told


def _columns(path: Path, first: Iterable[Sequence[str]]) -> dict[str, int]:
    """Find the header, and in it the columns that we know."""
    for row in first:
        found = {field: place for field, names in HEADINGS.items() if (place := _place(row, names)) is not None}
        if "id" in found:
            return found
    raise LayoutDrift(
        f"{path.name} 中找不到“统一社会信用代码”一列，请在表头中注明。",
        f"{path.name} has no column of identifiers (统一社会信用代码, id): name one in the header",
    )


def _place(row: Sequence[str], names: Sequence[str]) -> int | None:
    known = {heading(name) for name in names}
    return next((place for place, cell in enumerate(row) if heading(cell) in known), None)


def _rows(path: Path) -> Iterator[Sequence[str]]:
    try:
        snapshot = take_snapshot(path)
    except OSError as error:
        raise LayoutDrift(f"无法读取 {path}。", f"{path} cannot be read: {error.strerror}") from error
    match snapshot.form:
        case Form.XLSX:
            return xlsx_rows(path)
        case Form.XLS:
            return xls_rows(path)
        case Form.TEXT:
            return _csv_rows(path, snapshot.encoding or "utf-8")


def _csv_rows(path: Path, encoding: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline()
        delimiter = max(",;\t", key=first.count)
        file.seek(0)
        for row in csv.reader(file, delimiter=delimiter):
            yield [cell.lstrip("\ufeff") for cell in row]
