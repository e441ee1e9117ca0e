"""Records on a party: penalties, entries on lists, and what happened to them later (the contract's "Records")."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType

from credit.model.party import PartyId
from credit.model.when import When

RecordId = NewType("RecordId", str)


class Level(StrEnum):
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Authority:
    """The body that decided; ``region`` by GB/T 2260."""

    name: str
    id: str | None = None
    region: str | None = None
    level: Level | None = None


FEED: Final = "feed"
"""The ``kind`` of a source that is imported again and again."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where we have a fact from; an import names file digest and row in ``snapshot`` and ``row``.

    ``list``: the list that the source keeps; None of what is no list, of which no row is ever taken off by itself.
    """

    name: str
    url: str | None = None
    fetched_at: str | None = None
    kind: str | None = None
    snapshot: str | None = None
    row: int | None = None
    list: str | None = None

    @property
    def fetched(self) -> datetime | None:
        """The instant of ``fetched_at``; None where it is not told as an import does."""
        try:
            at = datetime.fromisoformat(self.fetched_at or "")
        except ValueError:
            return None
        return at if at.tzinfo is not None else None


class Category(StrEnum):
    DISCRIMINATORY_TERMS = "discriminatory_terms"
    ARBITRARY_CHARGING = "arbitrary_charging"
    FALSE_MATERIALS = "false_materials"
    COLLUSION = "collusion"
    MALICIOUS_COMPLAINT = "malicious_complaint"
    OTHER = "other"


class PenaltyKind(StrEnum):
    """Kinds of penalty. Law: 行政处罚法 9, with what procurement law adds."""

    WARNING = "warning"
    CRITICISM = "criticism"
    FINE = "fine"
    CONFISCATION = "confiscation"
    PERMIT_WITHHELD = "permit_withheld"
    DOWNGRADED = "downgraded"
    PERMIT_REVOKED = "permit_revoked"
    LICENCE_REVOKED = "licence_revoked"
    OPERATIONS_RESTRICTED = "operations_restricted"
    PRODUCTION_STOPPED = "production_stopped"
    CLOSURE = "closure"
    PRACTICE_RESTRICTED = "practice_restricted"
    DETENTION = "detention"
    BAN = "ban"
    CRIMINAL = "criminal"
    CORRECTION_ORDER = "correction_order"
    BAD_CONDUCT_LISTING = "bad_conduct_listing"
    OTHER = "other"


class BanScope(StrEnum):
    """What a ban bars from; the catalogue maps it to domains."""

    PROCUREMENT = "procurement"
    AGENCY_WORK = "agency_work"
    REVIEW_WORK = "review_work"
    STATUTORY_TENDERS = "statutory_tenders"
    MILITARY_PROCUREMENT = "military_procurement"


@dataclass(frozen=True, slots=True)
class Ban:
    """A ban as the decision states it; ``until`` is its last day, inclusive; ``region`` a place that it names."""

    scope: BanScope
    from_: When | None = None
    until: date | None = None
    months: int | None = None
    region: str | None = None
    indefinite: bool = False


@dataclass(frozen=True, slots=True)
class SectorLine:
    """A sector's own fine line: ``amount`` in yuan, None where it was looked up and there is none."""

    checked_on: date
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Penalty:
    """A penalty decision; sums in yuan. ``published_on`` None: not stated, binds from service."""

    doc_no: str
    authority: Authority
    decided_on: date
    violation: str
    category: Category
    kinds: tuple[PenaltyKind, ...]
    served_on: When | None = None
    published_on: When | None = None
    fine: Decimal | None = None
    confiscated: Decimal | None = None
    sector: str | None = None
    sector_line: SectorLine | None = None
    legal_basis: tuple[str, ...] = ()
    in_business: bool | None = None
    ban: Ban | None = None


class MatchedBy(StrEnum):
    """How a source's row was tied to the party; the last two do not fix the identity."""

    IDENTIFIER = "identifier"
    ORGANISATION_CODE = "organisation_code"
    MASKED_IDENTIFIER = "masked_identifier"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Basis:
    instrument: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """An entry on one of the lists L01–L28; ``until`` inclusive."""

    list: str
    listed_on: date
    published_on: When | None = None
    until: date | None = None
    ground: str | None = None
    doc_no: str | None = None
    region: str | None = None
    basis: Basis | None = None
    grade: str | None = None
    score: Decimal | None = None
    products: tuple[str, ...] = ()
    authority: Authority | None = None
    matched_by: MatchedBy = MatchedBy.IDENTIFIER


