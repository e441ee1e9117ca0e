"""What is recorded: penalties, entries on lists, events on them (the contract's "Records")."""

from typing import Annotated, Any, Literal

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
    Paragraphs,
    PartyRef,
    Region,
    Score,
    Url,
    party_id,
)
from credit.model.record import (
    Authority,
    Ban,
    BanScope,
    Basis,
    Category,
    EventKind,
    Level,
    Listing,
    MatchedBy,
    Penalty,
    PenaltyKind,
    SectorLine,
    Source,
)
from credit.model.statements import EventStatement, RecordStatement

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
        return Source(self.name, self.url, None if self.fetched_at is None else str(self.fetched_at), self.kind)


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
    proposal: Line | None = None

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
        return RecordStatement(
            party=party_id(self.party, "/party"), content=content, source=_source(self.source), proposal=self.proposal
        )


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
    proposal: Line | None = None

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
        return RecordStatement(
            party=party_id(self.party, "/party"), content=content, source=_source(self.source), proposal=self.proposal
        )


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


def _source(body: SourceBody | None) -> Source:
    return body.source() if body else Source(OWN_SOURCE)
