"""Which records a caller is shown (the contract's "Parties": what was repaired, annulled or is past its display)."""

from datetime import date
from typing import Final

from credit.model.caller import Caller, Scope
from credit.model.record import EventKind, Listing, Record, without_put_back
from credit.registry.rights import same_authority

ENDS_DISPLAY: Final = frozenset({
    EventKind.ANNULLED,
    EventKind.REPAIRED,
    EventKind.REMOVED,
    EventKind.ENTERED_IN_ERROR,
})  # fmt: skip


def may_see(caller: Caller, record: Record, today: date) -> bool:
    """Tell whether a caller is shown a record: all are shown one on display, few one that is not."""
    if not is_over(record, today) or caller.has(Scope.ADMIN) or caller.party == record.party:
        return True
    authority = record.content.authority
    return authority is not None and caller.authority is not None and same_authority(authority, caller.authority)


def is_over(record: Record, today: date) -> bool:
    """Tell whether a record's display has ended: by an event of today or before, or with its term."""
    lasting = without_put_back(record.events, lambda on: on.day <= today)
    if any(event.kind in ENDS_DISPLAY and event.on.day <= today for event in lasting):
        return True
    content = record.content
    return isinstance(content, Listing) and content.until is not None and content.until < today
