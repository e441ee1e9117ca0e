"""Sites still showing what was repaired, annulled or removed, and records shown with what is asked for them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import ConfigDict

from credit.api.schemas.answers import CitationOut, ReasonOut
from credit.api.schemas.fields import Day, In, LongLine, Out
from credit.api.schemas.handled import Digest, cited, reason_out
from credit.api.schemas.recorded import ListingOut, PenaltyOut, record_out
from credit.model.matter import Matter, MatterKind
from credit.model.matters import (
    AnyMatter,
    Application,
    ApplicationEvent,
    Nothing,
    Sighting,
    of_shape,
)
from credit.model.objections import open_objections
from credit.model.party import PartyId
from credit.model.record import Record
from credit.model.when import from_tick
from credit.oversight import applications
from credit.oversight.deadlines import DeadlineState
from credit.oversight.sightings import letter, request, seen_again
from credit.rules.periods import Periods


class SightingBody(In):
    """A site that still shows a record; ``digest`` of the page as seen. Natural key: record, site, seen_on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "site": "https://example.org/credit/1",
                    "seen_on": "2026-05-12",
                    "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                }
            ]
        }
    )

    site: LongLine
    seen_on: Day
    digest: Digest

    def content(self, record: Record) -> Sighting:
        """Return it as the model has it."""
        return Sighting(
            record=record.id, party=PartyId(record.party), site=self.site, seen_on=self.seen_on, digest=self.digest
        )


class SightingOut(Out):
    """A sighting, and the request to the site that it calls for.

    ``due`` is the day by which the site is asked to have corrected; it binds no site, so that past it the state is
    ``unknown`` until somebody looks again: ``seen_again_on`` is the last later day on which it still stood there.
    """

    id: str
    record: str
    site: str
    seen_on: date
    digest: str
    due: date | None
    state: DeadlineState
    seen_again_on: date | None
    rule: str
    citations: tuple[CitationOut, ...]
    mark: str
    note: ReasonOut | None
    request: ReasonOut
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, held: Matter[Sighting, Nothing], shown: "Shown") -> Self:
        """Show a sighting as of the end of a day."""
        content = held.content
        clock = request(shown.periods, content, shown.as_of)
        words = letter(content, shown.record, clock.due)
        return cls(
            id=held.id,
            record=content.record,
            site=content.site,
            seen_on=content.seen_on,
            digest=content.digest,
            due=clock.due,
            state=clock.state,
            seen_again_on=seen_again(content, (s.content for s in shown.sightings), shown.as_of),
            rule=clock.rule,
            citations=cited(clock),
            mark=clock.mark,
            note=reason_out(clock.note),
            request=ReasonOut(zh=words.zh, en=words.en),
            recorded_at=from_tick(held.tick),
            recorded_by=held.recorded_by,
        )


class PendingOut(Out):
    """An application that is open: the fact stays, and is marked."""

    id: str | None
    kind: str
    since: date


class PenaltyShown(PenaltyOut):
    """A penalty with the requests to sites that still show it, and what is open about it."""

    pending: tuple[PendingOut, ...]
    correction_requests: tuple[SightingOut, ...]


class ListingShown(ListingOut):
    """An entry on a list with the requests to sites that still show it, and what is open about it."""

    pending: tuple[PendingOut, ...]
    correction_requests: tuple[SightingOut, ...]


class Shown:
    """A record with the matters about it, as of the end of a day."""

    def __init__(self, record: Record, about: Sequence[AnyMatter], periods: Periods, as_of: date) -> None:
        """Take a record and all matters about it."""
        self.record = record
        self.periods = periods
        self.as_of = as_of
        self.sightings = of_shape(about, Sighting, Nothing)
        self.applications = of_shape(about, Application, ApplicationEvent)

    def out(self) -> PenaltyShown | ListingShown:
        """Show it."""
        told = record_out(self.record)
        newest_first = sorted(self.sightings, key=lambda s: (s.content.seen_on, s.tick), reverse=True)
        more = {
            "pending": self.pending(),
            "correction_requests": tuple(SightingOut.of(held, self) for held in newest_first),
        }
        model = PenaltyShown if isinstance(told, PenaltyOut) else ListingShown
        return model.model_validate({name: getattr(told, name) for name in type(told).model_fields} | more)

    def pending(self) -> tuple[PendingOut, ...]:
        """Name what is open about the record: applications, and an objection that stands on the record alone."""
        held = [a for a in self.applications if applications.standing(a, self.record, self.as_of).open]
        found = [PendingOut(id=a.id, kind=a.kind, since=a.content.applied_on) for a in held]
        opened = self._objected()
        if opened is not None and all(a.kind is not MatterKind.OBJECTION for a in held):
            found.append(PendingOut(id=None, kind=MatterKind.OBJECTION, since=opened))
        return tuple(found)

    def _objected(self) -> date | None:
        """Since when the record's own events say that an objection is open."""
        opened = open_objections(self.record.events, lambda on: on.day <= self.as_of)
        return opened[0].on.day if opened else None
