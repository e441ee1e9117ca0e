"""Debarments by development banks: World Bank, IDB, EBRD, ADB, AfDB, one TOML a bank and one of shared words.

An entry becomes a decision of the bank that keeps the list (also where it only follows another's: cross-debarment),
with a ban from the first to the last day stated; ``2999-12-31``, "Ongoing" and the like are a ban without end. No law
of the mainland gives such a ban effect by itself, and the catalogue admits no such authority: it makes a finding for
a person to look at, never an exclusion (国办发〔2020〕49号). The decision's own day is not published: the first day of
the period stands for it.

Grounds come in hundreds of spellings. The practices they name are told by words, and by clauses of the guidelines of
1995–2014, whose (a)(i)–(v) are corrupt, fraudulent, collusive, coercive and obstructive practice; the wording is kept.

Who an entry is about: see ``importers.foreign``. Lists that do not say whether an entry is a firm or a person tell it
by words (titles; legal forms and trades; an affiliate is no person); what they leave open is for a person to look at.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final

from pydantic import Field

from credit.errors import FieldInvalid
from credit.identifiers import redact
from credit.model.record import Authority, Ban, BanScope, Category, Penalty, PenaltyKind, Source
from credit.model.statements import ROW_PARTY, LoadRow, PartyStatement, RecordStatement
from credit.model.when import When
from importers.foreign import (
    Order,
    credit_code_in,
    entry_key,
    foreign_day,
    in_register,
    needed_day,
    organisation,
    person,
    word,
)
from importers.source import Importer, Row, SourceSpec, Strict, describe

_NOTE: Final = re.compile(r"\s*\*+\s*\d*\s*$|^\s*,\s*")
_FOOTNOTE: Final = re.compile(r"\*\s*\d+")
_CROSS: Final = re.compile(r"cross[\s-]*deb\w*[\s:-]*(?:by\s+)?(?P<bank>\w+)?", re.IGNORECASE)
_CLAUSE: Final = re.compile(r"1\.(?:14|15|16|22|23|25)\s*\(a\)(?P<rest>[^;]*)|2\.2\s*\(?a\)?(?P<annex>\([^;]*)")
_ROMAN: Final = re.compile(r"(?P<sign>(?<![A-Za-z])(?:iii|ii|iv|i|v))(?![A-Za-z])\)?\s*(?P<dash>[-–](?=\s*\(?[iv]))?")
_ORDER: Final = ("i", "ii", "iii", "iv", "v")


class Practice(Strict):
    """A practice that is sanctioned: how sources word it, and its item in the guidelines."""

    zh: str
    words: tuple[str, ...]
    item: str | None = None
    category: Category = Category.OTHER


class Words(Strict):
    """What the banks' lists share: practices, banks, words that tell a firm from a person, ends that never come."""

    practices: dict[str, Practice]
    banks: dict[str, str]
    endless: tuple[str, ...]
    titles: tuple[str, ...]
    bodies: tuple[str, ...]
    bodies_han: tuple[str, ...]
    numbers_of_bodies: tuple[str, ...]
    numbers_of_persons: tuple[str, ...]


