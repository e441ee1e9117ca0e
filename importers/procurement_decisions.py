"""Decisions of finance departments as lists of bad conduct tell them: what the free text of a result surely says.

The lists hardly ever print the number of a decision and have no column for fine or ban (DOMAIN §6.1). A decision whose
number is printed is a penalty beside the entry. One without it is no record of its own: under a number made up here the
authority's annulment would never reach it. The entry alone then stands, and tells the ban where the text is plain.
Which terms an article allows, and from which fine on a party is listed, the rule catalogue says.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Final, Self

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import redact
from credit.model.record import Authority, Ban, BanScope, Category, Listing, Penalty, Source
from credit.model.statements import ROW_PARTY, LoadRow, PartyStatement, RecordStatement
from credit.model.when import When
from credit.regions import Regions
from credit.rules.catalogue import Catalogue
from credit.rules.rows import BanArticle
from credit.rules.terms import add_months
from importers.addressees import LONGEST, other_in
from importers.authorities import authority_in
from importers.cells import day, folded
from importers.codes import NOTHING
from importers.damaged_text import is_damaged
from importers.decisions import citations_in, placed_ban_in
from importers.double_publicity import Conduct
from importers.places import Places
from importers.remarks import must_stand
from importers.sanctions import Sanction, sanction_of
from importers.source import Row, Strict

_DAY: Final = timedelta(days=1)
_UNTELLABLE: Final = (
    "处罚结果所写的禁止限于一地、尚未开始、不属供应商或代理机构的禁止，或者作出机关、所引条款不能作出此种禁止，请人工核对",
    "the ban is bound to a place, begins later, is none of a supplier or agency, or authority or article allow none",
)


class Words(Strict):
    """The TOML beside this module: patterns that leave a doubt, words of conduct, and what a ban is called."""

    doubtful: tuple[str, ...]
    bans: dict[BanScope, str]
    conduct: tuple[Conduct, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A decision as a list tells it; ``doc_no`` empty where none is printed, ``ends_on`` the last day that it states.

    ``ends_ban``: that day is the penalty's own, and must agree with its text; else the entry's.
    """

    name: str
    conduct: str
    result: str
    basis: str
    decided_on: date
    authority: Authority
    doc_no: str = ""
    published_on: When | None = None
    ends_on: date | None = None
    ends_ban: bool = True


