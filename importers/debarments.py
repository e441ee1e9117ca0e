"""Debarments by development banks: World Bank, IDB, EBRD, ADB, AfDB, one TOML a bank and one of shared words.

An entry becomes a decision of the bank that keeps the list (also where it only follows another's: cross-debarment, of
which the text names the bank that is followed), with a ban from the first to the last day stated; ``2999-12-31``,
"Ongoing" and the like are a ban without end. No law of the mainland gives such a ban effect by itself, and the
catalogue admits no such authority: it makes a finding for a person to look at, never an exclusion (国办发〔2020〕49号).

Neither the number nor the day of a decision is published: the entry's key and the first day of the period stand for
them, and every record says so. The same sanction on the lists of two banks is two decisions: of no entry is it told
whose body it is, and a name joins nothing (DOMAIN §9 Q27). A credit code in the free text of an entry may be an
affiliate's: it goes to the review, with its text, for a person who may merge.

Grounds come in hundreds of spellings. The practices they name are told by words, and by clauses of the guidelines of
1995–2014, whose (a)(i)–(v) are corrupt, fraudulent, collusive, coercive and obstructive practice; the wording is kept.

Who an entry is about: see ``importers.foreign``. Lists that do not say whether an entry is a firm or a person tell it
by words (titles; legal forms and trades; an affiliate is no person); what they leave open is for a person to look at,
and no fault of a list that has no column for it: the list is whole without such rows, and says how many they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import Field

from credit.errors import FieldInvalid
from credit.model.record import Authority, Ban, BanScope, Category, Penalty, PenaltyKind, Source
from credit.model.statements import ROW_PARTY, LoadRow, PartyStatement, RecordStatement
from credit.model.when import When
from importers.debarment_words import Practice, Tells, Words, shared_words, unclear
from importers.foreign import (
    Order,
    entry_key,
    foreign_day,
    holds_credit_code,
    in_register,
    must_be_nobodys,
    needed_day,
    organisation,
    person,
    word,
)
from importers.schemes import Schemes
from importers.source import Importer, Row, SourceSpec, describe

UNPUBLISHED: Final = "来源未公布决定文号和决定日期，以条目标识和期间首日登记"
"""What every record of an entry says of its number and its day."""
_NOTE: Final = re.compile(r"\s*\*+\s*\d*\s*$|^\s*,\s*")
_FOOTNOTE: Final = re.compile(r"\*\s*\d+")


class DebarmentSpec(SourceSpec):
    """A bank's TOML: the register that its entries form, its seat, and its own words."""

    register_name: str
    seat: str
    authority: str
    bank: str
    order: Order | None = None
    parties: Mapping[str, str] = Field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class _Period:
    """How long a sanction lasts; ``end`` None: without end, or (of what is no ban) not stated."""

    start: date
    end: date | None

    def __str__(self) -> str:
        return f"{self.start} 起" + (f"，至 {self.end}" if self.end else "")


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: DebarmentSpec
    words: Words
    tells: Tells
    schemes: Schemes

    def read(self, row: Row, source: Source) -> LoadRow:
        """Read a row: the party as an entry of this list, the ban as it is stated."""
        name = self.schemes.paperless(_NOTE.sub("", row.needed("name", "名称")))
        must_be_nobodys(row["number"])
        key = row["number"] or entry_key(name, self._address(row), row["country"])
        is_person = self._is_person(row, name)
        party = self._party(row, name, key, is_person=is_person)
        penalty = self._penalty(row, key, note="" if is_person else self._note(row))
        record = RecordStatement(party=party.id or ROW_PARTY, content=penalty, source=source)
        return LoadRow(row=row.number, parties=(party,), records=(record,), doubts=_doubts(row))

    def _party(self, row: Row, name: str, key: str, *, is_person: bool) -> PartyStatement:
        if is_person:
            return person(f"{self.spec.register_name}:{key}", name)
        address = ", ".join(filter(None, (self._address(row), row["country"])))
        number = in_register(self.spec.seat, self.spec.register_name, key)
        return organisation(number, name, address=self.schemes.paperless(address))

    def _is_person(self, row: Row, name: str) -> bool:
        """Whether the entry is a natural person's: as the list says, else as its words say.

        Raises: FieldInvalid where they leave it open, or the list calls one a firm who bears a title.
        """
        titled = self.tells.title.match(f"{row['title']} {name}".strip()) is not None
        if row["kind"]:
            kind = self.spec.parties.get(word(row["kind"]))
            if kind is None:
                raise FieldInvalid(
                    f"主体类型“{row['kind']}”无法识别", f"the kind of party {row['kind']!r} is not known"
                )
            if kind != "person" and titled and not self.tells.body.search(name):
                raise unclear()
            return kind == "person"
        info = row["info"] + row["other_name"]
        is_person = self.tells.is_person(f"{row['title']} {name}".strip(), info)
        if is_person is None and "affiliate" in row["grounds"].casefold() and not titled:
            return False
        if is_person is None:
            raise unclear()
        return is_person

    def _address(self, row: Row) -> str:
        return ", ".join(filter(None, (row[field] for field in ("address", "city", "state", "postcode"))))

    def _note(self, row: Row) -> str:
        return self.schemes.paperless(_FOOTNOTE.sub("", row["info"]).strip(" ,"))

    def _penalty(self, row: Row, key: str, *, note: str) -> Penalty:
        kind = self._measure(row)
        period = self._period(row, required=kind is PenaltyKind.BAN)
        ban = Ban(BanScope.PROCUREMENT, When(period.start), period.end, indefinite=period.end is None)
        grounds = self.schemes.paperless(row["grounds"])
        practices = self.tells.practices_in(row["grounds"])
        parts = [*self._told(row, practices), *([f"原文：{grounds}"] if grounds else ["来源未写明事由"])]
        parts += [f"措施：{row['measure']}"] if row["measure"] else []
        parts += [f"附注：{note}"] if note else []
        parts += [f"期间：{period}"] if kind is not PenaltyKind.BAN else []
        return Penalty(
            doc_no=f"{self.spec.register_name} {key} {period.start.isoformat()}",
            authority=Authority(name=self.spec.authority),
            decided_on=period.start,
            violation="；".join([*parts, UNPUBLISHED]),
            category=_category(practices),
            kinds=(kind,),
            legal_basis=(grounds,) if grounds else (),
            ban=ban if kind is PenaltyKind.BAN else None,
        )

    def _measure(self, row: Row) -> PenaltyKind:
        if not row["measure"]:
            return PenaltyKind.BAN
        kind = self.words.measure(row["measure"])
        if kind is None:
            raise FieldInvalid(f"制裁措施“{row['measure']}”无法识别", f"the measure {row['measure']!r} is not known")
        return kind

    def _period(self, row: Row, *, required: bool) -> _Period:
        """Return the days stated; a ban must say when it ends, or that it never does.

        Raises: FieldInvalid.
        """
        start = needed_day(row["from"], "起始日期", self.spec.order)
        endless = self.words.is_endless(row["to"], self.spec.order)
        end = None if endless else foreign_day(row["to"], "截止日期", self.spec.order)
        if end is None and required and not endless:
            raise FieldInvalid(
                "没有截止日期，也没有写明永久，请人工核对",
                "neither an end nor a word that there is none: a person must look",
            )
        if end is not None and end < start:
            raise FieldInvalid(f"截止日期 {end} 早于起始日期 {start}", f"the end {end} lies before the start {start}")
        return _Period(start, end)

    def _told(self, row: Row, practices: tuple[Practice, ...]) -> list[str]:
        """Say in Chinese which practices are recognised, and whom the entry follows."""
        followed = self._followed(row)
        return [p.zh for p in practices] + ([f"交叉制裁（{followed}）"] if followed else [])

    def _followed(self, row: Row) -> str | None:
        """Return the other bank whose sanction this one follows; None where it is the bank's own."""
        crossed = bool(self.tells.cross.search(row["grounds"]) or self.tells.cross.search(row["measure"]))
        named = row["origin"] or (row["grounds"] if crossed else "")
        banks = [bank for bank in self.tells.banks_in(named) if bank != self.spec.bank]
        if banks:
            return "、".join(banks)
        if row["origin"] and not self.tells.banks_in(row["origin"]):
            return f"来源原文：{row['origin']}"
        return "来源未写明随哪家银行" if crossed else None


