"""Rows that cannot be taken by design of their source, apart from those with a fault."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from credit.errors import FieldInvalid
from credit.model.party import PartyKind


class Why(StrEnum):
    """What sort of row a source never tells in full, or tells of something else than the list is kept for."""

    NATURAL_PERSONS = "natural_persons"
    NOT_PROCUREMENT = "not_procurement"
    KIND_NOT_TOLD = "kind_not_told"


HIDDEN: Final[Mapping[Why, PartyKind]] = {Why.NATURAL_PERSONS: PartyKind.PERSON}
"""Of whom a list tells nothing that sets such rows aside."""


class SetAside(FieldInvalid):
    """A rejected row of such a sort; whether its source's list is whole without it, the source's TOML says."""

    def __init__(self, zh: str, en: str = "", *, why: Why = Why.NATURAL_PERSONS) -> None:
        super().__init__(zh, en)
        self.why = why