class EventKind(StrEnum):
    SERVED = "served"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ANNULLED = "annulled"
    AMENDED = "amended"
    REPAIRED = "repaired"
    REMOVED = "removed"
    LIFTED = "lifted"
    PERFORMED = "performed"
    OBJECTION_OPENED = "objection_opened"
    OBJECTION_CLOSED = "objection_closed"
    REVIEW_OPENED = "review_opened"
    REVIEW_CLOSED = "review_closed"
    ENTERED_IN_ERROR = "entered_in_error"


GONE: Final = "完整名单中已无此条 · no longer in the complete list"
"""The ``reason`` of a ``removed`` (of a debarment ``lifted``) that an import found out: the list, told whole, has the
entry no more."""
BACK: Final = "名单中又有此条 · in the list again"
"""The ``reason`` of a ``resumed`` that an import found out: it undoes what has the reason `GONE`, and nothing else."""
RETOLD: Final = "名单载明的内容已变更 · the list tells otherwise now"
"""The ``reason`` of an ``amended`` that an import found out: its list of debarments tells another content."""
OF_LISTS: Final = frozenset({GONE, BACK, RETOLD})
"""What an import finds out by itself is no act of an authority, even of the same kind and day."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a record. ``changes`` (of an amendment) holds contract fields, as JSON text of an object."""

    id: str
    kind: EventKind
    on: When
    doc_no: str | None = None
    by: str | None = None
    reason: str | None = None
    changes: str | None = None
    tick: int = 0
    recorded_by: str = ""


_ENDS_DECISION: Final = frozenset({EventKind.ANNULLED, EventKind.LIFTED})
_ENDS_ENTRY: Final = _ENDS_DECISION | {EventKind.REMOVED}
_ORDER: Final = {kind: n for n, kind in enumerate(EventKind)}


def by_day(event: Event) -> tuple[datetime, int, bool, int, tuple[str | int, ...], str]:
    """Key by which events stand in order: by when they were, of one instant by kind.

    Of one kind, what imports found stands first, as they found it, what others recorded by its number (the 9th before
    the 10th): when something was recorded never matters, and what somebody wrote by hand is the later word.
    """
    own = event.reason in OF_LISTS
    parts = re.split(r"(\d+)", event.doc_no or "")
    number = tuple(int(part) if place % 2 else part for place, part in enumerate(parts))
    return event.on.start, _ORDER[event.kind], not own, event.tick if own else 0, number, event.id


def found_in(snapshot: str, at: datetime, nth: int) -> str:
    """Number what an import found: by the file, its instant, and the place among what was found before."""
    return f"{snapshot}@{at.astimezone(UTC).isoformat()}#{nth}"


def file_of(event: Event) -> tuple[str, datetime | None]:
    """Return the digest and the instant of the file in which an import found something."""
    snapshot, _, rest = (event.doc_no or "").partition("@")
    try:
        return snapshot, datetime.fromisoformat(rest.partition("#")[0])
    except ValueError:
        return snapshot, None


def without_put_back(events: Sequence[Event], is_told: Callable[[When], bool]) -> list[Event]:
    """Leave out what imports found gone and a list then told again, of one day by what was found last.

    ``is_told`` by the day. Whoever else took an entry off, or ended a suspension, said nothing of what stands on the
    list.
    """
    back = max(((e.on.day, e.tick) for e in events if e.reason == BACK and is_told(e.on)), default=None)
    return [e for e in events if e.reason != GONE or back is None or (e.on.day, e.tick) > back]


def is_too_early(content: Penalty | Listing, event: Event) -> bool:
    """Whether an event that ends a record bears a day before the record's own: one of the two cannot be right."""
    if isinstance(content, Listing):
        return event.kind in _ENDS_ENTRY and event.on.day < content.listed_on
    return event.kind in _ENDS_DECISION and event.on.day < content.decided_on


def undone(events: Iterable[Event], is_told: Callable[[When], bool]) -> list[Event]:
    """Find the removals that are in doubt, since an authority resumed later what was not suspended.

    ``is_told`` by the day. What imports found out undoes nothing of an authority's, nor is it undone by that.
    """
    ordered = sorted((e for e in events if e.reason not in OF_LISTS), key=by_day)
    suspended, last = False, None
    for event in ordered:
        if event.kind is EventKind.SUSPENDED:
            suspended = True
        elif event.kind is EventKind.RESUMED:
            last = event.on.day if not suspended and is_told(event.on) else last
            suspended = False
    return [e for e in ordered if e.kind is EventKind.REMOVED and last is not None and e.on.day <= last]


@dataclass(frozen=True, slots=True)
class Record:
    """A penalty or an entry on a list, with its events; ``tick`` is its place in the order of writes."""

    id: RecordId
    party: PartyId
    content: Penalty | Listing
    source: Source
    tick: int
    recorded_by: str
    events: tuple[Event, ...] = ()
