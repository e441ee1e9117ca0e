"""Tables written a row at a time, as CSV or XLSX by the file's suffix; the file is there once it is whole."""

import csv
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell

from credit.errors import FieldInvalid, Unavailable

LONGEST_CELL: Final = 32_767
"""Signs that a cell of a spreadsheet holds."""
_MOST_ROWS: Final = 1_048_576

Write = Callable[[Sequence[str]], object]


@contextmanager
def written_table(path: Path) -> Generator[Write]:
    """Give for a block what writes a row; the file takes its name at the end, and nothing is left where it fails.

    Only its owner may read it. Raises: FieldInvalid for another suffix, Unavailable where it cannot be written.
    """
    table = _TABLES.get(path.suffix.lower())
    if table is None:
        raise FieldInvalid(f"{path.name} 应以 .csv 或 .xlsx 结尾", f"{path.name} must end in .csv or .xlsx")
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}.", suffix=path.suffix, delete=False) as made:
            part = Path(made.name)
        try:
            with table(part) as write:
                yield write
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(f"无法写入 {path}。", f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def _csv(path: Path) -> Generator[Write]:
    """Write UTF-8 with the mark by which spreadsheets know it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield csv.writer(file).writerow


@contextmanager
def _xlsx(path: Path) -> Generator[Write]:
    """Write texts alone: none is taken for a formula."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet()
    rows = 0

    def write(cells: Sequence[str]) -> None:
        nonlocal rows
        rows += 1
        if rows > _MOST_ROWS:
            raise FieldInvalid("行数超出 xlsx 的上限，请改用 .csv", "more rows than an xlsx file holds: write a .csv")
        sheet.append([_text(sheet, text) for text in cells])

    yield write
    book.save(path)


def _text(sheet: Any, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


_TABLES: Final[dict[str, Callable[[Path], AbstractContextManager[Write]]]] = {".csv": _csv, ".xlsx": _xlsx}
