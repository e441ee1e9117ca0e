"""The codes of a row as the one identifier that names its party; a person's number names nobody here.

An identity number of before 1999 has 15 digits, as a registration number (GS 15-2006) has, and one in ten has its check
digit right. Under an id it would stand in clear. What reads as one is therefore a registration number only where it
stands in a column of these alone, with its check digit right; anywhere else the row is for a person.
"""

import re
from typing import Final

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.identifiers import Identifier, IdKind, check_identity_number, recognise, repair
from importers.cells import folded
from importers.source import Row

NOTHING: Final = frozenset({"", "/", "-", "--", "—", "——", "无", "空", "NULL", "NONE"})
"""What stands for no value in a cell."""

_OLD_TAX_NUMBER: Final = re.compile(r"\d{6}([0-9A-Z]{9})")
_OLD_PERSONAL, _NEW_PERSONAL = 15, 18
# How long the identity number is in a taxpayer's number of a person, by its length.
_PERSONAL: Final = {15: 15, 17: 15, 18: 18, 20: 18}
_PROVINCE: Final = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_MASKED: Final = re.compile(rf"(?:{_PROVINCE.pattern})(?:[\d*]{{12}}|[\d*]{{15}})[\dX*]")
_FIELDS: Final = ("code", "organisation_code", "registration_number")


def identifier_in(row: Row, *, fields: tuple[str, str, str] = _FIELDS, tax_numbers: bool = False) -> Identifier:
    """Name a row's party by the surest of its codes; two that contradict each other name nobody.

    ``fields``: of the codes, of the organisation code, and of registration numbers alone. ``tax_numbers``: the first
    may be a taxpayer's number of before 2015 (six digits of the place and the organisation code). A registration
    number holds no organisation code to compare: where both are told, the latter names the party.

    Raises: FieldInvalid where there is none, IdentifierInvalid.
    """
    codes = {field: code for field in fields if (code := _given(row[field]))}
    field, code = next(iter(codes.items()), ("", ""))
    if not code or "*" in code:
        raise FieldInvalid(
            "没有代码或代码有掩码，仅凭名称不能确定身份，请人工核对后录入",
            "the code is missing or masked: a name alone is no identity, a person must match it",
        )
    taxpayers = tax_numbers and field == fields[0]
    identifier = _of_tax_number(code) if taxpayers else recognised(code, registers=field == fields[2])
    inner = codes.get(fields[1], "")
    if not inner or "*" in inner:
        return identifier
    if identifier.kind is IdKind.REGISTRATION_NUMBER:
        return recognised(inner)
    if inner not in {identifier.value, identifier.value[8:17]}:
        raise FieldInvalid(
            f"组织机构代码 {inner} 与 {identifier.value} 不是同一主体",
            f"the organisation code {inner} is not that of {identifier.value}",
        )
    return identifier


def recognised(code: str, *, registers: bool = False) -> Identifier:
    """Read a bare code; ``registers``: it stands in a column of registration numbers alone.

    Raises: FieldInvalid where it is a person's number, or reads as one of 15 digits, IdentifierInvalid.
    """
    if is_persons(code):
        raise FieldInvalid(
            "代码栏中是公民身份号码，不是单位的代码，请人工核对后录入",
            "what stands for a code is a person's identity number: a person must look",
        )
    if not registers and len(code) == _OLD_PERSONAL and _may_be_a_persons(code):
        raise FieldInvalid(
            "代码读来可能是 15 位的公民身份号码，不作为注册号登记，请人工核对",
            "the code may be a person's number of 15 digits, and is taken for no registration number: look at it",
        )
    return recognise(code)


def is_persons(code: str) -> bool:
    """Whether a code is a whole identity number of 18 signs, and no organisation's."""
    plain = repair(code)
    return len(plain) == _NEW_PERSONAL and _may_be_a_persons(plain) and _recognised(plain) is None


def is_masked_persons(code: str) -> bool:
    """Whether a code is an identity number of which stars hide a part, as lists publish them.

    >>> is_masked_persons("1101051908****0010"), is_masked_persons("9151****0126")
    (True, False)
    """
    plain = repair(code)
    return "*" in plain and _MASKED.fullmatch(plain) is not None


def has_code(text: str) -> bool:
    """Whether anything stands in a column of codes."""
    return bool(_given(text))


def _given(text: str) -> str:
    code = repair(text)
    return "" if folded(text) in NOTHING or code in NOTHING or not code.strip("0") else code


def _of_tax_number(number: str) -> Identifier:
    """Read a taxpayer's number: a credit code, or an old one that holds the organisation code.

    Raises: FieldInvalid where it may be a person's or names two, IdentifierInvalid.
    """
    old = _OLD_TAX_NUMBER.fullmatch(number)
    named = [found for code in (number, *(old.groups() if old else ())) if (found := _recognised(code))]
    if _may_be_a_persons(number) or len(named) > 1:
        raise FieldInvalid(
            "纳税人识别号可能是个人证件号码，或者对应不止一个主体，请人工核对",
            "the taxpayer's number may be a person's, or names more than one party: a person must look",
        )
    return named[0] if named else recognise(number)


def _recognised(code: str) -> Identifier | None:
    try:
        return recognise(code)
    except IdentifierInvalid:
        return None


def _may_be_a_persons(number: str) -> bool:
    """Whether an identity number stands at its head: taxpayers without a register bear it, with two digits behind."""
    length = _PERSONAL.get(len(number))
    if length is None or not _PROVINCE.match(number):
        return False
    try:
        return bool(check_identity_number(number[:length]))
    except IdentifierInvalid:
        return False
