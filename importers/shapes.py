"""Values of JSON as what they are, for the type checker and for readers: objects, lists, objects in lists."""

from collections.abc import Mapping
from typing import Any, TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a value is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a value is a list."""
    return isinstance(value, list)


def object_in(thing: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the object under a key; an empty one where there is none.

    >>> object_in({"a": {"b": 1}, "c": "text"}, "a"), object_in({"c": "text"}, "c")
    ({'b': 1}, {})
    """
    value = thing.get(key)
    return value if is_object(value) else {}


def objects_in(thing: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects of the list under a key.

    >>> objects_in({"a": [{"b": 1}, "text"]}, "a")
    [{'b': 1}]
    """
    value = thing.get(key)
    return [v for v in value if is_object(v)] if is_list(value) else []
