"""All that bears on a set of parties, in one query and one row."""

from typing import Final, LiteralString

_ROW: Final[LiteralString] = "r.share, r.since, r.until, r.tick, r.ends"


def _kin(start: LiteralString, out: LiteralString, into: LiteralString, ties: LiteralString) -> LiteralString:
    """One step of renaming (either way), to a predecessor, or to a head office: past the branches of a hub."""
    return f"""
CALL ({start.replace(" +", ",")}) {{
  UNWIND {start} AS p
  MATCH (p)-[r:RENAMED_FROM|SUCCESSOR_OF|BRANCH_OF]->(x:Party)
  RETURN collect(DISTINCT x) AS {out}, collect([type(r), r.id, p.id, x.id, {_ROW}]) AS {ties}
}}
CALL ({start.replace(" +", ",")}) {{
  UNWIND {start} AS p
  MATCH (p)<-[r:RENAMED_FROM]-(x:Party)
  RETURN collect(DISTINCT x) AS {into}, collect([type(r), r.id, x.id, p.id, {_ROW}]) AS {ties}_back
}}"""


def _above(start: LiteralString, found: LiteralString, ties: LiteralString, kinds: LiteralString) -> LiteralString:
    """One step up: who leads, holds, controls or manages."""
    return f"""
CALL ({start.replace(" +", ",")}) {{
  UNWIND {start} AS p
  MATCH (p)<-[r:{kinds}]-(x:Party)
  RETURN collect(DISTINCT x) AS {found}, collect([type(r), r.id, x.id, p.id, {_ROW}]) AS {ties}
}}"""


def _alike(start: LiteralString, found: LiteralString) -> LiteralString:
    """Those that a merge, in force or not, lets be one with parties of a step; most have none."""
    return f"""
CALL ({start.replace(" +", ",")}) {{
  UNWIND {start} AS p
  UNWIND p.alike AS key
  MATCH (x:Party {{key: key}})
  RETURN collect(DISTINCT x) AS {found}
}}"""


_OWNERS: Final[LiteralString] = "SHAREHOLDER|CONTROLS|MANAGES"
_HOLDERS: Final[LiteralString] = "UNIT_LEADER|SHAREHOLDER|CONTROLS|MANAGES"

