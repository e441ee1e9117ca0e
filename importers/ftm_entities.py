"""FollowTheMoney files as rows: each entity with what the file says of the entities that it names."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from credit.errors import LayoutDrift
from importers.records import objects_of
from importers.shapes import is_list, is_object, object_in
from importers.shelf import Shelf
from importers.snapshot import Snapshot
from importers.source import Rejected, Row, SourceSpec

_ENDS: Final = ("entity", "owner", "asset", "director", "organization", "successor", "predecessor", "subject", "object")
_OF_PARTIES: Final = frozenset({"Company", "Organization", "PublicBody", "LegalEntity", "Person"})
_SHOWN: Final = ("name", "authority", "program", "reason", "startDate", "endDate", "role", "percentage", *_ENDS)


def ftm_rows(snapshot: Snapshot, spec: SourceSpec) -> Iterator[Row | Rejected]:
    """Yield the entities in the order of the file; the first one is looked at before this returns.

    Raises: LayoutDrift, also later where the file breaks off.
    """
    first = next(objects_of(snapshot), None)
    if first is not None and spec.layouts[0].faults(list(first)).missing:
        raise LayoutDrift(
            f"{snapshot.path.name} 不是“{spec.title}”：第一个对象没有 id、schema 和 properties",
            f"{snapshot.path.name} is no {spec.title_en}: its first object lacks id, schema or properties",
        )
    return _rows(snapshot)


def _rows(snapshot: Snapshot) -> Iterator[Row | Rejected]:
    with Shelf() as shelf:
        try:
            for told in objects_of(snapshot):
                if told.get("schema") in _OF_PARTIES:
                    shelf.put(str(told.get("id")), told)
        except LayoutDrift:
            pass  # The second pass gives what came before, then says so.
        for number, told in enumerate(objects_of(snapshot), 1):
            yield _row(shelf, number, told)


def _row(shelf: Shelf, number: int, told: Mapping[str, Any]) -> Row:
    properties = object_in(told, "properties")
    values: dict[str, Any] = {"entity": told}
    for end in _ENDS:
        listed = properties.get(end)
        named: object = listed[0] if is_list(listed) and listed else None
        found = named if is_object(named) else shelf.last(named) if isinstance(named, str) else None
        values |= {f"end_{end}": found} if found else {}
    return Row(number, {k: json.dumps(v, ensure_ascii=False, default=str) for k, v in values.items()}, _raw(told))


def _raw(told: Mapping[str, Any]) -> dict[str, str]:
    """What a person needs who looks at a rejected entity; of numbers and documents of persons, nothing."""
    raw = {key: str(told.get(key) or "") for key in ("id", "schema")}
    properties = object_in(told, "properties")
    if properties and (told.get("schema") in _OF_PARTIES or "entity" in properties):
        raw |= {k: json.dumps(properties[k], ensure_ascii=False, default=str) for k in _SHOWN if k in properties}
    return raw
