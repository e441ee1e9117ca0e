"""What a server sent compressed, unpacked to a bound and looked at to its end.

Specification: RFC 9110 §8.4.1 (content codings), RFC 1952 (gzip, in one member or several), RFC 1950 and 1951 (deflate,
which servers also send without its head).
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from credit.errors import TooLarge, Unavailable
from importers.own_files import on_disk, open_new

GZIP: Final = frozenset({"gzip", "x-gzip"})
CODINGS: Final = GZIP | {"deflate"}
_CHUNK: Final = 1 << 18
_GZIP: Final = 31
_ZLIB: Final = 15
_DEFLATED: Final = 8
_CHECK: Final = 31


def inflate(packed: Path, into: Path, coding: str, most: int) -> None:
    """Unpack a file into another.

    Raises: TooLarge above ``most`` bytes, Unavailable where it is damaged or breaks off.
    """
    size = 0
    with open_new(into) as target:
        for piece in _pieces(packed, coding):
            size += len(piece)
            if size > most:
                raise too_large(most)
            target.write(piece)
        on_disk(target)


def too_large(most: int) -> TooLarge:
    """Say that a source holds more than is fetched."""
    return TooLarge(
        f"来源超过 {most} 字节（CREDIT_FETCH_MAX_MIB），不予获取",
        f"The source holds more than {most} bytes (CREDIT_FETCH_MAX_MIB) and is not fetched",
    )


def _pieces(packed: Path, coding: str) -> Iterator[bytes]:
    """Unpack piece by piece, so that little room holds it whatever a piece unpacks to."""
    with packed.open("rb") as source:
        bits = _bits(coding, source.read(2))
        source.seek(0)
        engine = zlib.decompressobj(bits)
        while chunk := source.read(_CHUNK):
            while chunk:
                try:
                    yield engine.decompress(chunk, _CHUNK)
                except zlib.error as error:
                    raise _broken() from error
                chunk = engine.unconsumed_tail
                if engine.eof and (chunk := engine.unused_data.lstrip(b"\0")):
                    engine = zlib.decompressobj(bits)
        yield engine.flush()
        if not engine.eof:
            raise _broken()


def _bits(coding: str, head: bytes) -> int:
    """Tell zlib which form it is, by its head where servers differ."""
    if coding in GZIP:
        return _GZIP
    return _ZLIB if head and head[0] & 0xF == _DEFLATED and int.from_bytes(head) % _CHECK == 0 else -_ZLIB


def _broken() -> Unavailable:
    return Unavailable("来源的压缩内容不完整或有损坏", "What the source sent compressed is damaged, or breaks off")
