"""Parties and their identifiers."""

from typing import Final, LiteralString

# Parameters: ids (any identifiers). Row: list of [identifier, key, id, revision, newest state, mistaken].
# Index: Identifier.key.
MATCH_PARTIES_BY_IDENTIFIER: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (i:Identifier {key: id})-[:NAMES]->(p:Party)
RETURN collect([id, p.key, p.id, p.revision, p.states[-1], coalesce(p.mistaken, false)])
"""

# Parameters: tick, rows of {key, id, state, names}. Index: Party.key, Identifier.key (unique).
CREATE_PARTIES: Final[LiteralString] = """
UNWIND $rows AS row
CREATE (p:Party {key: row.key, id: row.id, states: [row.state], revision: $tick, recorded: false, banned: false})
FOREACH (name IN row.names | CREATE (:Identifier {key: name, tick: $tick})-[:NAMES]->(p))
"""

# Parameters: tick, rows of {key, id, state}. Index: Party.key.
APPEND_STATES_BY_KEY: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (p:Party {key: row.key})
SET p.states = p.states + row.state, p.id = row.id, p.revision = $tick
"""

# Parameters: tick, rows of {name, key}. Index: Party.key, Identifier.key (unique).
CREATE_IDENTIFIERS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (p:Party {key: row.key})
CREATE (:Identifier {key: row.name, tick: $tick})-[:NAMES]->(p)
"""

# A person has one identity number: the hash of a wrong one names nobody any more.
# Parameters: keys. Index: Party.key.
DELETE_IDENTITY_HASHES_BY_PARTY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (p:Party {key: key})<-[:NAMES]-(i:Identifier)
WHERE i.key STARTS WITH 'idhash:'
DETACH DELETE i
"""

# Parameters: id (any identifier), depth (1 to 3), limit (of parties). Parties are those within depth steps, relations
# those met on the way and those among the last ones; both may be cut off above the limit.
# Row: list of [key, id, states], list of relations (as in facts.GATHER). Index: Identifier.key.
MATCH_NEIGHBOURHOOD_BY_IDENTIFIER: Final[LiteralString] = """
MATCH (i:Identifier {key: $id})-[:NAMES]->(p:Party)
WITH [p] AS n0
CALL (n0) {
  UNWIND n0 AS p
  MATCH (p)-[r:UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES|BRANCH_OF|SUCCESSOR_OF|RENAMED_FROM]-(x:Party)
  WITH x LIMIT 20000
  RETURN collect(DISTINCT x)[0..$limit] AS n1
}
CALL (n1) {
  UNWIND CASE WHEN $depth > 1 THEN n1 ELSE [] END AS p
  MATCH (p)-[r:UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES|BRANCH_OF|SUCCESSOR_OF|RENAMED_FROM]-(x:Party)
  WITH x LIMIT 20000
  RETURN collect(DISTINCT x)[0..$limit] AS n2
}
CALL (n2) {
  UNWIND CASE WHEN $depth > 2 THEN n2 ELSE [] END AS p
  MATCH (p)-[r:UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES|BRANCH_OF|SUCCESSOR_OF|RENAMED_FROM]-(x:Party)
  WITH x LIMIT 20000
  RETURN collect(DISTINCT x)[0..$limit] AS n3
}
CALL (n0, n1, n2, n3) {
  UNWIND n0 + n1 + n2 + n3 AS p
  WITH DISTINCT p LIMIT $limit
  RETURN collect(p) AS parties
}
CALL (parties) {
  UNWIND parties AS p
  MATCH (p)-[r:UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES|BRANCH_OF|SUCCESSOR_OF|RENAMED_FROM]->(x:Party)
  WITH p, r, x LIMIT 20000
  RETURN collect([type(r), r.id, p.id, x.id, r.share, r.since, r.until, r.tick, r.ends]) AS relations
}
RETURN [p IN parties | [p.key, p.id, p.states]], relations
"""
