"""A shelf on disk for what one pass over a file must keep for the next: memory stays flat however long the file is."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import Any, Self


class Shelf:
    """JSON objects by key, in the order in which they were put; a later one under the same key and place replaces."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="credit-import-")
        # Filled by one thread and read by others, one after the other: an import parses a batch at a time.
        self._base = sqlite3.connect(f"{self._folder.name}/shelf", isolation_level=None, check_same_thread=False)
        self._base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE kept (key TEXT, place TEXT, value TEXT, PRIMARY KEY (key, place)) WITHOUT ROWID; BEGIN"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def put(self, key: str, value: Mapping[str, Any], place: str = "") -> None:
        """Keep an object; of one key the places are given back in their order."""
        self._base.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (key, place, _text(value)))

    def has(self, key: str, place: str = "") -> bool:
        """Whether something is kept there."""
        found = self._base.execute("SELECT 1 FROM kept WHERE key = ? AND place = ?", (key, place)).fetchone()
        return found is not None

    def has_any(self, key: str) -> bool:
        """Whether anything is kept under a key."""
        return self._base.execute("SELECT 1 FROM kept WHERE key = ? LIMIT 1", (key,)).fetchone() is not None

    def all(self, key: str) -> list[dict[str, Any]]:
        """The objects of a key in the order of their places."""
        rows = self._base.execute("SELECT value FROM kept WHERE key = ? ORDER BY place", (key,))
        return [json.loads(value, parse_float=Decimal) for (value,) in rows]

    def last(self, key: str) -> dict[str, Any] | None:
        """The object of a key at its last place."""
        query = "SELECT value FROM kept WHERE key = ? ORDER BY place DESC LIMIT 1"
        found = self._base.execute(query, (key,)).fetchone()
        return json.loads(found[0], parse_float=Decimal) if found else None

    def all_keys(self) -> Iterator[str]:
        """Every key once, in order."""
        at = ""
        while found := self._base.execute("SELECT min(key) FROM kept WHERE key > ?", (at,)).fetchone()[0]:
            at = str(found)
            yield at

    def close(self) -> None:
        """Give the disk back."""
        self._base.close()
        self._folder.cleanup()


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
