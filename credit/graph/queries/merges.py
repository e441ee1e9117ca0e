"""Merges: each stands as a node by id and natural key; its parties hold what facts need of it.

``merges`` of a party are its own merges and their undoings (JSON, append-only); ``alike`` are the inner keys of all
that any merge, in force or not, ever let be one with it, itself among them: with these a step from one entry to all
the others is one seek each, however they were chained. What is in force the reader says (`credit.model.merge`).
"""

from typing import Final, LiteralString

_FOUND: Final[LiteralString] = """
MATCH (k:Party {key: m.keep})
MATCH (o:Party {key: m.other})
RETURN m.id, k.id, o.id, m.tick, m.number, m.body, m.undone
"""

# Parameters: natural. Row: [id, id of the kept party, id of the other, tick, number, body, list of no or one undoing].
# Index: Merge.natural, Party.key.
MATCH_MERGE_BY_NATURAL_KEY: Final[LiteralString] = f"""
UNWIND [$natural] AS natural
MATCH (m:Merge {{natural: natural}})
{_FOUND}"""

# Parameters: id. Row as above. Index: Merge.id, Party.key.
MATCH_MERGE_BY_ID: Final[LiteralString] = f"""
UNWIND [$id] AS id
MATCH (m:Merge {{id: id}})
{_FOUND}"""

# Row: how many merges there are; none before the first. Index: Roll.id.
MATCH_MERGE_COUNT: Final[LiteralString] = "MATCH (l:Roll {id: 'merges'}) RETURN l.size"

# Parameters: first, last (numbers). Rows as above, newest first. Index: Merge.number, Party.key.
MATCH_MERGES_BY_NUMBER: Final[LiteralString] = f"""
UNWIND range($last, $first, -1) AS number
MATCH (m:Merge {{number: number}})
{_FOUND}"""

# Parameters: ids (any identifiers). Rows: [identifier, key of its party, list of [key, id, merges, newest state] of all
# that ever were one with it]; none for a party that was never merged. Index: Identifier.key, Party.key.
MATCH_ALIKE_BY_IDENTIFIER: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (:Identifier {key: id})-[:NAMES]->(p:Party)
UNWIND p.alike AS key
MATCH (x:Party {key: key})
RETURN id, p.key, collect([x.key, x.id, x.merges, x.states[-1]])
"""

# The records of entries that are one party, in one order: sought out among all of theirs, where those of one entry are
# counted off (records.MATCH_RECORDS_BY_PARTY). Parameters: ids, before (tick), limit.
# Row: list of [party id, id, tick, body, events], newest first. Index: Identifier.key.
MATCH_RECORDS_BEFORE_BY_PARTIES: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (:Identifier {key: id})-[:NAMES]->(p:Party)<-[:ON]-(r:Record)
WHERE r.tick < $before
WITH p, r ORDER BY r.tick DESC LIMIT $limit
RETURN collect([p.id, r.id, r.tick, r.body, r.events])
"""

# From now on both parties are shown to whoever leads, holds or is head of them, as those with records and bans are
# (records.CREATE_RECORDS): for what is recorded on the one is the other's too.
# Parameters: id, natural, keep, other (keys), tick, body, text (as its parties hold it), members (keys of all that were
# ever one with either). Row: list of the keys of those who see one of these parties from now on.
# Index: Roll.id, Party.key; Merge.id; Merge.natural, Merge.number (unique).
CREATE_MERGE: Final[LiteralString] = """
CALL () {
  UNWIND [$keep, $other] AS key
  MATCH (p:Party {key: key})-[:BRANCH_OF]->(x:Party)
  WHERE NOT p.recorded
  WITH DISTINCT p, x
  CREATE (x)-[:SHOWN_BRANCH]->(p)
  RETURN collect(DISTINCT x.key) AS heads
}
CALL () {
  UNWIND [$keep, $other] AS key
  MATCH (p:Party {key: key})<-[:UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES]-(x:Party)
  WHERE NOT p.banned
  WITH DISTINCT p, x
  CREATE (x)-[:SHOWN_FIRM]->(p)
  RETURN collect(DISTINCT x.key) AS holders
}
CALL () {
  UNWIND $members AS key
  MATCH (p:Party {key: key})
  SET p.alike = $members
  RETURN count(p) AS alike
}
CALL () {
  UNWIND [$keep, $other] AS key
  MATCH (p:Party {key: key})
  SET p.merges = coalesce(p.merges, []) + $text, p.recorded = true, p.banned = true, p.revision = $tick
  RETURN count(p) AS merged
}
MERGE (l:Roll {id: 'merges'})
ON CREATE SET l.size = 0
WITH heads + holders AS shown, l, l.size + 1 AS number
SET l.size = number
CREATE (:Merge {id: $id, natural: $natural, keep: $keep, other: $other, tick: $tick, number: number, body: $body,
                undone: []})
RETURN shown
"""

# That two are not one stands among the merges as one that was undone from the start; of facts it is no part.
# Parameters: id, natural, keep, other (keys), tick, body, undone (JSON).
# Index: Roll.id, Party.key; Merge.id; Merge.natural, Merge.number (unique).
CREATE_APART: Final[LiteralString] = """
CALL () {
  UNWIND [[$keep, $other], [$other, $keep]] AS pair
  MATCH (p:Party {key: pair[0]})
  SET p.apart = coalesce(p.apart, []) + pair[1]
  RETURN count(p) AS told
}
MERGE (l:Roll {id: 'merges'})
ON CREATE SET l.size = 0
WITH l, l.size + 1 AS number
SET l.size = number
CREATE (:Merge {id: $id, natural: $natural, keep: $keep, other: $other, tick: $tick, number: number, body: $body,
                undone: [$undone]})
"""

# Parameters: id, undone (JSON), text (as its parties hold it), suffix (to the natural key, which is then free), tick.
# Row: list of the keys of its parties. Index: Merge.id, Party.key.
APPEND_UNDOING_BY_MERGE: Final[LiteralString] = """
UNWIND [$id] AS id
MATCH (m:Merge {id: id})
SET m.undone = m.undone + $undone, m.natural = m.natural + $suffix
WITH m
UNWIND [m.keep, m.other] AS key
MATCH (p:Party {key: key})
SET p.merges = p.merges + $text, p.revision = $tick
RETURN collect(p.key)
"""
