"""The report of a region and period, read from the registry in one go."""

from datetime import date, datetime

from credit.errors import Denied, FieldInvalid
from credit.model.caller import Caller
from credit.model.when import legal_day
from credit.reports.acting import gather_cases, gather_orders, gather_publishers, gather_rungs
from credit.reports.gaps import gather_gaps
from credit.reports.ledger import gather_ledger
from credit.reports.model import Asked, Head, Report
from credit.reports.network import gather_network
from credit.reports.reading import Reading
from credit.reports.standings import gather_proposals, gather_standings
from credit.wiring import Services


async def gather(services: Services, caller: Caller, asked: Asked) -> Report:
    """Gather a report as a reader may see it; the same registry, reader and question give the same report.

    A period that reaches beyond the day on which it is made is read to that day.

    Raises:
        FieldInvalid: the period ends before it begins, or begins in the future.
        Denied: a key that may not see profiles.
        TooLarge: a section would have more rows than a report may hold.
        StoreUnavailable: the graph does not answer.
    """
    made_at = asked.made_at or services.clock.now()
    as_of = min(asked.last, legal_day(made_at))
    _must_make_sense(asked, as_of)
    if not services.supervision.may_see_profile(caller, None):
        raise Denied("地区报告仅限财政部门和管理员。", "A regional report is for finance authorities and admin")
    reading = Reading(services, caller, asked)
    ledger, oldest = await gather_ledger(reading, as_of)
    here = {party.id for row in ledger.letters for party in row.complainants}
    proposals = await gather_proposals(reading, as_of)
    orders, issued, ordering = await gather_orders(reading, as_of)
    cases, held, inquiring = await gather_cases(reading, as_of)
    offices = {row.office for row in ledger.letters} | {row.office for row in proposals}
    names = offices | ordering | inquiring | set(asked.authorities)
    publishers = await gather_publishers(reading, names, as_of)
    network = await gather_network(reading, here, as_of, oldest)
    return Report(
        head=_head(reading, as_of, made_at),
        ledger=ledger,
        standings=await gather_standings(reading, as_of),
        network=network,
        proposals=proposals,
        publishers=publishers,
        orders=orders,
        orders_issued=issued,
        cases=cases,
        cases_held=held,
        rungs=await gather_rungs(reading, as_of),
        gaps=await gather_gaps(reading, ledger, network, (publishers, sorted(names))),
    )


def _must_make_sense(asked: Asked, as_of: date) -> None:
    """Refuse a period in which no day lies.

    Raises:
        FieldInvalid: so it is.
    """
    if asked.first > asked.last:
        raise FieldInvalid("期间的终止日早于起始日。", "The period ends before it begins")
    if asked.first > as_of:
        raise FieldInvalid("期间尚未开始。", "The period has not begun yet")


def _head(reading: Reading, as_of: date, made_at: datetime) -> Head:
    asked, practice = reading.asked, reading.services.supervision.practice
    catalogue = reading.services.lists.rules.catalogue
    return Head(
        region=asked.region,
        region_name=reading.regions.name(asked.region) or asked.region,
        first=asked.first,
        last=asked.last,
        as_of=as_of,
        made_at=made_at,
        rules=catalogue.version,
        digest=catalogue.digest,
        thresholds=practice.thresholds.version,
        periods=practice.periods.version,
        bound_to=reading.bound_to,
    )
