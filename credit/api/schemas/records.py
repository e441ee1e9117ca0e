"""Penalties, entries on lists and what happened to them (the contract's "Records")."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import ConfigDict, Field, StrictBool

from credit.api.schemas.fields import (
    Day,
    DayOrInstant,
    In,
    Line,
    ListId,
    LongLine,
    Money,
    Months,
    Out,
    Paragraphs,
    PartyRef,
    Region,
    Score,
    Url,
    WhenText,
    money,
    party_id,
    plain,
)
from credit.model.record import (
    Authority,
    Ban,
    BanScope,
    Basis,
    Category,
    Event,
    EventKind,
    Level,
    Listing,
    MatchedBy,
    Penalty,
    PenaltyKind,
    Record,
    SectorLine,
    Source,
)
from credit.model.statements import EventStatement, RecordStatement
from credit.model.when import When, from_tick

MANY = 100
OWN_SOURCE = "本登记系统录入 · entered here"
"""Names the source of what was posted without one."""


class AuthorityBody(In):
    """The body that decided; ``region`` by GB/T 2260."""

    name: Line
    id: PartyRef | None = None
    region: Region | None = None
    level: Level | None = None

    def authority(self) -> Authority:
        """Return it as the model has it."""
        return Authority(self.name, self.id, self.region, self.level)


class SourceBody(In):
    """Where a fact is from; ``fetched_at`` a day or an instant."""

    name: Line
    url: Url | None = None
    fetched_at: DayOrInstant | None = None
    kind: Literal["ledger", "notice", "feed"] | None = None

    def source(self) -> Source:
        """Return it as the model has it."""
        return Source(self.name, self.url, _text(self.fetched_at), self.kind)


class BanBody(In):
    """A ban as the decision states it; ``until`` is its last day, inclusive."""

    scope: BanScope
    from_: DayOrInstant | None = Field(default=None, alias="from")
    until: Day | None = None
    months: Months | None = None
    region: Region | None = None
    indefinite: StrictBool = False

    def ban(self) -> Ban:
        """Return it as the model has it."""
        return Ban(self.scope, self.from_, self.until, self.months, self.region, self.indefinite)


class SectorLineBody(In):
    """Whether the sector has a fine line of its own; ``amount`` null: looked up, there is none."""

    checked_on: Day
    amount: Money | None = None


class PenaltyBody(In):
    """A penalty decision. Natural key: authority's name, doc_no, party."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "party": "91512002MAF0000126",
                    "doc_no": "资财采罚〔2026〕1号",
                    "authority": {"name": "资阳市财政局", "region": "512000", "level": "city"},
                    "decided_on": "2026-01-13",
                    "served_on": "2026-01-14",
                    "published_on": "2026-01-19",
                    "violation": "提供虚假材料谋取中标",
                    "category": "false_materials",
                    "kinds": ["fine", "ban"],
                    "fine": "9000.00",
                    "legal_basis": ["采购法 77"],
                    "ban": {"scope": "procurement", "from": "2026-01-16", "until": "2027-01-15"},
                }
            ]
        }
    )

    party: PartyRef
    doc_no: Line
    authority: AuthorityBody
    decided_on: Day
    served_on: DayOrInstant | None = None
    published_on: DayOrInstant | None = None
    violation: Paragraphs
    category: Category
    kinds: Annotated[tuple[PenaltyKind, ...], Field(max_length=MANY)]
    fine: Money | None = None
    confiscated: Money | None = None
    sector: Line | None = None
    sector_line: SectorLineBody | None = None
    legal_basis: Annotated[tuple[LongLine, ...], Field(max_length=MANY)]
    in_business: StrictBool | None = None
    ban: BanBody | None = None
    source: SourceBody | None = None

    def statement(self) -> RecordStatement:
        """Say it to the registry.

        Raises:
            IdentifierInvalid: a party's id is of no right form.
        """
        line = self.sector_line
        content = Penalty(
            doc_no=self.doc_no,
            authority=self.authority.authority(),
            decided_on=self.decided_on,
            violation=self.violation,
            category=self.category,
            kinds=self.kinds,
            served_on=self.served_on,
            published_on=self.published_on,
            fine=self.fine,
            confiscated=self.confiscated,
            sector=self.sector,
            sector_line=SectorLine(line.checked_on, line.amount) if line else None,
            legal_basis=self.legal_basis,
            in_business=self.in_business,
            ban=self.ban.ban() if self.ban else None,
        )
        return RecordStatement(party=party_id(self.party, "/party"), content=content, source=_source(self.source))


