"""Sites that still show what was repaired, annulled or removed: the request to correct, and when it is due.

The penalty law binds the authority to withdraw its own publication; a site that copied it is asked, and no site is
called late. What a site still shows after that day is said by the next sighting.

Law: 处罚法 48, 85; 山东省社会信用条例 40; DOMAIN §5.4.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from credit.model.matters import Sighting
from credit.model.naturalkey import normal
from credit.model.record import EventKind, Record, without_put_back
from credit.model.verdict import Reason
from credit.oversight.deadlines import Clock, Deadline, DeadlineKind, Span, judged
from credit.rules.periods import Periods

RULE: Final = "SITE-TAKEDOWN"
_ENDS: Final = {
    EventKind.ANNULLED: ("被撤销", "annulled"),
    EventKind.REMOVED: ("移出名单", "removed"),
    EventKind.REPAIRED: ("完成信用修复", "repaired"),
}


def request(periods: Periods, sighting: Sighting, as_of: date) -> Deadline:
    """Tell when the site is asked to have corrected what it shows, as of the end of a day."""
    clock = Clock(kind=DeadlineKind.CORRECTION, rule=RULE, starts=Span.on(sighting.seen_on))
    return judged(periods, clock, as_of)


def seen_again(sighting: Sighting, others: Iterable[Sighting], as_of: date) -> date | None:
    """Return the last later day by ``as_of`` on which the same site still showed the record; None: never."""
    site = normal(sighting.site)
    days = (x.seen_on for x in others if normal(x.site) == site and sighting.seen_on < x.seen_on <= as_of)
    return max(days, default=None)


def letter(sighting: Sighting, record: Record, due: date | None) -> Reason:
    """Write the request to the site, in words that an officer can send."""
    content = record.content
    number = content.doc_no or record.id
    kind, day = _end(record, sighting.seen_on)
    zh, en = _ENDS[kind]
    return Reason(
        f"{sighting.site}: 经查, 贵网站于 {sighting.seen_on} 仍在公示 {number}。该记录已于 {day} {zh}, "
        f"请{f'于 {due} 前' if due else '及时'}更正或者撤下, 并反馈处理结果。",
        f"{sighting.site}: on {sighting.seen_on} you still showed {number}, which was {en} on {day}. "
        f"Please correct it or take it down{f' by {due}' if due else ''}, and tell us.",
    )


def _end(record: Record, day: date) -> tuple[EventKind, date]:
    """What ended the record's display by a day; the last of several."""
    lasting = without_put_back(record.events, lambda on: on.day <= day)
    ended = [(e.on.start, e.kind, e.on.day) for e in lasting if e.kind in _ENDS and e.on.day <= day]
    _, kind, on = max(ended)
    return kind, on
