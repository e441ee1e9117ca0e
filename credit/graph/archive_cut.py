"""What a node or a relationship was at one moment, told from what it is later: facts are appended, never overwritten.

Everything that came after the moment bears a later place in the order of writes (``tick``), be it a node, a
relationship or one text of a list, and is left out. What is overwritten all the same is put back by the rules below, or
read while no fact is written (`credit.graph.queries.archive.SMALL`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from credit.graph import mapping
from credit.graph.bolt import Row
from credit.graph.queries.archive import JOB, MERGE, PARTY, RECORD, REPLY, Kind
from credit.model.record import EventKind

REPLIES_BEFORE: Final = 60_000_000
"""Microseconds: a reply given so shortly before the moment, by some machine's clock, may be to a later write. The same
request, sent again, finds what it had written."""
_MISTAKEN: Final = "|mistaken|"
_UNDONE: Final = "|undone|"
_ENDED_JOBS: Final = frozenset({"done", "failed"})


@dataclass(frozen=True, slots=True)
class Tie:
    """A relationship, from the node that it is told with."""

    type: str
    end: str
    key: str
    properties: Mapping[str, Any]


@dataclass(slots=True)
class Node:
    """A node as of a moment; ``late``: it was written to later, so that what is counted at it wants counting anew."""

    properties: dict[str, Any]
    ties: list[Tie] = field(default_factory=list[Tie])
    late: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """The moment: its place in the order of writes, and the last number of whatever is numbered."""

    tick: int
    numbers: Mapping[str, int]

    def node(self, kind: Kind, row: Row) -> Node | None:
        """Read a node with its relationships as of the moment; None: it was not there.

        ``row`` is one of those of `credit.graph.queries.archive.nodes_after`.
        """
        told, ties = row
        found: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
        if not self._was_there(kind, found):
            return None
        properties: dict[str, Any] = {name: self._kept(value) for name, value in found.items()}
        late = found.get("revision", 0) > self.tick or properties != found
        if "revision" in properties:
            properties["revision"] = min(properties["revision"], self.tick)
        if late:  # what was written later may have been told by other words
            properties.pop("told", None)
        node = Node(properties, [tie for tie in map(self._tie, ties) if tie is not None], late)
        if kind is PARTY:
            return self._party(node)
        if kind is RECORD and late:
            _put_record_back(properties)
        if kind is MERGE and not properties["undone"]:
            properties["natural"] = properties["natural"].partition(_UNDONE)[0]
        return node

    def _was_there(self, kind: Kind, found: Mapping[str, Any]) -> bool:
        if kind.label in self.numbers:
            return found[kind.key] <= self.numbers[kind.label]
        if kind is REPLY:
            return found["status"] > 0 and found["at"] <= self.tick - REPLIES_BEFORE
        if kind is JOB:
            return found["state"] in _ENDED_JOBS and found["beat"] <= self.tick
        return found.get("tick", 0) <= self.tick

    def _tie(self, row: Row) -> Tie | None:
        kind, end, key, told, ticked, state = row
        found = {name: value for name, value in told.items() if value is not None}
        came = max(found.get("tick", 0), ticked, 0 if state is None else _tick_of(state))
        if came > self.tick:
            return None
        return Tie(kind, end, key, {name: self._kept(value) for name, value in found.items()})

    def _kept(self, value: object) -> object:
        """Leave out of a list the texts of later writes."""
        if not isinstance(value, list):
            return value
        texts = cast("list[object]", value)
        if not any(isinstance(text, str) and text.startswith("{") for text in texts):
            return texts
        return [kept for text in texts if (kept := self._text(str(text))) is not None]

    def _text(self, text: str) -> str | None:
        """Return a text, None for a later one; the undoing of a merge says its place by that name."""
        told = mapping.load(text, "archive", "")
        undone: Any = told.get("undone")
        return None if max(told.get("tick", 0), undone if isinstance(undone, int) else 0) > self.tick else text

    def _party(self, node: Node) -> Node | None:
        """Put a party back under its id of then; the mark that its names stand comes with these."""
        found = node.properties
        if not found["states"]:
            return None
        found.pop("called", None)
        if node.late:
            found["id"] = mapping.load(found["states"][-1], "party", found["id"])["party"]["id"]
        if not found.get("merges", True):
            del found["merges"], found["alike"]
        if "complaints" in found:
            found["complaints"] = sum(tie.type == "FILED" for tie in node.ties)
        if found.get("enrolled", 0) > self.numbers["Complainant"]:
            del found["enrolled"]
        return node


def _tick_of(state: str) -> int:
    return int(mapping.load(state, "party", "")["tick"])


def _put_record_back(found: dict[str, Any]) -> None:
    """Let a record have the natural key and the weight that its events of then give it."""
    record = mapping.record_of(["", found["id"], found["tick"], found["body"], found["events"]])
    if record is None:
        return
    if not any(event.kind is EventKind.ENTERED_IN_ERROR for event in record.events):
        found["natural"] = found["natural"].partition(_MISTAKEN)[0]
    found["weighs"] = mapping.weighs(record.content) or any(map(mapping.amends_to_ban, record.events))


def bans(rows: Sequence[Row], known: int) -> set[str]:
    """Tell which parties a record barred by a place; rows of [key, id, tick, body, events]."""
    found: set[str] = set()
    for key, *row in rows:
        record = mapping.record_of(["", *row], known)
        if record is not None and (mapping.bars(record.content) or any(map(mapping.amends_to_ban, record.events))):
            found.add(key)
    return found
