"""The model's types as plain JSON-ready data and back, in the contract's field names.

Dates and instants are ISO texts, decimals are texts, ``from_`` is ``from``. Reading is strict: what does not fit the
type raises ``ValueError``, so that a record misread from the store never passes for another. A type's fields are
looked at once: facts of a thousand parties are some ten thousand values.
"""
# ruff: noqa: ANN401  # values are Any until their declared type is known

import re
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from credit.model.when import When

T = TypeVar("T")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
Turn = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """Turn a model value into what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return _writer(type(value))(value)
    return _write_any(value)


def from_plain(cls: type[T], data: Any) -> T:
    """Read plain data as a model type; a key left out takes the field's default.

    Raises: ValueError for data that is not of the type, and for unknown keys.
    """
    return _reader(cls)(data)


def _outer(name: str) -> str:
    return name.removesuffix("_")


def _write_any(value: Any) -> Any:
    """Write a value whose type no field declares."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in cast("Mapping[object, object]", value).items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [to_plain(v) for v in cast("Iterable[object]", value)]
    return value


@cache
def _writer(kind: Any) -> Turn:
    """Return what writes values of a declared type."""
    if isinstance(kind, NewType):
        return _writer(kind.__supertype__)
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        rest = [k for k in get_args(kind) if k is not type(None)]
        return _or_none(_writer(rest[0])) if len(rest) == 1 else to_plain
    if origin in {tuple, frozenset}:
        each = _writer(get_args(kind)[0])
        return lambda values: [each(v) for v in values]
    return _plain_writer(kind)


def _plain_writer(kind: Any) -> Turn:
    if kind is When:
        return str
    if is_dataclass(kind):
        return _dataclass_writer(kind)
    if kind is Decimal:
        return lambda value: format(value, "f")
    if kind in {date, datetime}:
        return lambda value: value.isoformat()
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value: value.value
    return _same if kind in {str, int, bool} else to_plain


def _dataclass_writer(kind: Any) -> Turn:
    hints = get_type_hints(kind)
    shape = [(_outer(f.name), f.name, _writer(hints[f.name])) for f in fields(kind)]
    return lambda value: {outer: write(getattr(value, name)) for outer, name, write in shape}


@cache
def _reader(kind: Any) -> Turn:
    """Return what reads values of a declared type."""
    if isinstance(kind, NewType):
        return _reader(kind.__supertype__)
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _union_reader(get_args(kind))
    if origin in {tuple, frozenset}:
        return _list_reader(origin, _reader(get_args(kind)[0]))
    return _plain_reader(kind)


def _union_reader(kinds: tuple[Any, ...]) -> Turn:
    rest = [k for k in kinds if k is not type(None)]
    if len(rest) == 1:
        return _or_none(_reader(rest[0]))
    readers = [_reader(k) for k in rest]

    def read(data: Any) -> Any:
        for reader in readers:
            try:
                return reader(data)
            except ValueError:
                continue
        raise ValueError(f"fits none of {[k.__name__ for k in rest]}")

    return _or_none(read) if len(rest) < len(kinds) else read


def _list_reader(make: Any, each: Turn) -> Turn:
    def read(data: Any) -> Any:
        if not isinstance(data, list | tuple):
            raise ValueError(f"expected a list, got {type(data).__name__}")  # noqa: TRY004  # callers catch one kind
        return make([each(x) for x in cast("Iterable[object]", data)])

    return read


def _plain_reader(kind: Any) -> Turn:
    if kind is When:
        return lambda data: When.parse(_text(data))
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if kind is Decimal:
        return _read_decimal
    if kind in {date, datetime}:
        return lambda data: kind.fromisoformat(_text(data))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _member_reader(kind)
    return _exactly(kind) if kind in {str, int, bool} else _same


def _dataclass_reader(kind: Any) -> Turn:
    hints = get_type_hints(kind)
    shape = {_outer(f.name): (f.name, _reader(hints[f.name])) for f in fields(kind) if f.init}
    needed = {_outer(f.name) for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    whole = [(outer, turn) for outer, (_, turn) in shape.items()] if _takes_all_in_order(kind) else None

    def read(data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValueError(f"{kind.__name__}: expected an object")  # noqa: TRY004  # callers catch one kind
        given = cast("Mapping[str, object]", data)
        if whole is not None and given.keys() == shape.keys():
            return kind(*[turn(given[outer]) for outer, turn in whole])
        if unknown := given.keys() - shape.keys():
            raise ValueError(f"{kind.__name__} has no {sorted(unknown)}")
        if missing := needed - given.keys():
            raise ValueError(f"{kind.__name__} lacks {sorted(missing)}")
        values = {shape[key][0]: shape[key][1](value) for key, value in given.items()}
        return kind(**values)

    return read


def _takes_all_in_order(kind: Any) -> bool:
    """Whether the type is made from all its fields by place, which is the quickest."""
    return all(f.init and not f.kw_only for f in fields(kind))


def _member_reader(kind: type[Enum]) -> Turn:
    members: dict[Any, Enum] = {member.value: member for member in kind}

    def read(data: Any) -> Any:
        try:
            return members[data]
        except (KeyError, TypeError):
            raise ValueError(f"{data!r} is no {kind.__name__}") from None

    return read


def _exactly(kind: type) -> Turn:
    def read(data: Any) -> Any:
        if type(data) is not kind:
            raise ValueError(f"expected {kind.__name__}, got {type(data).__name__}")
        return data

    return read


def _or_none(turn: Turn) -> Turn:
    return lambda value: None if value is None else turn(value)


def _same(value: Any) -> Any:
    return value


def _read_decimal(data: Any) -> Decimal:
    if not _DECIMAL.fullmatch(_text(data)):
        raise ValueError("not a decimal")
    return Decimal(data)


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise ValueError(f"expected text, got {type(data).__name__}")  # noqa: TRY004  # callers catch one kind
    return data
