"""Records in series, numbered without gaps in the order in which they were recorded.

A series is an authority's penalties, the authority known by its name as names are compared, or the entries of one list
that one feed told, debarments too (`credit.graph.series`); its name is a digest. A record's ``office`` is that and its
number there. A roll says how many there are.
"""

from typing import Final, LiteralString

# Parameters: series, list of {series (digest), records (how many)}. Row: list of [series, how many it held before].
# Index: Roll.id.
TAKE_NUMBERS: Final[LiteralString] = """
UNWIND $series AS one
MERGE (l:Roll {id: 'office ' + one.series})
ON CREATE SET l.size = 0
WITH one, l, l.size AS held
SET l.size = held + one.records
RETURN collect([one.series, held])
"""


def _number(unnumbered: LiteralString) -> LiteralString:
    """Give those records of each office that are still to be numbered there its next numbers, in their order."""
    return f"""
UNWIND $offices AS one
CALL (one) {{
  UNWIND one.records AS id
  MATCH (r:Record {{id: id}})
  WHERE {unnumbered}
  RETURN collect(r) AS fresh
}}
MERGE (l:Roll {{id: 'office ' + one.office}})
ON CREATE SET l.size = 0
WITH one, fresh, l, l.size AS held
SET l.size = held + size(fresh)
WITH one, fresh, held
UNWIND range(1, size(fresh)) AS nth
WITH one, held, nth, fresh[nth - 1] AS r
SET r.office = one.office + ' ' + toString(held + nth)
"""


# What has its number keeps it. Parameters: offices, list of {office (a series), records (ids in the order of writes)}.
# Index: Roll.id, Record.id; Record.office (unique).
NUMBER_OLDER: Final[LiteralString] = _number("r.office IS NULL")

# What was numbered with its authority, and is an entry of a list, is numbered with that. Parameters: offices, as above.
# Index: Roll.id, Record.id; Record.office (unique).
NUMBER_LISTED: Final[LiteralString] = _number("r.office IS NULL OR NOT r.office STARTS WITH one.office + ' '")

# Parameters: office, first, last (numbers). Row: list of [number, party id, id, tick, body, events], newest first.
# Index: Record.office.
MATCH_RECORDS_BY_OFFICE: Final[LiteralString] = """
UNWIND range($last, $first, -1) AS nth
MATCH (r:Record {office: $office + ' ' + toString(nth)})-[:ON]->(p:Party)
RETURN collect([nth, p.id, r.id, r.tick, r.body, r.events])
"""

# Parameters: feed, first, last (numbers). Row: list of [number, id], oldest first. Index: Record.office.
MATCH_IDS_BY_FEED: Final[LiteralString] = """
UNWIND range($first, $last) AS nth
MATCH (r:Record {office: $feed + ' ' + toString(nth)})
RETURN collect([nth, r.id])
"""

# Parameters: ids. Row: list of [party id, id, tick, body, events]. Index: Record.id.
MATCH_RECORDS_BY_ID: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (r:Record {id: id})-[:ON]->(p:Party)
RETURN collect([p.id, r.id, r.tick, r.body, r.events])
"""
