"""Writing an archive into a graph: the claim on it, batches of nodes and relationships, the end; and adopting one.

A graph that is being restored has a version of the schema that no program writes; how far it is stands with that.
"""

from collections.abc import Sequence
from typing import Final, LiteralString, cast

from credit.graph.queries.archive import END_KEYS, PARTY, TRACED, Kind

_UNSEEN: Final[LiteralString] = "-2"
UNSEEN: Final = int(_UNSEEN)
"""Of a claimed graph: nobody has looked yet whether it holds anything."""
_UNWANTED: Final[LiteralString] = "-3"
UNWANTED: Final = int(_UNWANTED)
"""Of a claimed graph: what it holds is half of another archive, and to be deleted."""
_BEGUN: Final[LiteralString] = "-1"
BEGUN: Final = int(_BEGUN)
"""Of a claimed graph: it holds nothing yet; from here on the last batch that is done."""

# Held by a restore from its first write to its last, so that no process takes the graph for a whole one: no program
# writes this version. Parameters: version (of a graph half restored), archive, holder, tick. Row: how far it is.
# Index: Schema.id.
CLAIM_RESTORE: Final[LiteralString] = f"""
MATCH (s:Schema {{id: 'schema'}})
SET s.before = CASE WHEN s.version = $version THEN s.before ELSE s.version END,
    s.done = CASE WHEN s.version <> $version THEN {_UNSEEN}
                  WHEN s.done < {_BEGUN} OR s.archive = $archive THEN s.done
                  ELSE {_UNWANTED} END,
    s.version = $version, s.writers = $version, s.archive = $archive, s.holder = $holder, s.taken = $tick
RETURN s.done
"""

# Parameters: holder. Row, where the holder is still the one that restores: how far it is. Index: Schema.id.
BEGIN_RESTORE: Final[LiteralString] = f"""
MATCH (s:Schema {{id: 'schema'}})
WHERE s.holder = $holder
SET s.done = CASE WHEN s.done < {_BEGUN} THEN {_BEGUN} ELSE s.done END
RETURN s.done
"""

# Within each write of a restore. Parameters: holder, batch. Row, where the holder is still the one that restores: the
# last batch done before. Index: Schema.id.
TAKE_BATCH: Final[LiteralString] = """
MATCH (s:Schema {id: 'schema'})
SET s.taken = $batch
WITH s
WITH s, s.done AS done WHERE s.holder = $holder
SET s.done = CASE WHEN done < $batch THEN $batch ELSE done END
RETURN done
"""

# Gives the graph back as it was found. Parameters: holder. Index: Schema.id.
RELEASE_RESTORE: Final[LiteralString] = f"""
MATCH (s:Schema {{id: 'schema'}})
WHERE s.holder = $holder AND s.done = {_UNSEEN}
SET s.version = s.before, s.writers = s.before, s.holder = null, s.archive = null, s.done = null, s.before = null
"""

# The last write of a restore: all that was written is seen from now on. Nothing that anybody keeps of the graph before
# is believed. Parameters: holder, version, hash_key (mark), tick, horizon, accesses, ledger (its counters). Row:
# version. Index: Schema.id, Ledger.id, Horizon.id, AccessLog.id.
FINISH_RESTORE: Final[LiteralString] = """
MATCH (s:Schema {id: 'schema'})
WHERE s.holder = $holder
MATCH (l:Ledger {id: 'ledger'})
MATCH (h:Horizon {id: 'horizon'})
MATCH (a:AccessLog {id: 'accesses'})
SET l.tick = $tick, l.facts = $ledger.facts, l.sources = $ledger.sources, l.syncs = $ledger.syncs,
    l.changes = $ledger.changes, l.number = $ledger.number, l.digest = $ledger.digest,
    h.closed = CASE WHEN coalesce(h.generation, '') = '' THEN h.closed ELSE $tick END, h.generation = '',
    h.tick = $horizon, h.syncs = $ledger.syncs, a.number = $accesses,
    s.version = $version, s.writers = $version, s.hash_key = $hash_key,
    s.holder = null, s.archive = null, s.done = null, s.before = null
RETURN s.version
"""

