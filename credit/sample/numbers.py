"""Identifiers of the sample's parties, each made from a serial number, right in every check digit.

Specifications: GB 32100-2015, GB 11714-1997, GB 11643-1999, GS 15-2006.
"""

from datetime import date, timedelta
from typing import Final

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2, mod_11_10

from credit.errors import IdentifierInvalid
from credit.identifiers import parse

SERIES: Final = {"1": "MBF", "5": "MJF", "9": "MAF"}
"""The start of the organisation code by the department that registers (the first sign of the credit code)."""
FIRST_BIRTH: Final = date(1908, 1, 1)
ORGANISATION_SIGNS: Final = "0123456789X"
RESERVED: Final = 90_000
"""The sample's part of a series: beyond what the worked cases use."""


def credit_code(number: int, prefix: str = "91", region: str = "512002") -> str:
    """Make the credit code with this serial number, 1-9999.

    >>> credit_code(1)
    '91512002MAF9000107'
    """
    head = prefix + region + organisation_code(number, prefix[0])
    return head + uscc.calc_check_digit(head)


def organisation_code(number: int, department: str = "9") -> str:
    """Make the organisation code inside a credit code: the series, five digits, the one sign that is right."""
    body = f"{SERIES[department]}{RESERVED + number:05d}"
    return next(body + sign for sign in ORGANISATION_SIGNS if _is_right(f"org:{body}{sign}"))


def registration_number(number: int) -> str:
    """Make a registration number of 15 digits, as the time before credit codes had them."""
    body = f"512002{RESERVED + number:08d}"
    return body + mod_11_10.calc_check_digit(body)


def identity_number(number: int) -> str:
    """Make a citizen's identity number; ``number`` 1-400 gives a birth between 1908 and 1911."""
    body = f"512002{FIRST_BIRTH + timedelta(days=3 * number):%Y%m%d}{number:03d}"
    return body + mod_11_2.calc_check_digit(body)


def _is_right(identifier: str) -> bool:
    try:
        parse(identifier)
    except IdentifierInvalid:
        return False
    return True
