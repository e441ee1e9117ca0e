"""The ledger of a region and period: letters, their clocks, the course of the months, the districts that report.

A letter is in it that was filed in the period, or earlier and was still open when it began. Told by two sources it is
there once (`credit.oversight.letters`); a complainant stands under the entry that is kept of it.

Law: 财政部令第94号; DOMAIN §3.7, §3.8.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from sys import maxsize
from typing import Final

from credit.model.complaint import Complaint, ComplaintEvent, ComplaintOutcome, HeldComplaint
from credit.model.matter import MatterKind
from credit.oversight.clocks import deadlines
from credit.oversight.deadlines import OFFICE, DeadlineState
from credit.oversight.letters import Letter, letters
from credit.oversight.outcomes import standing
from credit.oversight.tallies import is_ledger
from credit.oversight.trigger import is_unproven
from credit.reports.model import Belongs, ClockRow, District, Ledger, LetterRow, Month
from credit.reports.reading import Reading, must_fit
from credit.rules.terms import add_months
from credit.supervision.merged import AsOne

MISSED: Final = frozenset({DeadlineState.LATE, DeadlineState.OVERDUE})
"""What is listed of clocks that are not the office's own."""
_COUNTRY: Final = frozenset({"000000", "100000"})


async def gather_ledger(reading: Reading, as_of: date) -> tuple[Ledger, int]:
    """Read every complaint once and keep those of the region and period.

    Beside them stands the number, in the order of letters, below which none was filed in the window of the signals.

    Raises:
        TooLarge: there are more than a report may hold.
    """
    ever: Counter[str | None] = Counter()
    unplaced, kept, oldest = 0, list[HeldComplaint](), maxsize
    months = reading.services.supervision.practice.thresholds.whole("window_months")
    opened = add_months(as_of, -months)
    async for held in reading.all(MatterKind.COMPLAINT, Complaint, ComplaintEvent):
        content = held.content
        if content.filed_on > as_of or not reading.services.supervision.may_see_complaint(reading.caller, content):
            continue
        oldest = min(oldest, held.nth) if content.filed_on >= opened else oldest
        unplaced += content.office.region is None
        if reading.is_here(content.office):
            ever[_district(reading, content)] += 1
            if _belongs(held, reading.asked.first, as_of):
                kept.append(held)
                must_fit(len(kept))
    filed_by = sorted({party for held in kept for party in held.content.complainants})
    as_one = AsOne.of(await reading.services.browser.alike(filed_by))
    return await _ledger(reading, letters(map(as_one.letter, kept), as_of), as_of, (ever, unplaced)), oldest


async def _ledger(
    reading: Reading, found: Sequence[Letter], as_of: date, seen: tuple[Counter[str | None], int]
) -> Ledger:
    ever, unplaced = seen
    reading.numbers.update({letter.id: letter.held.content.complaint_no for letter in found})
    first = reading.asked.first
    filed = [letter for letter in found if letter.filed_on >= first]
    clocks = [clock for letter in found for clock in _clocks(reading, letter, as_of)]
    items = Counter(o for letter in filed for o in letter.standing.items.values())
    return Ledger(
        letters=tuple([await _row(reading, letter) for letter in reversed(found)]),
        clocks=tuple(sorted(filter(_is_listed, clocks), key=_urgency)),
        clock_counts=Counter((row.clock.kind.value, row.clock.state) for row in clocks),
        unknown_clocks=Counter(
            row.clock.note
            for row in clocks
            if row.clock.state is DeadlineState.UNKNOWN and row.clock.kind in OFFICE and row.clock.note is not None
        ),
        months=tuple(_months(reading, found, as_of)),
        mix=_mix(Counter(letter.outcome for letter in filed)),
        item_mix=_mix(items),
        districts=tuple(_districts(reading, found, ever)),
        unplaced=unplaced,
    )


def _belongs(held: HeldComplaint, first: date, as_of: date) -> bool:
    """Whether a letter was filed in the period, or was open on some day of it."""
    if held.content.filed_on >= first:
        return True
    stands = standing(held, as_of)
    return _is_open(stands.outcome, stands.ended_on) or (stands.ended_on is not None and stands.ended_on >= first)


def _is_open(outcome: ComplaintOutcome, ended_on: date | None) -> bool:
    """Whether an office has still to decide; after a reversal it has to again."""
    return ended_on is None or outcome is ComplaintOutcome.REVERSED_ON_REVIEW


