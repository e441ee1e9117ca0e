"""Which offices decide complaints about procurement, as far as an office's name tells.

A name that tells neither way is for a person: places give this work to offices of their own (采购法 13¶2).

Law: 采购法 13, 52–56; 94号令 5, 6.
"""

from credit.model.naturalkey import normal
from credit.model.record import Authority
from credit.rules.thresholds import Thresholds


def decides(office: Authority, thresholds: Thresholds) -> bool | None:
    """Tell whether an office decides complaints under 94号令; None where its name does not tell.

    >>> [decides(Authority(name), Thresholds.load()) for name in ("资阳市财政局", "资阳市人民医院", "某管理局")]
    [True, False, None]
    """
    name = normal(office.name)

    def bears(words: str) -> bool:
        return any(word in name for word in thresholds.sets[words].values)

    if bears("finance_offices"):
        return True
    if bears("other_offices"):
        return False
    return True if bears("procurement_offices") else None
