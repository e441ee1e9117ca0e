"""Which objections to a record are open by its own events, as far as these tell.

An application handed in is the record's event ``objection_opened``, the decision on the last that is open
``objection_closed``; both bear the application's id as their reason. An authority may tell either by itself.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from credit.model.record import Event, EventKind, by_day
from credit.model.when import When

_APPLICATION: Final = re.compile(r"(?:obj|rep)_\w+")


def is_of_another(event: Event, application: str) -> bool:
    """Tell whether an event of a record says what became of another application than the one of an id."""
    return event.reason != application and _is_of_application(event)


def open_objections(events: Iterable[Event], is_told: Callable[[When], bool]) -> list[Event]:
    """Find the objections opened that were not closed, oldest first; ``is_told`` by the day.

    What an authority tells by itself closes all that were opened before. The decision on an application closes that
    one, what no application opened, and those that had been recorded by then and have no word of their own: had they
    been open, it would not have been told on the record.
    """
    ordered = sorted((e for e in events if e.kind in _OBJECTIONS), key=by_day)
    decided = {e.reason for e in ordered if e.kind is EventKind.OBJECTION_CLOSED}
    found: list[Event] = []
    for event in ordered:
        if not is_told(event.on):
            continue
        if event.kind is EventKind.OBJECTION_OPENED:
            found.append(event)
        else:
            found = [opened for opened in found if not _closes(event, opened, decided)]
    return found


_OBJECTIONS: Final = frozenset({EventKind.OBJECTION_OPENED, EventKind.OBJECTION_CLOSED})


def _closes(closed: Event, opened: Event, decided: set[str | None]) -> bool:
    if not (_is_of_application(closed) and _is_of_application(opened)) or closed.reason == opened.reason:
        return True
    return opened.reason not in decided and opened.tick < closed.tick


def _is_of_application(event: Event) -> bool:
    return _APPLICATION.fullmatch(event.reason or "") is not None
