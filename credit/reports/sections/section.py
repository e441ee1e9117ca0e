"""One table of the report, whatever it is written into: headings, facts, rows of typed cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from credit.model.verdict import Citation, Reason
from credit.reports.acts import Named
from credit.reports.words import Cell, article

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table: ``facts`` say counts with their denominators and how to read it.

    ``id`` is its anchor and names the picture that belongs to it; ``columns`` are headings in both languages.
    """

    id: str
    title: Reason
    facts: tuple[Reason, ...]
    columns: tuple[Reason, ...]
    rows: tuple[Row, ...]


NOT_RESTRICTED: Final = Reason(
    "本表不限制任何人：只有机关依法作出并登记的决定才产生限制",
    "Nobody is restricted by this: only a decision that an authority made and recorded restricts",
)


def columns(*told: str) -> tuple[Reason, ...]:
    """Make headings of ``中文|English``."""
    return tuple(Reason(*one.split("|")) for one in told)


def party(named: Named) -> str:
    """Write a party: its name, and its id below."""
    return named.name if named.name == named.id else f"{named.name}\n{named.id}"


def parties(named: Sequence[Named]) -> str:
    """Write parties, one below the other."""
    return "\n".join(map(party, named))


def several(names: Iterable[str]) -> str:
    """Write names on one line."""
    return "；".join(names)


def law(citations: Iterable[Citation]) -> str:
    """Write citations, each instrument once.

    >>> law([Citation("采购法", "55"), Citation("采购法", "56"), Citation("94号令", "26")])
    '采购法第55条、第56条；94号令第26条'
    """
    found: dict[str, list[str]] = {}
    for cite in citations:
        found.setdefault(cite.instrument, []).append(cite.article)
    return several(f"{title}{article(','.join(articles))}" for title, articles in found.items())