@dataclass(frozen=True, slots=True)
class DecisionReader:
    """Reads what a list tells of a decision."""

    words: Words
    places: Places
    rules: Catalogue

    @classmethod
    def load(cls) -> Self:
        """Read the words, the places and the rules."""
        text = files("importers").joinpath("procurement_decisions.toml").read_text(encoding="utf-8")
        return cls(Words.model_validate(tomllib.loads(text)), Places.of(Regions.load()), Catalogue.load())

    def sanction(self, told: Told) -> Sanction:
        """Return what the decision imposes on its party, its ban joined with the last day that the list states.

        Raises: FieldInvalid where any part of it is in doubt.
        """
        text = folded(told.result)
        if is_damaged(told.result):
            raise FieldInvalid(
                f"处罚结果有损坏的段落，请人工核对：{told.result}", f"a passage of the result is damaged: {told.result}"
            )
        if found := next((m[0] for words in self.words.doubtful if (m := re.search(words, text))), None):
            raise FieldInvalid(
                f"处罚结果含有“{found}”，引用了法律条文或效力无法确定，请人工核对",
                f"the result says {found}: it quotes a law, or whether it stands is not certain; a person must read it",
            )
        if found := other_in(text, own=(told.name,), beside=(told.authority.name,)):
            raise FieldInvalid(
                f"处罚结果还涉及他人（“{redact(found)}”），不能确定各项处罚是对谁作出的，请人工核对",
                f"the result speaks of somebody else ({redact(found)!r}): on whom its parts are, a person must say",
            )
        read = sanction_of(text, ban_of=lambda said: placed_ban_in(said, self.places.codes))
        return replace(read, ban=self._until(read.ban, told) if read.ban else None)

    def penalty(self, told: Told, read: Sanction) -> Penalty:
        """Return a decision whose number is printed."""
        return Penalty(
            doc_no=told.doc_no,
            authority=told.authority,
            decided_on=told.decided_on,
            violation=redact(told.conduct or told.result),
            category=self._category(folded(told.conduct)),
            kinds=read.kinds,
            published_on=told.published_on,
            fine=read.fine,
            confiscated=read.confiscated,
            legal_basis=citations_in(redact(told.basis)),
            ban=read.ban,
        )

    def told_ban(self, told: Told, ban: Ban) -> tuple[str, date]:
        """Return the words by which an entry tells a ban, and the last day on which it surely bars.

        A term that is not stated is the shortest that the article allows; service, which the lists do not tell, can
        only be later than the decision (DOMAIN §8 R3).

        Raises: FieldInvalid where an entry alone cannot tell it.
        """
        words, articles = self.words.bans.get(ban.scope), self._cited(ban.scope, told.basis)
        start = ban.from_.day if ban.from_ else told.decided_on
        months = ban.months or min((a.min_months for a in articles if a.min_months), default=None)
        until = ban.until or (add_months(start, months) - _DAY if months else None)
        admitted = bool(articles) and self._may_ban(ban.scope, told.authority)
        begun = told.published_on is None or start <= told.published_on.day
        if words is None or until is None or not admitted or not begun or ban.region is not None:
            raise FieldInvalid(*_UNTELLABLE)
        return words, until

    def speaks_of_a_ban(self, text: str) -> bool:
        """Whether the rules would read a ban out of an entry's reason."""
        phrases = (*self.rules.phrases["ban_in_ground"], *self.rules.phrases["agency_ban_in_ground"])
        return any(phrase in text for phrase in phrases)

    def figure(self, name: str, on: date) -> int:
        """Return a number of the catalogue that was in force on a day."""
        row = self.rules.number(name, on) or self.rules.numbers[name][0]
        return int(row.value)

    def _category(self, conduct: str) -> Category:
        named = (c.category for c in self.words.conduct if any(word in conduct for word in c.words))
        return next(named, Category.OTHER)

    def _cited(self, scope: BanScope, basis: str) -> list[BanArticle]:
        """The articles that a text cites and that allow a ban of a scope."""
        cited = self.rules.reader.cited(basis)
        return [
            row
            for terms in self.rules.ban_terms(scope)
            for row in terms.articles
            for c in cited
            if (row.instrument, int(row.article)) == (c.instrument, c.article)
            and c.paragraph not in row.except_paragraphs
        ]

    def _may_ban(self, scope: BanScope, authority: Authority) -> bool:
        terms = self.rules.ban_terms(scope)
        return any(phrase in authority.name for row in terms for phrase in row.authorities)

    def _until(self, ban: Ban, told: Told) -> Ban:
        """Join a ban with the last day that the list states, where the two agree.

        Raises: FieldInvalid where they do not, or where the term is none that the law knows.
        """
        articles = self._cited(ban.scope, told.basis) or [
            a for terms in self.rules.ban_terms(ban.scope) for a in terms.articles
        ]
        if not _is_lawful(ban, self._longest(ban, told, articles), articles):
            raise FieldInvalid(
                "禁止期限不在法定幅度内，请人工核对",
                "the ban's term is outside what the law allows: a person must look",
            )
        if told.ends_on is None:
            return ban
        first, last = self._ends(ban, told)
        if told.ends_on < first or (told.ends_on > last and told.ends_ban):
            raise FieldInvalid(
                f"所列截止日期 {told.ends_on} 与处罚结果所写的禁止期限不一致，请人工核对",
                f"the stated end {told.ends_on} does not agree with the ban in the result: a person must look",
            )
        bound = told.ends_ban or ban.months is not None
        return replace(ban, until=told.ends_on) if bound and told.ends_on <= last else ban

    def _longest(self, ban: Ban, told: Told, articles: Sequence[BanArticle]) -> date:
        """The last day of the longest ban that these articles allow, served as late as may be."""
        months = [a.max_months for a in articles if a.max_months]
        if len(months) < len(articles):
            return date.max
        start = ban.from_.day if ban.from_ else told.decided_on
        return add_months(start, max(months)) + self.figure("service_days", told.decided_on) * _DAY

    def _ends(self, ban: Ban, told: Told) -> tuple[date, date]:
        """Between which days a ban ends: it runs from its service, which follows the decision."""
        if ban.until is not None:
            return ban.until, ban.until
        if ban.months is None:
            return told.decided_on, date.max
        corresponding = add_months(ban.from_.day if ban.from_ else told.decided_on, ban.months)
        return corresponding - _DAY, corresponding + self.figure("service_days", told.decided_on) * _DAY

    def kept_end(self, told: Told) -> date | None:
        """Return the last day that a list states of its entry; None where the row's own text contradicts it."""
        try:
            ban = placed_ban_in(folded(told.result), self.places.codes)
        except Malformed:
            return told.ends_on
        if ban is None or told.ends_on is None:
            return told.ends_on
        first, last = self._ends(ban, told)
        return told.ends_on if first <= told.ends_on <= last else None