# Parties are those asked about and the recorded bidders; their kin (four steps of renaming, succession, head office)
# and the branches of both that have records; leaders and owners, owners' owners (five steps up); and the firms, one
# step from a party or its leaders and owners, that a ban or an entry on L01 or L11 was recorded on. Records are those
# of parties, kin and branches, and of the others those that weigh on more than the party itself.
# To each of these come the entries that a merge ever let be one with it: no step away, with what it would come with.
# A hub does not blow up the answer: of the branches of a head office only those with records, of the firms of an owner
# only the banned ones are in it, and SHOWN_BRANCH and SHOWN_FIRM lead to them past all others.
#
# Parameters: ids (any identifiers), projects (no or one name), numbers (its normal form, or none), seen (syncs held).
# Row: horizon tick, epoch, syncs (as in projects.MATCH_SYNCS_AFTER), list of [identifier, party id, tick],
# list of [party id, revision, states, key, merges], list of [party id, id, tick, body, events],
# list of [kind in capitals, id, source id, target id, share, since, until, tick, ends], projects and bids (as in
# projects.py).
# A relation, and a record of a party that is both, may come twice. Index: Horizon.id, Sync.number, Identifier.key,
# Project.id, Project.number.
GATHER: Final[LiteralString] = f"""
MATCH (h:Horizon {{id: 'horizon'}})
CALL (h) {{
  UNWIND range($seen + 1, h.syncs) AS number
  MATCH (s:Sync {{number: number}})
  RETURN collect([s.id, s.list, s.finished, s.outcome, s.records, s.tick, s.silent, s.seen]) AS syncs
}}
CALL () {{
  UNWIND $ids AS id
  MATCH (i:Identifier {{key: id}})-[:NAMES]->(p:Party)
  RETURN collect([id, p.id, coalesce(i.tick, 0)]) AS resolved, collect(DISTINCT p) AS asked
}}
CALL () {{
  UNWIND $projects AS id
  MATCH (r:Project {{id: id}})
  RETURN collect(r) AS by_id
}}
CALL () {{
  UNWIND $numbers AS number
  MATCH (r:Project {{number: number}})
  RETURN collect(r) AS by_number
}}
WITH h, syncs, resolved, asked, by_id + by_number AS projects
CALL (projects) {{
  UNWIND projects AS r
  MATCH (r)-[:BOUGHT_BY]->(p:Party)
  OPTIONAL MATCH (r)-[:RUN_BY]->(a:Party)
  RETURN collect([p.id, a.id, r.id, r.tick, r.body]) AS opened
}}
CALL (projects) {{
  UNWIND projects AS r
  MATCH (r)<-[:IN]-(b:Bid)<-[:IN_BID]-(p:Party)
  WITH b, collect([p.key, p.id]) AS members
  RETURN collect([b.id, b.tick, b.body, members]) AS bids
}}
CALL (projects) {{
  UNWIND projects AS r
  MATCH (r)<-[:IN]-(:Bid)<-[:IN_BID]-(p:Party)
  RETURN collect(DISTINCT p) AS bidders
}}
WITH h, syncs, resolved, opened, bids, asked + bidders AS k0
{_alike("k0", "m0")}
{_kin("k0 + m0", "k1", "j1", "t1")}
{_alike("k1 + j1", "m1")}
{_kin("k1 + j1 + m1", "k2", "j2", "t2")}
{_alike("k2 + j2", "m2")}
{_kin("k2 + j2 + m2", "k3", "j3", "t3")}
{_alike("k3 + j3", "m3")}
{_kin("k3 + j3 + m3", "k4", "j4", "t4")}
{_alike("k4 + j4", "m4")}
CALL (k0, k1, k2, k3, k4, j1, j2, j3, j4, m0, m1, m2, m3, m4) {{
  UNWIND k0 + k1 + k2 + k3 + k4 + j1 + j2 + j3 + j4 + m0 + m1 + m2 + m3 + m4 AS p
  RETURN collect(DISTINCT p) AS kin
}}
CALL (kin) {{
  UNWIND kin AS p
  MATCH (p)-[:SHOWN_BRANCH]->(x:Party)
  WITH DISTINCT p, x
  MATCH (x)-[r:BRANCH_OF]->(o:Party)
  WHERE o = p
  RETURN collect(DISTINCT x) AS branches, collect([type(r), r.id, x.id, p.id, {_ROW}]) AS t5
}}
{_alike("branches", "m5")}
{_above("kin", "a1", "u1", _HOLDERS)}
{_alike("a1", "n1")}
{_above("a1 + n1", "a2", "u2", _OWNERS)}
{_alike("a2", "n2")}
{_above("a2 + n2", "a3", "u3", _OWNERS)}
{_alike("a3", "n3")}
{_above("a3 + n3", "a4", "u4", _OWNERS)}
{_alike("a4", "n4")}
{_above("a4 + n4", "a5", "u5", _OWNERS)}
{_alike("a5", "n5")}
CALL (kin, a1, n1) {{
  UNWIND kin + a1 + n1 AS p
  WITH DISTINCT p
  MATCH (p)-[:SHOWN_FIRM]->(x:Party)
  WITH DISTINCT p, x
  MATCH (x)<-[r:{_HOLDERS}]-(o:Party)
  WHERE o = p
  RETURN collect(DISTINCT x) AS firms, collect([type(r), r.id, p.id, x.id, {_ROW}]) AS u6
}}
{_alike("firms", "n6")}
CALL (kin, branches, m5) {{
  UNWIND kin + branches + m5 AS p
  WITH DISTINCT p
  MATCH (p)<-[:ON]-(r:Record)
  RETURN collect([p.id, r.id, r.tick, r.body, r.events]) AS own
}}
CALL (a1, n1, firms, n6) {{
  UNWIND a1 + n1 + firms + n6 AS p
  WITH DISTINCT p WHERE p.recorded
  MATCH (p)<-[:ON]-(r:Record)
  WHERE r.weighs
  RETURN collect([p.id, r.id, r.tick, r.body, r.events]) AS linked
}}
CALL (kin, branches, m5, a1, a2, a3, a4, a5, n1, n2, n3, n4, n5, firms, n6) {{
  UNWIND kin + branches + m5 + a1 + a2 + a3 + a4 + a5 + n1 + n2 + n3 + n4 + n5 + firms + n6 AS p
  WITH DISTINCT p
  RETURN collect([p.id, p.revision, p.states, p.key, p.merges]) AS parties
}}
RETURN h.tick, h.epoch, syncs, resolved, parties, own + linked,
       t1 + t1_back + t2 + t2_back + t3 + t3_back + t4 + t4_back + t5 + u1 + u2 + u3 + u4 + u5 + u6, opened, bids
"""
