"""The report as sections of one table each, in the order in which they are read."""

from credit.reports.model import Report
from credit.reports.sections import complainants, letters, offices
from credit.reports.sections.section import Section

__all__ = ["Section", "sections"]


def sections(report: Report) -> tuple[Section, ...]:
    """Lay out a report."""
    made = (
        letters.coverage, letters.trend, letters.outcomes, letters.ledger, letters.clock_counts, letters.clocks,
        complainants.triggers, complainants.watched, complainants.proposals, complainants.clusters,
        complainants.links, offices.publishers,
        offices.publications, offices.orders, offices.cases, offices.rungs, offices.gaps,
    )  # fmt: skip
    return tuple(make(report) for make in made)
