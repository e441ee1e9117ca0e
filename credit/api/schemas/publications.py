"""Whether penalties were published in time (双公示; the contract's "Acting on it")."""

from datetime import date
from typing import Self

from credit.api.schemas.answers import CitationOut, ReasonOut
from credit.api.schemas.fields import Out
from credit.api.schemas.handled import reason_out
from credit.model.record import Penalty, Record
from credit.oversight.deadlines import DeadlineState
from credit.oversight.publications import Publication


class PublicationOut(Out):
    """A penalty decision and its publication.

    ``due`` is its last day; ``days_late`` counts working days, null where nobody can tell.
    """

    record: str
    doc_no: str | None
    authority: str | None
    party: str
    decided_on: date
    published_on: date | None
    due: date | None
    days_late: int | None
    state: DeadlineState
    rule: str
    citations: tuple[CitationOut, ...]
    mark: str
    note: ReasonOut | None

    @classmethod
    def of(cls, record: Record, found: Publication) -> Self:
        """Show how a penalty was published."""
        content = record.content
        return cls(
            record=found.record,
            doc_no=content.doc_no,
            authority=content.authority.name if isinstance(content, Penalty) else None,
            party=record.party,
            decided_on=found.decided_on,
            published_on=found.published_on,
            due=found.due,
            days_late=found.days_late,
            state=found.state,
            rule=found.rule,
            citations=tuple(CitationOut(instrument=c.instrument, article=c.article) for c in found.citations),
            mark=found.mark,
            note=reason_out(found.note),
        )
