"""Parties and their identifiers."""

from typing import Final, LiteralString

# Parameters: ids (any identifiers). Row: list of [identifier, key, id, revision, newest state, mistaken, recorded,
# whether it was ever merged].
# Index: Identifier.key.
MATCH_PARTIES_BY_IDENTIFIER: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (i:Identifier {key: id})-[:NAMES]->(p:Party)
RETURN collect([id, p.key, p.id, p.revision, p.states[-1], coalesce(p.mistaken, false), p.recorded,
                p.alike IS NOT NULL])
"""

# Who and what is held just as rows said last. Parameters: said (list of [identifier, digest; empty: whatever it says]),
# records (digests). Row: list of [identifier, party id], list of [digest, record id].
# Index: Identifier.key, Record.told.
MATCH_TOLD_BEFORE: Final[LiteralString] = """
CALL () {
  UNWIND $said AS row
  MATCH (:Identifier {key: row[0]})-[:NAMES]->(p:Party)
  WHERE row[1] = '' OR p.told = row[1]
  RETURN collect([row[0], p.id]) AS parties
}
CALL () {
  UNWIND $records AS told
  MATCH (r:Record {told: told})
  RETURN collect([told, r.id]) AS records
}
RETURN parties, records
"""

# Parameters: rows of {key, told}. Index: Party.key.
SET_TOLD_BY_KEY: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (p:Party {key: row.key})
SET p.told = row.told
"""

# Parameters: tick, rows of {key, id, state, told, names, called (as in names.CREATE_NAMES)}.
# Index: Party.key; Identifier.key (unique).
CREATE_PARTIES: Final[LiteralString] = """
UNWIND $rows AS row
CREATE (p:Party {key: row.key, id: row.id, states: [row.state], told: row.told, revision: $tick, recorded: false,
                 banned: false, called: true})
FOREACH (name IN row.names | CREATE (:Identifier {key: name, tick: $tick})-[:NAMES]->(p))
FOREACH (name IN row.called |
  CREATE (:Name {core: name[0], head: name[1], trade: name[2], short: name[3],
                 near0: name[4], near1: name[5], near2: name[6], near3: name[7]})-[:CALLS]->(p))
"""

# Parameters: tick, rows of {key, id, state, told}. Index: Party.key.
APPEND_STATES_BY_KEY: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (p:Party {key: row.key})
SET p.states = p.states + row.state, p.id = row.id, p.told = row.told, p.revision = $tick
"""

# Parameters: tick, rows of {name, key}. Index: Party.key, Identifier.key (unique).
CREATE_IDENTIFIERS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (p:Party {key: row.key})
CREATE (:Identifier {key: row.name, tick: $tick})-[:NAMES]->(p)
"""

# A person has one identity number: the hash of a wrong one names nobody any more. ``STARTS WITH`` would make Neo4j go
# through the index of all such hashes.
# Parameters: keys. Index: Party.key.
DELETE_IDENTITY_HASHES_BY_PARTY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (p:Party {key: key})<-[:NAMES]-(i:Identifier)
WHERE left(i.key, 7) = 'idhash:'
DETACH DELETE i
"""

_TIED: Final[LiteralString] = "UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES|BRANCH_OF|SUCCESSOR_OF|RENAMED_FROM"


def _around(start: LiteralString, found: LiteralString, depth: LiteralString) -> LiteralString:
    """One step in every direction, ended as soon as there are parties enough."""
    return f"""
CALL ({start}) {{
  UNWIND CASE WHEN $depth >= {depth} THEN {start} ELSE [] END AS p
  MATCH (p)-[:{_TIED}]-(x:Party)
  WITH DISTINCT x LIMIT $limit
  RETURN collect(x) AS {found}
}}"""


def _alike(start: LiteralString, found: LiteralString) -> LiteralString:
    """Those that a merge, in force or not, lets be one with parties of a step: these are no step away."""
    return f"""
CALL ({start}) {{
  UNWIND {start} AS p
  UNWIND p.alike AS key
  MATCH (x:Party {{key: key}})
  RETURN collect(DISTINCT x) AS {found}
}}"""


# Parties are those within depth steps, relations those of these parties. Of an owner of ten thousand firms neither all
# firms are read nor all relations: those to a firm that is shown are found from the firm. What may be missing is a
# relation between two parties that both have more than `each`.
# Parameters: id (any identifier), depth (1 to 3), limit (of parties), each (relations read of one party).
# Row: list of [key, id, states, merges], list of relations (as in facts.GATHER), also to parties that are not shown,
# key of the party.
# Index: Identifier.key.
MATCH_NEIGHBOURHOOD_BY_IDENTIFIER: Final[LiteralString] = f"""
MATCH (i:Identifier {{key: $id}})-[:NAMES]->(p:Party)
WITH p AS centre, [p] AS o0
{_alike("o0", "m0")}
WITH centre, o0 + m0 AS n0
{_around("n0", "o1", "1")}
{_alike("o1", "m1")}
WITH centre, n0, o1 + m1 AS n1
{_around("n1", "o2", "2")}
{_alike("o2", "m2")}
WITH centre, n0, n1, o2 + m2 AS n2
{_around("n2", "o3", "3")}
{_alike("o3", "m3")}
CALL (n0, n1, n2, o3, m3) {{
  UNWIND n0 + n1 + n2 + o3 + m3 AS p
  WITH DISTINCT p LIMIT $limit
  RETURN collect(p) AS parties
}}
CALL (parties) {{
  UNWIND parties AS p
  CALL (p) {{
    MATCH (p)-[r:{_TIED}]-(:Party)
    RETURN r LIMIT $each
  }}
  WITH DISTINCT r
  WITH r, startNode(r) AS source, endNode(r) AS target
  RETURN collect([type(r), r.id, source.id, target.id, r.share, r.since, r.until, r.tick, r.ends]) AS relations
}}
RETURN [p IN parties | [p.key, p.id, p.states, p.merges]], relations, centre.key
"""
