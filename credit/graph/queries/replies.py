"""What an Idempotency-Key was answered, and long jobs."""

from typing import Final, LiteralString

# A claim is a reply of status 0: somebody is at it. ``at`` is its last sign of life, later when it was answered.

# Parameters: key. Row: digest of the request, status, body. Index: Reply.key.
MATCH_REPLY_BY_KEY: Final[LiteralString] = """
MATCH (r:Reply {key: $key}) WHERE r.status > 0
RETURN r.request, r.status, r.body
"""

# Parameters: key, request, holder, at (microseconds). Row: what stands there: request, status, body, holder, at.
# Index: Reply.key (unique).
MERGE_CLAIM: Final[LiteralString] = """
MERGE (r:Reply {key: $key})
ON CREATE SET r.request = $request, r.status = 0, r.body = '', r.holder = $holder, r.at = $at
RETURN r.request, r.status, r.body, r.holder, r.at
"""

# Takes a claim from a holder that gives no sign of life; ``taken`` takes the lock before the condition is looked at.
# Parameters: key, request, holder, at, held (the holder it is taken from), seen (its last sign of life).
# Row, where it was taken: key. Index: Reply.key.
TAKE_CLAIM_OVER: Final[LiteralString] = """
MATCH (r:Reply {key: $key})
SET r.taken = $at
WITH r
WITH r WHERE r.status = 0 AND r.holder = $held AND r.at = $seen
SET r.request = $request, r.holder = $holder, r.at = $at
RETURN r.key
"""

# Parameters: key, holder, at. Index: Reply.key.
BEAT_CLAIM: Final[LiteralString] = """
MATCH (r:Reply {key: $key})
SET r.taken = $at
WITH r
WITH r WHERE r.status = 0 AND r.holder = $holder
SET r.at = $at
"""

# Parameters: key, holder, at. Index: Reply.key.
DELETE_CLAIM: Final[LiteralString] = """
MATCH (r:Reply {key: $key})
SET r.taken = $at
WITH r
WITH r WHERE r.status = 0 AND r.holder = $holder
DELETE r
"""

# The first answer stands. Parameters: key, request, status, body, at (microseconds). Index: Reply.key (unique).
MERGE_REPLY: Final[LiteralString] = """
MERGE (r:Reply {key: $key})
ON CREATE SET r.status = 0
SET r.taken = $at
WITH r
WITH r WHERE r.status = 0
SET r.request = $request, r.status = $status, r.body = $body, r.at = $at
"""

# Parameters: the fields of a job. Index: Job.id (unique).
MERGE_JOB: Final[LiteralString] = """
MERGE (j:Job {id: $id})
ON CREATE SET j.caller = $caller, j.total = $total
SET j.question = $question, j.state = $state,
    j.done = $done, j.result = $result, j.error = $error, j.holder = $holder, j.beat = $beat
"""

# Parameters: id. Row: the fields of a job. Index: Job.id.
MATCH_JOB_BY_ID: Final[LiteralString] = """
MATCH (j:Job {id: $id})
RETURN j.id, j.caller, j.state, j.done, j.total, j.question, j.result, j.error, j.holder, j.beat
"""

# Parameters: states. Rows: the fields of a job. Index: Job.state.
MATCH_JOBS_BY_STATE: Final[LiteralString] = """
UNWIND $states AS state
MATCH (j:Job {state: state})
RETURN j.id, j.caller, j.state, j.done, j.total, j.question, j.result, j.error, j.holder, j.beat
"""
