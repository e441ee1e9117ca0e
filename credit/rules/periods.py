"""The legal periods: how long each is, from what it runs, by which law; and the conditions of a complaint.

They stand in ``periods.toml``, beside the catalogue whose instruments they cite. Unknown keys, unknown instruments and
missing periods stop start-up (``CatalogueInvalid``). A period that lacks its citation, or is marked ``M``, is kept and
accuses nobody: whoever is past it is ``unknown``, not late.

Law: 采购法 52–57; 条例 53–58; 94号令; 招标投标法实施条例 60–62; DOMAIN §§3.7, 3.8, 5, 6.3, §8 R2, R6.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict, Field, StringConstraints, ValidationError, model_validator

from credit.errors import CatalogueInvalid, Unknown
from credit.model.record import PenaltyKind
from credit.model.verdict import Citation
from credit.rules.catalogue import Catalogue
from credit.rules.rows import Cite, Instrument, Mark, Row, Text, Words
from credit.rules.terms import add_months, moved
from credit.rules.workdays import add_working_days, roll_forward

NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "periods": frozenset({
        "GP-QUESTION", "GP-REPLY", "GP-COMPLAINT", "GP-CHECK", "GP-TURN-AWAY", "GP-CORRECTION", "GP-DECISION",
        "GP-PAUSE", "DECIDE-AGAIN", "BID-QUESTION", "BID-REPLY", "BID-COMPLAINT", "BID-ACCEPTANCE", "BID-CORRECTION",
        "BID-DECISION", "BID-PAUSE", "PUB-PENALTY", "PUB-WITHDRAW", "SITE-TAKEDOWN", "REPAIR-DECISION",
        "OBJECTION-DECISION", "LADDER-EXPIRY", "CORRECTION-RELAPSE",
    }),
    "points": frozenset({
        "prior_challenge", "in_time", "participant", "within_challenge", "not_decided_before", "office", "letter",
    }),
    "words": frozenset({"procurement_file"}),
    "kinds": frozenset({"not_penalties"}),
}  # fmt: skip
"""Names that the reasoning looks up; what stands under them is the file's."""
_LONGEST: Final = 10_000
"""No period has more days or months than this."""
_Length = Annotated[int, Field(gt=0, le=_LONGEST)]


class Unit(StrEnum):
    """What a period is counted in."""

    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"


