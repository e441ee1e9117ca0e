"""Identifiers of parties: parse, check, repair, mask.

The canonical text of an identifier is what the contract calls a party's id:

======================== ======================================= ==========================================
kind                     text                                    check
======================== ======================================= ==========================================
credit code              ``91512002MAF0000126``                  GB 32100-2015 (mod 31) and GB 11714 inside
organisation code        ``org:MAF000012``                       GB 11714-1997
registration number      ``reg:440301103097413``                 GS 15-2006 (ISO 7064 mod 11,10)
natural person           ``person:`` + opaque id                 form only; never an identity number
foreign body             ``foreign:US:delaware:1234567``         ISO 3166-1 country; form
legal entity identifier  ``lei:`` + 20 signs                     ISO 17442 (ISO 7064 mod 97-10)
======================== ======================================= ==========================================

python-stdnum checks LEIs, registration numbers (mod 11,10) and identity numbers (mod 11-2), and computes the mod-31
sign. Two things are ours: the form of a credit code, since its ``cn.uscc`` refuses those beginning with A, G, N or Y,
which the standard and its amendment allow; and GB 11714, which it lacks. All 4,378 right codes of the Shaanxi list and
stdnum's own 200 carry a right GB 11714 digit, so a credit code without one is refused. Its ``cn.ric`` is not used: it
refuses identity numbers whose division its table does not know.
"""

import re
import secrets
import string
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

import stdnum.lei
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2, mod_11_10

from credit.errors import IdentifierInvalid