class BasisBody(In):
    """The law that an entry rests on."""

    instrument: LongLine
    article: Line | None = None


class ListingBody(In):
    """An entry on one of the lists L01–L28. Natural key: party, list, listed_on, doc_no."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "party": "91512002MAF0000126",
                    "list": "L03",
                    "listed_on": "2026-02-02",
                    "published_on": "2026-02-02",
                    "ground": "有履行能力而拒不履行生效法律文书确定义务",
                    "doc_no": "(2026)川2002执1号",
                    "authority": {"name": "资阳市雁江区人民法院", "region": "512002", "level": "county"},
                    "matched_by": "identifier",
                }
            ]
        }
    )

    party: PartyRef
    list: ListId
    listed_on: Day
    published_on: DayOrInstant | None = None
    until: Day | None = None
    ground: Paragraphs | None = None
    doc_no: Line | None = None
    region: Region | None = None
    basis: BasisBody | None = None
    grade: Line | None = None
    score: Score | None = None
    products: Annotated[tuple[Line, ...], Field(max_length=MANY)] = ()
    authority: AuthorityBody | None = None
    matched_by: MatchedBy
    source: SourceBody | None = None

    def statement(self) -> RecordStatement:
        """Say it to the registry.

        Raises:
            IdentifierInvalid: a party's id is of no right form.
        """
        content = Listing(
            list=self.list,
            listed_on=self.listed_on,
            published_on=self.published_on,
            until=self.until,
            ground=self.ground,
            doc_no=self.doc_no,
            region=self.region,
            basis=Basis(self.basis.instrument, self.basis.article) if self.basis else None,
            grade=self.grade,
            score=self.score,
            products=self.products,
            authority=self.authority.authority() if self.authority else None,
            matched_by=self.matched_by,
        )
        return RecordStatement(party=party_id(self.party, "/party"), content=content, source=_source(self.source))


class EventBody(In):
    """Something that happened to a record; ``changes`` are fields of the record, for ``amended`` only."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "suspended", "on": "2026-03-02", "by": "某人民法院"}]}
    )

    kind: EventKind
    on: DayOrInstant
    doc_no: Line | None = None
    by: Line | None = None
    reason: Paragraphs | None = None
    changes: dict[str, Any] | None = None

    def statement(self) -> EventStatement:
        """Say it to the registry."""
        return EventStatement(
            kind=self.kind, on=self.on, doc_no=self.doc_no, by=self.by, reason=self.reason, changes=self.changes
        )


class SourceOut(Out):
    """Where a record is from; of an import with the file's digest and the row."""

    name: str
    url: str | None
    fetched_at: str | None
    kind: str | None
    snapshot: str | None
    row: int | None


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
    source = record.source
    return {
        "id": record.id,
        "party": record.party,
        "source": SourceOut(
            name=source.name,
            url=source.url,
            fetched_at=source.fetched_at,
            kind=source.kind,
            snapshot=source.snapshot,
            row=source.row,
        ),
        "recorded_at": from_tick(record.tick),
        "recorded_by": record.recorded_by,
        "events": tuple(EventOut.of(e) for e in sorted(record.events, key=lambda e: (e.on.start, e.tick, e.id))),
    }


def _source(body: SourceBody | None) -> Source:
    return body.source() if body else Source(OWN_SOURCE)


def _text(when: When | None) -> str | None:
    return None if when is None else str(when)
