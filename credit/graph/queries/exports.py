"""What is read from end to end for other systems."""

from typing import Final, LiteralString

# A series may be one of entries on a list, of which nothing is read.
# Parameters: office (series), last (number), limit. Row: list of [number, newest state of party, party id, id, tick,
# body, events], of the numbers that end with the last. Index: Record.office.
MATCH_PENALTIES_BY_OFFICE: Final[LiteralString] = """
UNWIND range($last - $limit + 1, $last) AS nth
MATCH (r:Record {office: $office + ' ' + toString(nth)})-[:ON]->(p:Party)
WHERE left(r.id, 4) = 'pen_'
RETURN collect([nth, p.states[-1], p.id, r.id, r.tick, r.body, r.events])
"""


def all_series() -> LiteralString:
    """Find the series of records, of which there are as many as authorities: each roll is looked at.

    Rows: [series (digest), how many records it holds].
    """
    return "MATCH (l:Roll) WHERE left(l.id, 7) = 'office ' RETURN substring(l.id, 7), l.size"
