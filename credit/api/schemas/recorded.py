"""Records as they are shown, with their source and their events (the contract's "Records")."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, Self

import orjson
from pydantic import Field

from credit.api.schemas.fields import Out, WhenText, money, plain
from credit.model.record import (
    Authority,
    Ban,
    BanScope,
    Category,
    Event,
    EventKind,
    Level,
    Listing,
    MatchedBy,
    Penalty,
    PenaltyKind,
    Record,
    Source,
)
from credit.model.when import When, from_tick


class SourceOut(Out):
    """Where a record is from; of an import with the file's digest and the row."""

    name: str
    url: str | None
    fetched_at: str | None
    kind: str | None
    snapshot: str | None
    row: int | None

    @classmethod
    def of(cls, source: Source) -> Self:
        """Show a source."""
        return cls(
            name=source.name,
            url=source.url,
            fetched_at=source.fetched_at,
            kind=source.kind,
            snapshot=source.snapshot,
            row=source.row,
        )


class AuthorityOut(Out):
    """The body that decided."""

    name: str
    id: str | None
    region: str | None
    level: Level | None

    @classmethod
    def of(cls, authority: Authority) -> Self:
        """Show an authority."""
        return cls(name=authority.name, id=authority.id, region=authority.region, level=authority.level)


class BanOut(Out):
    """A ban as the decision states it."""

    scope: BanScope
    from_: WhenText | None = Field(serialization_alias="from", validation_alias="from")
    until: date | None
    months: int | None
    region: str | None
    indefinite: bool

    @classmethod
    def of(cls, ban: Ban) -> Self:
        """Show a ban."""
        return cls.model_validate(
            {
                "scope": ban.scope,
                "from": _text(ban.from_),
                "until": ban.until,
                "months": ban.months,
                "region": ban.region,
                "indefinite": ban.indefinite,
            }
        )


class SectorLineOut(Out):
    """The sector's own fine line."""

    checked_on: date
    amount: str | None


class BasisOut(Out):
    """The law that an entry rests on."""

    instrument: str
    article: str | None


class EventOut(Out):
    """What happened to a record."""

    id: str
    kind: EventKind
    on: WhenText
    doc_no: str | None
    by: str | None
    reason: str | None
    changes: dict[str, Any] | None
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, event: Event) -> Self:
        """Show an event."""
        return cls(
            id=event.id,
            kind=event.kind,
            on=str(event.on),
            doc_no=event.doc_no,
            by=event.by,
            reason=event.reason,
            changes=orjson.loads(event.changes) if event.changes else None,
            recorded_at=from_tick(event.tick),
            recorded_by=event.recorded_by,
        )


class _RecordOut(Out):
    """What penalties and entries on lists have in common."""

    id: str
    party: str
    source: SourceOut
    recorded_at: datetime
    recorded_by: str
    events: tuple[EventOut, ...]


class PenaltyOut(_RecordOut):
    """A penalty as recorded, with its events in the order of their days."""

    type: Literal["penalty"]
    doc_no: str
    authority: AuthorityOut
    decided_on: date
    served_on: WhenText | None
    published_on: WhenText | None
    violation: str
    category: Category
    kinds: tuple[PenaltyKind, ...]
    fine: str | None
    confiscated: str | None
    sector: str | None
    sector_line: SectorLineOut | None
    legal_basis: tuple[str, ...]
    in_business: bool | None
    ban: BanOut | None

    @classmethod
    def of(cls, record: Record, penalty: Penalty) -> Self:
        """Show a penalty."""
        line = penalty.sector_line
        return cls(
            **_common(record),
            type="penalty",
            doc_no=penalty.doc_no,
            authority=AuthorityOut.of(penalty.authority),
            decided_on=penalty.decided_on,
            served_on=_text(penalty.served_on),
            published_on=_text(penalty.published_on),
            violation=penalty.violation,
            category=penalty.category,
            kinds=penalty.kinds,
            fine=money(penalty.fine),
            confiscated=money(penalty.confiscated),
            sector=penalty.sector,
            sector_line=SectorLineOut(checked_on=line.checked_on, amount=money(line.amount)) if line else None,
            legal_basis=penalty.legal_basis,
            in_business=penalty.in_business,
            ban=BanOut.of(penalty.ban) if penalty.ban else None,
        )


class ListingOut(_RecordOut):
    """An entry on a list as recorded, with its events in the order of their days."""

    type: Literal["listing"]
    list: str
    listed_on: date
    published_on: WhenText | None
    until: date | None
    ground: str | None
    doc_no: str | None
    region: str | None
    basis: BasisOut | None
    grade: str | None
    score: str | None
    products: tuple[str, ...]
    authority: AuthorityOut | None
    matched_by: MatchedBy

    @classmethod
    def of(cls, record: Record, listing: Listing) -> Self:
        """Show an entry."""
        basis = listing.basis
        return cls(
            **_common(record),
            type="listing",
            list=listing.list,
            listed_on=listing.listed_on,
            published_on=_text(listing.published_on),
            until=listing.until,
            ground=listing.ground,
            doc_no=listing.doc_no,
            region=listing.region,
            basis=BasisOut(instrument=basis.instrument, article=basis.article) if basis else None,
            grade=listing.grade,
            score=plain(listing.score),
            products=listing.products,
            authority=AuthorityOut.of(listing.authority) if listing.authority else None,
            matched_by=listing.matched_by,
        )


def record_out(record: Record) -> PenaltyOut | ListingOut:
    """Show a record of either type."""
    if isinstance(record.content, Penalty):
        return PenaltyOut.of(record, record.content)
    return ListingOut.of(record, record.content)


def _common(record: Record) -> Mapping[str, Any]:
    return {
        "id": record.id,
        "party": record.party,
        "source": SourceOut.of(record.source),
        "recorded_at": from_tick(record.tick),
        "recorded_by": record.recorded_by,
        "events": tuple(EventOut.of(e) for e in sorted(record.events, key=lambda e: (e.on.start, e.tick, e.id))),
    }


def _text(when: When | None) -> str | None:
    return None if when is None else str(when)
