"""``GET /v1/parties/{id}/dossier``: all that is held on a party, each part by the reader's rights."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, TypeVar

from fastapi import APIRouter

from credit.api import handled
from credit.api.applications import OBJECTIONS, REPAIRS, Kind, sees
from credit.api.attentions import ATTENTIONS
from credit.api.cases import CASES
from credit.api.corrections import CORRECTIONS
from credit.api.deps import Ask, Asked, Paging, PartyPath
from credit.api.evaluations import EVALUATIONS
from credit.api.handled import Sort
from credit.api.parties import MOST_NODES, held_party, shown_party
from credit.api.proposals import shown as shown_proposal
from credit.api.proposals import sort_of as proposals_of
from credit.api.records import records_of
from credit.api.routes import READERS, Route, allows
from credit.api.schemas.applications import ApplicationOut
from credit.api.schemas.attentions import AttentionOut
from credit.api.schemas.cases import CaseOut
from credit.api.schemas.complainants import ProposalOut
from credit.api.schemas.complaints import ComplaintOut
from credit.api.schemas.corrections import CorrectionOut
from credit.api.schemas.dossier import ComplaintsOut, DossierOut, EntryOut, RelationsOut
from credit.api.schemas.evaluations import EvaluationsOut
from credit.api.schemas.replies import Page
from credit.api.schemas.sightings import ListingShown, PenaltyShown, Shown
from credit.model.caller import Scope
from credit.model.complaint import Complaint, ComplaintEvent
from credit.model.matter import Content, Happening, Matter
from credit.model.matters import AnyMatter, Application, ApplicationEvent, Sighting, of_shape
from credit.model.party import PartyId
from credit.model.record import Record

T = TypeVar("T")
C = TypeVar("C", bound=Content)
H = TypeVar("H", bound=Happening)
MOST: Final = 1000
"""Of each part, the newest so many."""
router = APIRouter(route_class=Route, tags=["parties"])


@router.get(
    "/v1/parties/{party}/dossier",
    summary="主体档案 · the dossier of a party",
    openapi_extra=allows(*READERS, Scope.SELF),
)
async def get_dossier(ask: Ask, party: PartyPath) -> DossierOut:
    """Show all that is held on a party: to itself, to authorities what is theirs, to others what all may see."""
    held = await held_party(ask, party)
    name = held.party.id
    await ask.note("dossier", [name])
    browser, matters = ask.services.browser, ask.services.matters
    (records, after), around, entries, filed, faced, concerning = await asyncio.gather(
        records_of(ask, name, Paging()),
        browser.neighbourhood(name, depth=1, limit=MOST_NODES),
        matters.entries(name),
        matters.filed([name]),
        matters.faced([name]),
        matters.concerning([name]),
    )
    folder = await _Folder.of(ask, name, concerning)
    _, relations, truncated = around
    return DossierOut(
        as_of=folder.day,
        reader=_reader(ask, name),
        party=await shown_party(ask, held, full=ask.sees_names_of(name)),
        records=Page(items=tuple(map(folder.record, records)), next=after),
        relations=RelationsOut.of(name, relations, truncated=truncated),
        bids=tuple(EntryOut.of(*entry) for entry in folder.newest("bids", entries, [bid.tick for _, bid in entries])),
        complaints=ComplaintsOut(
            filed=folder.complaints("complaints.filed", filed), faced=folder.complaints("complaints.faced", faced)
        ),
        proposals=folder.proposals(),
        attentions=folder.attentions(),
        cases=folder.cases(),
        corrections=folder.corrections(),
        evaluations=folder.evaluations(),
        repairs=folder.applications("repairs", REPAIRS),
        objections=folder.applications("objections", OBJECTIONS),
        truncated=tuple(folder.truncated),
    )


def _reader(ask: Asked, party: PartyId) -> Literal["self", "authority", "admin", "other"]:
    if ask.caller.has(Scope.ADMIN):
        return "admin"
    if ask.caller.is_party(party):
        return "self"
    return "authority" if ask.caller.authority is not None else "other"


@dataclass(slots=True)
class _Folder:
    """The matters of a party, and the records that it has applied about, by id."""

    ask: Asked
    party: PartyId
    held: Sequence[AnyMatter]
    records: Mapping[str, Record]
    day: date
    truncated: list[str] = field(default_factory=list[str])

    @classmethod
    async def of(cls, ask: Asked, party: PartyId, concerning: Mapping[PartyId, Sequence[AnyMatter]]) -> "_Folder":
        held = concerning.get(party, ())
        about = {matter.content.record for matter in of_shape(held, Application, ApplicationEvent)}
        found = [await handled.record_named(ask, name) for name in sorted(about)[:MOST]]
        records = {str(record.id): record for record in found if record is not None}
        return cls(ask, party, held, records, handled.today(ask))

    def newest(self, part: str, items: Sequence[T], ticks: Sequence[int]) -> list[T]:
        """Return the newest of a part, and note where there are more."""
        if len(items) > MOST:
            self.truncated.append(part)
        order = sorted(range(len(items)), key=lambda place: ticks[place], reverse=True)
        return [items[place] for place in order[:MOST]]

    def complaints(self, part: str, found: Mapping[PartyId, Sequence[AnyMatter]]) -> tuple[ComplaintOut, ...]:
        ask = self.ask
        held = of_shape(found.get(self.party, ()), Complaint, ComplaintEvent)
        seen = [x for x in held if ask.services.supervision.may_see_complaint(ask.caller, x.content)]
        return tuple(ComplaintOut.of(x, self.day) for x in self.newest(part, seen, [x.tick for x in seen]))

    def _shown(self, part: str, sort: Sort[C, H]) -> list[Matter[C, H]]:
        seen = [m for m in handled.of_kind(self.held, sort) if sort.shown(self.ask.caller, m.content)]
        return self.newest(part, seen, [matter.tick for matter in seen])

    def record(self, record: Record) -> PenaltyShown | ListingShown:
        """A record as it is shown by itself: with what is open about it, and what sites were asked."""
        about = [
            m for m in self.held if isinstance(m.content, Application | Sighting) and m.content.record == record.id
        ]
        return Shown(record, about, handled.periods(self.ask), self.day).out()

    def proposals(self) -> tuple[ProposalOut, ...]:
        return tuple(shown_proposal(self.ask, held) for held in self._shown("proposals", proposals_of(self.ask)))

    def attentions(self) -> tuple[AttentionOut, ...]:
        in_force = handled.periods(self.ask)
        return tuple(AttentionOut.of(m, in_force, self.day) for m in self._shown("attentions", ATTENTIONS))

    def cases(self) -> tuple[CaseOut, ...]:
        return tuple(CaseOut.of(case, self.day) for case in self._shown("cases", CASES))

    def corrections(self) -> tuple[CorrectionOut, ...]:
        others, in_force = handled.of_kind(self.held, CORRECTIONS), handled.periods(self.ask)
        shown = self._shown("corrections", CORRECTIONS)
        return tuple(CorrectionOut.of(order, others, in_force, self.day) for order in shown)

    def evaluations(self) -> EvaluationsOut | None:
        """What others think of it, for an office alone."""
        if not handled.is_any_office(self.ask.caller):
            return None
        of = [m.content for m in handled.of_kind(self.held, EVALUATIONS) if m.content.of == self.party]
        return EvaluationsOut.of(self.party, of)

    def applications(self, part: str, kind: Kind) -> tuple[ApplicationOut, ...]:
        in_force = handled.periods(self.ask)
        told: list[ApplicationOut] = []
        for application in self._shown(part, kind):
            record = self.records.get(application.content.record)
            if record is not None and sees(self.ask.caller, record, self.day):
                told.append(ApplicationOut.of(application, record, in_force, self.day))
        return tuple(told)
