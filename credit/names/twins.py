"""Entries that may be one party: what speaks for it, and how much. Suspected, never merged by machine.

A name is never an identification, so a like name alone is a low score: what else agrees raises it. Two natural persons
of one name are no suspicion by that alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from credit.identifiers import Identifier, IdKind, parse
from credit.model.party import Party, PartyKind
from credit.names.matching import SURE, likeness
from credit.names.parts import text_of

_NAME: Final = 0.4
_FORMER: Final = 0.3
_WRITING: Final = 0.05
"""Taken off where two names differ in their writing."""
_CONTACT: Final = 0.3
_FIRM: Final = 0.4
_OLD_NUMBER: Final = 0.3
_OTHER_PLACE: Final = 0.15
_COUNTRY: Final = 0.2
_REGION: Final = 0.1
_DIVISION: Final = 6
"""Digits of a division at the beginning of a 15-digit number, and after the first two signs of a credit code."""
Point = tuple[float, str, str]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A score from 0 to 1 with its reasons in Chinese and English, the weightiest first."""

    score: float
    why: tuple[tuple[str, str], ...]


def suspicion(one: Party, other: Party, *, firms: frozenset[str] = frozenset()) -> Suspicion | None:
    """Say why two entries may be one party; None where nothing does, or something tells them apart.

    ``firms``: names of firms that both lead or hold.
    """
    if _tells_apart(one, other):
        return None
    named = _names(one, other)
    further = [*_numbers(one, other), *_contacts(one, other), *_firms(firms)]
    if named is None or (one.kind is PartyKind.PERSON and not further):
        return None
    points = sorted([named, *further, *_place(one, other)], reverse=True)
    return Suspicion(
        round(min(0.99, sum(weight for weight, _, _ in points)), 2), tuple((zh, en) for _, zh, en in points)
    )


def _tells_apart(one: Party, other: Party) -> bool:
    if (one.kind is PartyKind.PERSON) != (other.kind is PartyKind.PERSON):
        return True
    if one.kind is PartyKind.PERSON:
        return one.identity_masked is not None and other.identity_masked is not None
    countries = {_country(parse(party.id)) for party in (one, other)} - {None}
    return len(countries) > 1


def _names(one: Party, other: Party) -> Point | None:
    """The best that their names have in common."""
    whole = one.kind is PartyKind.PERSON
    found = [p for a in _called(one) for b in _called(other) if (p := _name(a, b, whole=whole)) is not None]
    return max(found, default=None)


def _called(party: Party) -> Iterator[tuple[str, bool]]:
    yield party.name, True
    yield from ((name, False) for name in party.former_names)


def _name(one: tuple[str, bool], other: tuple[str, bool], *, whole: bool) -> Point | None:
    same = text_of(one[0]) == text_of(other[0])
    if not same and (whole or likeness(one[0], other[0]).score < SURE):
        return None
    less = 0.0 if same else _WRITING
    if one[1] and other[1]:
        return (
            _NAME - less,
            "名称一致" if same else "名称除写法外一致",
            "the same name" if same else "but for writing",
        )
    return (_FORMER - less, "与曾用名一致", "a former name of the other")


def _numbers(one: Party, other: Party) -> Iterator[Point]:
    """What their identifiers say together."""
    by_kind = {identifier.kind: identifier.value for identifier in (parse(one.id), parse(other.id))}
    code, old = by_kind.get(IdKind.CREDIT_CODE), by_kind.get(IdKind.REGISTRATION_NUMBER)
    if code is not None and old is not None:
        same = code[2 : 2 + _DIVISION] == old[:_DIVISION]
        place = ("登记地相同", "of one place") if same else ("登记地不同", "of different places")
        weight = _OLD_NUMBER if same else _OTHER_PLACE
        yield (
            weight,
            f"15 位注册号与后来的统一社会信用代码, {place[0]}",
            f"a 15-digit number and a later code, {place[1]}",
        )
    inner = by_kind.get(IdKind.ORGANISATION_CODE)
    if code is not None and inner is not None and code[8:17] == inner:
        yield _OLD_NUMBER, "组织机构代码含于统一社会信用代码", "the organisation code is in the credit code"
    countries = [_country(parse(party.id)) for party in (one, other)]
    if None not in countries and countries[0] == countries[1]:
        yield _COUNTRY, f"同一国家或地区 {countries[0]}", f"the same country, {countries[0]}"


def _country(identifier: Identifier) -> str | None:
    """The country of a foreign body's id; None where it names none."""
    return identifier.value[:2] if identifier.kind is IdKind.FOREIGN else None


def _contacts(one: Party, other: Party) -> Iterator[Point]:
    ours, theirs = ({(c.kind, text_of(c.value)) for c in party.contacts} for party in (one, other))
    if kinds := sorted({kind for kind, _ in ours & theirs}):
        told = "、".join(_CONTACTS.get(kind, kind) for kind in kinds)
        yield _CONTACT, f"{told}相同", f"the same {', '.join(kinds)}"


_CONTACTS: Final = {"phone": "电话", "email": "邮箱", "address": "地址", "device": "设备", "account": "账户"}


def _firms(firms: frozenset[str]) -> Iterator[Point]:
    if firms:
        first = min(firms)
        yield _FIRM, f"同为 {first} 的负责人或股东", f"both lead or hold {first}"


def _place(one: Party, other: Party) -> Iterator[Point]:
    if one.region is not None and one.region == other.region:
        yield _REGION, "登记地区相同", "of the same region"
