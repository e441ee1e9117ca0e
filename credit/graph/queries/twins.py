"""Suspected twins: who was stated when, and who bears the same name.

Nothing is kept for it: parties are met in the feed, where each was stated last, and looked up by the keys of names.
"""

from typing import Final, LiteralString

# Row: number of the last change. Index: Ledger.id.
MATCH_CHANGE_COUNT: Final[LiteralString] = "MATCH (l:Ledger {id: 'ledger'}) RETURN l.changes"

# Parameters: first, last (numbers). Rows: [number, tick, lines (JSON)], newest first. Index: Change.number.
MATCH_CHANGES_BY_NUMBER: Final[LiteralString] = """
UNWIND range($last, $first, -1) AS number
MATCH (c:Change {number: number})
RETURN c.number, c.tick, c.lines
"""

# Parameters: ids (any identifiers), each (namesakes of one name). Rows: [identifier, party, list of parties of a name
# of the same key], each party [key, id, newest state, keys of those it was told not to be, merges].
# Index: Identifier.key, Name.core.
MATCH_NAMESAKES_BY_IDENTIFIER: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (:Identifier {key: id})-[:NAMES]->(p:Party)
CALL (p) {
  MATCH (p)<-[:CALLS]-(n:Name)
  WITH DISTINCT n.core AS core
  WHERE core IS NOT NULL
  CALL (core) {
    MATCH (o:Name {core: core})-[:CALLS]->(x:Party)
    RETURN x LIMIT $each
  }
  RETURN collect(DISTINCT x) AS found
}
RETURN id, [p.key, p.id, p.states[-1], p.apart, p.merges],
       [x IN found WHERE x.key <> p.key | [x.key, x.id, x.states[-1], x.apart, x.merges]]
"""

# Parameters: keys, each (firms of one party). Rows: [key, list of ids of firms that it leads or holds].
# Index: Party.key.
MATCH_FIRMS_BY_PARTY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (p:Party {key: key})
CALL (p) {
  MATCH (p)-[:UNIT_LEADER|SHAREHOLDER]->(x:Party)
  RETURN x LIMIT $each
}
RETURN key, collect(DISTINCT x.id)
"""
