"""The order of writes: ledger, horizon, changes, schema."""

from typing import Final, LiteralString

# Row: version. Index: Schema.id.
MATCH_SCHEMA: Final[LiteralString] = "MATCH (s:Schema {id: 'schema'}) RETURN s.version"

# From here on only writers of this version write; `MERGE_SCHEMA` follows once all is in its form. Within a write.
# Parameters: version, tick. Nothing that older processes keep is believed any more. Index: Schema.id,
# Horizon.id.
CLAIM_SCHEMA: Final[LiteralString] = """
MERGE (s:Schema {id: 'schema'})
ON CREATE SET s.version = 0, s.writers = $version
ON MATCH SET s.writers = CASE WHEN coalesce(s.writers, s.version) < $version THEN $version
                              ELSE coalesce(s.writers, s.version) END
WITH s
MATCH (h:Horizon {id: 'horizon'})
SET h.closed = CASE WHEN coalesce(h.generation, '') = '' THEN h.closed ELSE $tick END, h.generation = ''
"""

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
# Parameters: now (microseconds). Row: tick, last write of facts, syncs, changes, chain number, chain digest, horizon,
# generation of kept facts, the place at which the one before was closed, the schema's version that may write.
# Index: Ledger.id, Horizon.id, Schema.id.
TAKE_LEDGER: Final[LiteralString] = """
MATCH (l:Ledger {id: 'ledger'})
SET l.taken = $now
WITH l
WITH l, CASE WHEN l.tick < $now THEN $now ELSE l.tick + 1 END AS tick
SET l.tick = tick
WITH l, tick
MATCH (h:Horizon {id: 'horizon'})
OPTIONAL MATCH (s:Schema {id: 'schema'})
RETURN tick, l.facts, l.syncs, l.changes, l.number, l.digest, h.tick, coalesce(h.generation, ''), coalesce(h.closed, 0),
       coalesce(s.writers, s.version, 0)
"""

# Parameters: tick (the last one used), facts (tick of the last write of facts), sources (tick of the last sync or
# null), syncs, number, digest, changes, first (the write's place), lines (no or one change: JSON text of its lines),
# links (of the chain: the fields of each). Index: Ledger.id; Change.number, Entry.id, Entry.number (unique).
SET_LEDGER: Final[LiteralString] = """
MATCH (l:Ledger {id: 'ledger'})
SET l.tick = $tick, l.facts = $facts, l.sources = coalesce($sources, l.sources), l.syncs = $syncs,
    l.number = $number, l.digest = $digest, l.changes = $changes
FOREACH (text IN $lines | CREATE (:Change {number: $changes, tick: $first, lines: text}))
FOREACH (link IN $links |
  CREATE (:Entry {id: link.id, kind: link.kind, body: link.body, digest: link.digest, signature: link.signature,
                  key_id: link.key_id, previous: link.previous, number: link.number, tick: link.tick,
                  subject: link.subject, project_no: link.project_no, records: link.records}))
"""

# Lets everything up to a tick be seen. Parameters: tick, syncs. Index: Horizon.id.
RAISE_HORIZON: Final[LiteralString] = """
MATCH (h:Horizon {id: 'horizon'})
SET h.taken = $tick
WITH h WHERE h.tick < $tick
SET h.tick = $tick, h.syncs = $syncs
"""

# Row: the generation of kept facts that counts, empty where none does. Index: Horizon.id.
MATCH_GENERATION: Final[LiteralString] = "MATCH (h:Horizon {id: 'horizon'}) RETURN coalesce(h.generation, '')"

# Within a write, whose place orders it among all others. Parameters: generation, closed (that place; null leaves it).
# Index: Horizon.id.
SET_GENERATION: Final[LiteralString] = """
MATCH (h:Horizon {id: 'horizon'})
SET h.generation = $generation, h.closed = coalesce($closed, h.closed)
"""

# Parameters: closed (a place at which a generation was taken away that nobody believes any more). Index: Horizon.id.
FORGET_CLOSED: Final[LiteralString] = "MATCH (h:Horizon {id: 'horizon'}) WHERE h.closed = $closed SET h.closed = 0"
