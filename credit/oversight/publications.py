"""Whether a penalty decision was published in time (双公示), and by how many working days it was late.

Law: 国办发〔2015〕51号 (18), (19) — on line within seven working days of the decision; 处罚法 48; DOMAIN §6.3.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.model.record import Event, EventKind, Penalty, Record, RecordId
from credit.model.verdict import Citation, Reason
from credit.oversight.deadlines import Clock, Deadline, DeadlineKind, DeadlineState, Span, judged
from credit.rules.periods import Periods
from credit.rules.standing import amend
from credit.rules.workdays import working_days_between

RULE: Final = "PUB-PENALTY"
_BEHIND: Final = frozenset({DeadlineState.LATE, DeadlineState.OVERDUE})
_NO_PENALTY: Final = Reason(
    "不属于行政处罚法所列处罚,是否应当公示由人认定",
    "no penalty of the penalty law: a person decides whether it is published",
)
_PUBLIC: Final = frozenset({"notice", "feed"})
"""Kinds of source that are public themselves."""
_DAY_UNKNOWN: Final = Reason(
    "取自公开来源,公示日期没有记录", "from a public source: it was published, the day is not recorded"
)
_ANNULLED: Final = Reason("决定已被撤销,未曾公示", "the decision was annulled and had not been published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A penalty decision and its publication.

    ``due`` is the last day for it. ``days_late`` counts working days after ``due`` up to the publication, or to the day
    asked about; at least one where it is late, none where it is not, None where nobody can tell.
    """

    record: RecordId
    decided_on: date
    published_on: date | None
    due: date | None
    days_late: int | None
    state: DeadlineState
    rule: str
    citations: tuple[Citation, ...]
    mark: str
    note: Reason | None = None

    @property
    def late(self) -> bool:
        """Whether it was published too late, or should have been by now."""
        return self.state in _BEHIND


def publications(
    periods: Periods, records: Iterable[Record], as_of: date, *, late_only: bool = False
) -> Iterator[Publication]:
    """Answer the penalties among the records, in their order, as of the end of a day."""
    for record in records:
        found = publication(periods, record, as_of)
        if found and (found.late or not late_only):
            yield found


def publication(periods: Periods, record: Record, as_of: date) -> Publication | None:
    """Tell how a penalty's publication stands at the end of a day.

    ``in_time`` too while its time still runs. None for an entry on a list, for what was entered by mistake, and for a
    decision of a later day; also for one that was annulled within its time, before anyone published it.
    """
    penalty = _penalty(record, as_of)
    if penalty is None or penalty.decided_on > as_of:
        return None
    published = _published(penalty, record.events, as_of)
    annulled = min((e.on.day for e in _so_far(record.events, as_of) if e.kind is EventKind.ANNULLED), default=None)
    clock = judged(periods, _clock(periods, record, penalty, published=published, annulled=annulled), as_of)
    if published is None and annulled and clock.due and annulled <= clock.due:
        return None
    return Publication(
        record=record.id,
        decided_on=penalty.decided_on,
        published_on=published,
        due=clock.due,
        days_late=_days_late(clock, as_of),
        state=DeadlineState.IN_TIME if clock.state is DeadlineState.OPEN else clock.state,
        rule=clock.rule,
        citations=clock.citations,
        mark=clock.mark,
        note=clock.note,
    )


def _clock(
    periods: Periods, record: Record, penalty: Penalty, *, published: date | None, annulled: date | None
) -> Clock:
    """The clock of one decision; nobody can be called late where a doubt excuses it."""
    doubt = None
    if set(penalty.kinds) <= set(periods.kinds["not_penalties"]):
        doubt = _NO_PENALTY
    elif published is None and record.source.kind in _PUBLIC:
        doubt = _DAY_UNKNOWN
    elif published is None and annulled is not None:
        doubt = _ANNULLED
    return Clock(
        kind=DeadlineKind.DECISION,
        rule=RULE,
        starts=Span.on(penalty.decided_on),
        met_on=published,
        excused=doubt is not None,
        note=doubt,
    )


def _days_late(clock: Deadline, as_of: date) -> int | None:
    if clock.state is DeadlineState.UNKNOWN or clock.due is None:
        return None
    if clock.state not in _BEHIND:
        return 0
    days = working_days_between(clock.due, clock.met_on or as_of)
    return None if days is None else max(days, 1)


def _so_far(events: Iterable[Event], as_of: date) -> list[Event]:
    return sorted((e for e in events if e.on.day <= as_of), key=lambda e: (e.on.start, e.tick))


def _penalty(record: Record, as_of: date) -> Penalty | None:
    """The decision as amended by the end of a day."""
    content = record.content
    if not isinstance(content, Penalty) or any(e.kind is EventKind.ENTERED_IN_ERROR for e in record.events):
        return None
    for event in _so_far(record.events, as_of):
        if event.kind is EventKind.AMENDED:
            amended = amend(content, event.changes)
            content = amended if isinstance(amended, Penalty) else content
    return content


def _published(penalty: Penalty, events: Iterable[Event], as_of: date) -> date | None:
    days = [e.on.day for e in _so_far(events, as_of) if e.kind is EventKind.PUBLISHED]
    stated = penalty.published_on
    return min([*days, *([stated.day] if stated and stated.day <= as_of else [])], default=None)