async def _row(reading: Reading, letter: Letter) -> LetterRow:
    content, stands = letter.held.content, letter.standing
    return LetterRow(
        id=letter.id,
        number=content.complaint_no,
        complainants=await reading.all_named(content.complainants),
        project=content.project_no,
        law=content.law,
        office=content.office.name,
        filed_on=content.filed_on,
        decided_on=stands.decided_on,
        outcome=stands.outcome,
        items=_mix(Counter(stands.items.values())),
        belongs=Belongs.FILED if content.filed_on >= reading.asked.first else Belongs.CARRIED,
        own_ledger=is_ledger(letter.held),
        told=1 + len(letter.told),
        doubts=tuple(sorted(stands.doubts)),
    )


def _mix(counts: Counter[ComplaintOutcome]) -> tuple[tuple[ComplaintOutcome, int], ...]:
    """Outcomes with their counts, in the order in which they are listed."""
    return tuple((outcome, counts[outcome]) for outcome in ComplaintOutcome if counts[outcome])


# ---------------------------------------------------------------- clocks


def _clocks(reading: Reading, letter: Letter, as_of: date) -> Iterator[ClockRow]:
    content = letter.held.content
    for clock in deadlines(reading.services.supervision.practice.periods, letter.held, as_of):
        yield ClockRow(content.complaint_no, content.office.name, clock)


def _is_listed(row: ClockRow) -> bool:
    clock = row.clock
    running = clock.state in {DeadlineState.OPEN, DeadlineState.UNKNOWN} and clock.kind in OFFICE
    return running or clock.state in MISSED


def _urgency(row: ClockRow) -> tuple[int, date, str, str]:
    """The overdue first, of those the oldest; then what runs, by its last day."""
    order = (DeadlineState.OVERDUE, DeadlineState.OPEN, DeadlineState.LATE, DeadlineState.UNKNOWN)
    clock = row.clock
    return order.index(clock.state), clock.due or date.max, row.number, clock.kind


# ---------------------------------------------------------------- the months


def _months(reading: Reading, found: Sequence[Letter], as_of: date) -> Iterator[Month]:
    """Every month of the period, also those in which nothing happened."""
    first, thresholds = reading.asked.first, reading.services.supervision.practice.thresholds
    decided = [x for x in found if x.standing.decided_on is not None and x.standing.decided_on >= first]
    filings = Counter(_month(letter.filed_on) for letter in found if letter.filed_on >= first)
    decisions = Counter(_month(x.standing.decided_on or first) for x in decided)
    baseless = Counter(_month(x.standing.decided_on or first) for x in decided if is_unproven(x, thresholds))
    day = first.replace(day=1)
    while day <= as_of:
        month = _month(day)
        yield Month(month, filings[month], decisions[month], baseless[month])
        day = add_months(day, 1)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


# ---------------------------------------------------------------- the districts


def _districts(reading: Reading, found: Sequence[Letter], ever: Counter[str | None]) -> Iterator[District]:
    """The divisions right below the region, those without a letter first; then the region's own offices."""
    here = Counter(_district(reading, letter.held.content) for letter in found)
    names = {code: reading.regions.name(code) or code for code in ever if code is not None} | dict(_known(reading))
    rows = [District(code, name, here[code], ever[code]) for code, name in names.items()]
    yield from sorted(rows, key=lambda row: (bool(row.ever), bool(row.letters), row.code or ""))
    if ever[None]:
        yield District(None, reading.regions.name(reading.asked.region) or reading.asked.region, here[None], ever[None])


def _known(reading: Reading) -> Iterator[tuple[str, str]]:
    """Code and name of the divisions right below the region, as far as the registry knows them by name."""
    region, regions = reading.asked.region, reading.regions
    if region in _COUNTRY:
        yield from regions.provinces().items()
    elif region.endswith("0000"):
        prefectures = (code for code in regions.names if code.startswith(region[:2]) and code.endswith("00"))
        still = (code for code in prefectures if code != region and regions.at(code, reading.asked.last) == code)
        yield from ((code, regions.names[code]) for code in still)


def _district(reading: Reading, content: Complaint) -> str | None:
    """The division right below the region in which an office lies; None: it is the region's own."""
    region, place = reading.asked.region, content.office.region or ""
    code = reading.regions.at(place, reading.asked.last)
    if region in _COUNTRY:
        below = code[:2] + "0000"
    elif region.endswith("0000"):
        below = code[:4] + "00"
    else:
        below = code
    return None if below in {region, reading.regions.at(region, reading.asked.last)} | _COUNTRY else below
