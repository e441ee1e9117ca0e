"""One CSV file of a first load: its lines, and what its header will say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Final, cast

BETWEEN: Final = "\x1f"
"""Stands between the texts of a list: in no text of ours."""
TYPES: Final[Mapping[type, str]] = {bool: "boolean", int: "long", str: "string", list: "string[]"}


@dataclass(slots=True)
class Table:
    """One file of lines, and what its header will say."""

    name: str
    heads: Sequence[str]
    """The columns that say which node, or which two."""
    columns: Sequence[str]
    out: IO[str]
    types: dict[str, str] = field(default_factory=dict[str, str])
    empty: set[str] = field(default_factory=set[str])
    """Columns in which an empty list stands."""

    def add(self, keys: Sequence[object], told: Mapping[str, Any]) -> None:
        """Write a line. Raises: ValueError where a column holds values of two types, or of one that has no place."""
        for name, value in told.items():
            found = TYPES.get(value.__class__, "")
            if not found or self.types.setdefault(name, found) != found:
                raise ValueError(f"{self.name}.{name}: {type(value)}")
            if value == []:
                self.empty.add(name)
        values = (*keys, *(told.get(name) for name in self.columns))
        self.out.write(",".join(map(cell, values)) + "\n")

    def header(self) -> str:
        """Return the line that the tool reads first."""
        return ",".join([*self.heads, *(f"{name}:{self.types.get(name, 'string')}" for name in self.columns)]) + "\n"


def cell(value: object) -> str:
    """Write a value: nothing for None and for an empty list, which make no property; texts quoted.

    >>> cell(None), cell(True), cell(7), cell("a"), cell(["x", "y"]) == cell(f"x{BETWEEN}y")
    ('', 'true', '7', '"a"', True)
    """
    if isinstance(value, list):
        texts = cast("list[object]", value)
        return cell(BETWEEN.join(map(str, texts))) if texts else ""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return "" if value is None else str(value).lower()