def importer_of(bank: str) -> Importer:
    """Describe a bank's list and how its rows are read."""
    words = shared_words()
    spec = describe(bank, DebarmentSpec)
    reader = _Reader(spec, words, Tells.of(words), Schemes.load())
    return Importer(spec, reader.read, hide=reader.schemes.paperless_row)


def worldbank() -> Importer:
    """Describe the World Bank's list."""
    return importer_of("worldbank")


def idb() -> Importer:
    """Describe the list of the Inter-American Development Bank."""
    return importer_of("idb")


def ebrd() -> Importer:
    """Describe the list of the European Bank for Reconstruction and Development."""
    return importer_of("ebrd")


def adb() -> Importer:
    """Describe the list of the Asian Development Bank."""
    return importer_of("adb")


def afdb() -> Importer:
    """Describe the list of the African Development Bank."""
    return importer_of("afdb")


def _category(practices: tuple[Practice, ...]) -> Category:
    """Return what one's own practices come to where it is one thing; another's, whom the entry follows, is nothing."""
    categories = {p.category for p in practices} - {Category.OTHER}
    return categories.pop() if len(categories) == 1 and not any(p.derived for p in practices) else Category.OTHER


def _doubts(row: Row) -> tuple[tuple[str, str], ...]:
    """Say that a code in the free text was taken for nobody's."""
    if not any(holds_credit_code(row[field]) for field in ("info", "name", "other_name")):
        return ()
    zh = "条目的文字中有统一社会信用代码，可能是本主体的，也可能是关联方的：未据此认定身份，请人工核对后合并"
    return ((zh, "the free text of the entry holds a credit code, perhaps an affiliate's: it identified nobody"),)
