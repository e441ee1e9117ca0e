"""The file of an archive: a ZIP of JSON lines, one part a label, with a manifest, every byte of it under a digest.

========================= =============================================================================================
where                     what
========================= =============================================================================================
``LABEL.jsonl``           one node a line: ``{"n": properties, "t": [[type, label, key, properties], ...]}``, ``t`` the
                          relationships that begin at it, each with the label and the key of where it ends; absent
                          where there are none
``manifest.json``         `Manifest`: versions, moment, counters, and of every part its counts, length and SHA-256
comment, last in the file SHA-256 of all bytes before it, 64 hexadecimal signs
========================= =============================================================================================

A digest tells damage, not forgery: whoever may write the file may write its digests.
"""

import hashlib
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Final, TextIO

import orjson
from pydantic import ValidationError

from credit.archives.manifest import FORMAT, READ, Manifest, Part
from credit.errors import Malformed, Unavailable
from credit.keys.drafts import drafted

MANIFEST: Final = "manifest.json"
SEAL_SIGNS: Final = 64
BLOCK: Final = 1 << 20
LEVEL: Final = 4
"""Of compression: two thirds of what the highest saves, at a fourth of its time."""
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Instant that every part bears: the manifest says when the archive was made."""

Told = Callable[[int], object]
"""Hears how much more was done."""


class PartWriter:
    """Takes the lines of one part."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, lines: bytes) -> None:
        """Write whole lines."""
        self._out.write(lines)
        self._digest.update(lines)
        self.size += len(lines)

    def sha256(self) -> str:
        """Return the digest of what was written."""
        return self._digest.hexdigest()


class Draft:
    """An archive that is being written: a file beside the one that it will be, for its owner alone."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)

    @contextmanager
    def part(self, label: str) -> Generator[PartWriter]:
        """Write the part of a label."""
        with self._zip.open(_entry(f"{label}.jsonl"), "w", force_zip64=True) as out:
            yield PartWriter(out)

    def close(self) -> None:
        """End the file, whole or not."""
        self._zip.close()

    def seal(self, manifest: Manifest) -> None:
        """Write the manifest and the digest of all."""
        text = manifest.model_dump_json(indent=1).encode()
        self._zip.writestr(_entry(MANIFEST), text)
        self._zip.comment = b"0" * SEAL_SIGNS
        self._zip.close()
        length = self._file.tell()
        self._file.seek(0)
        seal = _digest_of(self._file, length - SEAL_SIGNS, lambda _: None)
        self._file.write(seal.encode())


@contextmanager
def writing(path: Path) -> Generator[Draft]:
    """Write an archive; the file is there whole at the end of the block, and not at all where that raises.

    Raises: Conflict, Unavailable.
    """
    with drafted(path) as file, closing(Draft(file)) as draft:
        yield draft


@contextmanager
def whole(path: Path) -> Generator[TextIO]:
    """Write a text likewise. Raises: Conflict, Unavailable."""
    with drafted(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
        yield text
        text.flush()
        text.detach()


class Archive:
    """An archive whose every byte was looked at and found to be what was written."""

    def __init__(self, path: Path, file: IO[bytes], told: Told) -> None:
        """Verify the file, opened from ``path``. Raises: Malformed, OSError."""
        self._path = path
        self.seal = _verified_seal(file, told)
        self._zip = zipfile.ZipFile(file)
        self.manifest = _manifest_of(self._zip)
        _check_parts(self._zip, self.manifest, told)

    def lines(self, part: Part) -> Iterator[bytes]:
        """Read the lines of a part.

        Raises:
            Unavailable: the file cannot be read any more, or is no longer what was verified.
        """
        try:
            with self._zip.open(f"{part.label}.jsonl") as packed, io.BufferedReader(packed, BLOCK) as lines:  # pyright: ignore[reportArgumentType]  # it reads like a raw file
                yield from lines
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise _unreadable(self._path, error) from error


@contextmanager
def reading(path: Path, told: Told = lambda _: None) -> Generator[Archive]:
    """Open an archive once all of it is verified; ``told`` hears of bytes that were looked at, each of them twice.

    Raises:
        Malformed: it is damaged, cut short, of another version, or no archive.
        Unavailable: it cannot be read.
    """
    with _readable(path) as file:
        yield _opened(path, file, told)


def _readable(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _opened(path: Path, file: IO[bytes], told: Told) -> Archive:
    try:
        return Archive(path, file, told)
    except OSError as error:
        raise _unreadable(path, error) from error
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, RuntimeError, ValueError) as error:
        raise _damaged(path) from error
    except _DamagedError as error:
        raise _damaged(path) from error
    except _VersionError as error:
        raise Malformed(
            f"{path} 的格式版本为 {error}，本程序只读版本至 {FORMAT}；未写入任何内容。",
            f"{path} has format version {error}, this program reads up to {FORMAT}. Nothing was written",
        ) from error


class _DamagedError(Exception):
    """A digest, a count or a form is not as it was written."""


class _VersionError(Exception):
    """The format is another one."""


def _unreadable(path: Path, error: Exception) -> Unavailable:
    said = error.strerror if isinstance(error, OSError) else error
    return Unavailable(f"无法读取 {path}。", f"{path} cannot be read: {said}")


def _damaged(path: Path) -> Malformed:
    return Malformed(
        f"{path} 不是完整的备份文件：已损坏、被截断或非本程序所写；未写入任何内容，请改用另一份备份。",
        f"{path} is no whole archive: damaged, cut short, or not ours. Nothing was written; take another backup",
    )


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _digest_of(file: IO[bytes], length: int, told: Told) -> str:
    digest = hashlib.sha256()
    while length > 0:
        block = file.read(min(BLOCK, length))
        if not block:
            raise _DamagedError
        digest.update(block)
        length -= len(block)
        told(len(block))
    return digest.hexdigest()


def _verified_seal(file: IO[bytes], told: Told) -> str:
    length = os.fstat(file.fileno()).st_size
    if length <= SEAL_SIGNS:
        raise _DamagedError
    found = _digest_of(file, length - SEAL_SIGNS, told)
    if file.read(SEAL_SIGNS) != found.encode():
        raise _DamagedError
    return found


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    try:
        told = orjson.loads(archive.read(MANIFEST))
        version = told["format"]
        if version not in READ:
            raise _VersionError(version)
        return Manifest.model_validate(told)
    except (orjson.JSONDecodeError, TypeError, KeyError, ValidationError) as error:
        raise _DamagedError from error


def _check_parts(archive: zipfile.ZipFile, manifest: Manifest, told: Told) -> None:
    expected = [f"{part.label}.jsonl" for part in manifest.parts]
    if sorted(archive.namelist()) != sorted([*expected, MANIFEST]):
        raise _DamagedError
    for part, name in zip(manifest.parts, expected, strict=True):
        packed = archive.getinfo(name).compress_size
        with archive.open(name) as lines:
            _check_part(lines, part)
        told(packed)


def _check_part(lines: IO[bytes], part: Part) -> None:
    digest, size, count = hashlib.sha256(), 0, 0
    while block := lines.read(BLOCK):
        digest.update(block)
        size += len(block)
        count += block.count(b"\n")
    if (digest.hexdigest(), size, count) != (part.sha256, part.size, part.count):
        raise _DamagedError
