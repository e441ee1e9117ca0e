"""What a row's remark (备注) says of whether its decision or entry still stands: never read, but never passed over.

What says the opposite (无异议), tells what one may do (可申请复议) or repeats the register is taken out first.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from credit.errors import FieldInvalid
from importers.cells import folded
from importers.source import Strict


class Remarks(Strict):
    """The TOML beside this module: patterns that leave a doubt, that repeat a removal (``gone``), or that mean nothing.

    ``over``: decision or entry may be no more; ``open``: it holds, but something is under way or was changed.
    """

    over: tuple[str, ...]
    open: tuple[str, ...]
    gone: tuple[str, ...]
    harmless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """The words of a remark that leave a doubt; ``over``: by them decision or entry may be no more."""

    found: str
    over: bool

    def refusal(self) -> FieldInvalid:
        """Return why the row is for a person."""
        return FieldInvalid(
            f"备注写有“{self.found}”，决定或条目可能已被撤销、变更或不再有效，请人工录入",
            f"the remark says {self.found}: decision or entry may not stand as it is told, a person must enter it",
        )


def doubt_in(remark: str, *, told_off: bool = False) -> Doubt | None:
    """Return the doubt that a remark leaves, None where it leaves none.

    ``told_off``: the row itself tells on which day its entry was taken off, so that a remark may repeat it.

    >>> [doubt_in(text) for text in ("", "无异议", "如不服本决定，可申请复议")]
    [None, None, None]
    >>> doubt_in("当事人已申请行政复议")
    Doubt(found='复议', over=False)
    """
    words, plain = _words(), folded(remark)
    for pattern in words.harmless:
        plain = re.sub(pattern, "。", plain)
    if found := _found((*words.over, *(() if told_off else words.gone)), plain):
        return Doubt(found, over=True)
    found = _found(words.open, plain)
    return Doubt(found, over=False) if found else None


def must_stand(remark: str) -> None:
    """Refuse a row whose remark may say that it no longer stands, or not as it is told.

    Raises: FieldInvalid.
    """
    if doubt := doubt_in(remark):
        raise doubt.refusal()


def _found(patterns: Iterable[str], plain: str) -> str | None:
    return next((found[0] for pattern in patterns if (found := re.search(pattern, plain))), None)


@cache
def _words() -> Remarks:
    text = files("importers").joinpath("remarks.toml").read_text(encoding="utf-8")
    return Remarks.model_validate(tomllib.loads(text))
