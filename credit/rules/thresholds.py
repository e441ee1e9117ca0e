"""The numbers by which complaints are watched, with their sources: the trigger of 94号令 37, the signals' thresholds.

Unknown keys and missing names stop start-up (``CatalogueInvalid``). Citations name instruments of the catalogue.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final, Self

from pydantic import ConfigDict, ValidationError

from credit.errors import CatalogueInvalid
from credit.model.complaint import ComplaintLaw, ComplaintOutcome
from credit.model.verdict import Reason
from credit.rules.rows import Cite, Mark, Row, Text, Words

NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "numbers": frozenset({
        "trigger_count", "trigger_months", "limitation_years", "window_months", "confidence", "base_minimum",
        "dense_days", "young_days", "hearing_days", "likeness", "shingle", "text_minimum", "owner_share", "contact_hub",
        "holder_hub", "text_hub", "text_link_minimum", "benefit_projects", "benefit_share", "benefit_base",
        "benefit_entries",
    }),
    "dates": frozenset({"trigger_from"}),
    "sets": frozenset({
        "trigger_laws", "unproven", "malicious", "finance_offices", "procurement_offices", "other_offices",
        "procurement_file", "abnormal_lists", "answering_lists", "bad_conduct_lists", "count_told", "false_told",
        "other_told", "other_categories", "complaint_told", "complaint_aside", "not_told",
    }),
    "signals": frozenset({
        "n_unfounded", "withdraw_rate", "late_withdraw", "no_bid", "enter_vs_win", "scatter", "template", "shell",
        "co_complaint", "repeat_matter", "dense", "pause_cost", "retaliation", "winner_shield", "forged",
        "confidential",
    }),
    "words": frozenset({
        "counted", "other_law", "old_rule", "not_unproven", "answered", "repeat", "contradiction", "mixed",
        "incomplete", "impossible", "told_twice", "overlap", "upheld_elsewhere", "other_office", "office_unclear",
        "perhaps_answered", "hearing",
    }),
}  # fmt: skip
"""Names that the reasoning looks up; what stands under them is the file's."""


class Sourced(Row):
    """A row that says where it is from; ``mark`` as in the catalogue."""

    mark: Mark
    source: Text
    citations: tuple[Cite, ...] = ()


class Figure(Sourced):
    """A number with its unit."""

    value: Decimal
    unit: Text


class Day(Sourced):
    """A legal day."""

    value: date


class Kinds(Sourced):
    """A set of laws, outcomes, or words."""

    values: tuple[Text, ...]


class SignalRow(Sourced):
    """A signal: the value from which it says something, the least denominator, the base rate till we have our own.

    ``watch`` False: it is shown and never leads to attention by itself.
    """

    title: Words
    unknown: Words
    threshold: Decimal | None = None
    minimum: int = 1
    base: Decimal | None = None
    watch: bool


class Thresholds(Row):
    """All of them at once, as loaded."""

    version: str
    numbers: Mapping[str, Figure]
    dates: Mapping[str, Day]
    sets: Mapping[str, Kinds]
    signals: Mapping[str, SignalRow]
    words: Mapping[str, Words]
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    @classmethod
    def load(cls, overlay: Path | None = None) -> Self:
        """Read the file that comes with the package; rows of ``overlay`` replace those of the same name.

        Raises: CatalogueInvalid, naming each mistake.
        """
        data = tomllib.loads((resources.files("credit.rules") / "thresholds.toml").read_text(encoding="utf-8"))
        return cls.of({**data, **_laid_over(data, overlay)} if overlay else data)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Check plain data, as of TOML."""
        try:
            found = cls.model_validate(data)
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:20])
            raise CatalogueInvalid(f"阈值文件有误:{told}", f"the thresholds are wrong: {told}") from error
        lacking = [
            f"{table}.{name}"
            for table, names in NEEDED.items()
            for name in sorted(names - getattr(found, table).keys())
        ]
        if lacking:
            told = ", ".join(lacking)
            raise CatalogueInvalid(f"阈值文件缺少 {told}", f"the thresholds lack {told}")
        try:
            _ = (found.unproven, found.malicious, found.trigger_laws)
        except ValueError as error:
            raise CatalogueInvalid(f"阈值文件有误:{error}", f"the thresholds are wrong: {error}") from error
        return found

    def number(self, name: str) -> Decimal:
        """A number in its own unit."""
        return self.numbers[name].value

    def whole(self, name: str) -> int:
        """A number of days, months or pieces."""
        return int(self.numbers[name].value)

    def reason(self, name: str) -> Reason:
        """Fixed words, in both languages."""
        return self._reasons[name]

    @cached_property
    def _reasons(self) -> Mapping[str, Reason]:
        return {name: Reason(words.zh, words.en) for name, words in self.words.items()}

    @cached_property
    def unproven(self) -> frozenset[ComplaintOutcome]:
        """Outcomes of a whole letter that count for 37¶1."""
        return frozenset(map(ComplaintOutcome, self.sets["unproven"].values))

    @cached_property
    def malicious(self) -> frozenset[ComplaintOutcome]:
        """Outcomes of which one is enough for 37¶2."""
        return frozenset(map(ComplaintOutcome, self.sets["malicious"].values))

    @cached_property
    def trigger_laws(self) -> frozenset[ComplaintLaw]:
        """The laws whose complaints 94号令 37 counts."""
        return frozenset(map(ComplaintLaw, self.sets["trigger_laws"].values))


def _laid_over(base: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Rows of a second file over those of the first."""
    try:
        over = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueInvalid(
            f"阈值文件 {path.name} 读不了:{error}", f"cannot read the thresholds {path.name}: {error}"
        ) from error
    return {key: {**base.get(key, {}), **value} if isinstance(value, dict) else value for key, value in over.items()}
