"""Making whole what ``neo4j-admin database import`` has read: empty lists, and indexes.

The tool leaves out an empty list, however it is written. Which ones are missing stands at the node of the schema.
"""

from dataclasses import dataclass
from typing import Final, LiteralString, cast

from credit.errors import Conflict
from credit.graph import schema
from credit.graph.bolt import Bolt
from credit.graph.queries import archive_writing as writing
from credit.graph.queries.archive import KINDS, Kind
from credit.graph.unfinished import IMPORTED

_AT_ONCE: Final = 5000
_KINDS: Final = {kind.label: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Lacking:
    """A property that is an empty list where it is missing: of a label, or of relationships that begin there."""

    label: str
    kind: str
    name: str

    def text(self) -> str:
        """Write it."""
        return f"{self.label} {self.kind} {self.name}"

    @classmethod
    def of(cls, text: str) -> "Lacking":
        """Read it."""
        label, kind, name = text.split(" ")
        return cls(label, kind, name)


async def adopt(bolt: Bolt) -> None:
    """Make a graph whole that was read from files; may be begun again after a kill.

    Raises:
        Conflict: the graph was not read from files.
        StoreUnavailable, StorageFull, WriteContended: the store.
    """
    rows = await bolt.fetch_latest(writing.MATCH_IMPORTED, version=IMPORTED)
    if not rows:
        raise Conflict(
            "该图数据库不是由 credit export --neo4j-import 的文件装载的，或已接管；未作改动。",
            "The graph was not read from files of `credit export --neo4j-import`, or is adopted already",
        )
    before, lacking = rows[0]
    for step in schema.STEPS:
        for statement in schema.statements(step):
            await bolt.put(statement)
    for one in map(Lacking.of, lacking or ()):
        await _complete(bolt, _KINDS[one.label], one)
    await bolt.put(writing.FINISH_IMPORT, version=before)
    await schema.migrate(bolt)


async def _complete(bolt: Bolt, kind: Kind, lacking: Lacking) -> None:
    """Give empty lists, page by page in the order of the nodes' keys."""
    query = writing.give_empty_lists(kind, cast("LiteralString", lacking.kind), cast("LiteralString", lacking.name))
    after: str | int = -1 if kind.numbered else ""
    while True:
        ((last,),) = await bolt.put(query, after=after, limit=_AT_ONCE)
        if last is None:
            return
        after = last
