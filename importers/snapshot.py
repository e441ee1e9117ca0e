"""A file as it was found: its digest, its form, its encoding.

The encoding is decided by strict trial in a fixed order, not by statistics, so that one file always reads the same
way: a byte order mark; NUL bytes (UTF-16 without one); UTF-8, which other encodings hardly ever satisfy by chance;
GB18030, which holds GBK and GB2312; of foreign sources ISO-8859-1, whose signs stand alone. A wrong guess that
decodes all the same shows in the header, which then is no layout's. charset-normalizer is asked for one thing only:
to name in the message what a file that fits none of these may be.
"""

import codecs
import hashlib
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from credit.errors import LayoutDrift
from importers.provenance import provenance_of

_CHUNK: Final = 1 << 20
_HEAD: Final = 1 << 16
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_UTF8_LOOKS: Final = 0.6
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
# Control signs of ISO-8859-1, which no text has; the halves of many signs of GB18030 lie there.
_CONTROL: Final = re.compile(rb"[\x80-\x9f]")


class Form(StrEnum):
    """What a file is by its first bytes, whatever its name says."""

    TEXT = "text"
    XLSX = "xlsx"
    XLS = "xls"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One file; ``digest`` is ``sha256:…``, ``lines`` about how many rows it has.

    ``fetched_at`` and ``url``: when and where it was fetched; its time of change, at most now (one unpacked from
    another zone's archive may lie ahead), and None where it was not fetched. That is all that is known of a file by
    itself: one copied without its times looks as new as the copy.
    ``checked_at``: when a server last said that it is current, empty where none was asked.
    """

    path: Path
    digest: str
    fetched_at: str
    form: Form
    encoding: str | None
    lines: int
    url: str | None = None
    checked_at: str = ""

    @property
    def fetched(self) -> datetime:
        """The instant of ``fetched_at``."""
        return datetime.fromisoformat(self.fetched_at)

    @property
    def seen_at(self) -> datetime:
        """As of when it tells its list."""
        return datetime.fromisoformat(self.checked_at or self.fetched_at)


def take_snapshot(path: Path, *, latin: bool = False) -> Snapshot:
    """Read a file once, from end to end; ``latin``: of a source whose files may be in ISO-8859-1.

    Raises: LayoutDrift where the text is in no known encoding or cut off inside a sign.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    form = _form(head)
    trial = _Trial(head, latin=latin) if form is Form.TEXT else None
    digest, lines = hashlib.sha256(), 0
    for chunk in _chunks(path):
        digest.update(chunk)
        lines += chunk.count(b"\n")
        if trial is not None:
            trial.feed(chunk)
    found = f"sha256:{digest.hexdigest()}"
    told = provenance_of(path, found)
    changed = datetime.fromtimestamp(min(int(path.stat().st_mtime), int(time.time())), UTC)
    return Snapshot(
        path=path,
        digest=found,
        fetched_at=told.fetched_at if told else changed.isoformat(),
        form=form,
        encoding=trial.decided(path.name) if trial is not None else None,
        lines=lines,
        url=told.url if told else None,
        checked_at=told.checked_at if told else "",
    )


def files_of(path: Path) -> tuple[Path, ...]:
    """The files of a folder (hidden ones left out) in the order of their names, or the file itself."""
    if not path.is_dir():
        return (path,)
    return tuple(sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$"))))


class _Trial:
    """Which of the candidate encodings a file keeps to, fed piece by piece."""

    def __init__(self, head: bytes, *, latin: bool = False) -> None:
        self._head = head
        self._latin = latin
        self._lone = self._paired = 0
        self._control = False
        names = _candidates(head)
        self._alive = {name: codecs.getincrementaldecoder(name)("strict") for name in names}

    def feed(self, chunk: bytes) -> None:
        if self._latin and not chunk.isascii():
            for run in _HIGH.finditer(chunk):
                self._lone, self._paired = self._lone + (len(run[0]) == 1), self._paired + (len(run[0]) > 1)
            self._control = self._control or _CONTROL.search(chunk) is not None
        for name, decoder in list(self._alive.items()):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                del self._alive[name]

    def decided(self, name: str) -> str:
        """Name the first candidate that held to the end.

        Raises: LayoutDrift.
        """
        for encoding, decoder in self._alive.items():
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError as error:
                raise LayoutDrift(
                    f"{name} 在一个字的中间断开，文件不完整", f"{name} is cut off inside a sign"
                ) from error
            if encoding == "gb18030" and (_looks_like_utf8(self._head) or self._is_latin()):
                break
            return encoding
        if self._is_latin() and not _looks_like_utf8(self._head):
            return "iso-8859-1"
        guess = from_bytes(self._head).best()
        seen = guess.encoding if guess is not None else "?"
        raise LayoutDrift(
            f"{name} 不是 UTF-8、UTF-16 或 GB18030 编码，或有损坏（疑似 {seen}）",
            f"{name} is not in UTF-8, UTF-16 or GB18030, or it is damaged (perhaps {seen})",
        )

    def _is_latin(self) -> bool:
        """Whether signs above ASCII stand alone, as accented letters do; those of Chinese come in pairs."""
        return self._latin and not self._control and self._lone > self._paired


def _candidates(head: bytes) -> Iterable[str]:
    for mark, name in _MARKS:
        if head.startswith(mark):
            return (name,)
    if b"\0" in head:
        return ("utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be",)
    return ("utf-8", "gb18030")


def _looks_like_utf8(head: bytes) -> bool:
    """Whether most of what is not ASCII is well-formed UTF-8: damaged UTF-8 often decodes as GB18030, to nonsense."""
    foreign = sum(byte > 0x7F for byte in head)  # noqa: PLR2004 - the last ASCII code
    kept = sum(len(sign.encode()) for sign in head.decode("utf-8", "ignore") if not sign.isascii())
    return foreign > 0 and kept / foreign > _UTF8_LOOKS


def _form(head: bytes) -> Form:
    if head.startswith(_ZIP):
        return Form.XLSX
    return Form.XLS if head.startswith(_OLE) else Form.TEXT


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