class DebarmentSpec(SourceSpec):
    """A bank's TOML: the register that its entries form, its seat, and its own words."""

    register_name: str
    seat: str
    authority: str
    bank: str
    order: Order | None = None
    parties: dict[str, str] = Field(default_factory=dict)
    measures: dict[str, PenaltyKind] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tells:
    """The shared words as patterns: what tells a firm from a person, and practices from each other."""

    title: re.Pattern[str]
    body: re.Pattern[str]
    number_of_body: re.Pattern[str]
    number_of_person: re.Pattern[str]
    practices: tuple[tuple[Practice, re.Pattern[str]], ...]

    @classmethod
    def of(cls, words: Words) -> "Tells":
        """Make the patterns."""
        bodies = "|".join(map(re.escape, words.bodies))
        return cls(
            title=re.compile(rf"^(?:{'|'.join(words.titles)})(?:\.\s*|\s+)", re.IGNORECASE),
            body=re.compile(rf"(?<![^\W_])(?:{bodies})(?![^\W_])|{'|'.join(words.bodies_han)}", re.IGNORECASE),
            number_of_body=re.compile("|".join(words.numbers_of_bodies), re.IGNORECASE),
            number_of_person=re.compile("|".join(words.numbers_of_persons), re.IGNORECASE),
            practices=tuple((p, re.compile("|".join(p.words), re.IGNORECASE)) for p in words.practices.values()),
        )

    def is_person(self, name: str, info: str = "") -> bool | None:
        """Whether a name is a person's; None where title and legal form contradict each other or both are missing."""
        titled = self.title.match(name) is not None
        is_body = bool(self.body.search(name) or _han_name(info) or self.number_of_body.search(info))
        if titled != is_body:
            return titled
        return True if not titled and self.number_of_person.search(info) else None


