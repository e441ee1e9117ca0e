"""By what supervision goes: periods, thresholds, the country's divisions."""

from dataclasses import dataclass

from credit.regions import Regions
from credit.rules.periods import Periods
from credit.rules.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Practice:
    """The periods and thresholds of supervision, and the country's divisions."""

    periods: Periods
    thresholds: Thresholds
    regions: Regions
