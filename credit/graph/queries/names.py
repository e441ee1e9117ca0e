"""Names of parties: one node a name, ``CALLS`` its party, found by keys (`credit.names.keys`), none of them unique.

What is behind one key is bounded, so that a name that half a country bears costs no more than a rare one.
"""

from typing import Final, LiteralString

# Parameters: rows of {key, called: list of [core, head, trade, short, near0 ... near3], any of these null}; nothing is
# done with a party whose names stand already. Index: Party.key.
CREATE_NAMES: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (p:Party {key: row.key})
WHERE p.called IS NULL
SET p.called = true
FOREACH (name IN row.called |
  CREATE (:Name {core: name[0], head: name[1], trade: name[2], short: name[3],
                 near0: name[4], near1: name[5], near2: name[6], near3: name[7]})-[:CALLS]->(p))
"""

# Parameters: keys. Index: Party.key.
DELETE_NAMES_BY_PARTY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (p:Party {key: key})
SET p.called = null
WITH p
MATCH (p)<-[:CALLS]-(n:Name)
DETACH DELETE n
"""

# Parameters: keys. Row: list of [key, id, newest state]. Index: Party.key.
MATCH_PARTIES_BY_KEY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (p:Party {key: key})
RETURN collect([p.key, p.id, p.states[-1]])
"""


def _called(name: LiteralString) -> LiteralString:
    """Those whose key of one property is asked for, so many of each key."""
    return f"""
CALL () {{
  UNWIND $asked.{name} AS sought
  CALL (sought) {{
    MATCH (n:Name {{{name}: sought}})-[:CALLS]->(p:Party)
    RETURN p LIMIT $each
  }}
  RETURN collect(DISTINCT p) AS by_{name}
}}"""


# The surest come first, where there are more than are read.
# Parameters: asked ({property: list of keys}, each property there), each (of one key), limit.
# Row: list of [id, newest state, whether it was ever one with another].
# Index: Name.core, Name.head, Name.trade, Name.short, Name.near0 ... Name.near3.
MATCH_PARTIES_BY_NAME_KEYS: Final[LiteralString] = f"""
{_called("core")}{_called("short")}{_called("near0")}{_called("near1")}{_called("near2")}{_called("near3")}\
{_called("trade")}{_called("head")}
UNWIND by_core + by_short + by_near0 + by_near1 + by_near2 + by_near3 + by_trade + by_head AS p
WITH DISTINCT p LIMIT $limit
RETURN collect([p.id, p.states[-1], p.alike IS NOT NULL])
"""
