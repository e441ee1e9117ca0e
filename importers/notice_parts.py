"""Where the sections of a notice begin, and who signed it when: alike in all notices of finance departments.

The numerals of sections must ascend, or the text was shuffled or doubled; one without its signature was cut off.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from credit.errors import FieldInvalid
from importers.cells import numeral
from importers.notice_dates import day
from importers.notice_text import SECTION

DAY: Final = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
"""A day within running text, as a pattern."""
_SIGNER: Final = r"(?P<name>(?:中华人民共和国)?[一-龥]{0,20}财政(?:部|厅|局|委员会))(?:[(（](?:盖章|公章|印章)[)）])?"
_SIGNED: Final = re.compile(rf"{_SIGNER}\s*(?P<day>{DAY})")


def starts_of(lines: Sequence[str]) -> list[int]:
    """Return the lines with which sections begin.

    Raises: FieldInvalid where their numerals do not ascend from one.
    """
    starts = [n for n, line in enumerate(lines) if SECTION.fullmatch(line)]
    order = [numeral(found[1]) or 0 for n in starts if (found := SECTION.fullmatch(lines[n]))]
    if not starts or order != list(range(1, len(order) + 1)):
        raise FieldInvalid(
            "公告的各部分缺失、重复或次序混乱，不从中读取", "sections are missing, doubled or out of order"
        )
    return starts


def signature_in(lines: Sequence[str], after: int) -> tuple[str, date, int]:
    """Return who signed, when, and the line where the signature begins; the day follows the name or stands under it.

    Raises: FieldInvalid where nobody, or more than one, signed from the line ``after`` on.
    """
    found: list[tuple[str, str, int]] = []
    for n in range(after, len(lines)):
        beside, alone = _SIGNED.fullmatch(lines[n]), re.fullmatch(_SIGNER, lines[n])
        below = lines[n + 1] if n + 1 < len(lines) else ""
        if beside:
            found.append((beside["name"], beside["day"], n))
        elif alone and re.fullmatch(DAY, below):
            found.append((alone["name"], below, n))
    if len(found) != 1:
        raise FieldInvalid(
            "公告结尾没有（或不止一个）落款和日期，可能不完整，不从中读取",
            "no signature with its date: the notice may be cut off",
        )
    name, signed, at = found[0]
    return name, day(signed, "落款日期"), at
