"""By what supervision goes: periods, thresholds, the country's divisions."""

from dataclasses import dataclass

from credit.oversight.links import must_be_readable
from credit.regions import Regions
from credit.rules.periods import Periods
from credit.rules.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Practice:
    """The periods and thresholds of supervision, and the country's divisions.

    Raises: CatalogueInvalid for a threshold that what is kept of letters and ties cannot tell.
    """

    periods: Periods
    thresholds: Thresholds
    regions: Regions

    def __post_init__(self) -> None:
        """Refuse thresholds that cannot be told."""
        must_be_readable(self.thresholds)