def load_row(
    row: Row, source: Source, entry: tuple[PartyStatement, Listing], penalty: Penalty | None, doubt: Malformed | None
) -> LoadRow:
    """Put the entry and its decision together, and what of it is in doubt."""
    party, listing = entry
    about = party.id or ROW_PARTY
    contents: Sequence[Listing | Penalty] = (listing,) if penalty is None else (listing, penalty)
    records = tuple(RecordStatement(party=about, content=content, source=source) for content in contents)
    return LoadRow(
        row=row.number, parties=(party,), records=records, doubts=((doubt.zh, doubt.en),) if doubt is not None else ()
    )


def told_in(row: Row, heads: tuple[str, str], ends: tuple[str, str], published_on: When | None = None) -> Told:
    """Read the columns of a decision; ``heads`` name the day's and the authority's, ``ends`` field and name of the end.

    Raises: FieldInvalid where a day is missing or comes before the one that it follows, where the result is too long to
    be searched, or where a remark says that the decision may not stand.
    """
    must_stand(row["remark"])
    if len(row["result"]) > LONGEST:
        raise FieldInvalid(
            f"处罚结果超过 {LONGEST} 字，请人工录入",
            f"the result has more than {LONGEST} signs: a person must enter it",
        )
    decided = day(row.needed("decided_on", heads[0]), heads[0])
    ends_on = day("" if folded(row[ends[0]]) in NOTHING else row[ends[0]], ends[1])
    if decided is None or (ends_on is not None and ends_on < decided):
        raise FieldInvalid(
            f"{ends[1]} {ends_on} 早于{heads[0]} {decided}，请人工核对",
            f"it ends {ends_on}, before it was decided {decided}: a person must look",
        )
    return Told(
        name=row["name"],
        conduct=row["conduct"],
        result=row.needed("result", "处罚结果"),
        basis=row["basis"],
        decided_on=decided,
        authority=authority_in(row, "authority", heads[1]),
        doc_no="" if folded(row["doc_no"]) in NOTHING else row["doc_no"],
        published_on=published_on,
        ends_on=ends_on,
    )


def _is_lawful(ban: Ban, longest: date, articles: Sequence[BanArticle]) -> bool:
    """Whether any of these articles allows a ban's months, and its last day; one without a term allows every."""
    if ban.until is not None and ban.until > longest:
        return False
    months = ban.months
    return months is None or any((a.min_months or 0) <= months <= (a.max_months or months) for a in articles)
