"""双公示 administrative penalties, in the layouts of 2018 and 2015 (DOMAIN §6.3)."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Self

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import check_identity_number, parse, redact, repair
from credit.model.party import PartyKind
from credit.model.record import Authority, Category, Penalty, PenaltyKind, Source
from credit.model.statements import ROW_PARTY, LoadRow, PartyStatement, RecordStatement
from importers.cells import day, folded, is_permanent
from importers.decisions import citations_in
from importers.double_publicity_content import Measures, ban_of, confiscated_of, fine_of, kinds_beside, must_be_plain
from importers.double_publicity_parties import PublicitySpec, kind_in, name_in, organisation_in
from importers.double_publicity_supplement import SupplementSpec, supplemented
from importers.remarks import must_stand
from importers.source import Importer, Row, Strict, describe

_BETWEEN: Final = re.compile(r"[,，;；|/]")
_OTHER_NAMED: Final = re.compile(r"(?:其他|其它)(?:行政处罚)?(?:[-—–:](?P<dash>.+)|\((?P<bracket>.+)\))")
_PLACE_CODE: Final = re.compile(r"\d{6}")


class Papers(Strict):
    """Names of identity papers that carry a citizen's number."""

    citizens: tuple[str, ...]


class States(Strict):
    """States of a row in which the decision stands."""

    standing: tuple[str, ...]


class Conduct(Strict):
    """Words of a decision that name a category of conduct."""

    category: Category
    words: tuple[str, ...]


class PenaltySpec(PublicitySpec):
    """The TOML of 双公示 penalties: with the words for kinds and conduct."""

    papers: Papers
    states: States
    kinds: dict[str, PenaltyKind]
    told_by_text: dict[str, tuple[tuple[str, PenaltyKind], ...]]
    heavy: tuple[str, ...]
    worded: dict[PenaltyKind, str]
    confirmed_from: Decimal
    conduct: tuple[Conduct, ...]
    supplement: SupplementSpec


