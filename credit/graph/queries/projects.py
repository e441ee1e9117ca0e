"""Projects, bids and the syncs of sources."""

from typing import Final, LiteralString

# Parameters: id, number (normal form). Rows: [purchaser id, agency id or null, id, tick, body].
# Index: Project.id, Project.number.
MATCH_PROJECTS_BY_ID_OR_NUMBER: Final[LiteralString] = """
MATCH (r:Project {id: $id})-[:BOUGHT_BY]->(p:Party)
OPTIONAL MATCH (r)-[:RUN_BY]->(a:Party)
RETURN p.id AS purchaser, a.id AS agency, r.id AS id, r.tick AS tick, r.body AS body
UNION ALL
MATCH (r:Project {number: $number})-[:BOUGHT_BY]->(p:Party)
OPTIONAL MATCH (r)-[:RUN_BY]->(a:Party)
RETURN p.id AS purchaser, a.id AS agency, r.id AS id, r.tick AS tick, r.body AS body
"""

# Parameters: rows of {name, number (normal form)}. Row: list of [name, purchaser id, agency id or null,
# id, tick, body]. Index: Project.id, Project.number.
MATCH_PROJECTS_BY_IDS_OR_NUMBERS: Final[LiteralString] = """
CALL () {
  UNWIND $rows AS row
  MATCH (r:Project {id: row.name})-[:BOUGHT_BY]->(p:Party)
  OPTIONAL MATCH (r)-[:RUN_BY]->(a:Party)
  RETURN collect([row.name, p.id, a.id, r.id, r.tick, r.body]) AS by_id
}
CALL () {
  UNWIND $rows AS row
  MATCH (r:Project {number: row.number})-[:BOUGHT_BY]->(p:Party)
  OPTIONAL MATCH (r)-[:RUN_BY]->(a:Party)
  RETURN collect([row.name, p.id, a.id, r.id, r.tick, r.body]) AS by_number
}
RETURN by_id + by_number
"""

# Parameters: rows of {id, natural, number, body, purchaser (key), agency (list of no or one key)}; tick.
# Index: Party.key; Project.id, Project.natural (unique).
CREATE_PROJECTS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (p:Party {key: row.purchaser})
CREATE (r:Project {id: row.id, natural: row.natural, number: row.number, tick: $tick, revision: $tick, body: row.body})
       -[:BOUGHT_BY]->(p)
SET p.revision = $tick
WITH r, row
UNWIND row.agency AS key
MATCH (a:Party {key: key})
CREATE (r)-[:RUN_BY]->(a)
SET a.revision = $tick
"""

# Parameters: project (id). Row: list of [id, tick, body, list of [key, id] of its members]. Index: Project.id.
MATCH_BIDS_BY_PROJECT: Final[LiteralString] = """
MATCH (:Project {id: $project})<-[:IN]-(b:Bid)<-[:IN_BID]-(p:Party)
WITH b, collect([p.key, p.id]) AS members
RETURN collect([b.id, b.tick, b.body, members])
"""

# Parameters: projects (ids). Row: list of [project id, id, tick, body, list of [key, id] of its members].
# Index: Project.id.
MATCH_BIDS_BY_PROJECTS: Final[LiteralString] = """
UNWIND $projects AS project
MATCH (:Project {id: project})<-[:IN]-(b:Bid)<-[:IN_BID]-(p:Party)
WITH project, b, collect([p.key, p.id]) AS members
RETURN collect([project, b.id, b.tick, b.body, members])
"""

# Parameters: rows of {project (id), id, natural, body, members (keys)}; tick.
# Index: Project.id, Party.key; Bid (unique).
CREATE_BIDS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (r:Project {id: row.project})
CREATE (b:Bid {id: row.id, natural: row.natural, tick: $tick, body: row.body})-[:IN]->(r)
SET r.revision = $tick
WITH b, row
UNWIND row.members AS key
MATCH (p:Party {key: key})
CREATE (p)-[:IN_BID]->(b)
SET p.revision = $tick
"""

# Parameters: natural. Row: [id, list, finished (microseconds), outcome, records, tick, silent, seen (microseconds or
# null)]. Index: Sync.natural.
MATCH_SYNC_BY_NATURAL_KEY: Final[LiteralString] = """
MATCH (s:Sync {natural: $natural})
RETURN s.id, s.list, s.finished, s.outcome, s.records, s.tick, s.silent, s.seen
"""

# Parameters: id. Row: as above. Index: Sync.id.
MATCH_SYNC_BY_ID: Final[LiteralString] = """
MATCH (s:Sync {id: $id})
RETURN s.id, s.list, s.finished, s.outcome, s.records, s.tick, s.silent, s.seen
"""

# Parameters: id, natural, number, list, finished, outcome, records, tick, silent, seen. Index: Sync (unique).
CREATE_SYNC: Final[LiteralString] = """
CREATE (:Sync {id: $id, natural: $natural, number: $number, list: $list, finished: $finished, outcome: $outcome,
               records: $records, tick: $tick, silent: $silent, seen: $seen})
"""

# Numbers are walked, for only a person's word on a list asks this: some tens of times a year.
# Parameters: list, finished, syncs (how many there are). Row: as above. Index: Sync.number.
MATCH_SYNC_BEFORE: Final[LiteralString] = """
UNWIND range(1, $syncs) AS number
MATCH (s:Sync {number: number})
WHERE s.list = $list AND s.finished <= $finished
RETURN s.id, s.list, s.finished, s.outcome, s.records, s.tick, s.silent, s.seen
ORDER BY s.finished DESC, s.tick DESC
LIMIT 1
"""

# Of the runs over a list that told anything, as of when the newest saw it: by a clock that runs ahead, as of its end.
# Numbers are walked, once an import.
# Parameters: list. Row: [microseconds or null]. Index: Horizon.id, Sync.number.
MATCH_NEWEST_SEEN_BY_LIST: Final[LiteralString] = """
MATCH (h:Horizon {id: 'horizon'})
CALL (h) {
  UNWIND range(1, h.syncs) AS number
  MATCH (s:Sync {number: number})
  WHERE s.list = $list AND s.records > 0 AND s.seen IS NOT NULL
  RETURN max(CASE WHEN s.seen < s.finished THEN s.seen ELSE s.finished END) AS seen
}
RETURN seen
"""

# Syncs are numbered without gaps and never change: a reader keeps those it has seen and asks for the later ones.
# Parameters: seen (how many are held already).
# Row: horizon tick, epoch, list of [id, list, finished, outcome, records, tick, silent, seen].
# Index: Horizon.id, Sync.number.
MATCH_SYNCS_AFTER: Final[LiteralString] = """
MATCH (h:Horizon {id: 'horizon'})
CALL (h) {
  UNWIND range($seen + 1, h.syncs) AS number
  MATCH (s:Sync {number: number})
  RETURN collect([s.id, s.list, s.finished, s.outcome, s.records, s.tick, s.silent, s.seen]) AS syncs
}
RETURN h.tick, h.epoch, syncs
"""
