"""What an archive says of itself."""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

FORMAT: Final = 2
READ: Final = (1, FORMAT)
"""Versions that are read; the first did not say which hash key an archive belongs to."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
"""Of a label, a type or a property: the only texts of an archive that queries are made of."""
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Mark = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Count = Annotated[int, Field(ge=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Ties(_Strict):
    """Relationships of one type from one label to another: how many, and what properties they have."""

    type: Name
    end: Name
    count: Count
    properties: list[Name]


class Part(_Strict):
    """One label: how many nodes, what properties they have; ``size`` in bytes, not compressed."""

    label: Name
    count: Count
    properties: list[Name]
    ties: list[Ties]
    size: Count
    sha256: Digest


class Manifest(_Strict):
    """What an archive holds.

    ``tick`` is the place in the order of writes as of which it was taken: every write up to it is in it whole, nothing
    of any later one; ``horizon`` the last write of facts up to there. ``ledger`` holds the counters of then, ``epoch``
    names the database that it was taken from, ``hash_key`` by its mark the key that its hashes were made with, without
    which nobody in it is found by number; None: nobody opened that database with a key.
    """

    format: int
    schema_version: Annotated[int, Field(ge=1)]
    tick: Count
    horizon: Count
    epoch: str
    hash_key: Mark | None = None
    made_at: str
    ledger: Mapping[Name, int | str]
    accesses: Count
    parts: list[Part]

    @property
    def nodes(self) -> int:
        """How many nodes all parts hold."""
        return sum(part.count for part in self.parts)

    @property
    def relationships(self) -> int:
        """How many relationships all parts hold."""
        return sum(ties.count for part in self.parts for ties in part.ties)


_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


def is_name(text: str) -> bool:
    """Tell whether a label, a type or a property has a name that an archive takes.

    >>> is_name("near0"), is_name("a b")
    (True, False)
    """
    return _NAME.fullmatch(text) is not None
