"""A source fetched into the data directory, unless the server says that it did not change since.

The last copy from each address is kept, with its provenance beside it. A new one takes its place only when it came
whole. That nothing changed is an answer too: the kept copy is then run over again, which costs little, and its list
counts as synchronised, for the publisher was reached and tells the same.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path, PurePosixPath
from re import compile as pattern
from typing import Final

from credit.errors import Unavailable
from importers.addresses import Address
from importers.downloading import Answer, Bounds, Download
from importers.inflating import CODINGS, inflate
from importers.provenance import Provenance, provenance_of, tell_of, told_of

_SUFFIX: Final = pattern(r"\.[a-z0-9]{1,8}")
_SIGNS: Final = 8


@dataclass(frozen=True, slots=True)
class Fetched:
    """A source's file; ``changed`` False where it is the one kept from before."""

    path: Path
    changed: bool


async def fetch(address: Address, source: str, folder: Path, bounds: Bounds) -> Fetched:
    """Fetch what lies at an address into a folder, or find that the copy there is current.

    Nobody else may fetch into the folder meanwhile. Raises: Unavailable, TooLarge, OSError for the folder; a copy that
    is there stays.
    """
    copy = _Copy(address, source, folder)
    kept = await asyncio.to_thread(copy.kept)
    try:
        answer = await Download(address, copy.part, bounds, _conditions(kept)).run()
        if answer is not None:
            return Fetched(await asyncio.to_thread(copy.take, answer, bounds.size), changed=True)
        if kept is None:
            raise Unavailable(f"{address.shown} 应答 304，却没有留存的副本", f"{address.shown} answers 304 to nothing")
        await asyncio.to_thread(tell_of, folder / kept.file, replace(kept, checked_at=_now()))
        return Fetched(folder / kept.file, changed=False)
    finally:
        copy.part.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Copy:
    """The copy of what lies at one address."""

    address: Address
    source: str
    folder: Path

    @property
    def name(self) -> str:
        """Name it without a suffix; every address has its own."""
        return f"{self.source}-{hashlib.sha256(str(self.address.url).encode()).hexdigest()[:_SIGNS]}"

    @property
    def part(self) -> Path:
        """Name the file in which it is on its way."""
        return self.folder / f".{self.name}.part"

    def kept(self) -> Provenance | None:
        """Find the copy of before; None where there is none, or it is not what was fetched."""
        told = told_of(self.folder / self.name)
        if told is None or Path(told.file).name != told.file or not (path := self.folder / told.file).is_file():
            return None
        return provenance_of(path, _digest(path))

    def take(self, answer: Answer, most: int) -> Path:
        """Put what came in the place of the copy of before, unpacked.

        Raises: Unavailable where it is damaged or packed in an unknown way, TooLarge.
        """
        whole = self.part
        if answer.coding:
            whole = self.folder / f".{self.name}.unpacked"
            self._unpack(answer.coding, whole, most)
        before, path = told_of(self.folder / self.name), self.folder / (self.name + _suffix(answer))
        told = _provenance(self.address, answer, path.name, _digest(whole))
        whole.replace(path)
        tell_of(path, told)
        if before is not None and before.file != path.name:
            (self.folder / Path(before.file).name).unlink(missing_ok=True)
        return path

    def _unpack(self, coding: str, whole: Path, most: int) -> None:
        if coding not in CODINGS:
            raise Unavailable(
                f"{self.address.shown} 以未知方式压缩内容（{coding}）",
                f"{self.address.shown} packs its content in an unknown way ({coding})",
            )
        try:
            inflate(self.part, whole, coding, most)
        except BaseException:
            whole.unlink(missing_ok=True)
            raise


def _provenance(address: Address, answer: Answer, file: str, digest: str) -> Provenance:
    now = _now()
    return Provenance(
        url=address.shown,
        file=file,
        digest=digest,
        fetched_at=now,
        checked_at=now,
        etag=answer.headers.get("etag", ""),
        last_modified=answer.headers.get("last-modified", ""),
    )


def _conditions(kept: Provenance | None) -> Mapping[str, str]:
    """Ask for the body only if it is another than the kept one."""
    if kept is None:
        return {}
    asked = {"if-none-match": kept.etag, "if-modified-since": kept.last_modified}
    return {name: value for name, value in asked.items() if value}


def _suffix(answer: Answer) -> str:
    """Take from the names that a server gives a file nothing but a plain suffix."""
    told = Message()
    told["Content-Disposition"] = answer.headers.get("content-disposition", "")
    name = told.get_filename() or answer.url.path
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
