"""Where a file was fetched from and when, in a small hidden file beside it: ``.NAME.fetched.json``.

It speaks of a file only as long as that has the digest written there: a copy that was exchanged or damaged is nobody's.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from importers.own_files import write_whole

SUFFIX: Final = ".fetched.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """``url`` without what opens it; instants ISO 8601 in UTC, ``checked_at`` when it was last said to be current.

    ``etag`` and ``last_modified`` are what the server said, empty where it said nothing.
    """

    url: str
    file: str
    digest: str
    fetched_at: str
    checked_at: str
    etag: str = ""
    last_modified: str = ""


_FORM: Final = TypeAdapter(Provenance)


def beside(path: Path) -> Path:
    """Name the file that tells where another one, of whatever suffix, is from."""
    return path.with_name(f".{path.stem}{SUFFIX}")


def told_of(path: Path) -> Provenance | None:
    """Read what is told beside a file; None where there is nothing, or nothing that can be read."""
    try:
        return _FORM.validate_json(beside(path).read_bytes())
    except (OSError, ValidationError):
        return None


def provenance_of(path: Path, digest: str) -> Provenance | None:
    """Read where this very content is from; ``digest`` is the file's."""
    told = told_of(path)
    return told if told is not None and (told.file, told.digest) == (path.name, digest) else None


def tell_of(path: Path, told: Provenance) -> None:
    """Write where a file is from."""
    write_whole(beside(path), _FORM.dump_json(told, indent=2))
