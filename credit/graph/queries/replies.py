"""What an Idempotency-Key was answered, and long jobs."""

from typing import Final, LiteralString

# Parameters: key. Row: digest of the request, status, body. Index: Reply.key.
MATCH_REPLY_BY_KEY: Final[LiteralString] = "MATCH (r:Reply {key: $key}) RETURN r.request, r.status, r.body"

# The first answer stands. Parameters: key, request, status, body, at (microseconds). Index: Reply.key (unique).
MERGE_REPLY: Final[LiteralString] = """
MERGE (r:Reply {key: $key})
ON CREATE SET r.request = $request, r.status = $status, r.body = $body, r.at = $at
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
