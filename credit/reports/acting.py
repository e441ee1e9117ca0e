"""What offices of a region do: publications, correction orders, cases, rungs of the ladder.

Law: 国办发〔2015〕51号 (18), (19); 处罚法 48; DOMAIN §6.3, §7.3.
"""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from typing import Final

from credit.api.handled import STRIDE, is_office
from credit.api.schemas.corrections import RELAPSE
from credit.api.visibility import may_see
from credit.model.matter import MatterKind
from credit.model.matters import Attention, Case, CaseEvent, Correction, CorrectionEvent, Nothing, of_shape
from credit.model.record import Penalty, Record
from credit.oversight.cases import case_state
from credit.oversight.corrections import Order, OrderState, relapse_of
from credit.oversight.corrections import standing as order_standing
from credit.oversight.deadlines import DeadlineState
from credit.oversight.ladder import RungState
from credit.oversight.ladder import standing as rung_standing
from credit.oversight.publications import Publication, publication
from credit.reports.acts import CaseRow, OrderRow, PublicationRow, Publisher, RungRow
from credit.reports.reading import Reading, must_fit, told

_TO_DO: Final = frozenset({OrderState.OPEN, OrderState.OVERDUE})

# ---------------------------------------------------------------- publications


async def gather_publishers(reading: Reading, names: set[str], as_of: date) -> tuple[Publisher, ...]:
    """Return how these authorities published the penalties that they decided in the period.

    What was decided earlier is there where it is still to be published.

    Raises:
        TooLarge: there are more rows than a report may hold.
    """
    found = [await _publisher(reading, name, as_of) for name in sorted(names)]
    must_fit(sum(len(one.rows) for one in found))
    return tuple(one for one in found if one.counts or one.rows)


async def _publisher(reading: Reading, name: str, as_of: date) -> Publisher:
    counts, rows = Counter[DeadlineState](), list[PublicationRow]()
    periods = reading.services.supervision.practice.periods
    async for record in _penalties(reading, name):
        found = publication(periods, record, as_of)
        if found is None or not may_see(reading.caller, record, as_of):
            continue
        inside = found.decided_on >= reading.asked.first
        counts[found.state] += inside
        late = found.late and (inside or found.state is DeadlineState.OVERDUE)
        if late or (inside and found.state is DeadlineState.UNKNOWN):
            rows.append(await _publication(reading, record, found))
            must_fit(len(rows))
    return Publisher(name, {state: count for state, count in counts.items() if count}, tuple(rows))


async def _penalties(reading: Reading, name: str) -> AsyncIterator[Record]:
    """Go through the penalties of the authority of a name that lies in the region, or of which no place is told."""
    before: int | None = None
    while True:
        page = await reading.services.publications.page(name, before=before, limit=STRIDE)
        for _, record in page:
            authority = record.content.authority
            if authority is None or authority.region is None or reading.is_here(authority):
                yield record
        if len(page) < STRIDE:
            return
        before = page[-1][0]


async def _publication(reading: Reading, record: Record, found: Publication) -> PublicationRow:
    content = record.content
    return PublicationRow(
        number=(content.doc_no if isinstance(content, Penalty) else None) or record.id,
        party=await reading.named(record.party),
        decided_on=found.decided_on,
        published_on=found.published_on,
        due=found.due,
        days_late=found.days_late,
        state=found.state,
        note=found.note,
    )


# ---------------------------------------------------------------- correction orders


async def gather_orders(reading: Reading, as_of: date) -> tuple[tuple[OrderRow, ...], int, set[str]]:
    """Return the orders that are still to be carried out, and those of the period that repeat an earlier one.

    Beside them: how many were issued in the period, and who issued any.
    """
    rows, issued, names = list[OrderRow](), 0, set[str]()
    async for order in reading.all(MatterKind.CORRECTION, Correction, CorrectionEvent):
        content = order.content
        if content.issued_on > as_of or not reading.is_shown(content):
            continue
        names.add(content.authority.name)
        issued += content.issued_on >= reading.asked.first
        row = await _order(reading, order, as_of)
        fresh = content.issued_on >= reading.asked.first and row.state is not OrderState.WITHDRAWN
        if row.state in _TO_DO or (row.relapse_of is not None and fresh):
            rows.append(row)
            must_fit(len(rows))
    return tuple(sorted(rows, key=lambda row: (row.state is not OrderState.OVERDUE, row.due_on))), issued, names


async def _order(reading: Reading, order: Order, as_of: date) -> OrderRow:
    content, stands = order.content, order_standing(order, as_of)
    others = (await reading.services.matters.concerning([content.party])).get(content.party, ())
    months = reading.services.supervision.practice.periods.period(RELAPSE).length or 0
    earlier = relapse_of(order, of_shape(others, Correction, CorrectionEvent), within_months=months)
    return OrderRow(
        number=content.order_no,
        party=await reading.named(content.party),
        authority=content.authority.name,
        issued_on=content.issued_on,
        due_on=stands.due_on,
        state=stands.state,
        items=tuple(map(told, content.items)),
        case_no=content.case_no,
        relapse_of=earlier.content.order_no if earlier else None,
    )


# ---------------------------------------------------------------- cases


async def gather_cases(reading: Reading, as_of: date) -> tuple[tuple[CaseRow, ...], int, set[str]]:
    """Return the cases that are open at the end of a day, the overdue first; how many there are; whose they are."""
    rows, held, names = list[CaseRow](), 0, set[str]()
    async for case in reading.all(MatterKind.CASE, Case, CaseEvent):
        content, state = case.content, case_state(case, as_of)
        if content.opened_on > as_of or not reading.is_shown(content):
            continue
        held += 1
        names.add(content.authority.name)
        if state.open:
            rows.append(
                CaseRow(
                    number=content.case_no,
                    kind=content.kind,
                    parties=await reading.all_named(content.parties),
                    authority=content.authority.name,
                    holder=state.holder.name,
                    opened_on=content.opened_on,
                    summary=told(content.summary),
                    awaiting=tuple(event.to.name for event in state.awaiting if event.to is not None),
                    due_on=state.due_on,
                    overdue_since=state.overdue_since,
                )
            )
            must_fit(len(rows))
    return tuple(sorted(rows, key=_pressing)), held, names


def _pressing(row: CaseRow) -> tuple[date, date, str]:
    return row.overdue_since or date.max, row.due_on or date.max, row.number


# ---------------------------------------------------------------- the ladder


async def gather_rungs(reading: Reading, as_of: date) -> tuple[RungRow, ...]:
    """Return the rungs given by offices of the region that stand on a day, newest first."""
    rows, periods = list[RungRow](), reading.services.supervision.practice.periods
    async for held in reading.all(MatterKind.ATTENTION, Attention, Nothing):
        content = held.content
        stands = rung_standing(periods, content, as_of)
        shown = reading.is_here(content.authority) and is_office(reading.caller, content.authority)
        if shown and stands.state is RungState.IN_FORCE:
            rows.append(
                RungRow(
                    party=await reading.named(content.party),
                    rung=content.rung,
                    authority=content.authority.name,
                    on=content.on,
                    last_day=stands.last_day,
                    reason=told(content.reason),
                )
            )
            must_fit(len(rows))
    return tuple(rows)
