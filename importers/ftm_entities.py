"""FollowTheMoney files as rows: each entity with what the file says of the entities that it names.

In a nested file (``targets.nested.json``) sanctions and links lie within the entity that they are about: each of them
is a row of its own after it, under its number.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from credit.errors import LayoutDrift
from importers.shapes import is_list, is_object, object_in
from importers.shelf import Shelf
from importers.snapshot import Snapshot
from importers.sound_objects import sound_objects
from importers.source import Rejected, Row, SourceSpec

_ENDS: Final = ("entity", "owner", "asset", "director", "organization", "successor", "predecessor", "subject", "object")
_OF_PARTIES: Final = frozenset({"Company", "Organization", "PublicBody", "LegalEntity", "Person"})
_LINKS: Final = frozenset({"Sanction", "Ownership", "Directorship", "Succession", "UnknownLink"})
_SHOWN: Final = (
    *(
        "name",
        "authority",
        "country",
        "publisher",
        "program",
        "programId",
        "reason",
        "status",
        "provisions",
        "summary",
        "recordId",
    ),
    *("listingDate", "startDate", "endDate", "role", "percentage", "ownershipType", "sourceUrl"),
    *_ENDS,
)
_SEVERAL: Final = "several"


def ftm_rows(snapshot: Snapshot, spec: SourceSpec) -> Iterator[Row | Rejected]:
    """Yield the entities in the order of the file; the first one is looked at before this returns.

    Raises: LayoutDrift, also later where the file breaks off.
    """
    first = next(sound_objects(snapshot), None)
    if first is not None and spec.layouts[0].faults(list(first)).missing:
        raise LayoutDrift(
            f"{snapshot.path.name} 不是“{spec.title}”：第一个对象没有 id、schema 和 properties",
            f"{snapshot.path.name} is no {spec.title_en}: its first object lacks id, schema or properties",
        )
    return _rows(snapshot)


def _rows(snapshot: Snapshot) -> Iterator[Row | Rejected]:
    with Shelf() as shelf:
        try:
            for told in sound_objects(snapshot):
                for entity in (told, *_within(told)):
                    if str(entity.get("schema")) in _OF_PARTIES:
                        shelf.put(str(entity.get("id")), _bare(entity))
        except LayoutDrift:
            pass  # The second pass gives what came before, then says so.
        for number, told in enumerate(sound_objects(snapshot), 1):
            yield _row(shelf, number, told)
            for link in _within(told):
                if str(link.get("schema")) in _LINKS:
                    yield _row(shelf, number, link)


def _within(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the entities that lie within another, however deep."""
    for values in object_in(told, "properties").values():
        for value in values if is_list(values) else ():
            if is_object(value) and "schema" in value:
                yield value
                yield from _within(value)


def _bare(entity: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entity without those that lie within it."""
    held = {k: [v for v in vs if not is_object(v)] for k, vs in object_in(entity, "properties").items() if is_list(vs)}
    return {**entity, "properties": held}


def _row(shelf: Shelf, number: int, told: Mapping[str, Any]) -> Row:
    properties = object_in(told, "properties")
    values: dict[str, Any] = {"entity": told}
    for end in _ENDS:
        listed = properties.get(end)
        named = {_id_of(v): v for v in listed} if is_list(listed) else {}
        if len(named) > 1:
            values[f"end_{end}"] = _SEVERAL
        for key, value in named.items() if len(named) == 1 else ():
            found = _bare(value) if is_object(value) else shelf.last(key)
            values |= {f"end_{end}": found} if found else {}
    texts = {k: v if v == _SEVERAL else json.dumps(v, ensure_ascii=False, default=str) for k, v in values.items()}
    return Row(number, texts, _raw(told))


def _id_of(value: object) -> str:
    return str(value.get("id")) if is_object(value) else str(value)


def _raw(told: Mapping[str, Any]) -> dict[str, str]:
    """What a person needs who looks at a rejected entity; of numbers and documents of persons, nothing."""
    raw = {key: str(told.get(key) or "") for key in ("id", "schema")}
    properties = object_in(told, "properties")
    if str(told.get("schema")) in _OF_PARTIES | _LINKS:
        shown = ((k, _named(properties[k])) for k in _SHOWN if k in properties)
        raw |= {k: json.dumps(v, ensure_ascii=False, default=str) for k, v in shown}
    return raw


def _named(values: object) -> object:
    """Name entities by their id where they lie within another."""
    return [_id_of(v) if is_object(v) else v for v in values] if is_list(values) else values
