"""What complainants have in common: holders, and traces, each found from the complainants asked about.

A trace is a node for one thing that one party or bid bears (a contact, a device, an account), or for a part of the
wording of one item of a complaint; it is found by its key, which is not unique. What is behind one key or holder is
bounded, so that a park's telephone or a state fund costs no more than a family's. Who was ever one with another may
complain by that one's letters: whether it does, these tell.
"""

from typing import Final, LiteralString

_HOLDS: Final[LiteralString] = "UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES"

# Parameters: rows of {party (key), traces (keys)}. Index: Party.key.
CREATE_TRACES_OF_PARTIES: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (p:Party {key: row.party})
UNWIND row.traces AS key
CREATE (:Trace {key: key})-[:REACHES]->(p)
"""

# Parameters: keys (of parties). Index: Party.key.
DELETE_TRACES_BY_PARTY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (p:Party {key: key})<-[:REACHES]-(t:Trace)
DETACH DELETE t
"""

# Parameters: rows of {id (of a bid), traces (keys)}. Index: Bid.id.
CREATE_TRACES_OF_BIDS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (b:Bid {id: row.id})
UNWIND row.traces AS key
CREATE (:Trace {key: key})-[:LEFT_IN]->(b)
"""

# Parameters: rows of {id (of a matter), traces (list of [key, sketch])}. Index: Matter.id.
CREATE_TRACES_OF_MATTERS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (m:Matter {id: row.id})
UNWIND row.traces AS trace
CREATE (:Trace {key: trace[0], sketch: trace[1]})-[:SAID_IN]->(m)
"""

# Those who hold or lead the parties asked about, and these themselves, with what each holds.
# Parameters: parties (any identifiers), each (relations read of one holder).
# Rows: [holder id, whether it complains, list of relations (as in facts.GATHER) with whether the held party complains].
# Index: Identifier.key.
MATCH_HELD_BESIDE: Final[LiteralString] = f"""
UNWIND $parties AS id
MATCH (:Identifier {{key: id}})-[:NAMES]->(p:Party)
WITH p, [(p)<-[:{_HOLDS}]-(x:Party) | x] + [p] AS holders
UNWIND holders AS o
WITH DISTINCT o
CALL (o) {{
  MATCH (o)-[r:{_HOLDS}]->(q:Party)
  WITH o, r, q LIMIT $each
  RETURN collect([type(r), r.id, o.id, q.id, r.share, r.since, r.until, r.tick, r.ends,
                  coalesce(q.complaints, 0) > 0 OR q.alike IS NOT NULL]) AS held
}}
WITH o, held WHERE size(held) > 0
RETURN o.id, coalesce(o.complaints, 0) > 0 OR o.alike IS NOT NULL, held
"""

# Who else is reached where the parties asked about are. Parameters: parties (any identifiers), each (parties of a key).
# Rows: [key, list of [party id, whether it complains]]. Index: Identifier.key, Trace.key.
MATCH_REACHED_ALIKE: Final[LiteralString] = """
UNWIND $parties AS id
MATCH (:Identifier {key: id})-[:NAMES]->(:Party)<-[:REACHES]-(t:Trace)
WITH DISTINCT t.key AS key
CALL (key) {
  MATCH (:Trace {key: key})-[:REACHES]->(q:Party)
  WITH q LIMIT $each
  RETURN collect([q.id, coalesce(q.complaints, 0) > 0 OR q.alike IS NOT NULL]) AS found
}
WITH key, found WHERE size(found) > 1
RETURN key, found
"""

# Who else left in a bid what the parties asked about left in theirs, with a few bids each. Parameters: parties (any
# identifiers), each (parties of a key), bids (read of a key), limit (traces read of one party).
# Rows: [key, list of [party id, whether it complains, bid id]]. Index: Identifier.key, Trace.key.
MATCH_LEFT_ALIKE: Final[LiteralString] = """
UNWIND $parties AS id
MATCH (:Identifier {key: id})-[:NAMES]->(p:Party)
CALL (p) {
  MATCH (p)-[:IN_BID]->(:Bid)<-[:LEFT_IN]-(t:Trace)
  WITH t LIMIT $limit
  RETURN collect(DISTINCT t.key) AS keys
}
UNWIND keys AS key
WITH DISTINCT key
CALL (key) {
  MATCH (:Trace {key: key})-[:LEFT_IN]->(b:Bid)<-[:IN_BID]-(q:Party)
  WITH q, b LIMIT $bids
  WITH q, collect(b.id) AS left LIMIT $each
  UNWIND left[0..4] AS bid
  RETURN collect([q.id, coalesce(q.complaints, 0) > 0 OR q.alike IS NOT NULL, bid]) AS found
}
WITH key, found WHERE size(found) > 1
RETURN key, found
"""

