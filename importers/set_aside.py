"""Rows that cannot be taken by design of their source, apart from those with a fault."""

from enum import StrEnum

from credit.errors import FieldInvalid, Malformed


class Why(StrEnum):
    """What sort of row a source never tells in full."""

    NATURAL_PERSONS = "natural_persons"


class SetAside(FieldInvalid):
    """A rejected row of such a sort; whether its source's list is whole without it, the source's TOML says."""

    def __init__(self, error: Malformed, why: Why) -> None:
        super().__init__(error.zh, error.en)
        self.why = why
