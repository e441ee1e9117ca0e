"""The objects of a JSON file with text that can be written: half of a pair of surrogates (U+D800) becomes a ``?``."""

import json
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from importers.records import objects_of
from importers.snapshot import Snapshot


def sound_objects(snapshot: Snapshot, wrappers: Collection[str] = ()) -> Iterator[Mapping[str, Any]]:
    """Yield the file's objects as ``importers.records.objects_of`` does.

    Raises: LayoutDrift where the file breaks off.
    """
    return map(sound, objects_of(snapshot, wrappers))


def sound(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an object as it is, or without the halves of pairs that no encoding has.

    >>> sound({"a": "Alder"}), sound({"a": "Alder" + chr(0xD800)})
    ({'a': 'Alder'}, {'a': 'Alder?'})
    """
    text = json.dumps(told, ensure_ascii=False, default=str)
    try:
        text.encode()
    except UnicodeEncodeError:
        found: dict[str, Any] = json.loads(text.encode("utf-8", "replace"), parse_float=Decimal)
        return found
    return told
