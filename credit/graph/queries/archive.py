"""Everything that the graph holds, label by label, read for an archive.

`KINDS` is the one place that lists the labels; types of relationships and properties are read as they stand. A query is
made of a label and of names of properties, which are held against a pattern before they get here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, LiteralString


@dataclass(frozen=True, slots=True)
class Kind:
    """A label, and the property by which its nodes are told apart: indexed, and the same for ever.

    ``ties``: relationships may begin at it. ``stays``: its nodes are never deleted, so that they may be counted.
    """

    label: LiteralString
    key: LiteralString
    ties: bool = False
    stays: bool = True

    @property
    def numbered(self) -> bool:
        """Whether its nodes are numbered without gaps."""
        return self.key == "number"


PARTY: Final = Kind("Party", "key", ties=True)
RELATION: Final = Kind("Relation", "id")
RECORD: Final = Kind("Record", "id", ties=True)
BID: Final = Kind("Bid", "id", ties=True)
MATTER: Final = Kind("Matter", "id", ties=True)
MERGE: Final = Kind("Merge", "number")
JOB: Final = Kind("Job", "id", stays=False)
REPLY: Final = Kind("Reply", "key", stays=False)
SMALL: Final = (
    Kind("Roll", "id"),
    Kind("Tally", "id"),
    Kind("Key", "hash", ties=True),
    Kind("Caller", "id", ties=True),
)
"""Few of each, and no place in the order of writes: read whole, one kind after the other, while no fact is written.

Keys and callers are written all the same, beside that order. A key is written with its caller, or after it, and
neither is ever deleted: keys are read first, so that whose each is is read as well.
"""
KINDS: Final = (
    PARTY,
    Kind("Identifier", "key", ties=True),
    RELATION,
    RECORD,
    Kind("Project", "id", ties=True),
    BID,
    MATTER,
    MERGE,
    Kind("Complainant", "number", ties=True),
    Kind("Sync", "number"),
    Kind("Change", "number"),
    Kind("Entry", "number"),
    Kind("Access", "number"),
    *SMALL,
    REPLY,
    JOB,
)
"""In the order in which they are archived and restored."""
SINGLES: Final = ("Ledger", "Horizon", "Schema", "AccessLog")
"""One node each, made with the schema."""
DERIVED: Final[Sequence[LiteralString]] = ("Name", "Trace")
"""Not archived, for it follows from the rest (`credit.graph.archive_derived`)."""
TRACED: Final[Mapping[str, LiteralString]] = {"Party": "REACHES", "Bid": "LEFT_IN", "Matter": "SAID_IN"}
"""By label, how a trace belongs to a node of it."""
LABELS: Final[Sequence[LiteralString]] = (*(kind.label for kind in KINDS), *DERIVED)
"""Every label of which an empty registry has no node."""
_KEYS: Final[dict[str, LiteralString]] = {kind.label: kind.key for kind in KINDS}
END_KEYS: Final[Mapping[str, LiteralString]] = {**_KEYS, "AccessLog": "id"}

# Row: properties of the ledger and the horizon, number of accesses, version of the schema, mark of the hash key.
# Index: Ledger.id, Horizon.id, AccessLog.id, Schema.id.
MATCH_MOMENT: Final[LiteralString] = """
MATCH (l:Ledger {id: 'ledger'})
MATCH (h:Horizon {id: 'horizon'})
MATCH (a:AccessLog {id: 'accesses'})
MATCH (s:Schema {id: 'schema'})
RETURN properties(l), properties(h), a.number, s.version, s.hash_key
"""

# Row: mark of the hash key, or null. Index: Schema.id.
MATCH_HASH_KEY: Final[LiteralString] = "MATCH (s:Schema {id: 'schema'}) RETURN s.hash_key"

# Rows: [label].
MATCH_LABELS: Final[LiteralString] = "CALL db.labels() YIELD label RETURN label"

# Parameters: keys (of parties), tick. Rows: [key, records that it had by then]. Index: Party.key.
COUNT_RECORDS_BY_PARTY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (p:Party {key: key})<-[:ON]-(r:Record)
WHERE r.tick <= $tick
RETURN key, count(r)
"""

# Parameters: keys (of parties), tick. Rows: [key, id, tick, body, events], of records that may ban. Index: Party.key.
MATCH_WEIGHING_BY_PARTY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (p:Party {key: key})<-[:ON]-(r:Record)
WHERE r.tick <= $tick AND r.weighs
RETURN key, r.id, r.tick, r.body, r.events
"""

# What each was is read from its states, for its id of now may be another. Parameters: keys (of parties). Row: list of
# [key, states]. Index: Party.key.
MATCH_STATES_BY_PARTY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (p:Party {key: key})
RETURN collect([key, p.states])
"""

# Rows: [properties]. Index: Job.state.
MATCH_UNFINISHED_JOBS: Final[LiteralString] = """
UNWIND ['queued', 'running'] AS state
MATCH (n:Job {state: state})
RETURN properties(n)
"""


def _page(kind: Kind) -> LiteralString:
    ties: LiteralString = (
        """[(n)-[r]->(b) | [type(r), labels(b)[0], coalesce(b.key, b.id), properties(r), coalesce(b.tick, 0),
                  CASE WHEN b.revision > $tick THEN b.states[0] END]]"""
        if kind.ties
        else "[]"
    )
    return f"RETURN collect([properties(n), {ties}])"


def nodes_after(kind: Kind, *, ordered: bool) -> LiteralString:
    """Read a page of a label.

    Neo4j is told to give it in the order of the key, and takes it so from the index; ArcadeDB, told so, would read and
    sort all that is left, but gives a range of an index of texts in its order by itself, which the reader holds it to.

    Parameters: after (key), tick, limit. Row: list of [properties, list of [type, label and key of the end, properties,
    tick of the end, first state of the end where it was written to later]]. Index: the key.
    """
    order: LiteralString = f"ORDER BY n.{kind.key}" if ordered else ""
    return f"""
MATCH (n:{kind.label})
WHERE n.{kind.key} > $after
WITH n {order} LIMIT $limit
{_page(kind)}
"""


def nodes_by_number(kind: Kind) -> LiteralString:
    """Read those of a label with these numbers. Parameters: first, last, tick. Row: as above. Index: the number."""
    return f"""
UNWIND range($first, $last) AS number
MATCH (n:{kind.label} {{number: number}})
{_page(kind)}
"""


def count_nodes(label: LiteralString) -> LiteralString:
    """Count the nodes of a label. Row: number."""
    return f"MATCH (n:{label}) RETURN count(n)"


def any_node(label: LiteralString) -> LiteralString:
    """Look for one node of a label. Row: 1."""
    return f"MATCH (n:{label}) RETURN 1 LIMIT 1"
