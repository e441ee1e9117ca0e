"""What lies around complaints: the projects complained of, what a party entered, decisions on it, counts of all."""

from typing import Final, LiteralString

# Parameters: numbers (normal form). Rows: [number, purchaser id, list of no or one agency id, id, tick, body,
# list of [bid id, tick, body, list of [key, id] of its members]]. Index: Project.number.
MATCH_TENDERS_BY_NUMBER: Final[LiteralString] = """
UNWIND $numbers AS number
MATCH (r:Project {number: number})-[:BOUGHT_BY]->(p:Party)
RETURN number, p.id, [(r)-[:RUN_BY]->(a:Party) | a.id], r.id, r.tick, r.body,
       [(r)<-[:IN]-(b:Bid) | [b.id, b.tick, b.body, [(b)<-[:IN_BID]-(m:Party) | [m.key, m.id]]]]
"""

# Parameters: party (any identifier). Rows: [purchaser id, list of no or one agency id, project id, tick, body,
# bid id, bid tick, bid body, list of [key, id] of its members]. Index: Identifier.key.
MATCH_ENTRIES_BY_PARTY: Final[LiteralString] = """
MATCH (:Identifier {key: $party})-[:NAMES]->(:Party)-[:IN_BID]->(b:Bid)-[:IN]->(r:Project)-[:BOUGHT_BY]->(p:Party)
RETURN p.id, [(r)-[:RUN_BY]->(a:Party) | a.id], r.id, r.tick, r.body,
       b.id, b.tick, b.body, [(b)<-[:IN_BID]-(m:Party) | [m.key, m.id]]
"""

# Parameters: parties (any identifiers), words. Rows: [identifier, party id, id, tick, body, events], of records in the
# text of which one of the words stands. Index: Identifier.key.
MATCH_RECORDS_TELLING: Final[LiteralString] = """
UNWIND $parties AS name
MATCH (:Identifier {key: name})-[:NAMES]->(p:Party)<-[:ON]-(r:Record)
WHERE any(word IN $words WHERE r.body CONTAINS word OR any(event IN r.events WHERE event CONTAINS word))
RETURN name, p.id, r.id, r.tick, r.body, r.events
"""

# Parameters: ids (of projects). Rows: [id, kind, nth, tick, body, events, list of [key, id] of its parties], of the
# matters about them. Index: Project.id.
MATCH_MATTERS_ABOUT_PROJECTS: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (:Project {id: id})<-[:ABOUT]-(m:Matter)
RETURN m.id, m.kind, m.nth, m.tick, m.body, m.events, [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]]
"""

# Parameters: rows of {name, by}. Index: Tally.id (unique).
ADD_TALLIES: Final[LiteralString] = """
UNWIND $rows AS row
MERGE (t:Tally {id: row.name})
ON CREATE SET t.count = row.by
ON MATCH SET t.count = t.count + row.by
"""

# Parameters: ids. Rows: [id, count]; absent where nothing was counted. Index: Tally.id.
MATCH_TALLIES: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (t:Tally {id: id})
RETURN t.id, t.count
"""
