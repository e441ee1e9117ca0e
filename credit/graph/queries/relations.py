"""Relations: each stands as a node, found by id and natural key, and as a relationship between its parties.

The node spares a search among the ten thousand firms of one owner; the relationship is what facts are gathered along.
"""

from typing import Final, LiteralString

# Parameters: keys (natural). Row: list of [natural, kind, id, source id, target id, share, since, until, tick, ends].
# Index: Relation.natural, Party.key.
MATCH_RELATIONS_BY_NATURAL_KEY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (n:Relation {natural: key})
MATCH (s:Party {key: n.source})
MATCH (t:Party {key: n.target})
RETURN collect([key, n.kind, n.id, s.id, t.id, n.share, n.since, n.until, n.tick, n.ends])
"""

# By UNWIND, for the embedded engine would run over all parties otherwise, expecting many relations of one id.
# Parameters: id. Row: as above, with the key of the source and of the target in front instead of natural.
# Index: Relation.id, Party.key.
MATCH_RELATION_BY_ID: Final[LiteralString] = """
UNWIND [$id] AS id
MATCH (n:Relation {id: id})
MATCH (s:Party {key: n.source})
MATCH (t:Party {key: n.target})
RETURN s.key, t.key, n.kind, n.id, s.id, t.id, n.share, n.since, n.until, n.tick, n.ends
"""


_SHOW_FIRM: Final[LiteralString] = "WITH s, t WHERE t.banned\nCREATE (s)-[:SHOWN_FIRM]->(t)"
_SHOW_BRANCH: Final[LiteralString] = "WITH s, t WHERE s.recorded\nCREATE (t)-[:SHOWN_BRANCH]->(s)"


def _create(kind: LiteralString, show: LiteralString = "") -> LiteralString:
    return f"""
UNWIND $rows AS row
MATCH (s:Party {{key: row.source}})
MATCH (t:Party {{key: row.target}})
CREATE (:Relation {{id: row.id, natural: row.natural, kind: row.kind, source: row.source, target: row.target,
                   share: row.share, since: row.since, until: row.until, tick: row.tick, ends: []}})
CREATE (s)-[:{kind} {{id: row.id, share: row.share, since: row.since, until: row.until, tick: row.tick, ends: []}}]->(t)
SET s.revision = row.tick, t.revision = row.tick
{show}
"""


# By kind, node and relationship at once; see records.CREATE_RECORDS for what is shown.
# Parameters: rows of {id, natural, kind, source, target (keys), share, since, until, tick}.
# Index: Party.key; Relation.id, Relation.natural (unique).
CREATE_RELATIONSHIPS: Final[dict[str, LiteralString]] = {
    "unit_leader": _create("UNIT_LEADER", _SHOW_FIRM),
    "shareholder": _create("SHAREHOLDER", _SHOW_FIRM),
    "controls": _create("CONTROLS", _SHOW_FIRM),
    "manages": _create("MANAGES", _SHOW_FIRM),
    "branch_of": _create("BRANCH_OF", _SHOW_BRANCH),
    "successor_of": _create("SUCCESSOR_OF"),
    "renamed_from": _create("RENAMED_FROM"),
}

# Parameters: id, end (JSON), tick. Index: Relation.id, Party.key.
APPEND_RELATION_END_BY_ID: Final[LiteralString] = """
MATCH (n:Relation {id: $id})
SET n.ends = n.ends + $end
WITH n
MATCH (s:Party {key: n.source})-[r:UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES|BRANCH_OF|SUCCESSOR_OF|RENAMED_FROM]
      ->(t:Party {key: n.target})
WHERE r.id = $id
SET r.ends = r.ends + $end, s.revision = $tick, t.revision = $tick
"""
