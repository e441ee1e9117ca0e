"""The party of a 双公示 row: named by a code alone, whichever of the columns for codes holds it."""

import re
from collections.abc import Mapping
from typing import Final

from credit.errors import FieldInvalid
from credit.identifiers import IdKind, recognise, redact, repair
from credit.model.party import PartyKind
from credit.model.statements import PartyStatement
from importers.cells import folded
from importers.company_register import kind_of
from importers.source import Row, SourceSpec

_NOTHING: Final = frozenset({"/", "无", "空", "NULL", "NONE"})
_COVERED: Final = re.compile(r"[*＊]|×{2}|…|\.{3}")


class PublicitySpec(SourceSpec):
    """The TOML of a 双公示 source: with the words for kinds of parties."""

    parties: Mapping[str, PartyKind]


def kind_in(row: Row, parties: Mapping[str, PartyKind]) -> PartyKind | None:
    """Return the kind stated; where none is (2015), a row with an identity number and no code is a person's.

    Raises: FieldInvalid.
    """
    word = folded(row["kind"])
    if word:
        kind = parties.get(word)
        if kind is None:
            raise FieldInvalid(
                f"行政相对人类别“{row['kind']}”无法识别", f"the kind of party {row['kind']!r} is not known"
            )
        return kind
    return PartyKind.PERSON if row["identity_number"] and not any(_codes(row)) else None


def name_in(row: Row) -> str:
    """Return the party's name; it may become that of a party not held yet, so a covered or cut one is none.

    Raises: FieldInvalid.
    """
    name = redact(row.needed("name", "行政相对人名称"))
    if _COVERED.search(name):
        raise FieldInvalid(
            f"行政相对人名称“{name}”有掩码或不完整，请人工核对",
            f"the name {name!r} is masked or cut: a person must look",
        )
    return name


def organisation_in(row: Row, name: str, *, single: bool) -> PartyStatement:
    """Name an organisation by the surest code there is; two codes that contradict each other name nobody.

    ``single``: the row says that it is an individual business. Raises: FieldInvalid, IdentifierInvalid.
    """
    credit_code, organisation_code, registration_number = _codes(row)
    code = credit_code or organisation_code or registration_number
    if not code:
        raise FieldInvalid(
            "没有统一社会信用代码、组织机构代码或注册号，仅凭名称不能确定身份",
            "no credit code, organisation code or registration number: a name alone is no identity",
        )
    identifier = recognise(code)
    _must_be_nobodys(identifier.kind, code)
    inner = identifier.value[8:17] if identifier.kind is IdKind.CREDIT_CODE else identifier.value
    if credit_code and organisation_code and organisation_code not in {inner, credit_code}:
        raise FieldInvalid(
            f"组织机构代码 {organisation_code} 与 {credit_code} 不是同一主体",
            f"the organisation code {organisation_code} is not that of {credit_code}",
        )
    kind = PartyKind.INDIVIDUAL_BUSINESS if single else kind_of(identifier)
    return PartyStatement(id=identifier.id, kind=kind, name=name, only_if_new=True)


def _codes(row: Row) -> tuple[str, ...]:
    """The organisation's codes as they stand in the row, the surest first; placeholders left out."""
    cells = (repair(row[field]) for field in ("credit_code", "organisation_code", "registration_number"))
    return tuple("" if code in _NOTHING or not code.strip("0") else code for code in cells)


def _must_be_nobodys(kind: IdKind, code: str) -> None:
    """Refuse a body abroad, and a number of 15 digits that may be a citizen's: it would stand in clear in an id.

    Raises: FieldInvalid.
    """
    if kind is IdKind.LEI:
        raise FieldInvalid("代码栏中是 LEI，不是境内主体的代码，请人工核对", "the code is an LEI: a person must look")
    if kind is IdKind.REGISTRATION_NUMBER and redact(code) != code:
        raise FieldInvalid(
            "代码栏中的 15 位数字可能是身份证号码，请人工核对",
            "the 15 digits given as a code may be an identity number: a person must look",
        )
