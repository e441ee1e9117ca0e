"""OCDS files as one row a contracting process: releases are kept on disk by ocid, and merged in the order of dates.

The standard's merging: objects key by key, lists of objects by their ids, other lists replaced, null removes. A release
told twice counts once. Releases whose order cannot be told (two of one instant that differ; one of several without a
date) would make of a process what the order of the file, or of their ids, makes of it: it is for a person to look at.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from functools import cache
from hashlib import blake2b
from itertools import chain
from typing import Any, Final

from credit.errors import FieldInvalid, LayoutDrift
from importers.instants import instant_of
from importers.schemes import Schemes
from importers.shapes import is_list, is_object, object_in, objects_in
from importers.shelf import Shelf
from importers.snapshot import Snapshot
from importers.sound_objects import sound_objects
from importers.source import Rejected, Row, SourceSpec

_PACKAGES: Final = ("releases", "records")
_LONGEST: Final = 1 << 23
_KEPT: Final = ("ocid", "id", "date", "buyer", "parties", "tender", "awards", "bids", "complaints")
_PERSONAL: Final = frozenset({"contactPoint", "contactPoints", "persons", "persones", "beneficialOwners"})


def ocds_rows(snapshot: Snapshot, spec: SourceSpec) -> Iterator[Row | Rejected]:
    """Yield the processes, numbered in the order of their ocids; the first object is looked at before this returns.

    Raises: LayoutDrift, also later where the file breaks off. Then no process is given: what is missing may change any
    of them, and what stands in the registry of a project or a bid is not changed by a later file.
    """
    objects = sound_objects(snapshot, () if _is_lines(snapshot) else _PACKAGES)
    first = next(objects, None)
    if first is not None and "ocid" not in first and "releases" not in first:
        raise LayoutDrift(
            f"{snapshot.path.name} 不是“{spec.title}”：第一个对象没有 ocid",
            f"{snapshot.path.name} is no {spec.title_en}: its first object has no ocid",
        )
    return _processes(chain([first] if first is not None else [], objects))


def merged(older: Any, newer: Any) -> Any:
    """Merge one value of a release over an older one.

    >>> merged({"a": 1, "l": [{"id": "1", "x": 1}]}, {"a": None, "l": [{"id": "1", "y": 2}]})
    {'l': [{'id': '1', 'x': 1, 'y': 2}]}
    """
    if is_object(older) and is_object(newer):
        both: dict[str, Any] = {
            k: merged(older.get(k), newer[k]) if k in newer else v for k, v in {**older, **newer}.items()
        }
        return {k: v for k, v in both.items() if v is not None}
    if (before := _with_ids(older)) and (after := _with_ids(newer)):
        items: dict[str, Any] = {str(item["id"]): item for item in before}
        for item in after:
            key = str(item["id"])
            items[key] = merged(items.get(key), item)
        return list(items.values())
    return _bare(newer)


def shown(value: Any) -> Any:
    """Leave out of a value what tells of people: contact points, owners, and numbers under a scheme of persons."""
    if is_list(value):
        return [shown(v) for v in value]
    if not is_object(value):
        return value
    hidden = {"id"} if _schemes().is_persons(str(value.get("scheme") or ""), str(value.get("id") or "")) else set[str]()
    return {k: "****" if k in hidden else shown(v) for k, v in value.items() if k not in _PERSONAL}


def _bare(value: Any) -> Any:
    """Drop keys that are null."""
    if is_object(value):
        return {k: _bare(v) for k, v in value.items() if v is not None}
    return [_bare(v) for v in value] if is_list(value) else value


def _with_ids(value: object) -> list[dict[str, Any]]:
    """Return a list of objects that all have an id; empty of anything else."""
    items = [v for v in value if is_object(v) and v.get("id") is not None] if is_list(value) else []
    return items if is_list(value) and len(items) == len(value) else []


def _processes(objects: Iterator[Mapping[str, Any]]) -> Iterator[Row | Rejected]:
    with Shelf() as shelf:
        for number, told in enumerate(objects, 1):
            if (refused := _kept(shelf, number, told)) is not None:
                yield refused
        for place, ocid in enumerate(shelf.all_keys(), 1):
            yield _row(place, ocid, shelf.all(ocid))


def _kept(shelf: Shelf, number: int, told: Mapping[str, Any]) -> Rejected | None:
    """Put the releases of an object on the shelf, those told twice once."""
    ocid = told.get("ocid")
    if not isinstance(ocid, str) or not ocid:
        return Rejected(number, _raw(told), "没有 ocid，不能确定是哪个采购过程", "no ocid: the process is not known")
    for release in _releases(told):
        text = json.dumps(release, sort_keys=True, default=str)
        said = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        shelf.put(ocid, release, f"{_instant(release)}\0{release.get('id') or ''}\0{said}")
    if not shelf.has_any(ocid):
        zh = "记录只给出各次发布的链接，没有内容"
        return Rejected(number, _raw(told), zh, "the record holds links to its releases only")
    return None


def _releases(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The releases an object stands for: itself, a record's compiled one, else those that it embeds."""
    if compiled := object_in(told, "compiledRelease"):
        return [compiled]
    return [r for r in objects_in(told, "releases") if "ocid" in r] if "releases" in told else [told]


def _row(number: int, ocid: str, releases: Sequence[dict[str, Any]]) -> Row | Rejected:
    if len(releases) > 1 and not _are_ordered(releases):
        zh = "各次发布的先后不能确定（没有日期，或日期相同而内容不同），请人工核对"
        raw = _raw({"ocid": ocid, **releases[-1]})
        return Rejected(number, raw, zh, "the order of the releases cannot be told: a person must look")
    whole: Any = {}
    for release in releases:
        whole = merged(whole, release)
    raw = _raw({"ocid": ocid, **whole})
    return Row(number, {"ocid": ocid, "process": json.dumps(whole, ensure_ascii=False, default=str)}, raw)


def _are_ordered(releases: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every release has an instant of its own among those of its process: ids are names, and order nothing."""
    instants = [_instant(release) for release in releases]
    return all(instants) and len(set(instants)) == len(instants)


def _instant(release: Mapping[str, Any]) -> str:
    """Return a release's instant in a form that sorts; empty where it has none that is sound."""
    try:
        found = instant_of(release.get("date"), "date")
    except FieldInvalid:
        return ""
    return found.astimezone(UTC).isoformat(timespec="microseconds") if found is not None else ""


def _raw(told: Mapping[str, Any]) -> dict[str, str]:
    """What a person needs who looks at a process that was set aside; of people and their numbers, nothing."""
    kept = {k: shown(told[k]) for k in _KEPT if k in told}
    return {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False, default=str) for k, v in kept.items()}


@cache
def _schemes() -> Schemes:
    return Schemes.load()


def _is_lines(snapshot: Snapshot) -> bool:
    """Whether each line is a release or record of its own."""
    with snapshot.path.open(encoding=snapshot.encoding) as file:
        line = file.readline(_LONGEST).lstrip("\ufeff").strip()
    if not line.startswith("{") or not line.endswith("}"):
        return False
    try:
        first = json.loads(line)
    except json.JSONDecodeError:
        return False
    return is_object(first) and "ocid" in first
