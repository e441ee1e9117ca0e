"""Names of natural persons, as lists print them, told from those of individual businesses.

An individual business is registered under a name of its own, or its operator's, and lists print the operator's number
for it. Whose name is not surely a person's may be under a code in which nobody would find the entry.
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


class PersonNames(Strict):
    """The TOML beside this module: what stands in names of trades (patterns), and surnames of two signs."""

    trade: tuple[str, ...]
    compound_surnames: tuple[str, ...]


def is_a_persons_name(text: str) -> bool:
    """Whether a text surely reads as a natural person's name: two or three Han signs, or four of known form.

    >>> [is_a_persons_name(name) for name in ("张某", "李*", "欧阳试例", "买买提·试例")]
    [True, True, True, True]
    >>> [is_a_persons_name(name) for name in ("老王烧烤", "百姓药房", "某某美发店", "天天向上", "锦江区美丽美发")]
    [False, False, False, False, False]
    """
    plain, words = folded(text), _words()
    if any(re.search(trade, plain) for trade in words.trade):
        return False
    if _SHORT.fullmatch(plain) or _WITH_DOTS.fullmatch(plain):
        return True
    return bool(_LONG.fullmatch(plain)) and bool(_HIDDEN.search(plain) or plain.startswith(words.compound_surnames))


@cache
def _words() -> PersonNames:
    text = files("importers").joinpath("person_names.toml").read_text(encoding="utf-8")
    return PersonNames.model_validate(tomllib.loads(text))
