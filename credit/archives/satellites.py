"""What follows from the nodes of a label, as files of a first load beside theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credit.archives.table import Table
from credit.graph.archive_derived import derived
from credit.graph.queries.archive import KINDS, PARTY, TRACED
from credit.names.keys import PROPERTIES

_KINDS: Final = {kind.label: kind for kind in KINDS}


@dataclass(slots=True)
class Satellites:
    """Names and traces of the nodes of one label; each a table of nodes, and one of what ties them to that label."""

    label: str
    names: tuple[Table, Table] | None = None
    traces: tuple[Table, Table] | None = None
    _count: int = 0

    def add(self, key: object, properties: Mapping[str, Any]) -> None:
        """Write what follows from a node."""
        if self.traces is None:
            return
        found = derived(_KINDS[self.label], properties)
        if self.names is not None:
            for keys in found.called:
                told = {name: value for name, value in zip(PROPERTIES, keys, strict=True) if value is not None}
                self._write(self.names, key, told)
        for trace, sketch in found.traces:
            self._write(self.traces, key, {"key": trace} if sketch is None else {"key": trace, "sketch": sketch})

    def _write(self, tables: tuple[Table, Table], key: object, told: Mapping[str, Any]) -> None:
        self._count += 1
        node, tie = tables
        node.add([self._count], told)
        tie.add([self._count, key], {})


def kinds_of(label: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Say what follows from nodes of a label: label, tie and properties of each kind.

    >>> [(name, tie) for name, tie, _ in kinds_of("Party")], kinds_of("Sync")
    ([('Trace', 'REACHES'), ('Name', 'CALLS')], [])
    """
    if label not in TRACED:
        return []
    traces = ("Trace", TRACED[label], ("key", "sketch"))
    return [traces, ("Name", "CALLS", PROPERTIES)] if label == PARTY.label else [traces]
