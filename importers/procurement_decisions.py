"""Decisions of finance departments as lists of bad conduct tell them: what the free text of a result surely says.

The lists print no number of the decision and no column for fine or ban (DOMAIN §6.1). What their text says for certain
is a penalty of its own beside the entry, tied to it by a number that says that none was printed; what is in doubt is
left out with its text, and the entry alone then asks for a person.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Final, Self

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import Identifier, IdKind, recognise, redact, repair
from credit.model.record import Authority, Ban, Category, Listing, MatchedBy, Penalty, PenaltyKind, Source
from credit.model.statements import LoadRow, PartyStatement, RecordStatement
from credit.model.when import When
from credit.regions import Regions
from credit.rules.terms import add_months
from importers.cells import folded
from importers.company_register import kind_of
from importers.decisions import citations_in, confiscated_in, fines_in, placed_ban_in
from importers.double_publicity import Conduct
from importers.places import Places
from importers.source import Row, Strict

_NOTHING: Final = frozenset({"", "/", "-", "—", "无", "空", "NULL", "NONE"})


class KindWords(Strict):
    """A pattern over the text of a result that names a kind of penalty."""

    kind: PenaltyKind
    pattern: str


class Words(Strict):
    """The TOML beside this module: words of results, and between which terms a ban may lie."""

    doubtful: tuple[str, ...]
    persons: tuple[str, ...]
    min_ban_months: int
    max_ban_months: int
    service_days: int
    kinds: tuple[KindWords, ...]
    conduct: tuple[Conduct, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A decision as a list tells it; ``ends_on`` the last day that the list states, ``mark`` whose list it is."""

    conduct: str
    result: str
    basis: str
    decided_on: date
    authority: Authority
    mark: str
    doc_no: str = ""
    published_on: When | None = None
    ends_on: date | None = None

    @property
    def number(self) -> str:
        """The decision's number; where none is printed, a text that says so and tells decisions apart by their day."""
        return self.doc_no or f"未载文号·{self.mark}·{self.decided_on}"


@dataclass(frozen=True, slots=True)
class DecisionReader:
    """Reads what a list tells of a decision."""

    words: Words
    places: Places

    @classmethod
    def load(cls) -> Self:
        """Read the words and the places."""
        text = files("importers").joinpath("procurement_decisions.toml").read_text(encoding="utf-8")
        return cls(Words.model_validate(tomllib.loads(text)), Places.of(Regions.load()))

    def penalty(self, told: Told) -> Penalty:
        """Return the decision as far as its text is plain.

        Raises: FieldInvalid where any part of it is in doubt.
        """
        text = folded(told.result)
        if found := [word for word in self.words.doubtful if word in text]:
            raise FieldInvalid(
                f"处罚结果含有“{found[0]}”，效力无法确定，请人工核对",
                f"the result says {found[0]}: whether it stands is not certain, a person must read it",
            )
        ban = _until(placed_ban_in(text, self.places.codes), told, self.words)
        kinds = tuple(k.kind for k in self.words.kinds if re.search(k.pattern, text))
        kinds += (PenaltyKind.BAN,) * (ban is not None)
        if not kinds:
            raise FieldInvalid("处罚结果中没有可识别的处罚", "no penalty is recognised in the result")
        return Penalty(
            doc_no=told.number,
            authority=told.authority,
            decided_on=told.decided_on,
            violation=redact(told.conduct or told.result),
            category=self._category(folded(told.conduct)),
            kinds=tuple(dict.fromkeys(kinds)),
            published_on=told.published_on,
            fine=self._fine(text),
            confiscated=confiscated_in(text),
            legal_basis=citations_in(redact(told.basis)),
            ban=ban,
        )

    def _category(self, conduct: str) -> Category:
        named = (c.category for c in self.words.conduct if any(word in conduct for word in c.words))
        return next(named, Category.OTHER)

    def _fine(self, text: str) -> Decimal | None:
        """Return the fine: one sum, laid on the party itself."""
        fines = set(fines_in(text))
        if "罚款" in text and len(fines) != 1:
            raise FieldInvalid(
                "处罚结果写有罚款，但金额未写明或不止一项，请人工录入",
                "the result speaks of a fine, but of no sum or of several: a person must enter it",
            )
        if fines and any(word in text for word in self.words.persons):
            raise FieldInvalid(
                "处罚结果的罚款可能针对个人，请人工录入",
                "the fine may be on a person, not on the party: it must be entered by hand",
            )
        return fines.pop() if fines else None


def load_row(row: Row, source: Source, entry: tuple[PartyStatement, Listing], penalty: Penalty | Malformed) -> LoadRow:
    """Put the entry and its decision together; of a decision in doubt the entry alone, with the doubt."""
    party, listing = entry
    about = party.id or ""
    records = (RecordStatement(party=about, content=listing, source=source),)
    if isinstance(penalty, Malformed):
        return LoadRow(row=row.number, parties=(party,), records=records, doubts=((penalty.zh, penalty.en),))
    records += (RecordStatement(party=about, content=penalty, source=source),)
    return LoadRow(row=row.number, parties=(party,), records=records)


def organisation(code: str, name: str) -> tuple[PartyStatement, MatchedBy]:
    """Name a party by the code that a list prints; a masked or missing one names nobody.

    Raises: FieldInvalid, IdentifierInvalid.
    """
    number = repair(code)
    if number in _NOTHING or "*" in number:
        raise FieldInvalid(
            "代码缺失或有掩码，仅凭名称不能确定身份，请人工核对后录入",
            "the code is missing or masked: a name alone is no identity, a person must match it",
        )
    identifier: Identifier = recognise(number)
    by_inner = identifier.kind is IdKind.ORGANISATION_CODE
    party = PartyStatement(id=identifier.id, kind=kind_of(identifier), name=redact(name), only_if_new=True)
    return party, MatchedBy.ORGANISATION_CODE if by_inner else MatchedBy.IDENTIFIER


def _until(ban: Ban | None, told: Told, words: Words) -> Ban | None:
    """Join a ban with the last day that the list states, where the two agree.

    Raises: FieldInvalid where they do not, or where the term is none that the law knows.
    """
    if ban is None:
        return None
    if ban.months is not None and not words.min_ban_months <= ban.months <= words.max_ban_months:
        raise FieldInvalid(
            f"禁止期限 {ban.months} 个月不在法定幅度内，请人工核对",
            f"a ban of {ban.months} months is outside what the law allows: a person must look",
        )
    if told.ends_on is None:
        return ban
    first = last = ban.until or told.ends_on
    if ban.months is not None and ban.until is None:
        corresponding = add_months(ban.from_.day if ban.from_ else told.decided_on, ban.months)
        first, last = corresponding - timedelta(days=1), corresponding + timedelta(days=words.service_days)
    if not first <= told.ends_on <= last:
        raise FieldInvalid(
            f"处罚结束时间 {told.ends_on} 与处罚结果所写的禁止期限不一致，请人工核对",
            f"the stated end {told.ends_on} does not agree with the ban in the result: a person must look",
        )
    return replace(ban, until=told.ends_on)
