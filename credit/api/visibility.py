"""Which records a caller is shown (the contract's "Parties": what was repaired, annulled or is past its display)."""

from datetime import date
from typing import Final

from credit.model.caller import Caller, Scope
from credit.model.record import EventKind, Listing, Record, is_too_early, undone, without_put_back
from credit.model.when import When
from credit.registry.rights import authority_of, same_authority

ENDS_DISPLAY: Final = frozenset({
    EventKind.ANNULLED,
    EventKind.REPAIRED,
    EventKind.REMOVED,
    EventKind.ENTERED_IN_ERROR,
})  # fmt: skip


def may_see(caller: Caller, record: Record, today: date) -> bool:
    """Tell whether a caller is shown a record: all are shown one on display, few one that is not."""
    if not is_over(record, today) or caller.has(Scope.ADMIN) or caller.is_party(record.party):
        return True
    authority = authority_of(record, today)
    return authority is not None and caller.authority is not None and same_authority(authority, caller.authority)


def is_over(record: Record, today: date) -> bool:
    """Tell whether a record's display has ended: by an event of today or before, or with its term.

    What an authority resumed without a suspension, or ended before it began, is for a person, who must see it.
    """

    def is_told(on: When) -> bool:
        return on.day <= today

    doubtful = undone(record.events, is_told)
    doubtful += [e for e in record.events if is_too_early(record.content, e)]
    lasting = [e for e in without_put_back(record.events, is_told) if e not in doubtful]
    if any(event.kind in ENDS_DISPLAY and is_told(event.on) for event in lasting):
        return True
    content = record.content
    return isinstance(content, Listing) and content.until is not None and content.until < today
