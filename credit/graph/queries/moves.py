"""What brings data of an older schema into the newer form: run once, so that finding them may read all of something.

Each finds keys and then puts a batch of them right; both may run twice.
"""

from dataclasses import dataclass
from typing import Final, LiteralString


@dataclass(frozen=True, slots=True)
class Move:
    """``find`` answers one row, the list of keys (a million rows take minutes to hand over); ``put`` takes ``keys``."""

    find: LiteralString
    put: LiteralString


# Index: Caller.id, AccessLog.id.
LIST_CALLERS: Final = Move(
    "MATCH (c:Caller) RETURN collect(c.id)",
    """
UNWIND $keys AS key
MATCH (c:Caller {id: key})
MATCH (l:AccessLog {id: 'accesses'})
MERGE (c)-[:LISTED_IN]->(l)
""",
)

# Index: Party.key.
NUMBER_RECORDS: Final = Move(
    "MATCH (p:Party) WHERE p.recorded AND p.records IS NULL RETURN collect(p.key)",
    """
UNWIND $keys AS key
MATCH (p:Party {key: key})
CALL (p) {
  MATCH (p)<-[:ON]-(r:Record)
  WITH r ORDER BY r.tick
  RETURN collect(r) AS held
}
UNWIND range(1, size(held)) AS nth
WITH p, held, nth, held[nth - 1] AS r
SET r.nth = nth, r.place = p.key + ' ' + toString(nth), p.records = size(held)
""",
)

# Row: list of [id, tick]. What is done with them takes more than the graph knows: see series.number_older.
RECORDS_WITHOUT_OFFICE: Final[LiteralString] = "MATCH (r:Record) WHERE r.office IS NULL RETURN collect([r.id, r.tick])"

# Row: list of [id, tick] of decisions that feeds told. What is done with them takes more than the graph knows: see
# series.list_older.
PENALTIES_OF_FEEDS: Final[LiteralString] = """
MATCH (r:Record)
WHERE left(r.id, 4) = 'pen_' AND r.body CONTAINS '"kind":"feed"'
RETURN collect([r.id, r.tick])
"""

# What is done with them takes more than the graph knows: see names.index_older.
PARTIES_WITHOUT_NAMES: Final[LiteralString] = "MATCH (p:Party) WHERE p.called IS NULL RETURN collect(p.key)"

# What is done with them takes more than the graph knows: see networks.trace_older. Row: list of keys, of ids, of ids.
PARTIES_WITH_CONTACTS: Final[LiteralString] = """
MATCH (p:Party)
WHERE p.states[-1] CONTAINS '"contacts":[{'
RETURN collect(p.key)
"""
BIDS: Final[LiteralString] = "MATCH (b:Bid) RETURN collect(b.id)"
COMPLAINTS: Final[LiteralString] = "MATCH (m:Matter) WHERE m.kind = 'complaint' RETURN collect(m.id)"

# Index: Matter.id.
SUSPECT_ECHOES: Final = Move(
    COMPLAINTS,
    """
UNWIND $keys AS key
MATCH (m:Matter {id: key})
SET m.echoed = true
""",
)

# Letters that are worded like another, or may be, it is not known under which key. See networks.echo_older.
LETTERS_ECHOED: Final[LiteralString] = "MATCH (m:Matter) WHERE m.echoed RETURN collect(m.id)"

# Index: Party.key.
SHOW_BRANCHES: Final = Move(
    "MATCH (p:Party) WHERE p.recorded RETURN collect(p.key)",
    """
UNWIND $keys AS key
MATCH (p:Party {key: key})-[:BRANCH_OF]->(x:Party)
MERGE (x)-[:SHOWN_BRANCH]->(p)
""",
)

# Index: Party.key.
SHOW_FIRMS: Final = Move(
    "MATCH (p:Party) WHERE p.banned RETURN collect(p.key)",
    """
UNWIND $keys AS key
MATCH (p:Party {key: key})<-[:UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES]-(x:Party)
MERGE (x)-[:SHOWN_FIRM]->(p)
""",
)
