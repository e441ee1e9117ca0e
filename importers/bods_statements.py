"""BODS files as rows: each statement with what the file says, last of all, of the parties that it names."""

import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final

from credit.errors import LayoutDrift
from importers.foreign import word
from importers.shapes import is_list, is_object, object_in
from importers.shelf import Shelf
from importers.snapshot import Snapshot
from importers.sound_objects import sound_objects
from importers.source import Rejected, Row, SourceSpec

_SHOWN: Final = (
    "statementId",
    "statementID",
    "recordType",
    "statementType",
    "recordId",
    "recordStatus",
    "statementDate",
)
_SHOWN_WITHIN: Final = ("name", "subject", "interestedParty", "interests", "entityType", "personType")
_KEPT: Final = ("entity", "person")
_ORDER: Final = {"new": 0, "updated": 1, "closed": 2}


def bods_rows(snapshot: Snapshot, spec: SourceSpec) -> Iterator[Row | Rejected]:
    """Yield the statements in the order of the file; the first one is looked at before this returns.

    Raises: LayoutDrift, also later where the file breaks off. Then no statement is given: what is missing may have
    closed or replaced any of them.
    """
    first = next(sound_objects(snapshot), None)
    if first is not None and all(layout.faults(list(first)).missing for layout in spec.layouts):
        raise LayoutDrift(
            f"{snapshot.path.name} 不是“{spec.title}”：第一个对象不是 0.2 至 0.4 版的声明",
            f"{snapshot.path.name} is no {spec.title_en}: its first object is no statement of version 0.2 to 0.4",
        )
    return _rows(snapshot)


def statement_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """Bring a statement of any version to one form: id, type, record, status, date, publisher, details.

    ``replaces`` are the statements whose place it takes (0.2, 0.3).
    """
    newer = "recordType" in told or "recordDetails" in told
    kind = word(str(told.get("recordType") if newer else told.get("statementType") or ""))
    publisher = object_in(object_in(told, "publicationDetails"), "publisher")
    own = told.get("statementId") if newer else told.get("statementID")
    details = told.get("recordDetails") if newer else told
    replaced = told.get("replacesStatements")
    return {
        "id": own if isinstance(own, str) else "",
        "type": kind.removesuffix("statement") if kind != "ownershiporcontrolstatement" else "relationship",
        "record": str(told.get("recordId") or "") if newer else str(own or ""),
        "status": str(told.get("recordStatus") or "new"),
        "date": str(told.get("statementDate") or ""),
        "publisher": str(publisher.get("name") or ""),
        "details": details if is_object(details) else {},
        "replaces": [r for r in replaced if isinstance(r, str)] if is_list(replaced) else [],
    }


def reference(value: Any) -> str:
    """Return the record (0.4) or statement (0.2, 0.3) that names a party; empty where it is unspecified."""
    if is_object(value):
        value = value.get("describedByEntityStatement") or value.get("describedByPersonStatement")
    return value if isinstance(value, str) else ""


def _rows(snapshot: Snapshot) -> Iterator[Row | Rejected]:
    with Shelf() as shelf:
        for told in sound_objects(snapshot):
            _keep(shelf, statement_of(told))
        for number, told in enumerate(sound_objects(snapshot), 1):
            yield _row(shelf, number, told)


def _keep(shelf: Shelf, statement: dict[str, Any]) -> None:
    shelf.put(f"said\0{statement['id']}", {}, _digest(statement))
    place = f"{statement['date']}\0{_ORDER.get(statement['status'], 0)}\0{statement['id']}"
    if statement["type"] in _KEPT:
        shelf.put(f"party\0{statement['record']}", statement, place)
        shelf.put(f"publisher\0{statement['record']}", {}, statement["publisher"])
    else:
        shelf.put(f"relationship\0{statement['record']}", {"id": statement["id"]}, place)
    for replaced in statement["replaces"]:
        shelf.put(f"replaced\0{replaced}", {"by": statement["id"]})
        shelf.put(f"root\0{statement['id']}", {"of": replaced})


def _digest(statement: Mapping[str, Any]) -> str:
    text = json.dumps(statement, sort_keys=True, default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _row(shelf: Shelf, number: int, told: Mapping[str, Any]) -> Row | Rejected:
    statement = statement_of(told)
    if statement["id"] and len(shelf.all(f"said\0{statement['id']}")) > 1:
        zh = "同一编号有不同内容的声明，请人工核对"
        return Rejected(number, _shown(told), zh, "one id for statements that differ: a person must look")
    values: dict[str, Any] = {"statement": statement}
    if statement["type"] in _KEPT:
        values["party"] = _party(shelf, statement["record"])
    else:
        details = statement["details"]
        values["subject"] = _party(shelf, reference(details.get("subject")))
        values["interested"] = _party(shelf, reference(details.get("interestedParty")))
        last = shelf.last(f"relationship\0{statement['record']}") or {}
        gone = last.get("id") != statement["id"] or shelf.has_any(f"replaced\0{statement['id']}")
        values["superseded"] = {"id": last.get("id")} if gone else None
    texts = {k: json.dumps(v, ensure_ascii=False, default=str) for k, v in values.items() if v}
    return Row(number, texts, _shown(told))


def _party(shelf: Shelf, record: str) -> dict[str, Any] | None:
    """Return the last statement of a party, by the first statement of its chain (0.2, 0.3).

    None where none describes it, or two publishers call different parties by one number.
    """
    if len(shelf.all(f"publisher\0{record}")) > 1:
        return None
    last, by = shelf.last(f"party\0{record}"), shelf.last(f"replaced\0{record}")
    seen = {record}
    while by is not None and by["by"] not in seen:
        seen.add(by["by"])
        last = shelf.last(f"party\0{by['by']}") or last
        by = shelf.last(f"replaced\0{by['by']}")
    root, seen = record, set[str]()
    while (before := shelf.last(f"root\0{root}")) is not None and root not in seen:
        seen.add(root)
        root = before["of"]
    return None if last is None else {**last, "record": root}


def _shown(told: Mapping[str, Any]) -> dict[str, str]:
    """What a person needs who looks at a rejected statement; nothing of a person but that there is one."""
    details = object_in(told, "recordDetails") or told
    kept = {k: told[k] for k in _SHOWN if k in told} | {k: details[k] for k in _SHOWN_WITHIN if k in details}
    return {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False, default=str) for k, v in kept.items()}
