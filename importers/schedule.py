"""A schedule: from where each source is imported and how often, and what of it is due.

A TOML file with one ``[[import]]`` table a source: ``source``, ``from`` (file, folder or URL; a path is looked for
from the schedule's own folder), ``every`` (``12h``, ``7d``), and ``enabled`` where it is false.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast

from credit.errors import CreditError, FieldInvalid
from importers.addresses import Address, is_address
from importers.last_runs import Ended, LastRun
from importers.sources import importer_of

NAME: Final = "schedule.toml"
TABLE: Final = "import"
AGAIN: Final = timedelta(hours=1)
"""A source whose run could not be done is due again after so long, or sooner where it is due more often anyway."""
_EVERY: Final = re.compile(r"([1-9][0-9]{0,3})(m|h|d)")
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST: Final = timedelta(days=366)
_TEXTS: Final = ("source", "from", "every")

Place = Address | Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One source of a schedule; ``list`` is the list that it synchronises, None for what is no list."""

    source: str
    place: Place
    every: timedelta
    enabled: bool
    list: str | None

    def due_at(self, last: LastRun | None, synced_at: datetime | None) -> datetime | None:
        """Tell from when on it is due; None: at once. ``synced_at``: the last sync of its list in the registry.

        A list of the catalogue counts from its last sync, whoever made it, so that a registry that lost it asks for it
        again; anything else from its last run.
        """
        failed_at = last.at if last is not None and last.ended is Ended.FAILED else None
        before = synced_at if self.list is not None else last and last.at
        if failed_at is not None:
            return max(failed_at, before or failed_at) + min(self.every, AGAIN)
        return before + self.every if before is not None else None


def place_of(text: str, folder: Path | None = None) -> Place:
    """Read where a source lies: an address, or a path from a folder.

    Raises: FieldInvalid.
    """
    if is_address(text):
        return Address.of(text)
    return folder / text if folder is not None else Path(text)


def shown(place: Place) -> str:
    """Say where a source lies, without what opens it."""
    return place.shown if isinstance(place, Address) else str(place)


def read_schedule(path: Path) -> tuple[Entry, ...]:
    """Read a schedule whole; anything wrong in it refuses all of it.

    Raises: FieldInvalid, naming everything that is wrong.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FieldInvalid(
            f"无法读取导入计划 {path}：{error.strerror}", f"The schedule {path} cannot be read: {error.strerror}"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FieldInvalid(f"导入计划 {path} 不是 TOML：{error}", f"The schedule {path} is no TOML: {error}") from error
    entries, problems = _entries(data, path.parent)
    if problems:
        zh, en = "；".join(error.zh for error in problems), "; ".join(error.en for error in problems)
        raise FieldInvalid(f"导入计划 {path} 有误：{zh}", f"Wrong in the schedule {path}: {en}")
    return entries


def _entries(data: Mapping[str, Any], folder: Path) -> tuple[tuple[Entry, ...], list[CreditError]]:
    """Read every table; of each that is wrong, say what."""
    entries: dict[str, Entry] = {}
    problems: list[CreditError] = [_strange(f"{key}") for key in data if key != TABLE]
    rows = data.get(TABLE, [])
    if not isinstance(rows, list):
        return (), [*problems, FieldInvalid(f"每个来源应为一个 [[{TABLE}]]", f"each source is one [[{TABLE}]]")]
    for number, row in enumerate(cast("list[object]", rows), 1):
        try:
            entry = _entry(row, folder)
            if entry.source in entries:
                raise FieldInvalid(f"来源 {entry.source} 重复", f"the source {entry.source} is there twice")
            entries[entry.source] = entry
        except CreditError as error:
            problems.append(FieldInvalid(f"第 {number} 项：{error.zh}", f"entry {number}: {error.en}"))
    return tuple(entries.values()), problems


def _entry(row: object, folder: Path) -> Entry:
    """Read one table.

    Raises: FieldInvalid, Unknown for the source.
    """
    if not isinstance(row, dict):
        raise FieldInvalid(f"应为 [[{TABLE}]] 表", f"it is no [[{TABLE}]] table")
    table = cast("dict[str, object]", row)
    if strange := table.keys() - {*_TEXTS, "enabled"}:
        raise _strange("、".join(sorted(strange)))
    source, place, every = (_text(table, key) for key in _TEXTS)
    enabled = table.get("enabled", True)
    if not isinstance(enabled, bool):
        raise FieldInvalid("enabled 应为 true 或 false", "enabled is true or false")
    spec = importer_of(source).spec
    return Entry(source, place_of(place, folder), _interval(every), enabled, spec.list)


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise FieldInvalid(f"缺少 {key}，或不是文本", f"{key} is missing, or no text")
    return value.strip()


def _interval(text: str) -> timedelta:
    told = _EVERY.fullmatch(text)
    if told is None or (every := int(told[1]) * _UNITS[told[2]]) > _LONGEST:
        raise FieldInvalid(
            f"every = “{text}” 有误，应如 12h、7d，至多 {_LONGEST.days} 天",
            f"every = {text!r} is no interval such as 12h or 7d, of {_LONGEST.days} days at most",
        )
    return every


def _strange(names: str) -> FieldInvalid:
    return FieldInvalid(f"未知的键 {names}", f"unknown key {names}")
