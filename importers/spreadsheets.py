"""Spreadsheets as rows of text, one row at a time.

XLSX is read by openpyxl, which streams rows; python-calamine, though faster, holds a whole sheet in memory. What
openpyxl would hold, the table of shared strings, is laid in a temporary file, so that memory stays flat over a million
rows. The old XLS format ends at 65,536 rows: there calamine serves.
"""

import mmap
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final, cast, overload
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from python_calamine import CalamineError, CalamineWorkbook

from credit.errors import LayoutDrift
from importers.cells import shown

_STRING: Final = f"{{{SHEET_MAIN_NS}}}si"
_PLAIN: Final = f"{{{SHEET_MAIN_NS}}}t"
_BROKEN: Final = (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, EOFError, OSError)


def xlsx_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of the one sheet that holds anything, trailing empty cells cut.

    Raises: LayoutDrift where the file is broken or two sheets hold something.
    """
    try:
        with path.open("rb") as file:
            reader = _SpoolingReader(file)
            reader.read()
            yield from _only_sheet(path, [partial(_rows_of, sheet) for sheet in reader.wb.worksheets])
    except _BROKEN as error:
        raise _broken(path) from error


def xls_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of the one sheet that holds anything of a workbook in the old format.

    Raises: LayoutDrift.
    """
    try:
        book: Any = CalamineWorkbook.from_path(str(path))  # pyright: ignore[reportUnknownMemberType] - stub lacks a type
        names: list[str] = book.sheet_names
        yield from _only_sheet(path, [partial(_rows_of_xls, book, name) for name in names])
    except CalamineError as error:
        raise _broken(path) from error


def _only_sheet(path: Path, sheets: Sequence[Callable[[], Iterator[list[str]]]]) -> Iterator[list[str]]:
    """Yield the rows of the sheet that holds anything, having looked that no second one does."""
    filled = [sheet for sheet in sheets if any(sheet())]
    if len(filled) > 1:
        raise LayoutDrift(
            f"{path.name} 有多个工作表含有内容，请只保留数据表",
            f"{path.name} has more than one sheet with content; keep the one with the data",
        )
    for sheet in filled:
        yield from sheet()


def _rows_of(sheet: Any) -> Iterator[list[str]]:
    # Some exporters state a wrong extent, and openpyxl believes it.
    sheet.reset_dimensions()
    return (_texts(row) for row in sheet.iter_rows(values_only=True))


def _rows_of_xls(book: Any, name: str) -> Iterator[list[str]]:
    return (_texts(row) for row in book.get_sheet_by_name(name).iter_rows())


def _texts(row: Sequence[Any]) -> list[str]:
    texts = [shown(value) for value in row]
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def _broken(path: Path) -> LayoutDrift:
    return LayoutDrift(f"{path.name} 不是完整的表格文件", f"{path.name} is no whole spreadsheet")


class _SpoolingReader(ExcelReader):
    """openpyxl's reader with the shared strings on disk."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, read_only=True, data_only=True, keep_links=False)

    def read_strings(self) -> None:
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = cast("list[str]", _spooled(source))


class _Spooled(Sequence[str]):
    """Texts in a temporary file, found by their places; eight bytes of memory each."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed when sealed
        self._ends = array("Q", [0])
        self._bytes: mmap.mmap | bytes = b""

    def append(self, text: str) -> None:
        self._ends.append(self._ends[-1] + self._file.write(text.encode("utf-8", "surrogatepass")))

    def seal(self) -> None:
        """Make what was written readable; the map holds the file, which has no name, until this goes."""
        self._file.flush()
        if self._ends[-1]:
            self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self._file.close()

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode("utf-8", "surrogatepass")


def _spooled(source: IO[bytes]) -> _Spooled:
    strings = _Spooled()
    events = iterparse(source, events=("start", "end"))  # noqa: S314 - as openpyxl does; expat bounds entities
    _, root = next(events)
    for event, node in events:
        if event == "end" and node.tag == _STRING:
            strings.append(_text_of(node))
            root.clear()
    strings.seal()
    return strings


def _text_of(node: Element) -> str:
    """Return a shared string; one with formatting inside is put together by openpyxl."""
    first = node[0] if len(node) == 1 else None
    if first is not None and first.tag == _PLAIN:
        return first.text or ""
    text: Any = Text.from_tree(cast("Any", node))
    return str(text.content)
