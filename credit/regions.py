"""Administrative divisions (GB/T 2260): which lies in which on a day, though codes change.

A code has six digits: province, prefecture, county, two each; trailing zeros stand for the whole. The pairs of old and
new codes with their dates are data in ``rules/regions.toml``, which states its source.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from credit.errors import CatalogueInvalid

_COUNTRY: Final = frozenset({"000000", "100000"})
_LENGTH: Final = 6


class _Source(BaseModel):
    """Where the pairs come from."""

    model_config = ConfigDict(extra="forbid")

    title: str
    years: str
    tables: str
    checked_on: date


class _Changes(BaseModel):
    """Pairs of codes that changed on one day: old, new, name until then, name from then."""

    model_config = ConfigDict(extra="forbid")

    since: date = Field(alias="from")
    source: str = Field(min_length=1)
    codes: list[tuple[str, str, str, str]]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: _Source
    changes: list[_Changes]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Step:
    """One end of a change at a code: on ``on`` the division left it for ``other``, or came to it from there."""

    on: date
    left: bool
    other: str


@dataclass(frozen=True, slots=True)
class Regions:
    """Codes of divisions with their changes; ``steps`` by code, oldest first."""

    steps: Mapping[str, tuple[_Step, ...]]
    names: Mapping[str, str]

    @classmethod
    def load(cls) -> Self:
        """Read the file that comes with the package.

        Raises: CatalogueInvalid.
        """
        return cls.read(files("credit").joinpath("rules/regions.toml").read_text(encoding="utf-8"))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read pairs and names from TOML text.

        Raises: CatalogueInvalid.
        """
        try:
            parsed = _File.model_validate(tomllib.loads(text))
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            raise CatalogueInvalid(
                f"行政区划代码表有误：{error}", f"the table of divisions is wrong: {error}"
            ) from error
        changes = sorted(parsed.changes, key=lambda c: c.since)
        return cls(_steps_by_code(changes), _names(parsed.names, changes))

    def contains(self, outer: str, inner: str, on: date) -> bool:
        """Whether ``inner`` is ``outer`` or lies in it on that day; 000000 and 100000 are the whole country.

        Either code may be one of another time. A code that is in no change is compared as it stands.
        """
        outer_then, inner_then = self.at(outer, on), self.at(inner, on)
        if outer_then in _COUNTRY:
            return True
        return inner_then not in _COUNTRY and inner_then.startswith(_stem(outer_then))

    def at(self, code: str, on: date) -> str:
        """Return the code that the division had on that day: newer before a change, older after it, is followed.

        Where a code was given out twice, the division that had it on that day is meant, else the last one before.
        """
        code = _six(code)
        past, later = self._around(code, on)
        if past is not None and past.left:
            return self._forward(past, on)
        if past is None and later is not None and not later.left:
            return self._back(later, on)
        return code

    def are_one(self, one: str, other: str) -> bool:
        """Whether two codes were given to one division, one after the other."""
        return one == other or self._now(one) == self._now(other)

    def codes(self, code: str) -> tuple[str, ...]:
        """Return all codes that a division has had, the one that it has now first, the others in their order."""
        now = self._now(code)
        return (now, *sorted({code, *(c for c in self.steps if self._now(c) == now)} - {now}))

    def _now(self, code: str) -> str:
        """Return the code that a division has in the end.

        One that was given out twice stands for the division that has it now; a longer one, of a town, for itself.
        """
        return self.at(code, date.max) if len(code) == _LENGTH else code

    def provinces(self) -> Mapping[str, str]:
        """Return code and Chinese name of every province."""
        return {code: name for code, name in self.names.items() if code.endswith("0000") and code not in _COUNTRY}

    def name(self, code: str) -> str | None:
        """Return the Chinese name of a province, a prefecture, or a county whose code changed."""
        return self.names.get(_six(code))

    def _around(self, code: str, on: date) -> tuple[_Step | None, _Step | None]:
        """Return the last step at a code up to that day, and the first one after it."""
        steps = self.steps.get(code, ())
        past = [step for step in steps if step.on <= on]
        return (past[-1] if past else None, steps[len(past)] if len(past) < len(steps) else None)

    def _forward(self, step: _Step, on: date) -> str:
        """Follow a division to the code that it left for, and on from there."""
        further = [s for s in self.steps.get(step.other, ()) if s.left and step.on < s.on <= on]
        return self._forward(further[0], on) if further else step.other

    def _back(self, step: _Step, on: date) -> str:
        """Follow a division to the code that it came from, and on from there."""
        earlier = [s for s in self.steps.get(step.other, ()) if not s.left and on < s.on < step.on]
        return self._back(earlier[-1], on) if earlier else step.other


def _six(code: str) -> str:
    """Cut a longer code (towns, villages) to its county, fill a shorter one up.

    >>> _six("512002001000"), _six("51")
    ('512002', '510000')
    """
    return code[:_LENGTH].ljust(_LENGTH, "0")


def _stem(code: str) -> str:
    """Drop the pairs of zeros at the end.

    >>> _stem("510000"), _stem("510100"), _stem("510185")
    ('51', '5101', '510185')
    """
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def _steps_by_code(changes: list[_Changes]) -> Mapping[str, tuple[_Step, ...]]:
    steps: dict[str, tuple[_Step, ...]] = {}
    for change in changes:
        for old, new, _, _ in change.codes:
            steps[old] = (*steps.get(old, ()), _Step(change.since, left=True, other=new))
            steps[new] = (*steps.get(new, ()), _Step(change.since, left=False, other=old))
    return steps


def _names(names: Mapping[str, str], changes: list[_Changes]) -> Mapping[str, str]:
    """Add the changed counties' names; the newest holder of a code wins."""
    counties: dict[str, str] = {}
    for change in changes:
        for old, new, old_name, new_name in change.codes:
            counties.setdefault(old, old_name)
            counties[new] = new_name
    return {**counties, **names}