def unclear() -> FieldInvalid:
    """Say that an entry may be a firm's or a person's."""
    return FieldInvalid(
        "来源没有写明是单位还是自然人，名称也看不出，请人工核对后录入",
        "the source does not say whether this is a firm or a person, nor does the name: a person must look",
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: DebarmentSpec
    words: Words
    patterns: Tells

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a row: the party as an entry of this list, the ban as it is stated."""
        name = redact(_NOTE.sub("", row.needed("name", "名称")))
        key = row["number"] or entry_key(name, self._address(row), row["country"])
        party = self._party(row, name, key)
        record = RecordStatement(party=party.id or ROW_PARTY, content=self._penalty(row, key), source=source)
        return LoadRow(row=row.number, parties=(party,), records=(record,))

    def _party(self, row: Row, name: str, key: str) -> PartyStatement:
        if self._is_person(row, name):
            return person(f"{self.spec.register_name}:{key}", name)
        code = credit_code_in((row["info"], row["name"], row["other_name"]))
        if code is not None:
            return organisation(code, _han_name(row["info"]) or name)
        address = ", ".join(filter(None, (self._address(row), row["country"])))
        return organisation(in_register(self.spec.seat, self.spec.register_name, key), name, address=redact(address))

    def _is_person(self, row: Row, name: str) -> bool:
        """Whether the entry is a natural person's: as the list says, else as its words say.

        Raises: FieldInvalid where they leave it open.
        """
        if row["kind"]:
            kind = self.spec.parties.get(word(row["kind"]))
            if kind is None:
                raise FieldInvalid(
                    f"主体类型“{row['kind']}”无法识别", f"the kind of party {row['kind']!r} is not known"
                )
            return kind == "person"
        info = row["info"] + row["other_name"]
        is_person = self.patterns.is_person(f"{row['title']} {name}".strip(), info)
        if is_person is None and "affiliate" in row["grounds"].casefold() and not self.patterns.title.match(name):
            return False
        if is_person is None:
            raise unclear()
        return is_person

    def _address(self, row: Row) -> str:
        return ", ".join(filter(None, (row[field] for field in ("address", "city", "state", "postcode"))))

    def _penalty(self, row: Row, key: str) -> Penalty:
        start = needed_day(row["from"], "起始日期", self.spec.order)
        kind = self._measure(row)
        end = self._end(row, required=kind is PenaltyKind.BAN)
        if end is not None and end < start:
            raise FieldInvalid(f"截止日期 {end} 早于起始日期 {start}", f"the end {end} lies before the start {start}")
        ban = Ban(BanScope.PROCUREMENT, from_=When(start), until=end, indefinite=end is None)
        grounds = redact(row["grounds"])
        practices = self._practices(row["grounds"])
        categories = {p.category for p in practices} - {Category.OTHER}
        return Penalty(
            doc_no=f"{self.spec.register_name} {key} {start.isoformat()}",
            authority=Authority(name=self.spec.authority),
            decided_on=start,
            violation=self._violation(row, grounds, practices),
            category=categories.pop() if len(categories) == 1 else Category.OTHER,
            kinds=(kind,),
            legal_basis=(grounds,) if grounds else (),
            ban=ban if kind is PenaltyKind.BAN else None,
        )

    def _measure(self, row: Row) -> PenaltyKind:
        if not row["measure"]:
            return PenaltyKind.BAN
        kind = self.spec.measures.get(word(row["measure"]))
        if kind is None:
            raise FieldInvalid(f"制裁措施“{row['measure']}”无法识别", f"the measure {row['measure']!r} is not known")
        return kind

    def _end(self, row: Row, *, required: bool) -> date | None:
        """Return the last day, None where the period has no end.

        Raises: FieldInvalid where a ban states neither.
        """
        if word(row["to"]) in self.words.endless:
            return None
        end = foreign_day(row["to"], "截止日期", self.spec.order)
        if end is not None and end.isoformat() in self.words.endless:
            return None
        if end is None and required:
            raise FieldInvalid(
                "没有截止日期，也没有写明永久，请人工核对",
                "neither an end nor a word that there is none: a person must look",
            )
        return end

    def _practices(self, grounds: str) -> tuple[Practice, ...]:
        items = _items(grounds)
        return tuple(p for p, words in self.patterns.practices if p.item in items or words.search(grounds))

    def _violation(self, row: Row, grounds: str, practices: tuple[Practice, ...]) -> str:
        """Say in Chinese what is recognised, and keep the wording, what the list notes, and whom it follows."""
        parts = [p.zh for p in practices]
        if bank := self._origin(row):
            parts.append(f"交叉制裁（{bank}）")
        note = redact(_FOOTNOTE.sub("", row["info"]).strip(" ,"))
        parts += [f"原文：{grounds}"] if grounds else []
        parts += [f"附注：{note}"] if note else []
        return "；".join(parts) or "来源未写明事由"

    def _origin(self, row: Row) -> str | None:
        """Return the other bank whose sanction this one follows."""
        found = _CROSS.search(row["grounds"])
        named = (found["bank"] or "?") if found else row["origin"]
        if not named or word(named) == word(self.spec.bank):
            return None
        return self.words.banks.get(word(named), named)


def shared_words() -> Words:
    """Read the words that the banks' lists share."""
    text = files("importers").joinpath("debarments.toml").read_text(encoding="utf-8")
    return Words.model_validate(tomllib.loads(text))


def importer_of(bank: str) -> Importer:
    """Describe a bank's list and how its rows are read."""
    words = shared_words()
    spec = describe(bank, DebarmentSpec)
    return Importer(spec, _Reader(spec, words, Tells.of(words)))


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


def _items(grounds: str) -> frozenset[str]:
    """Return the items (i)–(v) that clauses of the guidelines name, ranges filled in.

    >>> sorted(_items("Procurement Guidelines, 1.16(a)(ii)-(iv); 2004 PG, 1.14(a)i"))
    ['i', 'ii', 'iii', 'iv']
    """
    items: set[str] = set()
    for clause in _CLAUSE.finditer(grounds):
        last, through = 0, False
        for found in _ROMAN.finditer(clause["rest"] or clause["annex"]):
            at = _ORDER.index(found["sign"])
            items.update(_ORDER[last : at + 1] if through and at > last else (found["sign"],))
            last, through = at, found["dash"] is not None
    return frozenset(items)


def _han_name(info: str) -> str | None:
    """Return the Chinese name of a firm that an entry adds to the Latin one."""
    found = re.search(
        r"[\u4e00-\u9fff][\u4e00-\u9fff()（）]*(?:公司|厂|院|中心|集团|社|所|店)(?:[\u4e00-\u9fff]*分公司)?", info
    )
    return found[0] if found else None
