"""The evidence chain: kept checks and decisions, numbered without gaps."""

from typing import Final, LiteralString

# Parameters: id. Row: the fields of a link. Index: Entry.id.
MATCH_ENTRY_BY_ID: Final[LiteralString] = """
MATCH (e:Entry {id: $id})
RETURN e.id, e.kind, e.body, e.digest, e.signature, e.key_id, e.previous, e.number, e.tick, e.subject, e.project_no,
       e.records
"""

# Parameters: subject. Rows: the fields of a link, oldest first. Index: Entry.subject.
MATCH_ENTRIES_BY_SUBJECT: Final[LiteralString] = """
MATCH (e:Entry {subject: $subject})
RETURN e.id, e.kind, e.body, e.digest, e.signature, e.key_id, e.previous, e.number, e.tick, e.subject, e.project_no,
       e.records
ORDER BY e.number
"""

# Parameters: project_no, before (chain number), limit. Rows: checks, newest first. Index: Entry.project_no.
MATCH_CHECKS_BY_PROJECT: Final[LiteralString] = """
MATCH (e:Entry {project_no: $project_no})
WHERE e.kind = 'check' AND e.number < $before
RETURN e.id, e.kind, e.body, e.digest, e.signature, e.key_id, e.previous, e.number, e.tick, e.subject, e.project_no,
       e.records
ORDER BY e.number DESC LIMIT $limit
"""

# Parameters: first, last (chain numbers, inclusive). Rows: links in order. Index: Entry.number.
MATCH_ENTRIES_BY_NUMBER: Final[LiteralString] = """
UNWIND range($first, $last) AS number
MATCH (e:Entry {number: number})
RETURN e.id, e.kind, e.body, e.digest, e.signature, e.key_id, e.previous, e.number, e.tick, e.subject, e.project_no,
       e.records
ORDER BY e.number
"""

# Row: number of the last link. Index: Ledger.id.
MATCH_CHAIN_LENGTH: Final[LiteralString] = "MATCH (l:Ledger {id: 'ledger'}) RETURN l.number"

# Parameters: ids (any identifiers), projects (no or one number), numbers (its normal form, or none).
# Row: list of [identifier, revision], tick of the last sync, list of project revisions.
# Index: Identifier.key, Ledger.id, Project.id, Project.number.
MATCH_REVISIONS: Final[LiteralString] = """
MATCH (l:Ledger {id: 'ledger'})
CALL () {
  UNWIND $ids AS id
  MATCH (i:Identifier {key: id})-[:NAMES]->(p:Party)
  RETURN collect([id, p.revision]) AS parties
}
CALL () {
  UNWIND $projects AS id
  MATCH (r:Project {id: id})
  RETURN collect(r.revision) AS by_id
}
CALL () {
  UNWIND $numbers AS number
  MATCH (r:Project {number: number})
  RETURN collect(r.revision) AS by_number
}
RETURN parties, l.sources, by_id + by_number
"""
