"""What a penalty holds and the layout of 2018 has no column for, in the remark (备注) of a row of our own export.

The remark ends with a mark and a JSON object whose keys are the words of ``double_publicity.toml`` and whose values are
those of the contract. It fills what the columns leave open, and never says otherwise than they do.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from credit.errors import FieldInvalid
from credit.model.plain import from_plain, to_plain
from credit.model.record import Authority, Penalty, PenaltyKind
from credit.rules.standing import must_be_sound
from importers.cells import clean
from importers.shapes import is_object
from importers.source import Strict

_DERIVED: Final = frozenset({"category", "violation", "legal_basis"})
"""What the columns tell only as far as words are known: here the supplement is the surer one."""
_UNORDERED: Final = frozenset({"kinds", "legal_basis"})
_SUMS: Final = frozenset({"fine", "confiscated"})
_STANDING: Final = "standing"


class SupplementSpec(Strict):
    """``mark`` stands before the object; ``words``: its keys, each for a field of the contract."""

    mark: str
    words: Mapping[str, str]


def supplemented(spec: SupplementSpec, penalty: Penalty, remark: str) -> Penalty:
    """Return a penalty as read from the columns with what the remark adds; of another remark nothing is taken.

    Raises: FieldInvalid where the supplement is damaged, contradicts a column, or says that the decision may not stand.
    """
    _, mark, text = remark.partition(spec.mark)
    if not mark:
        return penalty
    told = _read(spec, text)
    if _STANDING in told:
        raise FieldInvalid(
            f"备注写明该决定已有变化（{told[_STANDING]}），请人工录入",
            "the remark says that the decision has changed since: a person must enter it",
        )
    held = _flat(penalty)
    if any(_contradicts(penalty, held, name, value) for name, value in told.items()):
        raise FieldInvalid("备注中的登记补充与栏目不一致，请人工核对", "the supplement contradicts the columns")
    return _laid_over(penalty, told)


def supplement(spec: SupplementSpec, read: Penalty, wanted: Penalty, *, standing: str = "") -> str:
    """Return the remark with which ``read`` becomes ``wanted``; empty where they are the same.

    ``standing``: what became of the decision, in words.
    """
    before, after, plain = _flat(read), _flat(wanted), _plain(wanted)
    told = {word: plain[name] for word, name in spec.words.items() if name in after and before[name] != after[name]}
    told |= {word: standing for word, name in spec.words.items() if name == _STANDING and standing}
    if not told:
        return ""
    text = json.dumps(told, ensure_ascii=False)
    return spec.mark + (text if text == clean(text) and text.isprintable() else json.dumps(told))


def differences(one: Penalty, other: Penalty) -> frozenset[str]:
    """Name the fields in which two penalties differ; the order of kinds and of laws does not count.

    >>> from datetime import date
    >>> from credit.model.record import Category
    >>> held = Penalty("1号", Authority("某局"), date(2026, 1, 5), "违法", Category.OTHER, (PenaltyKind.WARNING,))
    >>> differences(held, held)
    frozenset()
    """
    before, after = _flat(one), _flat(other)
    return frozenset(name for name in after if before[name] != after[name])


def _read(spec: SupplementSpec, text: str) -> Mapping[str, Any]:
    try:
        told: object = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not is_object(told) or set(told) - set(spec.words):
        raise FieldInvalid("备注中的登记补充不完整或无法识别", "the supplement in the remark is damaged or not known")
    return {spec.words[word]: value for word, value in told.items()}


def _contradicts(penalty: Penalty, held: Mapping[str, object], name: str, value: object) -> bool:
    """Whether a supplement says otherwise than the columns; kinds may leave out what another field tells anyway."""
    if name in _DERIVED:
        return False
    if name in _SUMS:
        return held[name] is not None or not _is_nothing(value)
    if name != "kinds":
        return held[name] is not None
    told = {kind for kind in PenaltyKind if isinstance(value, list) and kind.value in value}
    implied = {
        PenaltyKind.BAN: penalty.ban is not None,
        PenaltyKind.FINE: penalty.fine is not None,
        PenaltyKind.CONFISCATION: penalty.confiscated is not None,
        PenaltyKind.OTHER: not told,
    }
    return any(not implied.get(kind) for kind in told ^ set(penalty.kinds))


def _is_nothing(value: object) -> bool:
    """Whether a sum is none: the columns leave 0 out, and any other they hold themselves."""
    try:
        return Decimal(str(value or 0)) == 0
    except InvalidOperation:
        return False


def _laid_over(penalty: Penalty, told: Mapping[str, Any]) -> Penalty:
    plain = _plain(penalty) | dict(told)
    authority = {f.name: plain.pop(f"authority.{f.name}") for f in fields(Authority)}
    try:
        whole = from_plain(Penalty, {**plain, "authority": authority})
        must_be_sound(whole)
    except ValueError as error:
        raise FieldInvalid("备注中的登记补充有误", "the supplement in the remark does not fit") from error
    return whole


def _flat(penalty: Penalty) -> dict[str, object]:
    """Give the values of a penalty by field, those of its authority beside the others."""
    found = {f.name: getattr(penalty, f.name) for f in fields(Penalty) if f.name != "authority"}
    found |= {f"authority.{f.name}": getattr(penalty.authority, f.name) for f in fields(Authority)}
    return {name: sorted(value) if name in _UNORDERED else value for name, value in found.items()}


def _plain(penalty: Penalty) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(penalty)
    authority: dict[str, Any] = plain.pop("authority")
    return plain | {f"authority.{name}": value for name, value in authority.items()}
