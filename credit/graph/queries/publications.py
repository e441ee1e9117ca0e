"""The penalties of an authority, numbered without gaps in the order in which they were recorded.

The authority is known by its name as names are compared (`credit.model.naturalkey.normal`), digested; a record's
``office`` is that and its number there. A roll says how many there are.
"""

from typing import Final, LiteralString

# What has its number keeps it: told again, nothing changes. Parameters: offices, list of {office (digest), records
# (ids in the order of writes)}. Index: Roll.id, Record.id; Record.office (unique).
NUMBER_BY_OFFICE: Final[LiteralString] = """
UNWIND $offices AS one
CALL (one) {
  UNWIND one.records AS id
  MATCH (r:Record {id: id})
  WHERE r.office IS NULL
  RETURN collect(r) AS fresh
}
MERGE (l:Roll {id: 'office ' + one.office})
ON CREATE SET l.size = 0
WITH one, fresh, l, l.size AS held
SET l.size = held + size(fresh)
WITH one, fresh, held
UNWIND range(1, size(fresh)) AS nth
WITH one, held, nth, fresh[nth - 1] AS r
SET r.office = one.office + ' ' + toString(held + nth)
"""

# Parameters: office, first, last (numbers). Row: list of [number, party id, id, tick, body, events], newest first.
# Index: Record.office.
MATCH_RECORDS_BY_OFFICE: Final[LiteralString] = """
UNWIND range($last, $first, -1) AS nth
MATCH (r:Record {office: $office + ' ' + toString(nth)})-[:ON]->(p:Party)
RETURN collect([nth, p.id, r.id, r.tick, r.body, r.events])
"""

# Parameters: ids. Row: list of [party id, id, tick, body, events]. Index: Record.id.
MATCH_RECORDS_BY_ID: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (r:Record {id: id})-[:ON]->(p:Party)
RETURN collect([p.id, r.id, r.tick, r.body, r.events])
"""
