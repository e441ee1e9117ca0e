"""Records on parties and what happened to them."""

from typing import Final, LiteralString

# Parameters: keys (natural). Row: list of [natural, party id, id, tick, body, events]. Index: Record.natural.
MATCH_RECORDS_BY_NATURAL_KEY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (r:Record {natural: key})-[:ON]->(p:Party)
RETURN collect([key, p.id, r.id, r.tick, r.body, r.events])
"""

# Parameters: id, number (normal form). Rows: [party id, id, tick, body, events]. Index: Record.id, Record.number.
MATCH_RECORDS_BY_ID_OR_NUMBER: Final[LiteralString] = """
MATCH (r:Record {id: $id})-[:ON]->(p:Party)
RETURN p.id AS party, r.id AS id, r.tick AS tick, r.body AS body, r.events AS events
UNION ALL
MATCH (r:Record {number: $number})-[:ON]->(p:Party)
RETURN p.id AS party, r.id AS id, r.tick AS tick, r.body AS body, r.events AS events
"""

# The records of a party are numbered in the order of writes: a page out of ten thousand is sought, not sorted out.
# Parameters: party (any identifier), before (no or one tick: of the party's record that the page before ended with),
# limit. Row: list of [party id, id, tick, body, events], newest first, and whether it was ever one with another.
# Index: Identifier.key, Record.tick, Record.place.
MATCH_RECORDS_BY_PARTY: Final[LiteralString] = """
MATCH (i:Identifier {key: $party})-[:NAMES]->(p:Party)
CALL (p) {
  UNWIND $before AS tick
  MATCH (r:Record {tick: tick})-[:ON]->(o:Party)
  WHERE o = p
  RETURN min(r.nth) AS ended
}
WITH p, CASE WHEN size($before) = 0 THEN coalesce(p.records, 0) ELSE coalesce(ended, 1) - 1 END AS top
CALL (p, top) {
  UNWIND range(0, CASE WHEN top < $limit THEN top ELSE $limit END - 1) AS below
  MATCH (r:Record {place: p.key + ' ' + toString(top - below)})
  RETURN collect([p.id, r.id, r.tick, r.body, r.events]) AS page
}
RETURN page, p.alike IS NOT NULL
"""

# ``weighs``: it may bear on others than the party itself; ``bans``: it bars from something. Facts show a branch to its
# head office from its first record on, and a firm to who leads or holds it from its first ban on: SHOWN_BRANCH and
# SHOWN_FIRM lead to these alone, past all others of a hub (facts.GATHER).
# Parameters: groups, one a party, of {party (key), tick, bans, rows of {nth (within the group, from 1), id, natural,
# number, tick, body, told, weighs, office}}; first, barred (keys of parties that may have had no record, no ban).
# Row: list of the keys of those who see one of these parties from now on.
# Index: Party.key; Record.id, Record.natural, Record.place (unique).
CREATE_RECORDS: Final[LiteralString] = """
CALL () {
  UNWIND $first AS key
  MATCH (p:Party {key: key})-[:BRANCH_OF]->(x:Party)
  WHERE NOT p.recorded
  WITH DISTINCT p, x
  CREATE (x)-[:SHOWN_BRANCH]->(p)
  RETURN collect(DISTINCT x.key) AS heads
}
CALL () {
  UNWIND $barred AS key
  MATCH (p:Party {key: key})<-[:UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES]-(x:Party)
  WHERE NOT p.banned
  WITH DISTINCT p, x
  CREATE (x)-[:SHOWN_FIRM]->(p)
  RETURN collect(DISTINCT x.key) AS holders
}
CALL () {
  UNWIND $groups AS group
  MATCH (p:Party {key: group.party})
  WITH p, group, coalesce(p.records, 0) AS held
  SET p.records = held + size(group.rows), p.revision = group.tick, p.recorded = true,
      p.banned = p.banned OR group.bans
  WITH p, group.rows AS rows, held
  UNWIND rows AS row
  CREATE (:Record {id: row.id, natural: row.natural, number: row.number, tick: row.tick, body: row.body, events: [],
                   told: row.told, weighs: row.weighs, office: row.office, nth: held + row.nth,
                   place: p.key + ' ' + toString(held + row.nth)})-[:ON]->(p)
}
RETURN heads + holders
"""

# ``suffix``: what is put to the natural key of a record entered by mistake, which then may be used again.
# Parameters: id, event (JSON), tick, bans, suffix.
# Row: list of the keys of its party and of those who see the party from now on. Index: Record.id.
APPEND_EVENT_BY_RECORD: Final[LiteralString] = """
MATCH (r:Record {id: $id})-[:ON]->(p:Party)
WITH r, p, CASE WHEN $bans AND NOT p.banned THEN [p] ELSE [] END AS barred
SET r.natural = r.natural + $suffix, r.events = r.events + $event, r.told = null, r.weighs = r.weighs OR $bans,
    p.revision = $tick, p.banned = p.banned OR $bans, p.mistaken = coalesce(p.mistaken, false) OR $suffix <> ''
WITH p, barred
CALL (barred) {
  UNWIND barred AS firm
  MATCH (firm)<-[:UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES]-(x:Party)
  WITH DISTINCT firm, x
  CREATE (x)-[:SHOWN_FIRM]->(firm)
  RETURN collect(DISTINCT x.key) AS holders
}
RETURN [p.key] + holders
"""

# Events that change nothing of their records' content. Parameters: rows of {id, events (JSON)}; tick.
# Row: list of the keys of their parties. Index: Record.id.
APPEND_EVENTS_BY_RECORDS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (r:Record {id: row.id})-[:ON]->(p:Party)
SET r.events = r.events + row.events, r.told = null, p.revision = $tick
RETURN collect(DISTINCT p.key)
"""

# Parameters: rows of {id, told}. Index: Record.id.
SET_TOLD_BY_RECORD: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (r:Record {id: row.id})
SET r.told = row.told
"""

# Parameters: ids. Row: list of [id, events]. Index: Record.id.
MATCH_EVENTS_BY_RECORD: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (r:Record {id: id})
RETURN collect([id, r.events])
"""
