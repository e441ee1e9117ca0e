"""JSON files as rows of a source's layout: an array, an object that holds one, or one object a line.

Objects are decoded one at a time from a window over the text, so that memory stays flat.
"""

import json
import re
from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any, Final, TextIO

from credit.errors import LayoutDrift
from importers.cells import clean, shown
from importers.snapshot import Snapshot
from importers.source import Layout, Rejected, Row, SourceSpec, heading

_CHUNK: Final = 1 << 16
_LONGEST: Final = 1 << 23
_DECODER: Final = json.JSONDecoder(parse_float=Decimal)
_BLANKS: Final = re.compile(r"[\s\ufeff]*")
_WRAPPERS: Final = frozenset({"data", "result", "results", "list", "rows", "items", "records"})


def json_rows(snapshot: Snapshot, spec: SourceSpec) -> Iterator[Row | Rejected]:
    """Yield the records; the first one's keys are looked at before this returns.

    Raises: LayoutDrift, also later where the file breaks off.
    """
    records = enumerate(objects_of(snapshot, spec.wrappers), 1)
    first = next(records, None)
    if first is None:
        return iter(())
    shape = _Shape(spec.layout_of(list(first[1])))
    return (shape.row(number, record) for number, record in chain([first], records))


class _Shape:
    """A layout as keys of JSON objects; a key that it does not know rejects the record."""

    def __init__(self, layout: Layout) -> None:
        self._fields = layout.fields()
        self._kept = {field for field, column in layout.columns.items() if column.lines}

    def row(self, number: int, record: Mapping[str, Any]) -> Row | Rejected:
        raw = {key: _text(value) for key, value in record.items()}
        fields = {key: self._fields.get(heading(key)) for key in raw}
        if unknown := [key for key, field in fields.items() if field is None]:
            return Rejected(number, raw, f"未知字段：{'、'.join(unknown)}", f"unknown keys: {', '.join(unknown)}")
        return Row(number, {f: raw[key] if f in self._kept else clean(raw[key]) for key, f in fields.items() if f}, raw)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else shown(value)


def _blanks_end(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def objects_of(snapshot: Snapshot, wrappers: Collection[str] = ()) -> Iterator[Mapping[str, Any]]:
    """Yield the file's objects, wherever they lie in it; ``wrappers`` are more keys that hold them.

    Raises: LayoutDrift where the file breaks off.
    """
    with snapshot.path.open(encoding=snapshot.encoding) as file:
        window = _Window(file, snapshot.path.name)
        if window.peek() == "[":
            yield from window.array()
        else:
            yield from _wrapped(window, _WRAPPERS | frozenset(wrappers))


def _wrapped(window: "_Window", wrappers: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    """Walk the objects of a file: of those that hold records under a known key yield these, else they are records."""
    held = yield from _opened(window, wrappers)
    while window.peek():
        if held:
            yield from _opened(window, wrappers)
        else:
            yield window.object()


def _opened(window: "_Window", wrappers: frozenset[str]) -> Generator[Mapping[str, Any], None, bool]:
    """Walk one object, and return whether it held records under a known key; one that did not is itself a record."""
    window.take("{")
    record: dict[str, Any] = {}
    held = False
    while window.peek() != "}":
        key = window.value()
        window.take(":")
        if key in wrappers and window.peek() in "[{":
            held = True
            yield from window.array() if window.peek() == "[" else _opened(window, wrappers)
        else:
            record[str(key)] = window.value()
        if window.peek() != "}":
            window.take(",")
    window.take("}")
    if not held:
        yield record
    return held


@dataclass(slots=True)
class _Window:
    """A moving piece of JSON text; ``at`` is where reading goes on."""

    file: TextIO
    name: str
    text: str = ""
    at: int = 0

    def peek(self) -> str:
        """The next sign that is no blank; empty at the end."""
        while True:
            self.at = _blanks_end(self.text, self.at)
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def take(self, sign: str) -> None:
        """Step over a sign that must come next."""
        if self.peek() != sign:
            raise self._broken()
        self.at += 1

    def value(self) -> Any:
        """Decode the value that comes next, reading on until it is whole."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                if len(self.text) > _LONGEST or not self._more():
                    raise self._broken() from error
                continue
            length = end - self.at
            # A number at the end of the window may go on behind it.
            if end < len(self.text) or not self._more():
                self.at += length
                return value

    def object(self) -> Mapping[str, Any]:
        """Decode the object that comes next."""
        value: Any = self.value()
        if not isinstance(value, dict):
            raise self._broken()
        return value  # pyright: ignore[reportUnknownVariableType] - JSON objects have text keys

    def array(self) -> Iterator[Mapping[str, Any]]:
        """Yield the objects of the array that comes next."""
        self.take("[")
        while self.peek() != "]":
            yield self.object()
            if self.peek() != "]":
                self.take(",")
        self.take("]")

    def _more(self) -> bool:
        piece = self.file.read(_CHUNK)
        self.text, self.at = self.text[self.at :] + piece, 0
        return bool(piece)

    def _broken(self) -> LayoutDrift:
        return LayoutDrift(f"{self.name} 不是完整的 JSON 记录文件", f"{self.name} is no whole file of JSON records")
