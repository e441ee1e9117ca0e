"""Spreadsheets as rows of text, one row at a time.

XLSX is read by openpyxl's parser, which streams; python-calamine, though faster, holds a whole sheet in memory. What
openpyxl would hold all the same is kept from growing: the shared strings lie in a temporary file, and what rows say of
their height is dropped, so that memory stays flat over a million rows. XLS ends at 65,536 rows: there calamine serves.
"""

import mmap
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final, overload
from xml.etree.ElementTree import ParseError
from xml.parsers import expat
from zipfile import BadZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS
from python_calamine import CalamineError, CalamineWorkbook

from credit.errors import LayoutDrift
from importers.cells import shown

_BROKEN: Final = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    expat.ExpatError,
    KeyError,
    IndexError,
    ValueError,
    EOFError,
    OSError,
)
_CHUNK: Final = 1 << 16

Sheet = Callable[[], Iterator[list[str]]]


def xlsx_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of the one sheet that holds anything, trailing empty cells cut.

    Raises: LayoutDrift where the file is broken or two sheets hold something.
    """
    try:
        with path.open("rb") as file:
            yield from _only_sheet(path, _Workbook(file).sheets())
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


def _only_sheet(path: Path, sheets: Sequence[Sheet]) -> Iterator[list[str]]:
    """Yield the rows of the sheet that holds anything, having looked that no second one does."""
    filled = [sheet for sheet in sheets if any(sheet())]
    if len(filled) > 1:
        raise LayoutDrift(
            f"{path.name} 有多个工作表含有内容，请只保留数据表",
            f"{path.name} has more than one sheet with content; keep the one with the data",
        )
    for sheet in filled:
        yield from sheet()


def _rows_of_xls(book: Any, name: str) -> Iterator[list[str]]:
    return (_texts(row) for row in book.get_sheet_by_name(name).iter_rows())


def _texts(row: Sequence[Any]) -> list[str]:
    """Write cells as text; ``_x000D_`` is how XLSX writes a carriage return."""
    texts = [shown(value).replace("_x000D_", "") for value in row]
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def _broken(path: Path) -> LayoutDrift:
    return LayoutDrift(f"{path.name} 不是完整的表格文件", f"{path.name} is no whole spreadsheet")


class _Workbook:
    """An XLSX file as far as its values need it: strings, styles that mean dates, sheets."""

    def __init__(self, file: IO[bytes]) -> None:
        self._reader: Any = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        self._reader.read_manifest()
        self._reader.read_workbook()
        apply_stylesheet(self._reader.archive, self._reader.wb)
        self._strings = self._shared_strings()

    def sheets(self) -> list[Sheet]:
        """Each sheet with cells, as a function that reads it from its first row."""
        parts = (part for _, part in self._reader.parser.find_sheets() if "chartsheet" not in part.Type)
        return [partial(self._rows, part.target) for part in parts if part.target in self._reader.valid_files]

    def _rows(self, target: str) -> Iterator[list[str]]:
        """Yield a sheet's rows, with an empty one for each that the file leaves out."""
        book = self._reader.wb
        with self._reader.archive.open(target) as source:
            parser = _SheetParser(
                source,
                self._strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,  # noqa: SLF001 - as openpyxl's own read-only sheet does
                timedelta_formats=book._timedelta_formats,  # noqa: SLF001
            )
            last = 0
            for number, cells in parser.parse():
                yield from ([] for _ in range(last + 1, number))
                last = number
                yield _texts(_in_columns(cells))

    def _shared_strings(self) -> "_Spooled":
        strings = _Spooled()
        part = self._reader.package.find(SHARED_STRINGS)
        if part is not None:
            with self._reader.archive.open(part.PartName[1:]) as source:
                _StringParser(strings).feed(source)
        strings.seal()
        return strings


def _in_columns(cells: Sequence[dict[str, Any]]) -> list[Any]:
    """Put cells where their column says; those left out are None."""
    row: list[Any] = [None] * max((cell["column"] for cell in cells), default=0)
    for cell in cells:
        row[cell["column"] - 1] = cell["value"]
    return row


class _SheetParser(WorkSheetParser):
    """openpyxl's parser of a sheet, without what it gathers of every row's looks."""

    def parse_row(self, row: Any) -> Any:
        number, cells = super().parse_row(row)
        self.row_dimensions.clear()
        return number, cells


class _StringParser:
    """Shared strings as they come by; the parts of a formatted one are joined, how it is read aloud is left out."""

    def __init__(self, strings: "_Spooled") -> None:
        self._strings = strings
        self._parts: list[str] = []
        self._inside = self._aloud = False
        self._expat = expat.ParserCreate(namespace_separator=" ")
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text

    def feed(self, source: IO[bytes]) -> None:
        """Read the part to its end."""
        while chunk := source.read(_CHUNK):
            self._expat.Parse(chunk, False)  # noqa: FBT003 - a positional argument of C
        self._expat.Parse(b"", True)  # noqa: FBT003

    def _start(self, tag: str, _: object) -> None:
        name = tag.rpartition(" ")[2]
        self._inside = name == "t" and not self._aloud
        self._aloud = self._aloud or name == "rPh"

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        self._inside = False
        self._aloud = self._aloud and name != "rPh"
        if name == "si":
            self._strings.append("".join(self._parts))
            self._parts.clear()

    def _text(self, text: str) -> None:
        if self._inside:
            self._parts.append(text)


class _Spooled(Sequence[str]):
    """Texts in a temporary file, found by their places; eight bytes of memory each."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed when sealed
        self._ends = array("Q", [0])
        self._bytes: mmap.mmap | bytes = b""

    def append(self, text: str) -> None:
        self._ends.append(self._ends[-1] + self._file.write(text.encode()))

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
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode()
