"""What the words of a decision impose, where every part of them is certain: kinds, a fine, a sum confiscated, a ban.

A text that imposes anything besides is one for a person to read: so is a heavy measure, which no finance department
imposes by itself, and whose words are mostly those of a law that is quoted (采购法 77: 情节严重的…吊销营业执照).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from credit.errors import FieldInvalid
from credit.model.record import Ban, PenaltyKind
from importers.addressees import LONGEST
from importers.decisions import ban_in, confiscated_in, fines_in

HEAVY: Final = re.compile(
    r"吊销|暂扣|暂停|取消|撤销|停产|停业|停止(?:生产经营|经营|营业|执业|从业|业务)|降低|关闭|移送|拘留"
    r"|限制(?:开展|生产|经营|从业|从事|执业)"
)
"""Measures that are for a person wherever a text speaks of them."""
_LISTED: Final = re.compile(r"列入[^,，。;；]{0,8}不良行为记录(?:名单)?")
# The list that is imported (L01): that a decision leads there is no kind of penalty.
_PUBLISHED: Final = re.compile(r"列入(?:政府采购)?严重违法失信行为(?:信息)?记录(?:名单)?")
_KINDS: Final = (
    (re.compile(r"警告"), PenaltyKind.WARNING),
    (re.compile(r"通报批评"), PenaltyKind.CRITICISM),
    (re.compile(r"罚款"), PenaltyKind.FINE),
    (re.compile(r"没收"), PenaltyKind.CONFISCATION),
    (_LISTED, PenaltyKind.BAD_CONDUCT_LISTING),
    (re.compile(r"责令[^，,。；;]{0,6}(?:改正|整改)"), PenaltyKind.CORRECTION_ORDER),
)
_FORBIDS: Final = re.compile(r"禁止|不得")


@dataclass(frozen=True, slots=True)
class Sanction:
    """What is imposed; sums in yuan."""

    kinds: tuple[PenaltyKind, ...]
    fine: Decimal | None
    confiscated: Decimal | None
    ban: Ban | None


def sanction_of(text: str, *, ban_of: Callable[[str], Ban | None] = ban_in) -> Sanction:
    """Read what a decision imposes; ``ban_of`` reads its ban. Several fines are never added up.

    >>> sanction_of("给予警告，罚款5000元").fine
    Decimal('5000.00')

    Raises: FieldInvalid where a part of it is not certain, or where it is too long to be searched.
    """
    if len(text) > LONGEST:
        raise FieldInvalid(
            f"处理结果超过 {LONGEST} 字，请人工录入",
            f"the decision has more than {LONGEST} signs: a person must enter it",
        )
    kinds = tuple(kind for words, kind in _KINDS if words.search(text))
    fines, confiscated, ban = fines_in(text), confiscated_in(text), ban_of(text)
    doubtful = (
        bool(HEAVY.search(text))
        or (PenaltyKind.FINE in kinds) != (len(fines) == 1)
        or (PenaltyKind.CONFISCATION in kinds) != (confiscated is not None)
        or "列入" in _PUBLISHED.sub("", _LISTED.sub("", text))
        or (bool(_FORBIDS.search(text)) and ban is None)
        or not (kinds or ban)
    )
    if doubtful:
        raise FieldInvalid(
            f"处理结果不能全部读出，请人工录入：{text}", f"not every part of the decision is certain: {text}"
        )
    banned = (PenaltyKind.BAN,) if ban else ()
    return Sanction((*kinds, *banned), next(iter(fines), None), confiscated, ban)