# Row: [archive of which the graph holds half]. Parameters: version (of a graph half restored). Index: Schema.id.
MATCH_HALF_RESTORED: Final[LiteralString] = """
MATCH (s:Schema {id: 'schema'}) WHERE s.version = $version RETURN s.archive
"""


# The first to bind a graph wins. Parameters: mark, instead (mark that it has, or empty). Row: the mark that it has from
# now on. Index: Schema.id.
BIND_HASH_KEY: Final[LiteralString] = """
MATCH (s:Schema {id: 'schema'})
SET s.taken = $mark
WITH s
WITH s, coalesce(s.hash_key, '') AS held
SET s.hash_key = CASE WHEN held = $instead THEN $mark ELSE held END
RETURN s.hash_key
"""

# Row: [version of the schema that was archived, what is to be made good]. Parameters: version (of a graph read from
# files). Index: Schema.id.
MATCH_IMPORTED: Final[LiteralString] = """
MATCH (s:Schema {id: 'schema'}) WHERE s.version = $version RETURN s.before, s.lacking
"""

# Parameters: version. Index: Schema.id.
FINISH_IMPORT: Final[LiteralString] = """
MATCH (s:Schema {id: 'schema'})
SET s.version = $version, s.writers = $version, s.before = null, s.lacking = null
"""


def give_empty_lists(kind: Kind, tie: LiteralString, name: LiteralString) -> LiteralString:
    """Give an empty list where there is none, to nodes or to the relationships of a type that begin at them.

    Parameters: after (key), limit. Row: the last key; null at the end. Index: the key.
    """
    what: LiteralString = f"MATCH (n)-[x:{tie}]->()" if tie else "WITH n AS x"
    return f"""
MATCH (n:{kind.label})
WHERE n.{kind.key} > $after
WITH n ORDER BY n.{kind.key} LIMIT $limit
WITH collect(n) AS page
CALL (page) {{
  UNWIND page AS n
  {what}
  WITH x WHERE x.{name} IS NULL
  SET x.{name} = []
}}
RETURN page[-1].{kind.key}
"""


def delete_nodes(label: LiteralString) -> LiteralString:
    """Delete some nodes of a label. Parameters: holder, limit, turn (another each time). Row: how many.

    None where the holder is no longer the one that restores. Index: Schema.id.
    """
    return f"""
MATCH (s:Schema {{id: 'schema'}})
SET s.taken = $turn
WITH s
WITH s, s.done AS done WHERE s.holder = $holder
MATCH (n:{label})
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*)
"""


def _named(properties: Sequence[str]) -> LiteralString:
    """Say properties of a row; ``SET n = row`` would take the embedded engine forty times as long."""
    return cast("LiteralString", ", ".join(f"{name}: row.{name}" for name in properties))


def create_nodes(kind: Kind, properties: Sequence[str]) -> LiteralString:
    """Create the nodes of a label with what follows from them.

    Parameters: rows of properties; of a label that is `TRACED` with ``traces`` ([key, sketch]), of a party with
    ``called`` too (as in names.CREATE_NAMES).
    """
    mark, names, traces = "", "", ""
    if kind is PARTY:
        mark = ", called: true"
        names = """
FOREACH (name IN row.called |
  CREATE (:Name {core: name[0], head: name[1], trade: name[2], short: name[3],
                 near0: name[4], near1: name[5], near2: name[6], near3: name[7]})-[:CALLS]->(n))"""
    if kind.label in TRACED:
        traces = f"""
FOREACH (one IN row.traces | CREATE (:Trace {{key: one[0], sketch: one[1]}})-[:{TRACED[kind.label]}]->(n))"""
    return f"""
UNWIND $rows AS row
CREATE (n:{kind.label} {{{_named(properties)}{mark}}}){names}{traces}
"""


def create_ties(start: Kind, kind: str, end: str, properties: Sequence[str]) -> LiteralString:
    """Create relationships of a type. Parameters: rows of properties with from_key, to_key. Row: how many."""
    return f"""
UNWIND $rows AS row
MATCH (a:{start.label} {{{start.key}: row.from_key}})
MATCH (b:{cast("LiteralString", end)} {{{END_KEYS[end]}: row.to_key}})
CREATE (a)-[:{cast("LiteralString", kind)} {{{_named(properties)}}}]->(b)
RETURN count(*)
"""
