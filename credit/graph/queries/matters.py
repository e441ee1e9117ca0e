"""Matters: complaints, cases, orders and the like, whom they concern and what they are about.

A party is tied to its matters by FILED (its complaints), FACED (complaints against it) or CONCERNS, so that what one
filed is found past all that it faced. Complainants with several complaints stand on a roll of their own, which says
whose profile is worth reading when all are asked for, and nothing else.
"""

from typing import Final, LiteralString

# The matters of a kind are numbered in the order of writes. Parameters: kind, rows of {nth (within the write, from 1),
# id, natural, number, tick, body}. Index: Roll.id; Matter.natural, Matter.place (unique).
CREATE_MATTERS: Final[LiteralString] = """
MERGE (l:Roll {id: $kind})
ON CREATE SET l.size = 0
WITH l, l.size AS held
SET l.size = held + size($rows)
WITH held
UNWIND $rows AS row
CREATE (:Matter {id: row.id, kind: $kind, natural: row.natural, number: row.number, tick: row.tick, body: row.body,
                 events: [], nth: held + row.nth, place: $kind + ' ' + toString(held + row.nth)})
"""

# Parameters: ties, list of {matter (id), party (key)}. Index: Matter.id, Party.key.
CREATE_FILED: Final[LiteralString] = """
UNWIND $ties AS tie
MATCH (m:Matter {id: tie.matter})
MATCH (p:Party {key: tie.party})
CREATE (p)-[:FILED]->(m)
SET p.complaints = coalesce(p.complaints, 0) + 1
"""

# Parameters as above. Index: Matter.id, Party.key.
CREATE_FACED: Final[LiteralString] = """
UNWIND $ties AS tie
MATCH (m:Matter {id: tie.matter})
MATCH (p:Party {key: tie.party})
CREATE (p)-[:FACED]->(m)
"""

# Parameters as above. Index: Matter.id, Party.key.
CREATE_CONCERNS: Final[LiteralString] = """
UNWIND $ties AS tie
MATCH (m:Matter {id: tie.matter})
MATCH (p:Party {key: tie.party})
CREATE (p)-[:CONCERNS]->(m)
"""

# What is not held under a name is not among the rows. Parameters: ties, list of {matter (id), about (id)}.
# Rows: [about]. Index: Matter.id, Record.id.
CREATE_ABOUT_RECORDS: Final[LiteralString] = """
UNWIND $ties AS tie
MATCH (m:Matter {id: tie.matter})
MATCH (x:Record {id: tie.about})
CREATE (m)-[:ABOUT]->(x)
RETURN tie.about
"""

# Parameters and rows as above. Index: Matter.id, Project.id.
CREATE_ABOUT_PROJECTS: Final[LiteralString] = """
UNWIND $ties AS tie
MATCH (m:Matter {id: tie.matter})
MATCH (x:Project {id: tie.about})
CREATE (m)-[:ABOUT]->(x)
RETURN tie.about
"""

# Parameters and rows as above. Index: Matter.id.
CREATE_ABOUT_MATTERS: Final[LiteralString] = """
UNWIND $ties AS tie
MATCH (m:Matter {id: tie.matter})
MATCH (x:Matter {id: tie.about})
CREATE (m)-[:ABOUT]->(x)
RETURN tie.about
"""

# Parameters: id, event (JSON). Index: Matter.id.
APPEND_EVENT_BY_MATTER: Final[LiteralString] = """
MATCH (m:Matter {id: $id})
SET m.events = m.events + $event
"""

# Puts complainants on the roll that have so many complaints and are not on it; those of entries that a merge let be one
# count together, and all of these come to stand there. Parameters: parties (keys), least.
# Index: Party.key, Roll.id; Complainant.number (unique).
ENROL_COMPLAINANTS: Final[LiteralString] = """
UNWIND $parties AS key
MATCH (p:Party {key: key})
UNWIND coalesce(p.alike, [p.key]) AS entry
MATCH (x:Party {key: entry})
WITH key, collect(x) AS entries, sum(coalesce(x.complaints, 0)) AS complaints
WHERE complaints >= $least
UNWIND entries AS p
WITH DISTINCT p WHERE p.enrolled IS NULL
WITH collect(p) AS fresh
MERGE (l:Roll {id: 'complainants'})
ON CREATE SET l.size = 0
WITH fresh, l, l.size AS held
SET l.size = held + size(fresh)
WITH fresh, held
UNWIND range(1, size(fresh)) AS nth
WITH fresh[nth - 1] AS p, held + nth AS number
SET p.enrolled = number
CREATE (:Complainant {number: number})-[:IS]->(p)
"""

