"""Names of natural persons, as lists print them, told from those of individual businesses.

An individual business is registered under a name of its own, or its operator's, and lists print the operator's number
for it. Whose name is not surely a person's may be under a code in which nobody would find the entry.

What stays uncertain: an individual business without a name of its own is called like its operator, and so may a shop
be whose name begins like a person's (a surname and signs that no pattern here knows); neither can be told by the name.
A person whose surname is rare, or who has none (Tibetan, Mongolian and other names without a dot), is taken for
doubtful, which costs a look.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from importers.cells import folded
from importers.source import Strict

_SIGN: Final = r"[一-龥某*×xX]"
_SHORT: Final = re.compile(rf"[一-龥某]{_SIGN}{{1,2}}")
_LONG: Final = re.compile(rf"[一-龥]{_SIGN}{{3}}")
_HIDDEN: Final = re.compile(r"[某*×xX]")
_WITH_DOTS: Final = re.compile(rf"{_SIGN}+(?:[·•・]{_SIGN}+)+")
_TWO: Final = 2


class PersonNames(Strict):
    """The TOML beside this module: patterns of names of trades and of shops, and surnames.

    ``worded``: those of the common surnames that are words, too (金, 高, 万): with one more sign they may be a shop's
    name as well (金鼎, 高峰).
    """

    trade: tuple[str, ...]
    shop: tuple[str, ...]
    surnames: tuple[str, ...]
    worded: tuple[str, ...]
    compound_surnames: tuple[str, ...]


def is_a_persons_name(text: str) -> bool:
    """Whether a text surely reads as a natural person's name: one that hides signs, or begins with a known surname.

    Of two to four Han signs, or of parts with dots between them; a name that may be a shop's is none.

    >>> [is_a_persons_name(name) for name in ("张某", "李*", "王试例", "欧阳试例", "买买提·试例")]
    [True, True, True, True, True]
    >>> [is_a_persons_name(name) for name in ("老王烧烤", "百姓药房", "某某美发店", "天天向上", "锦江区美丽美发")]
    [False, False, False, False, False]
    >>> [is_a_persons_name(name) for name in ("好再来", "老百姓", "蓝天", "麦香", "金鼎", "周大福", "马大姐")]
    [False, False, False, False, False, False, False]
    """
    plain, words = folded(text), _words()
    if any(re.search(pattern, plain) for pattern in (*words.trade, *words.shop)):
        return False
    if _WITH_DOTS.fullmatch(plain):
        return True
    if not (_SHORT.fullmatch(plain) or _LONG.fullmatch(plain)):
        return False
    return bool(_HIDDEN.search(plain)) or _has_a_surname(plain, words)


def _has_a_surname(plain: str, words: PersonNames) -> bool:
    """Whether a name of two to four signs begins with a surname, and with more than a word that is one, too."""
    if len(plain) > _TWO and plain.startswith(words.compound_surnames):
        return True
    if not _SHORT.fullmatch(plain) or not plain.startswith(words.surnames):
        return False
    return len(plain) > _TWO or not plain.startswith(words.worded)


@cache
def _words() -> PersonNames:
    text = files("importers").joinpath("person_names.toml").read_text(encoding="utf-8")
    return PersonNames.model_validate(tomllib.loads(text))
