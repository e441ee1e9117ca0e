"""双公示 administrative penalties, in the layouts of 2018 and 2015 (DOMAIN §6.3)."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import check_identity_number, parse, recognise, redact, repair
from credit.model.party import PartyKind
from credit.model.record import Authority, Category, Penalty, PenaltyKind, Source
from credit.model.statements import ROW_PARTY, LoadRow, PartyStatement, RecordStatement
from importers.addressees import other_in
from importers.cells import day, folded, is_permanent, yuan_of_wan
from importers.company_register import kind_of
from importers.decisions import ban_in, citations_in, fines_in
from importers.source import Importer, Row, SourceSpec, Strict, describe

_BETWEEN: Final = re.compile(r"[,，;；|/]")
_LISTED: Final = re.compile(r"(?<!不予)(?<!不)列入(?:政府采购)?不良行为记录名单")
_NOTHING: Final = frozenset({"/", "无", "空", "NULL", "NONE"})
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


class PenaltySpec(SourceSpec):
    """The TOML of 双公示: with the words for parties, kinds and conduct."""

    parties: dict[str, PartyKind]
    papers: Papers
    states: States
    kinds: dict[str, PenaltyKind]
    told_by_text: dict[str, tuple[tuple[str, PenaltyKind], ...]]
    conduct: tuple[Conduct, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: PenaltySpec
    conduct: tuple[tuple[Category, re.Pattern[str]], ...]

    def __call__(self, row: Row, source: Source) -> LoadRow:
        """Read a row: the party as it is named, the decision as it stands."""
        state = folded(row["state"])
        if state and state not in self.spec.states.standing:
            raise FieldInvalid(
                f"当前状态为“{row['state']}”，决定可能已被撤销或有异议，请人工录入",
                f"the row's state is {row['state']!r}: the decision may not stand, a person must enter it",
            )
        party = self._party(row)
        _must_be_on_the_party(row)
        penalty = self._penalty(row)
        record = RecordStatement(party=party.id or ROW_PARTY, content=penalty, source=source)
        return LoadRow(row=row.number, parties=(party,), records=(record,))

    def _party(self, row: Row) -> PartyStatement:
        """Name the party by an organisation's code or a person's identity number; a name alone is no identity."""
        name, kind = redact(row.needed("name", "行政相对人名称")), self._kind(row)
        if kind is PartyKind.PERSON:
            number = self._identity_number(row)
            return PartyStatement(id=None, kind=kind, name=name, identity_number=number, only_if_new=True)
        return _organisation(row, name, single=kind is PartyKind.INDIVIDUAL_BUSINESS)

    def _kind(self, row: Row) -> PartyKind | None:
        """Return the kind stated; where none is (2015), a row with an identity number and no code is a person's."""
        word = folded(row["kind"])
        if word:
            kind = self.spec.parties.get(word)
            if kind is None:
                raise FieldInvalid(
                    f"行政相对人类别“{row['kind']}”无法识别", f"the kind of party {row['kind']!r} is not known"
                )
            return kind
        return PartyKind.PERSON if row["identity_number"] and not any(_codes(row)) else None

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
        ban = ban_in(row["content"])
        kinds = self._kinds(row)
        extra = [PenaltyKind.BAN] * (ban is not None)
        extra += [PenaltyKind.BAD_CONDUCT_LISTING] * bool(_LISTED.search(folded(row["content"])))
        return Penalty(
            doc_no=row.needed("doc_no", "决定书文号"),
            authority=_authority(row),
            decided_on=_decided_on(row),
            violation=redact("；".join(filter(None, dict.fromkeys((row["violation"], row["facts"]))))),
            category=self._category(row),
            kinds=tuple(dict.fromkeys((*kinds, *extra))),
            fine=_fine(row),
            confiscated=yuan_of_wan(row["confiscated"], "没收金额") or None,
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
        told = next((kind for sign, kind in self.spec.told_by_text.get(word, ()) if sign in text), None)
        kind = told or self.spec.kinds.get(word)
        if kind is None:
            raise FieldInvalid(f"处罚类别“{word}”无法识别", f"the kind of penalty {word!r} is not known")
        return kind

    def _category(self, row: Row) -> Category:
        text = folded(row["violation"] + row["facts"])
        return next((category for category, words in self.conduct if words.search(text)), Category.OTHER)


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("double_publicity", PenaltySpec)
    words = tuple((row.category, re.compile("|".join(map(re.escape, row.words)))) for row in spec.conduct)
    return Importer(spec, _Reader(spec, words))


def _codes(row: Row) -> tuple[str, ...]:
    """The organisation's codes as they stand in the row, the surest first; placeholders left out."""
    cells = (repair(row[field]) for field in ("credit_code", "organisation_code", "registration_number"))
    return tuple("" if code in _NOTHING or not code.strip("0") else code for code in cells)


def _organisation(row: Row, name: str, *, single: bool) -> PartyStatement:
    """Name an organisation by the surest code there is; two codes that contradict each other name nobody."""
    credit_code, organisation_code, registration_number = _codes(row)
    code = credit_code or organisation_code or registration_number
    if not code:
        raise FieldInvalid(
            "没有统一社会信用代码、组织机构代码或注册号，仅凭名称不能确定身份",
            "no credit code, organisation code or registration number: a name alone is no identity",
        )
    identifier = recognise(code)
    inner = identifier.value[8:17] if len(code) == 18 else identifier.value  # noqa: PLR2004 - a credit code
    if credit_code and organisation_code and organisation_code not in {inner, credit_code}:
        raise FieldInvalid(
            f"组织机构代码 {organisation_code} 与 {credit_code} 不是同一主体",
            f"the organisation code {organisation_code} is not that of {credit_code}",
        )
    kind = PartyKind.INDIVIDUAL_BUSINESS if single else kind_of(identifier)
    return PartyStatement(id=identifier.id, kind=kind, name=name, only_if_new=True)


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


def _must_be_on_the_party(row: Row) -> None:
    """Refuse a row whose text speaks of another body or a person: which part is on whom is for a person to read.

    Law: a fine or a ban on another is none on the party (DOMAIN §3.3, R11).

    Raises: FieldInvalid.
    """
    if found := other_in(row["content"], own=(row["name"],), beside=(row["authority"],)):
        raise FieldInvalid(
            f"处罚内容还涉及他人（“{redact(found)}”），不能确定各项处罚是对谁作出的，请人工录入",
            f"the decision speaks of somebody else ({redact(found)!r}): on whom its parts are, a person must say",
        )


def _fine(row: Row) -> Decimal | None:
    """Return the fine in yuan: the field is in 万元, and must agree with the one sum that the text states.

    Sums are never added up, and one that is told twice is one only where the field says so.

    Raises: FieldInvalid.
    """
    field = yuan_of_wan(row["fine"], "罚款金额")
    stated = fines_in(row["content"])
    if len(set(stated)) > 1 or (field is None and len(stated) > 1):
        raise FieldInvalid(
            "处罚内容写有多项罚款，无法确定金额，请人工录入",
            "the decision states several fines: a person must enter it",
        )
    if field is not None and stated and field != stated[0]:
        raise FieldInvalid(
            f"罚款金额（万元）字段 {row['fine']} 即 {field} 元，与处罚内容所写 {stated[0]} 元不一致，请人工核对单位",
            f"the fine field {row['fine']} (万元) is {field} yuan, the decision says {stated[0]}: a person must look",
        )
    return field or next(iter(stated), None)
