"""What a profile rests on: one complainant's letters, and what the registry holds around them.

Whatever is not known is left out, and the signals that need it say ``unknown``: an empty mapping is no zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Self

from dateutil.relativedelta import relativedelta

from credit.model.complaint import HeldComplaint
from credit.model.matter import MatterId
from credit.model.naturalkey import normal
from credit.model.party import Party, PartyId, Relation
from credit.model.project import BidOutcome, Project, RecordedBid
from credit.oversight.answers import Answered
from credit.oversight.letters import Letter, letters, office_key
from credit.rules.terms import DAY
from credit.rules.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class BaseRate:
    """How often a thing happens in the whole registry: ``hits`` of ``of`` complaints (or entries) in 12 months."""

    hits: int
    of: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One project that the complainant entered: the deadline's legal day, its best result, its place in the country."""

    project_no: str
    on: date
    result: BidOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is known of one complainant.

    * ``complaints``: every complaint in which it is a complainant, whole lives; ``answered``: letters that a listing
      or a declined proposal has answered.
    * ``provinces``: code → name of all; ``reporting``: codes of those of which the registry has any complaint.
    * ``ledgers``: `letters.office_key` of the offices whose own ledger is held, so that withdrawals are seen.
    * ``projects`` and ``bids`` by project number (in the form of `naturalkey.normal`); a project that has no key in
      ``bids`` has no recorded bids, so that nothing is known of who took part.
    * ``entries``: the projects it entered; None: not known.
    * ``beside``: complaints of others on the same projects; None: not known.
    * ``kin``: parties that may be linked with it, itself not; ``complaining``: those of them that complained;
      ``relations``: those of it and of them, up to their leaders and owners; ``kin`` None: not known.
    * ``abnormal``: the entries by which it is on the list of abnormal operations (L06); None: not known.
    * ``replies``: complaint → the day on which the respondent's reply was handed over.
    * ``shared``: other complainants → what links them by things that are looked up in the whole registry
      (`credit.oversight.links`).
    * ``stock``: keys (`likeness.kept`) of wordings that so many complainants use that they tell nothing.
    * ``won``: who may gain by its complaints → how often that supplier wins what it enters elsewhere.
    * ``bases``: signal → the registry's own base rate, this complainant's complaints included.
    """

    party: Party
    complaints: tuple[HeldComplaint, ...]
    answered: Answered = field(default_factory=Answered)
    provinces: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reporting: frozenset[str] = frozenset()
    ledgers: frozenset[str] = frozenset()
    projects: Mapping[str, Project] = field(default_factory=lambda: MappingProxyType({}))
    bids: Mapping[str, tuple[RecordedBid, ...]] = field(default_factory=lambda: MappingProxyType({}))
    entries: tuple[Entry, ...] | None = None
    beside: tuple[HeldComplaint, ...] | None = None
    kin: Mapping[PartyId, Party] | None = None
    complaining: frozenset[PartyId] = frozenset()
    relations: tuple[Relation, ...] = ()
    shared: Mapping[PartyId, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    abnormal: tuple[str, ...] | None = None
    replies: Mapping[MatterId, date] = field(default_factory=lambda: MappingProxyType({}))
    bases: Mapping[str, BaseRate] = field(default_factory=lambda: MappingProxyType({}))
    stock: frozenset[str] = frozenset()
    won: Mapping[PartyId, BaseRate] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Scene:
    """The evidence as seen on a day: ``all`` its letters, ``recent`` those filed in the trailing window, oldest first.

    ``opened`` is the window's first day, the day asked about its last.
    """

    evidence: Evidence
    as_of: date
    thresholds: Thresholds
    opened: date
    all: tuple[Letter, ...]
    recent: tuple[Letter, ...]

    @classmethod
    def of(cls, evidence: Evidence, as_of: date, thresholds: Thresholds) -> Self:
        """Read every letter once."""
        opened = first_day(as_of, thresholds.whole("window_months"))
        read = letters(evidence.complaints, as_of)
        return cls(evidence, as_of, thresholds, opened, read, tuple(x for x in read if x.filed_on >= opened))

    def in_ledger(self, letter: Letter) -> bool:
        """Whether the office's own ledger told of it: then a withdrawal would be seen (DOMAIN §9 Q23)."""
        source, office = letter.held.content.source, letter.held.content.office
        own = source is None or source.kind == "ledger"
        return own or office_key(office) in self.evidence.ledgers

    def project(self, letter: Letter) -> Project | None:
        """The project complained of, where it is registered."""
        return self.evidence.projects.get(project_key(letter) or "")

    def bids(self, letter: Letter) -> tuple[RecordedBid, ...] | None:
        """The bids recorded for the project complained of; None where none are."""
        return self.evidence.bids.get(project_key(letter) or "")


def project_key(letter: Letter) -> str | None:
    """Return the number of the project complained of in comparable form."""
    number = letter.held.content.project_no
    return None if number is None else normal(number)


def first_day(as_of: date, months: int) -> date:
    """Return the first day of the months that end with a day, both inside.

    >>> first_day(date(2026, 5, 20), 12)
    datetime.date(2025, 5, 21)
    """
    try:
        return as_of - relativedelta(months=months) + DAY
    except (OverflowError, ValueError):
        return date.min