# Which letters bear a key that letters at hand bear, these among them. Parameters: keys, each (letters of a key).
# Rows: [key, list of [complaint id, sketch]]. Index: Trace.key.
MATCH_SAYING: Final[LiteralString] = """
UNWIND $keys AS key
CALL (key) {
  MATCH (t:Trace {key: key})-[:SAID_IN]->(m:Matter)
  WITH t, m LIMIT $each
  RETURN collect([m.id, t.sketch]) AS found
}
WITH key, found WHERE size(found) > 1
RETURN key, found
"""

# How many complainants bear a key, of the letters that are read. Parameters: keys, each (letters of a key).
# Rows: [key, number]. Index: Trace.key.
COUNT_SAYING: Final[LiteralString] = """
UNWIND $keys AS key
CALL (key) {
  MATCH (:Trace {key: key})-[:SAID_IN]->(m:Matter)
  WITH m LIMIT $each
  MATCH (m)<-[:FILED]-(q:Party)
  RETURN count(DISTINCT q.key) AS told
}
RETURN key, told
"""

# Note down under which of its keys a letter is worded like another. Parameters: rows of {id (of a complaint), keys}.
# Index: Matter.id.
NOTE_ECHOES: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (m:Matter {id: row.id})
WITH m, [key IN row.keys WHERE NOT key IN coalesce(m.echoes, [])] AS fresh
WHERE size(fresh) > 0
SET m.echoes = fresh + coalesce(m.echoes, [])
"""

# The keys under which letters of the parties asked about are worded like another. Parameters: parties (any
# identifiers), limit (keys of one party). Rows: [key]. Index: Identifier.key.
MATCH_ECHOES: Final[LiteralString] = """
UNWIND $parties AS id
MATCH (:Identifier {key: id})-[:NAMES]->(p:Party)
CALL (p) {
  MATCH (p)-[:FILED]->(m:Matter)
  WHERE m.echoes IS NOT NULL
  UNWIND m.echoes AS echo
  WITH echo LIMIT $limit
  RETURN collect(DISTINCT echo) AS keys
}
UNWIND keys AS key
RETURN DISTINCT key
"""

# Who bears a key of a wording. Parameters: keys, each (complainants of a key).
# Rows: [key, list of [party id, true, complaint id, sketch]]. Index: Trace.key.
MATCH_SAID_ALIKE: Final[LiteralString] = """
UNWIND $keys AS key
CALL (key) {
  MATCH (t:Trace {key: key})-[:SAID_IN]->(m:Matter)<-[:FILED]-(q:Party)
  WITH t, m, q LIMIT $each
  RETURN collect([q.id, true, m.id, t.sketch]) AS found
}
WITH key, found WHERE size(found) > 1
RETURN key, found
"""

# What was held before there were traces: found in pages. Parameters: keys. Rows: [key, id, newest state].
# Index: Party.key.
MATCH_UNTRACED_PARTIES: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (p:Party {key: key})
WHERE NOT (p)<-[:REACHES]-(:Trace)
RETURN p.key, p.id, p.states[-1]
"""

# Parameters: ids. Rows: [id, body]. Index: Bid.id.
MATCH_UNTRACED_BIDS: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (b:Bid {id: id})
WHERE NOT (b)<-[:LEFT_IN]-(:Trace)
RETURN b.id, b.body
"""

# Parameters: ids. Rows: [id, key]. Index: Matter.id.
MATCH_KEYS_OF_MATTERS: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (:Matter {id: id})<-[:SAID_IN]-(t:Trace)
RETURN DISTINCT id, t.key
"""

# Parameters: ids. Index: Matter.id.
FORGET_ECHOED: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (m:Matter {id: id})
REMOVE m.echoed
"""

# Parameters: ids. Rows: [id, body]. Index: Matter.id.
MATCH_UNTRACED_MATTERS: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (m:Matter {id: id})
WHERE NOT (m)<-[:SAID_IN]-(:Trace)
RETURN m.id, m.body
"""