# Row: [size]; none before the first. Parameters: roll. Index: Roll.id.
MATCH_ROLL: Final[LiteralString] = "MATCH (l:Roll {id: $roll}) RETURN l.size"

# Parameters: first, last (numbers). Rows: [number, party id]. Index: Complainant.number.
MATCH_COMPLAINANTS_BY_NUMBER: Final[LiteralString] = """
UNWIND range($last, $first, -1) AS number
MATCH (c:Complainant {number: number})-[:IS]->(p:Party)
RETURN number, p.id
"""

# Parameters: first, last (numbers of complaints). Rows: [number, list of ids of its complainants], newest first.
# Index: Matter.place.
MATCH_FILERS_BY_PLACE: Final[LiteralString] = """
UNWIND range($last, $first, -1) AS nth
MATCH (m:Matter {place: 'complaint ' + toString(nth)})
RETURN nth, [(m)<-[:FILED]-(p:Party) | p.id]
"""

# Parameters: keys (natural). Rows: [natural, id, kind, nth, tick, body, events, list of [key, id] of its parties].
# Index: Matter.natural.
MATCH_MATTERS_BY_NATURAL_KEY: Final[LiteralString] = """
UNWIND $keys AS key
MATCH (m:Matter {natural: key})
RETURN key, m.id, m.kind, m.nth, m.tick, m.body, m.events, [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]]
"""

# Parameters: id, number (of its kind). Rows as above without the natural key. Index: Matter.id, Matter.number.
MATCH_MATTERS_BY_ID_OR_NUMBER: Final[LiteralString] = """
MATCH (m:Matter {id: $id})
RETURN m.id AS id, m.kind AS kind, m.nth AS nth, m.tick AS tick, m.body AS body, m.events AS events,
       [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]] AS parties
UNION ALL
MATCH (m:Matter {number: $number})
RETURN m.id AS id, m.kind AS kind, m.nth AS nth, m.tick AS tick, m.body AS body, m.events AS events,
       [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]] AS parties
"""

# Parameters: rows of {number (of its kind), id (a word that stands in the body)}. Rows as above. Index: Matter.number.
MATCH_MATTERS_BY_NUMBERS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (m:Matter {number: row.number})
WHERE m.body CONTAINS row.id
RETURN m.id, m.kind, m.nth, m.tick, m.body, m.events, [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]]
"""

# Parameters: kind, first, last (numbers within the kind). Rows as above, newest first. Index: Matter.place.
MATCH_MATTERS_BY_PLACE: Final[LiteralString] = """
UNWIND range($last, $first, -1) AS nth
MATCH (m:Matter {place: $kind + ' ' + toString(nth)})
RETURN m.id, m.kind, m.nth, m.tick, m.body, m.events, [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]]
"""

# Parameters: parties (any identifiers). Rows: [identifier, then as above]. Index: Identifier.key.
MATCH_MATTERS_FILED: Final[LiteralString] = """
UNWIND $parties AS name
MATCH (:Identifier {key: name})-[:NAMES]->(:Party)-[:FILED]->(m:Matter)
RETURN name, m.id, m.kind, m.nth, m.tick, m.body, m.events, [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]]
"""

# Parameters and rows as above. Index: Identifier.key.
MATCH_MATTERS_FACED: Final[LiteralString] = """
UNWIND $parties AS name
MATCH (:Identifier {key: name})-[:NAMES]->(:Party)-[:FACED]->(m:Matter)
RETURN name, m.id, m.kind, m.nth, m.tick, m.body, m.events, [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]]
"""

# Parameters and rows as above. Index: Identifier.key.
MATCH_MATTERS_CONCERNING: Final[LiteralString] = """
UNWIND $parties AS name
MATCH (:Identifier {key: name})-[:NAMES]->(:Party)-[:CONCERNS]->(m:Matter)
RETURN name, m.id, m.kind, m.nth, m.tick, m.body, m.events, [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]]
"""

# What is about a record. Parameters: id. Rows as above without the identifier. Index: Record.id.
MATCH_MATTERS_ABOUT_RECORD: Final[LiteralString] = """
MATCH (:Record {id: $id})<-[:ABOUT]-(m:Matter)
RETURN m.id, m.kind, m.nth, m.tick, m.body, m.events, [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]]
"""

# What is about a matter, and what it is about. Parameters: id. Rows as above. Index: Matter.id.
MATCH_MATTERS_LINKED: Final[LiteralString] = """
MATCH (:Matter {id: $id})-[:ABOUT]-(m:Matter)
RETURN m.id, m.kind, m.nth, m.tick, m.body, m.events, [(m)<-[:FILED|FACED|CONCERNS]-(p:Party) | [p.key, p.id]]
"""