# The signs of GB 32100: no I, O, S, V, Z. First the registering department, then the class of body.
_CREDIT_CODE: Final = re.compile(r"[1-9AGNY][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_PROVINCE: Final = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_ORGANISATION_CODE: Final = re.compile(r"[0-9A-Z]{8}[0-9X]")
_REGISTRATION_NUMBER: Final = re.compile(r"[0-9]{15}")
_PERSON: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PERSON_SIGNS: Final = 18
"""Of 26 letters: 84 bits."""
_FOREIGN: Final = re.compile(r"(?P<country>[A-Z]{2}):(?P<register>[a-z0-9-]{1,40}):(?P<number>[A-Za-z0-9./-]{1,40})")
_LEI: Final = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_IDENTITY_NUMBER: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLD_IDENTITY_NUMBER: Final = re.compile(r"[1-9][0-9]{14}")
# What reads as an identity number in running text, full-width digits and one separator between signs included.
_GAP: Final = r"[\s\-‐-―−]?"
_IDENTITY_LIKE: Final = re.compile(rf"(?<!\d)(?:\d{_GAP}){{14}}\d(?:(?:{_GAP}\d){{2}}{_GAP}[\dXxＸｘ])?(?!\d)")

_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS: Final = "0X987654321"
_ECHO_LENGTH: Final = 60
_NEW_LENGTH: Final = 18

# ISO 3166-1 alpha-2, without CN: a body of the mainland has a Chinese number.
_COUNTRY_CODES: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
CD CF CG CH CI CK CL CM CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE
GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI
KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX
MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD
SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ
VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
_COUNTRIES: Final = frozenset(_COUNTRY_CODES.split())


class IdKind(StrEnum):
    """Kinds of identifiers."""

    CREDIT_CODE = "credit_code"
    ORGANISATION_CODE = "organisation_code"
    REGISTRATION_NUMBER = "registration_number"
    PERSON = "person"
    FOREIGN = "foreign"
    LEI = "lei"


_PREFIXES: Final = {
    "org": IdKind.ORGANISATION_CODE,
    "reg": IdKind.REGISTRATION_NUMBER,
    "person": IdKind.PERSON,
    "foreign": IdKind.FOREIGN,
    "lei": IdKind.LEI,
}
_PREFIX_OF: Final = {kind: prefix for prefix, kind in _PREFIXES.items()}
# How sources write a bare code, by its length.
_BARE: Final = {
    18: IdKind.CREDIT_CODE,
    9: IdKind.ORGANISATION_CODE,
    15: IdKind.REGISTRATION_NUMBER,
    20: IdKind.LEI,
}


@dataclass(frozen=True, slots=True)
class Identifier:
    """A checked identifier; ``value`` is the text without its prefix."""

    kind: IdKind
    value: str

    @property
    def id(self) -> str:
        """The canonical text.

        >>> Identifier(IdKind.ORGANISATION_CODE, "MAF000012").id
        'org:MAF000012'
        """
        prefix = _PREFIX_OF.get(self.kind)
        return self.value if prefix is None else f"{prefix}:{self.value}"

    def __str__(self) -> str:
        return self.id


@lru_cache(maxsize=65_536)
def parse(text: str) -> Identifier:
    """Read a canonical identifier, as strict as the contract: nothing is repaired.

    >>> parse("91512002MAF0000126").kind
    <IdKind.CREDIT_CODE: 'credit_code'>

    Raises: IdentifierInvalid.
    """
    prefix, colon, value = text.partition(":")
    if not colon:
        return _checked(IdKind.CREDIT_CODE, text)
    kind = _PREFIXES.get(prefix)
    if kind is None:
        raise _invalid("前缀无法识别，应为 org、reg、person、foreign 或 lei", "unknown prefix", text)
    return _checked(kind, value)


def recognise(code: str) -> Identifier:
    """Read a bare code as sources write it, told apart by its length: 18 credit code, 9 organisation code, 15, LEI 20.

    Raises: IdentifierInvalid.
    """
    kind = _BARE.get(len(code))
    if kind is None:
        raise _invalid("长度不是 18、9、15 或 20 位", "not 18, 9, 15 or 20 signs long", code)
    return _checked(kind, code)


def names_of(identifier: Identifier) -> tuple[str, ...]:
    """Return every id under which the party is found: a credit code also names its organisation code."""
    if identifier.kind is not IdKind.CREDIT_CODE:
        return (identifier.id,)
    inner = Identifier(IdKind.ORGANISATION_CODE, organisation_code_of(identifier.value))
    return (identifier.id, inner.id)


def organisation_code_of(credit_code: str) -> str:
    """Return signs 9-17 of a credit code.

    >>> organisation_code_of("91512002MAF0000126")
    'MAF000012'
    """
    return credit_code[8:17]


def repair(text: str) -> str:
    """Undo what sources do to a code: full-width and lower-case signs, spaces, hyphens, invisible signs.

    Only for bare codes of importers, which count what they repaired; digits and letters are never exchanged (O, 0).

    >>> repair(" ９１512002-maf0000126 ")
    '91512002MAF0000126'
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    folded = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in folded if not _is_filler(sign)).upper()


def check_identity_number(text: str) -> str:
    """Return a citizen's identity number in its canonical form of 18 signs.

    An old number of 15 signs is brought to 18 (century before the year, check sign at the end), so that both forms
    name one person. The message never holds the number. Law: GB 11643-1999.

    Raises: IdentifierInvalid.
    """
    number = text.upper()
    if _OLD_IDENTITY_NUMBER.fullmatch(number):
        number = _lengthened(number)
    if not _IDENTITY_NUMBER.fullmatch(number):
        raise IdentifierInvalid("身份证号码应为 18 位或 15 位", "an identity number has 18 or 15 signs")
    if not _is_date(number[6:14]):
        raise IdentifierInvalid("身份证号码中的出生日期有误", "the birth date in the identity number is wrong")
    if not mod_11_2.is_valid(number):
        raise IdentifierInvalid("身份证号码校验位有误", "the check sign of the identity number is wrong")
    return number


def mask_identity_number(number: str) -> str:
    """Hide month and day of birth as the court list does: the first 10 and the last 4 of 18 signs stay.

    Of any other text only the first six signs (the division) stay.

    >>> mask_identity_number("000000190801010000")
    '0000001908****0000'
    """
    shown, end = (10, 4) if len(number) == _NEW_LENGTH else (6, 0)
    return number[:shown] + "*" * (len(number) - shown - end) + number[len(number) - end :]


def mask_name(name: str) -> str:
    """Show the first sign of a person's name and a star for each other sign; of a compound surname too only the first.

    >>> mask_name("张三"), mask_name("欧阳某某")
    ('张*', '欧***')
    """
    bare = name.strip()
    return "*" if len(bare) <= 1 else bare[0] + "*" * (len(bare) - 1)


def redact(text: str) -> str:
    """Mask whatever reads as an identity number in running text; rather a registration number too much than one missed.

    >>> redact("某某（000000 1908 0101 0000）")
    '某某（0000001908****0000）'
    """
    return _IDENTITY_LIKE.sub(_redacted, text)


def _checked(kind: IdKind, value: str) -> Identifier:
    _CHECKS[kind](value)
    return Identifier(kind, value)


def _check_credit_code(value: str) -> None:
    if len(value) != _NEW_LENGTH:
        raise _invalid("统一社会信用代码应为 18 位", "a credit code has 18 signs", value)
    if not _CREDIT_CODE.fullmatch(value):
        raise _invalid(
            "统一社会信用代码含有不允许的字符（小写、全角、空格、I、O、S、V、Z）或登记部门代码有误",
            "a sign that GB 32100 does not allow there (lower case, full width, space, I O S V Z, department)",
            value,
        )
    if uscc.calc_check_digit(value[:17]) != value[17]:
        raise _invalid("统一社会信用代码校验位有误", "the check sign of the credit code is wrong", value)
    inner = organisation_code_of(value)
    if _organisation_check(inner) != inner[8]:
        raise _invalid(
            "统一社会信用代码内的主体标识码（第 9-17 位）校验位有误",
            "the check sign of the organisation code in the credit code is wrong",
            value,
        )
    if _is_identity_number(value):
        raise IdentifierInvalid(
            "这是公民身份号码, 不能作为主体标识", "this reads as a citizen's identity number, which is no party's id"
        )


def _check_organisation_code(value: str) -> None:
    if not _ORGANISATION_CODE.fullmatch(value):
        raise _invalid("组织机构代码应为 9 位大写字母或数字", "an organisation code has 9 digits or capitals", value)
    if _organisation_check(value) != value[8]:
        raise _invalid("组织机构代码校验位有误", "the check sign of the organisation code is wrong", value)


def _check_registration_number(value: str) -> None:
    if not _REGISTRATION_NUMBER.fullmatch(value):
        raise _invalid("注册号应为 15 位数字", "a registration number has 15 digits", value)
    if not mod_11_10.is_valid(value):
        raise _invalid("注册号校验位有误", "the check digit of the registration number is wrong", value)


def new_person() -> str:
    """Make up the opaque part of a person's id: letters alone, so that it never reads as an identity number.

    >>> parse(f"person:{new_person()}").kind
    <IdKind.PERSON: 'person'>
    """
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(_PERSON_SIGNS))


def _check_person(value: str) -> None:
    if not _PERSON.fullmatch(value) or _IDENTITY_LIKE.search(value):
        raise IdentifierInvalid(
            "自然人标识应为 person: 加登记系统给出的编号，不得使用身份证号码",
            "a person is named by person: and the id that the registry gave, never by an identity number",
        )


def _check_foreign(value: str) -> None:
    found = _FOREIGN.fullmatch(value)
    if found is None:
        raise _invalid("境外主体标识应为 foreign:国家:登记机关:号码", "expected foreign:COUNTRY:register:number", value)
    if found["country"] not in _COUNTRIES:
        raise _invalid(
            "国家或地区代码不在 ISO 3166-1 内，境内主体应使用统一社会信用代码",
            "no ISO 3166-1 country but CN stands there; a body of the mainland has a credit code",
            value,
        )


def _check_lei(value: str) -> None:
    if not _LEI.fullmatch(value):
        raise _invalid("LEI 应为 20 位大写字母或数字", "an LEI has 20 digits or capitals", value)
    try:
        stdnum.lei.validate(value)
    except ValidationError as error:
        raise _invalid("LEI 校验位有误", "the check digits of the LEI are wrong", value) from error


_CHECKS: Final = {
    IdKind.CREDIT_CODE: _check_credit_code,
    IdKind.ORGANISATION_CODE: _check_organisation_code,
    IdKind.REGISTRATION_NUMBER: _check_registration_number,
    IdKind.PERSON: _check_person,
    IdKind.FOREIGN: _check_foreign,
    IdKind.LEI: _check_lei,
}


def _organisation_check(code: str) -> str:
    """Compute the ninth sign of GB 11714: the 11-complement of the weighted sum; 10 is X, 11 is 0."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(code[:8], _ORGANISATION_WEIGHTS, strict=True))
    return _ORGANISATION_CHECKS[total % 11]


def _lengthened(old: str) -> str:
    """Bring an identity number of 15 signs to 18; numbers 996-999 were kept for people born before 1900."""
    century = "18" if old[12:15] >= "996" else "19"
    bare = old[:6] + century + old[6:]
    return bare + mod_11_2.calc_check_digit(bare)


def _is_date(text: str) -> bool:
    try:
        return bool(date(int(text[:4]), int(text[4:6]), int(text[6:])))
    except ValueError:
        return False


def _is_filler(sign: str) -> bool:
    """Whether a sign is a space, a hyphen or a dash, or invisible."""
    return unicodedata.category(sign)[0] in "ZC" or unicodedata.category(sign) == "Pd" or sign == "−"


def _is_identity_number(signs: str) -> bool:
    """Whether a right credit code is also a right identity number of somebody living; of those one in 300 is both.

    A code that was given to a body next to never is: no firm's begins with a province, and signs 7 and 8, the century
    of a birth, are the last two of its division.
    """
    return (
        signs[6:8] in {"19", "20"}
        and _PROVINCE.match(signs) is not None
        and _is_date(signs[6:14])
        and mod_11_2.is_valid(signs)
    )


def _redacted(found: re.Match[str]) -> str:
    """Mask a find that has a birth date in it, unless it is a right credit code and no right identity number."""
    signs = repair(found[0])
    birth = signs[6:14] if len(signs) == _NEW_LENGTH else f"19{signs[6:12]}"
    if not _is_date(birth) or (_is_credit_code(signs) and not mod_11_2.is_valid(signs)):
        return found[0]
    return mask_identity_number(signs)


def _is_credit_code(signs: str) -> bool:
    return (
        _CREDIT_CODE.fullmatch(signs) is not None
        and uscc.calc_check_digit(signs[:17]) == signs[17]
        and _organisation_check(organisation_code_of(signs)) == signs[16]
    )


def _invalid(zh: str, en: str, text: str) -> IdentifierInvalid:
    shown = redact(text[:_ECHO_LENGTH])
    return IdentifierInvalid(f"标识“{shown}”无效：{zh}。", f"Invalid identifier {shown!r}: {en}.")
