"""The order of writes: ledger, horizon, changes, schema."""

from typing import Final, LiteralString

# Row: version. Index: Schema.id.
MATCH_SCHEMA: Final[LiteralString] = "MATCH (s:Schema {id: 'schema'}) RETURN s.version"

# Parameters: version. A version never falls. Index: Schema.id.
MERGE_SCHEMA: Final[LiteralString] = """
MERGE (s:Schema {id: 'schema'})
ON CREATE SET s.version = $version
ON MATCH SET s.version = CASE WHEN s.version < $version THEN $version ELSE s.version END
"""

# Parameters: epoch (text, different for every database). Index: Ledger.id, Horizon.id, AccessLog.id.
MERGE_SINGLE_NODES: Final[LiteralString] = """
MERGE (l:Ledger {id: 'ledger'})
ON CREATE SET l.tick = 0, l.facts = 0, l.sources = 0, l.syncs = 0, l.changes = 0, l.number = 0, l.digest = ''
MERGE (h:Horizon {id: 'horizon'})
ON CREATE SET h.tick = 0, h.syncs = 0, h.epoch = $epoch
MERGE (a:AccessLog {id: 'accesses'})
ON CREATE SET a.number = 0
"""

# Takes the write lock, then the next place in the order of writes.
# Parameters: now (microseconds). Row: tick, last write of facts, syncs, changes, chain number, chain digest, horizon.
# Index: Ledger.id, Horizon.id.
TAKE_LEDGER: Final[LiteralString] = """
MATCH (l:Ledger {id: 'ledger'})
SET l.taken = $now
WITH l
WITH l, CASE WHEN l.tick < $now THEN $now ELSE l.tick + 1 END AS tick
SET l.tick = tick
WITH l, tick
MATCH (h:Horizon {id: 'horizon'})
RETURN tick, l.facts, l.syncs, l.changes, l.number, l.digest, h.tick
"""

# Parameters: tick (the last one used), facts (tick of the last write of facts), sources (tick of the last sync or
# null), syncs, number, digest, changes. Index: Ledger.id.
SET_LEDGER: Final[LiteralString] = """
MATCH (l:Ledger {id: 'ledger'})
SET l.tick = $tick, l.facts = $facts, l.sources = coalesce($sources, l.sources), l.syncs = $syncs,
    l.number = $number, l.digest = $digest, l.changes = $changes
"""

# Parameters: number, tick, lines (JSON text of a list).
CREATE_CHANGE: Final[LiteralString] = "CREATE (:Change {number: $number, tick: $tick, lines: $lines})"

# Lets everything up to a tick be seen. Parameters: tick, syncs. Index: Horizon.id.
RAISE_HORIZON: Final[LiteralString] = """
MATCH (h:Horizon {id: 'horizon'})
SET h.taken = $tick
WITH h WHERE h.tick < $tick
SET h.tick = $tick, h.syncs = $syncs
"""
