"""What an authority handles: a matter under its number, the parties it concerns, and what happened to it later.

A matter restricts nobody. It is never changed or deleted: what happens to it is appended.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Generic, NewType, Protocol, TypeVar

from credit.model.party import PartyId

MatterId = NewType("MatterId", str)


class MatterKind(StrEnum):
    """The kinds of matter; each has a content type and a type of its events (`credit.model.matters`)."""

    COMPLAINT = "complaint"
    ATTENTION = "attention"
    CASE = "case"
    CORRECTION = "correction"
    EVALUATION = "evaluation"
    PROPOSAL = "proposal"
    REPAIR = "repair"
    OBJECTION = "objection"
    SIGHTING = "sighting"


class Content(Protocol):
    """What a matter says, as a frozen dataclass of plain fields.

    ``PARTIES`` names its fields that hold a ``PartyId``, None, or a tuple of them; such a field's name is the role in
    which the party is concerned.
    """

    PARTIES: ClassVar[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happened to a matter; natural key (matter, kind, on, doc_no)."""

    id: str = ""
    on: date
    doc_no: str | None = None
    tick: int = 0
    recorded_by: str = ""


C = TypeVar("C", bound=Content)
H = TypeVar("H", bound=Happening)


@dataclass(frozen=True, slots=True)
class Matter(Generic[C, H]):
    """A matter as held; ``tick`` is its place in the order of writes, ``events`` stand in the order of their arrival.

    ``nth`` numbers the matters of its kind without gaps, from 1.
    """

    id: MatterId
    kind: MatterKind
    content: C
    tick: int
    recorded_by: str
    events: tuple[H, ...] = ()
    nth: int = 0


def parties_of(content: Content) -> list[tuple[str, PartyId]]:
    """Return (role, party) of everyone a matter concerns, in the order of its fields."""
    found: list[tuple[str, PartyId]] = []
    for role in content.PARTIES:
        value: PartyId | Sequence[PartyId] | None = getattr(content, role)
        named = () if value is None else (value,) if isinstance(value, str) else value
        found += [(role, party) for party in named]
    return found


def life(events: Iterable[H], as_of: date) -> list[H]:
    """Return what had happened by the end of a day in the order of its days; on one day, in the order of arrival."""
    return sorted((e for e in events if e.on <= as_of), key=lambda e: (e.on, e.tick))
