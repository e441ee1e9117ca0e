"""The shapes of the rule catalogue: what a legislator may change, each piece with its source and confidence mark.

Marks: ``V`` the text was seen, ``V*`` seen only in a secondary page, ``C`` computed, ``M`` from memory. A row without a
citation, or marked ``M`` for its effect, cannot restrict: it ends in ``review``.

Law: 国办发〔2020〕49号 — a measure that cuts rights must cite law, regulation or a central document directly.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from credit.model.party import Role
from credit.model.project import Domain
from credit.model.question import CreditClause
from credit.model.record import BanScope, PenaltyKind
from credit.model.verdict import Effect

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Mark = Annotated[str, StringConstraints(pattern=r"^(V\*?|C|M)(:S\d+(,S\d+)*)?$")]
ListId = Annotated[str, StringConstraints(pattern=r"^L(0[1-9]|1\d|2[0-8])$")]


class Row(BaseModel):
    """Whatever the file holds: frozen, and nothing unnamed may stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Row):
    """The same in Chinese and English."""

    zh: Text
    en: Text


class Cite(Row):
    """An instrument by its key in the catalogue, and the article in it."""

    instrument: Text
    article: str = ""


class InstrumentKind(StrEnum):
    """What kind of document an instrument is."""

    LAW = "law"
    REGULATION = "regulation"
    RULE = "rule"
    NOTICE = "notice"
    INTERPRETATION = "interpretation"
    LOCAL_REGULATION = "local_regulation"
    MEMORANDUM = "memorandum"
    LIST = "list"


class Instrument(Row):
    """A law or other document; ``names`` are the ways in which records and documents write it."""

    title: Text
    en: Text
    kind: InstrumentKind
    number: str = ""
    names: tuple[Text, ...] = ()
    from_: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    mark: Mark
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class RuleClass(StrEnum):
    """What a measure does to rights (DOMAIN §4.2).

    Our own: ``REVIEW`` a named person decides, ``UNKNOWN`` nobody can tell.
    """

    MUST = "MUST"
    REVIEW = "REVIEW"
    MAY = "MAY"
    CONSIDER = "CONSIDER"
    STRICT = "STRICT"
    SHARE = "SHARE"
    UNKNOWN = "UNKNOWN"


class Trigger(StrEnum):
    """The kind of fact that a row joins to a domain and a role."""

    LISTING = "listing"
    PENALTY = "penalty"
    BAN = "ban"
    LINK = "link"
    HINT = "hint"
    SIGNAL = "signal"
    PRIOR_SERVICE = "prior_service"
    PARTY = "party"
    SOURCE = "source"
    DOCUMENT = "document"


class Rule(Row):
    """One row of the join (fact, domain, role, place, time) → effect.

    ``variant`` names the finer case within a trigger (``with_ban``, ``line_or_more``, ``same_leader`` …).
    ``phrases`` and ``grades`` narrow it to entries whose ground or grade says so; ``region`` to a place.
    ``articles`` narrow a ban's row to decisions under them. ``document`` rows bite only where the procurement document
    adopts the list citing one of ``adopted_by``.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)+$")]
    title: Words
    trigger: Trigger
    variant: str = ""
    lists: tuple[ListId, ...] = ()
    kinds: tuple[PenaltyKind, ...] = ()
    scopes: tuple[BanScope, ...] = ()
    articles: tuple[Cite, ...] = ()
    domains: tuple[Domain, ...]
    roles: tuple[Role, ...]
    works: bool | None = None
    clause: CreditClause | None = None
    region: str | None = None
    phrases: tuple[Text, ...] = ()
    grades: tuple[Text, ...] = ()
    document: bool = False
    adopted_by: tuple[Cite, ...] = ()
    class_: Annotated[RuleClass, Field(alias="class")]
    measure: str = ""
    question: str | None = None
    mark: Mark
    from_: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    citations: tuple[Cite, ...] = ()
    reason: Words | None = None
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def may_restrict(self) -> bool:
        """Whether it is sourced well enough to cut rights."""
        return bool(self.citations) and not self.mark.startswith("M")

    @property
    def effect(self) -> Effect:
        """What a finding by this row does; a MUST without a source is only a question."""
        if self.class_ is RuleClass.MUST:
            return Effect.RESTRICT if self.may_restrict else Effect.REVIEW
        return {RuleClass.REVIEW: Effect.REVIEW, RuleClass.UNKNOWN: Effect.UNKNOWN}.get(self.class_, Effect.FLAG)

    def in_force(self, day: date) -> bool:
        """Whether the row is in force on the day of the activity (DOMAIN §8 R9)."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day < self.until)


class Doubt(Row):
    """Why a restriction can't be certain: it becomes ``review`` with this question.

    ``hides_flag``: a mere flag then shows nothing.
    """

    question: str | None = None
    words: Words
    hides_flag: bool = False
    citations: tuple[Cite, ...] = ()


class Number(Row):
    """A legal number with its unit, in force ``[from, until)``."""

    value: Decimal
    unit: Text
    from_: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    mark: Mark
    citations: tuple[Cite, ...] = ()
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Ground(Row):
    """A ground of entry, known by phrases; ``term_months`` None: no fixed term."""

    id: Text
    phrases: tuple[Text, ...]
    term_months: int | None = None


class ListRow(Row):
    """One of the lists L01–L28; ``term_months`` runs from publication, None where no text fixes a term.

    ``kept_by``: phrases of which the name of an authority that keeps it has one; empty where the names are too many.
    """

    id: ListId
    name: Words
    keeper: Words
    kept_by: tuple[Text, ...] = ()
    term_months: int | None = None
    grounds: tuple[Ground, ...] = ()
    mark: Mark
    citations: tuple[Cite, ...] = ()


class Required(Row):
    """Lists without which nobody can be called eligible."""

    domain: Domain
    roles: tuple[Role, ...]
    lists: tuple[ListId, ...]
    citations: tuple[Cite, ...]


class BanArticle(Row):
    """An article that allows a ban of ``min_months`` to ``max_months``; both None: no term, so without end."""

    instrument: Text
    article: Annotated[str, StringConstraints(pattern=r"^\d+$")]
    except_paragraphs: tuple[int, ...] = ()
    min_months: int | None = None
    max_months: int | None = None


class BanTerms(Row):
    """Who may impose a ban of a scope, by which articles; a scope may stand in several rows.

    ``authorities`` are phrases of names; one with any of ``except_endings`` is none of these all the same.
    """

    scope: BanScope
    authorities: tuple[Text, ...]
    except_endings: tuple[Text, ...] = ()
    articles: tuple[BanArticle, ...] = ()
    any_article: bool = False
    nationwide: tuple[Cite, ...] = ()


class SectorRow(Row):
    """A State-Council department's own, higher fine line for a sector, in yuan."""

    sector: Text
    amount: Decimal
    checked_on: date
    citations: tuple[Cite, ...]
