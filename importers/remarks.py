"""What a row's remark (备注) says of whether its decision or entry still stands: never read, but never passed over."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from credit.errors import FieldInvalid
from importers.cells import folded
from importers.source import Strict


class Remarks(Strict):
    """The TOML beside this module: patterns that leave a doubt, and those that repeat that an entry was taken off."""

    doubtful: tuple[str, ...]
    gone: tuple[str, ...]


def must_stand(remark: str, *, told_off: bool = False) -> None:
    """Refuse a row whose remark may say that it no longer stands, or not as it is told.

    ``told_off``: the row itself tells on which day its entry was taken off, so that a remark may repeat it.

    Raises: FieldInvalid.
    """
    words = _words()
    found = _found(words.doubtful, remark) or (None if told_off else _found(words.gone, remark))
    if found:
        raise FieldInvalid(
            f"备注写有“{found}”，决定或条目可能已被撤销、变更或不再有效，请人工录入",
            f"the remark says {found}: decision or entry may not stand as it is told, a person must enter it",
        )


def _found(patterns: Iterable[str], remark: str) -> str | None:
    plain = folded(remark)
    return next((found[0] for pattern in patterns if (found := re.search(pattern, plain))), None)


@cache
def _words() -> Remarks:
    text = files("importers").joinpath("remarks.toml").read_text(encoding="utf-8")
    return Remarks.model_validate(tomllib.loads(text))
