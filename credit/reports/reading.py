"""Reading for a report: whole kinds of matters by the page, names by the reader's rights, never too much at once."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from credit.api.handled import STRIDE, is_office
from credit.errors import TooLarge
from credit.identifiers import redact
from credit.model.caller import Caller, Scope
from credit.model.complaint import Complaint, ComplaintEvent
from credit.model.matter import Content, Happening, Matter, MatterId, MatterKind
from credit.model.matters import Case, Correction, of_shape
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.regions import Regions
from credit.reports.acts import Named
from credit.reports.model import Asked
from credit.rules.world import shown_name
from credit.wiring import Services

C = TypeVar("C", bound=Content)
H = TypeVar("H", bound=Happening)
COMPLAINT: Final = "cmp_"
"""What begins the id of a complaint."""
MOST: Final = 20_000
"""Rows of a section; a report with more would be read by nobody and fill the memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The services as one reader may use them for one report; what was looked up is remembered."""

    services: Services
    caller: Caller
    asked: Asked
    names: dict[PartyId, str] = field(default_factory=dict[PartyId, str])
    numbers: dict[MatterId, str] = field(default_factory=dict[MatterId, str])

    @property
    def regions(self) -> Regions:
        """The divisions of the country."""
        return self.services.supervision.practice.regions

    @property
    def bound_to(self) -> str | None:
        """The authority whose matters alone the reader is shown; None: all are."""
        bound = self.caller.authority
        return None if bound is None or self.caller.has(Scope.ADMIN) else bound.name

    async def all(self, kind: MatterKind, content: type[C], event: type[H]) -> AsyncIterator[Matter[C, H]]:
        """Go through every matter of a kind, page by page, in the order of their numbers."""
        before: int | None = None
        while True:
            rows = await self.services.matters.page(kind, before=before, limit=STRIDE)
            for matter in of_shape(rows, content, event):
                yield matter
            if len(rows) < STRIDE:
                return
            before = rows[-1].nth

    def is_here(self, authority: Authority) -> bool:
        """Tell whether an authority lies in the region asked about; one whose place is not known does not."""
        place = authority.region
        return place is not None and self.regions.contains(self.asked.region, place, self.asked.last)

    def is_shown(self, content: Case | Correction) -> bool:
        """Tell whether a case or an order lies here and the reader is shown it."""
        return self.is_here(content.authority) and is_office(self.caller, content.authority)

    async def named(self, party: PartyId) -> Named:
        """Return a party with the name that the reader is shown, its id where it has none any more."""
        if party not in self.names:
            held = await self.services.browser.party(party)
            self.names[party] = shown_name(held.party) if held else party
        return Named(party, self.names[party])

    async def all_named(self, parties: Iterable[PartyId]) -> tuple[Named, ...]:
        """Return parties in their order."""
        return tuple([await self.named(party) for party in parties])

    async def number(self, letter: MatterId) -> str:
        """Return the number of a complaint by its id."""
        if letter not in self.numbers:
            held = of_shape(await self.services.matters.named(MatterKind.COMPLAINT, letter), Complaint, ComplaintEvent)
            self.numbers[letter] = held[0].content.complaint_no if held else letter
        return self.numbers[letter]

    async def told(self, name: str) -> str:
        """Return the number of a complaint that an id names; any other id as it is."""
        return await self.number(MatterId(name)) if name.startswith(COMPLAINT) else name


def told(text: str) -> str:
    """Return free text with whatever reads as an identity number masked."""
    return redact(text)


def must_fit(count: int) -> None:
    """Refuse what would be too long to be read.

    Raises:
        TooLarge: a section has more rows than a report may hold.
    """
    if count > MOST:
        raise TooLarge(
            f"超过 {MOST} 行，请缩小地区或者期间。", f"There are more than {MOST} rows. Take a smaller region or period"
        )