class Period(Row):
    """A legal period, its opening day not counted; neither ``days`` nor ``months``: no text fixes its length.

    ``rolls``: a last day that is a holiday moves to the working day after it.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)+$")]
    title: Words
    days: _Length | None = None
    months: _Length | None = None
    unit: Unit
    rolls: bool = False
    starts: Words
    citations: tuple[Cite, ...] = ()
    mark: Mark
    question: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        wrong = self.days if self.unit is Unit.MONTH else self.months
        if wrong is not None:
            msg = f"a period in {self.unit} has no such length"
            raise ValueError(msg)
        if self.rolls and self.unit is Unit.WORKING_DAY:
            msg = "working days never end on a holiday"
            raise ValueError(msg)
        return self

    @property
    def length(self) -> int | None:
        """How many of its unit; None where no text fixes it."""
        return self.months if self.unit is Unit.MONTH else self.days

    @property
    def accuses(self) -> bool:
        """Whether it is sourced well enough to call anyone late."""
        return bool(self.citations) and not self.mark.startswith("M")

    def last_day(self, start: date, extra: int = 0) -> date | None:
        """Return the last day of the period, lengthened by ``extra`` units, or shortened.

        None where no text fixes the length, or where a year's calendar is not published.

        Law: 民法典 201–203; 94号令 42.
        """
        if self.length is None:
            return None
        count = self.length + extra
        if self.unit is Unit.WORKING_DAY:
            return add_working_days(start, max(count, 0))
        last = add_months(start, count) if self.unit is Unit.MONTH else moved(start, count)
        return roll_forward(last) if self.rolls else last


class PointRow(Row):
    """A condition of a complaint, with its articles by the law it is filed under; none: it is no condition of that."""

    id: Text
    title: Words
    procurement: tuple[Cite, ...] = ()
    bidding: tuple[Cite, ...] = ()
    mark: Mark
    question: str | None = None


class Periods(Row):
    """All periods and conditions at once; ``instruments`` are the catalogue's and the file's own."""

    version: str
    instruments: Mapping[str, Instrument]
    periods: tuple[Period, ...]
    points: tuple[PointRow, ...]
    words: Mapping[str, tuple[Text, ...]]
    kinds: Mapping[str, tuple[PenaltyKind, ...]]
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    @classmethod
    def load(cls, catalogue: Catalogue, overlay: Path | None = None) -> Self:
        """Read the file that comes with the package; rows of ``overlay`` replace its rows of the same id.

        Raises: CatalogueInvalid, naming each mistake.
        """
        data = _read((resources.files("credit.rules") / "periods.toml").read_text(encoding="utf-8"), "periods.toml")
        if overlay:
            try:
                text = overlay.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise _invalid(f"{overlay.name}: {error}") from error
            data = _lay_over(data, _read(text, overlay.name))
        return cls.of(data, catalogue.instruments)

    @classmethod
    def of(cls, data: Mapping[str, Any], instruments: Mapping[str, Instrument]) -> Self:
        """Check plain data, whose citations may name these instruments and those it declares itself.

        Raises: CatalogueInvalid.
        """
        own: Mapping[str, Any] = data.get("instruments", {})
        if twice := sorted(own.keys() & instruments.keys()):
            raise _invalid(f"instruments declared twice: {', '.join(twice)}")
        try:
            read = cls.model_validate({**data, "instruments": {**instruments, **own}})
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:20])
            raise _invalid(told) from error
        if mistakes := list(read.contradictions()):
            raise _invalid("; ".join(mistakes))
        return read

    def contradictions(self) -> Iterator[str]:
        """What makes the file unusable: names missing, doubled, or cited and not declared."""
        held = {"periods": [p.id for p in self.periods], "points": [p.id for p in self.points]}
        yield from (f"{table}.{x} stands twice" for table, ids in held.items() for x in set(ids) if ids.count(x) > 1)
        named = {**held, "words": list(self.words), "kinds": list(self.kinds)}
        for table, names in NEEDED.items():
            yield from (f"{table} lacks {name}" for name in sorted(names.difference(named[table])))
        rows = [(p.id, p.citations) for p in self.periods]
        rows += [(p.id, (*p.procurement, *p.bidding)) for p in self.points]
        for row, cites in rows:
            yield from (f"{row} cites unknown {c.instrument}" for c in cites if c.instrument not in self.instruments)

    @cached_property
    def _by_id(self) -> Mapping[str, Period]:
        return {period.id: period for period in self.periods}

    @cached_property
    def _points(self) -> Mapping[str, PointRow]:
        return {point.id: point for point in self.points}

    def period(self, period_id: str) -> Period:
        """Raises: Unknown."""
        if period_id not in self._by_id:
            raise Unknown(f"没有期限 {period_id}", f"there is no period {period_id}")
        return self._by_id[period_id]

    def point(self, point_id: str) -> PointRow:
        """One of the conditions of a complaint."""
        return self._points[point_id]

    def cite(self, cites: Sequence[Cite], day: date | None = None) -> tuple[Citation, ...]:
        """Citations by title and number; what was not in force on the day is left out."""
        rows = ((self.instruments[c.instrument], c.article) for c in cites)
        return tuple(Citation(_titled(row), article) for row, article in rows if day is None or _in_force(row, day))


def _titled(row: Instrument) -> str:
    return f"{row.title}({row.number})" if row.number else row.title


def _in_force(row: Instrument, day: date) -> bool:
    return (row.from_ is None or row.from_ <= day) and (row.until is None or day < row.until)


def _read(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(f"{name}: {error}") from error


def _lay_over(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**base, **over}
    for table in ("periods", "points"):
        rows = over.get(table, [])
        ids = {row.get("id") for row in rows}
        merged[table] = [row for row in base[table] if row["id"] not in ids] + list(rows)
    for table in ("instruments", "words", "kinds"):
        merged[table] = {**base[table], **over.get(table, {})}
    merged["version"] = f"{base['version']}+{over['version']}" if "version" in over else base["version"]
    return merged


def _invalid(told: str) -> CatalogueInvalid:
    return CatalogueInvalid(f"期限规则文件有误:{told}", f"the file of periods is wrong: {told}")
