"""Where the two engines differ, as far as this package has to know, and what their errors mean.

ArcadeDB (embedded) and Neo4j answer the same Cypher. What differs and shapes the queries:

* ArcadeDB lets two writers of one node go on and refuses the later one at its commit; Neo4j lets it wait. Writers of
  one machine therefore take turns at a file lock (`credit.graph.gate`) and every conflict is tried again.
* Either may show a reader part of a commit that is being applied (Neo4j did in 16 of 1,449 reads beside a writer of
  1,000 nodes). Facts for a verdict are therefore believed only at or before the ``Horizon``, which moves after the
  commit; pages do not look at it.
* ArcadeDB finds a range or a page (``ORDER BY … LIMIT``) by reading all of it. Whatever is paged is numbered without
  gaps and sought number by number.
* Both spend more on handing over a row than on finding it: queries answer one row of collected lists.
* ArcadeDB's inner ``CALL { … UNION … }`` keeps duplicates, and it gives no bookmarks.
"""

from enum import StrEnum
from typing import Final

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    ConstraintError,
    DriverError,
    Neo4jError,
    TransientError,
)


class Meaning(StrEnum):
    """What a failure asks of us."""

    CONFLICT = "conflict"
    """Another write was there first: run the work again."""
    TAKEN = "taken"
    """What must be unique is held already: run the work again, which then finds it, else the work is at fault."""
    GONE = "gone"
    """The server does not serve now."""
    SLOW = "slow"
    """Server or connections gave up for want of time or memory: they would again."""
    FULL = "full"
    """The server has no room to write."""
    MISTAKE = "mistake"
    """The query or the configuration is wrong; no repetition helps."""


_GONE_CODES: Final = (
    "Neo.TransientError.General.DatabaseUnavailable",
    "Neo.ClientError.Database.DatabaseNotFound",
)
_NOT_COMMITTED: Final = "Neo.ClientError.Transaction.TransactionNotFound", "Transaction error on commit"
"""ArcadeDB could not write its log."""
_SLOW_CODES: Final = (
    "Neo.TransientError.General.OutOfMemoryError",
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
    "Neo.TransientError.General.TransactionMemoryLimit",
    "Neo.ClientError.Transaction.TransactionTimedOut",
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    "Neo.DatabaseError.",
)


def meaning(error: Exception) -> Meaning:
    """Tell what an error of the driver or the network asks of us."""
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return Meaning.SLOW
    if isinstance(error, OSError | TimeoutError | AuthError):
        return Meaning.GONE
    if isinstance(error, Neo4jError):
        return _meaning_of_answer(error)
    if isinstance(error, DriverError) and not isinstance(error, ConfigurationError):
        return Meaning.GONE
    return Meaning.MISTAKE


def _meaning_of_answer(error: Neo4jError) -> Meaning:
    if error.code == _NOT_COMMITTED[0] and _NOT_COMMITTED[1] in (error.message or ""):
        return Meaning.FULL
    if (error.code or "").startswith(_GONE_CODES):
        return Meaning.GONE
    if (error.code or "").startswith(_SLOW_CODES):
        return Meaning.SLOW
    if isinstance(error, ConstraintError):
        return Meaning.TAKEN
    if isinstance(error, TransientError) or error.is_retryable():
        return Meaning.CONFLICT
    return Meaning.MISTAKE
