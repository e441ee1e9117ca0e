"""Whether two complaints are of one matter: the same project, a complainant in common, the same item.

Items are compared as texts, after width, spaces, punctuation and a number at the head are set aside; never by likeness.

Law: 94号令 19 (同一投诉事项); the contract's "the same project (not null), complainant and item".
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from credit.model.complaint import HeldComplaint
from credit.model.naturalkey import normal

_HEAD: Final = re.compile(r"(?:(?:投诉|质疑)(?:事项)?)?\(?[0-9一二三四五六七八九十]{1,3}[、.:)](?![0-9])\s*")
"""The number at the head of an item, as ``1.``, ``(二)``, ``投诉事项3:``."""
_SET_ASIDE: Final = ("P", "Z", "C")
"""Unicode categories that do not count: punctuation, separators, controls."""


@lru_cache(maxsize=65536)
def item_key(text: str) -> str:
    """Return the form in which two items are compared.

    >>> item_key("投诉事项1：评标委员会，认定有误。") == item_key("(一) 评标委员会 认定有误")
    True
    >>> item_key("1.5倍的要求")
    '15倍的要求'
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    return _bare(_HEAD.sub("", plain, count=1) if _HEAD.match(plain) else plain) or _bare(plain)


def _bare(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c)[0] not in _SET_ASIDE).casefold()


def shared_items(one: HeldComplaint, other: HeldComplaint) -> Sequence[tuple[int, int]]:
    """Pair the numbers, from 1, of the items that two complaints have in common.

    Empty where the project is not the same or not known, no complainant is in both, or the two are one.
    """
    a, b = one.content, other.content
    if one.id == other.id or a.project_no is None or b.project_no is None:
        return []
    if normal(a.project_no) != normal(b.project_no) or set(a.complainants).isdisjoint(b.complainants):
        return []
    places = {item_key(item): n for n, item in reversed(list(enumerate(b.items, 1)))}
    keys = [(n, item_key(item)) for n, item in enumerate(a.items, 1)]
    return [(n, places[key]) for n, key in keys if key in places]
