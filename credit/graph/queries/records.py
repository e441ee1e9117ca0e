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

# Parameters: party (any identifier), before (tick), limit.
# Row: list of [party id, id, tick, body, events], newest first. Index: Identifier.key.
MATCH_RECORDS_BY_PARTY: Final[LiteralString] = """
MATCH (i:Identifier {key: $party})-[:NAMES]->(p:Party)<-[:ON]-(r:Record)
WHERE r.tick < $before
WITH p, r ORDER BY r.tick DESC LIMIT $limit
RETURN collect([p.id, r.id, r.tick, r.body, r.events])
"""

# ``weighs``: it may bear on others than the party itself; ``bans``: it bars from something.
# Parameters: rows of {party (key), id, natural, number, tick, body, weighs, bans}.
# Index: Party.key; Record.id, Record.natural (unique).
CREATE_RECORDS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (p:Party {key: row.party})
CREATE (:Record {id: row.id, natural: row.natural, number: row.number, tick: row.tick, body: row.body, events: [],
                 weighs: row.weighs})-[:ON]->(p)
SET p.revision = row.tick, p.recorded = true, p.banned = p.banned OR row.bans
"""

# ``suffix``: what is put to the natural key of a record entered by mistake, which then may be used again.
# Parameters: id, event (JSON), tick, bans, suffix. Index: Record.id.
APPEND_EVENT_BY_RECORD: Final[LiteralString] = """
MATCH (r:Record {id: $id})-[:ON]->(p:Party)
SET r.natural = r.natural + $suffix, r.events = r.events + $event, r.weighs = r.weighs OR $bans,
    p.revision = $tick, p.banned = p.banned OR $bans, p.mistaken = coalesce(p.mistaken, false) OR $suffix <> ''
"""

# Parameters: ids. Row: list of [id, events]. Index: Record.id.
MATCH_EVENTS_BY_RECORD: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (r:Record {id: id})
RETURN collect([id, r.events])
"""
