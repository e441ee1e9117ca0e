"""Callers, their keys by hash, and the access log."""

from typing import Final, LiteralString

# Parameters: hash. Row: body, revoked (microseconds or null), end of this key (microseconds or null). Index: Key.hash.
MATCH_CALLER_BY_HASH: Final[LiteralString] = """
MATCH (k:Key {hash: $hash})-[:OF]->(c:Caller)
RETURN c.body, c.revoked, k.ends
"""

# Rows: body, revoked, null. Index: AccessLog.id.
MATCH_CALLERS: Final[LiteralString] = """
MATCH (:AccessLog {id: 'accesses'})<-[:LISTED_IN]-(c:Caller)
WITH DISTINCT c
RETURN c.body, c.revoked, null
"""

# Parameters: id, body, hash. Index: Caller.id, Key.hash (unique), AccessLog.id.
MERGE_CALLER: Final[LiteralString] = """
MERGE (c:Caller {id: $id})
SET c.body = $body
MERGE (k:Key {hash: $hash})
MERGE (k)-[:OF]->(c)
WITH c
MATCH (l:AccessLog {id: 'accesses'})
MERGE (c)-[:LISTED_IN]->(l)
"""

# Ends every key but one, at an instant or where it ended before. Parameters: id, keep (hash), at (microseconds).
# Index: Caller.id.
SET_KEYS_END: Final[LiteralString] = """
MATCH (c:Caller {id: $id})<-[:OF]-(k:Key)
WHERE k.hash <> $keep AND (k.ends IS NULL OR k.ends > $at)
SET k.ends = $at
"""

# Parameters: id, at (microseconds). Index: Caller.id.
SET_CALLER_REVOKED: Final[LiteralString] = """
MATCH (c:Caller {id: $id})
WHERE c.revoked IS NULL OR c.revoked > $at
SET c.revoked = $at
"""

# Parameters: count. Row: the number before the first of them. Index: AccessLog.id.
TAKE_ACCESS_NUMBERS: Final[LiteralString] = """
MATCH (l:AccessLog {id: 'accesses'})
SET l.number = l.number + $count
RETURN l.number - $count
"""

# Parameters: rows of {number, at, caller, action, parties, project_no, request_id}. Index: Access.number (unique).
CREATE_ACCESSES: Final[LiteralString] = "UNWIND $rows AS row CREATE (a:Access) SET a = row"

# Row: number of the last access. Index: AccessLog.id.
MATCH_ACCESS_COUNT: Final[LiteralString] = "MATCH (l:AccessLog {id: 'accesses'}) RETURN l.number"

# Parameters: first, last (numbers, inclusive). Rows: number, at, caller, action, parties, project_no, request_id,
# newest first. Index: Access.number.
MATCH_ACCESSES_BY_NUMBER: Final[LiteralString] = """
UNWIND range($first, $last) AS number
MATCH (a:Access {number: number})
RETURN a.number, a.at, a.caller, a.action, a.parties, a.project_no, a.request_id
ORDER BY a.number DESC
"""

# Parameters: party, first, last (numbers, inclusive), limit. Rows: as above. Index: Access.number.
MATCH_ACCESSES_BY_PARTY: Final[LiteralString] = """
UNWIND range($first, $last) AS number
MATCH (a:Access {number: number})
WHERE $party IN a.parties
RETURN a.number, a.at, a.caller, a.action, a.parties, a.project_no, a.request_id
ORDER BY a.number DESC LIMIT $limit
"""