@dataclass(frozen=True, slots=True)
class PenaltyReader:
    """Reads a row: the party as it is named, the decision as it stands."""

    spec: PenaltySpec
    conduct: tuple[tuple[Category, re.Pattern[str]], ...]

    @classmethod
    def load(cls) -> Self:
        """Read the TOML beside this module."""
        spec = describe("double_publicity", PenaltySpec)
        words = tuple((row.category, re.compile("|".join(map(re.escape, row.words)))) for row in spec.conduct)
        return cls(spec, words)

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read the party and the decision."""
        party = self._party(row)
        record = RecordStatement(party=party.id or ROW_PARTY, content=self.penalty(row), source=source)
        return LoadRow(row=row.number, parties=(party,), records=(record,))

    def penalty(self, row: Row) -> Penalty:
        """Read the decision, whoever it is on.

        Raises: FieldInvalid where it may not stand, is not whole or not certain, or is on another too.
        """
        state = folded(row["state"])
        if state and state not in self.spec.states.standing:
            raise FieldInvalid(
                f"当前状态为“{row['state']}”，决定可能已被撤销或有异议，请人工录入",
                f"the row's state is {row['state']!r}: the decision may not stand, a person must enter it",
            )
        must_stand(row["remark"].partition(self.spec.supplement.mark)[0])
        must_be_plain(row)
        return supplemented(self.spec.supplement, self._penalty(row), row["remark"])

    def _party(self, row: Row) -> PartyStatement:
        """Name the party by an organisation's code or a person's identity number; a name alone is no identity."""
        name, kind = name_in(row), kind_in(row, self.spec.parties)
        if kind is PartyKind.PERSON:
            number = self._identity_number(row)
            return PartyStatement(id=None, kind=kind, name=name, identity_number=number, only_if_new=True)
        return organisation_in(row, name, single=kind is PartyKind.INDIVIDUAL_BUSINESS)

    def _identity_number(self, row: Row) -> str:
        papers = folded(row["document_kind"])
        if papers and papers not in self.spec.papers.citizens:
            raise FieldInvalid(
                f"自然人证件为“{row['document_kind']}”，不能据以确定身份，请人工录入",
                f"the person's paper is {row['document_kind']!r}, which fixes no identity here: a person must enter it",
            )
        number = repair(row["identity_number"])
        if not number or "*" in number:
            raise FieldInvalid(
                "自然人没有完整证件号码，姓名加掩码不能确定身份，请人工核对",
                "no whole identity number: a name with a masked number is no identity, a person must match it",
            )
        return check_identity_number(number)

    def _penalty(self, row: Row) -> Penalty:
        ban, kinds = ban_of(row), self._kinds(row)
        extra = [PenaltyKind.BAN] * (ban is not None)
        extra += kinds_beside(row, kinds, Measures(self.spec.kinds, self.spec.worded))
        return Penalty(
            doc_no=row.needed("doc_no", "决定书文号"),
            authority=_authority(row),
            decided_on=_decided_on(row),
            violation=_violation(row),
            category=self._category(row),
            kinds=tuple(dict.fromkeys((*kinds, *extra))),
            fine=fine_of(row, self.spec.confirmed_from),
            confiscated=confiscated_of(row),
            legal_basis=citations_in(redact(row["basis"])),
            ban=ban,
        )

    def _kinds(self, row: Row) -> tuple[PenaltyKind, ...]:
        cells = [folded(row[field]) for field in ("category", "category_2")]
        words = [word for cell in cells for part in _BETWEEN.split(cell) for word in self._words(part)]
        if not words:
            raise FieldInvalid("处罚类别为空", "the kind of penalty is empty")
        text = folded(row["content"] + row["papers"])
        return tuple(dict.fromkeys(self._one_kind(word, text) for word in words))

    def _words(self, part: str) -> tuple[str, ...]:
        """Split at 、 only what is no known value as a whole."""
        known = part in self.spec.kinds or part in self.spec.told_by_text
        return (part,) if known else tuple(filter(None, part.split("、")))

    def _one_kind(self, word: str, text: str) -> PenaltyKind:
        """Read one value; of "其他-…" the words behind it, which may name a light kind that is not known here."""
        found = _OTHER_NAMED.fullmatch(word)
        named = (found["dash"] or found["bracket"]) if found else word
        told = next((kind for sign, kind in self.spec.told_by_text.get(named, ()) if sign in text), None)
        kind = told or self.spec.kinds.get(named)
        if kind is None and found and not any(re.search(sign, named) for sign in self.spec.heavy):
            return PenaltyKind.OTHER
        if kind is None:
            raise FieldInvalid(f"处罚类别“{word}”无法识别", f"the kind of penalty {word!r} is not known")
        return kind

    def _category(self, row: Row) -> Category:
        text = folded(row["violation"] + row["facts"])
        return next((category for category, words in self.conduct if words.search(text)), Category.OTHER)


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    reader = PenaltyReader.load()
    return Importer(reader.spec, reader)


def _authority(row: Row) -> Authority:
    """Name the authority; a code that is wrong is left out, since it changes nothing for the party."""
    place = folded(row["place_code"])[:6]
    return Authority(
        name=row.needed("authority", "处罚机关"),
        id=_code_or_none(repair(row["authority_code"])),
        region=place if _PLACE_CODE.fullmatch(place) else None,
    )


def _code_or_none(code: str) -> str | None:
    try:
        return parse(code).id if code else None
    except Malformed:
        return None


def _decided_on(row: Row) -> date:
    decided = day(row.needed("decided_on", "决定日期"), "决定日期")
    if decided is None or is_permanent(decided):
        raise FieldInvalid(f"决定日期“{row['decided_on']}”不是决定作出的日期", "the decision has no date of its own")
    return decided


def _violation(row: Row) -> str:
    told = redact("；".join(filter(None, dict.fromkeys((row["violation"], row["facts"])))))
    if not told:
        raise FieldInvalid("违法行为类型和违法事实均为空", "neither the kind of conduct nor the facts are told")
    return told
