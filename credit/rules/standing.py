"""A record's life up to the cut-off: what its events made of it.

The order in which events arrived never matters, the order of their days does; of one day only what imports found of a
list stands as they found it. An impossible life is read as it stands.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from credit.model.objections import open_objections
from credit.model.plain import from_plain, to_plain
from credit.model.record import (
    BACK,
    Event,
    EventKind,
    Listing,
    Penalty,
    Record,
    by_day,
    is_too_early,
    undone,
    without_put_back,
)
from credit.model.when import When
from credit.rules.timing import CutOff, Timing

_ENDS_LISTING = frozenset({EventKind.REMOVED, EventKind.ANNULLED, EventKind.LIFTED})
_ENDS_PENALTY = frozenset({EventKind.ANNULLED})
_STAYS = frozenset({EventKind.SUSPENDED, EventKind.RESUMED})
_OBJECTION = "objection"
_PAIRS = {
    EventKind.OBJECTION_OPENED: (_OBJECTION, True),
    EventKind.OBJECTION_CLOSED: (_OBJECTION, False),
    EventKind.REVIEW_OPENED: ("review", True),
    EventKind.REVIEW_CLOSED: ("review", False),
}
_LATER = _ENDS_LISTING | {
    EventKind.SUSPENDED,
    EventKind.RESUMED,
    EventKind.AMENDED,
    EventKind.REPAIRED,
    EventKind.PERFORMED,
    EventKind.OBJECTION_OPENED,
    EventKind.REVIEW_OPENED,
}
DOUBTFUL = {Timing.SAME_DAY: "same_day_relief", Timing.SILENT: "silent"}
"""The doubt of a relief that cannot be placed before or after the cut-off."""
_LIST = re.compile(r"L(0[1-9]|1\d|2[0-8])")
_MOST = Decimal(10) ** 15
_LONGEST = 1200
"""Months: no ban is stated for longer than a century."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a record stands at the cut-off.

    ``content`` is as amended; ``others`` are the standings it may have instead, where an amendment of the same day
    can't be placed. ``doubts`` name rows of the catalogue; ``notes`` are pending objections and reviews; ``later`` came
    after the cut-off.
    """

    content: Penalty | Listing
    others: tuple["Standing", ...] = ()
    gone: bool = False
    mistaken: bool = False
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    served: When | None = None
    published: When | None = None
    lifted: Timing | None = None
    performed: Timing | None = None
    stretched: timedelta = timedelta(0)
    later: tuple[Event, ...] = field(default=())


def standing(record: Record, cut_off: CutOff) -> Standing:
    """Read a record's events in the order of their days."""
    events = sorted(record.events, key=by_day)
    *maybe, content = _contents(record, events, cut_off)
    state = _life(content, events, cut_off)
    return replace(state, others=tuple(_life(c, events, cut_off) for c in maybe)) if maybe else state


def _life(content: Penalty | Listing, events: Sequence[Event], cut_off: CutOff) -> Standing:
    served = content.served_on if isinstance(content, Penalty) else None
    state = Standing(content, served=served, published=content.published_on)
    if not events:
        return state
    if any(e.kind is EventKind.ENTERED_IN_ERROR for e in events):
        return replace(state, gone=True, mistaken=True)
    state = _suspended(state, [e for e in events if e.kind in _STAYS and e.reason != BACK], cut_off)
    doubtful = undone(events, _told_by(cut_off))
    state = _doubted(state, "resumed_after") if doubtful else state
    for event in without_put_back(events, _told_by(cut_off)):
        state = state if event in doubtful else _taken(state, event, cut_off)
    if open_objections(events, _told_by(cut_off)) and _OBJECTION not in state.notes:  # one was closed, not all
        state = replace(state, notes=(*state.notes, _OBJECTION))
    later = tuple(e for e in events if e.kind in _LATER and cut_off.relief(e.on) is Timing.AFTER)
    return replace(state, later=later)


def _told_by(cut_off: CutOff) -> Callable[[When], bool]:
    return lambda on: cut_off.burden(on) is not Timing.AFTER


def _taken(state: Standing, event: Event, cut_off: CutOff) -> Standing:
    """Take an event in; of one that ends what has not begun by its day, one of the two days is wrong."""
    if not is_too_early(state.content, event):
        return _step(state, event, cut_off)
    return state if cut_off.relief(event.on) is Timing.AFTER else _doubted(state, "ended_before")


def _step(state: Standing, event: Event, cut_off: CutOff) -> Standing:
    kind = event.kind
    ends = _ENDS_LISTING if isinstance(state.content, Listing) else _ENDS_PENALTY
    if kind in {EventKind.SERVED, EventKind.PUBLISHED}:
        held = getattr(state, kind.value)
        return replace(state, **{kind.value: _earlier(held, event.on)})
    if kind in _PAIRS:
        return _noted(state, event, cut_off)
    if kind in ends:
        return _ended(state, event, cut_off)
    if kind in {EventKind.LIFTED, EventKind.PERFORMED}:
        held = getattr(state, kind.value)
        timing = cut_off.relief(event.on)
        return state if timing is Timing.AFTER or held is Timing.IN else replace(state, **{kind.value: timing})
    if kind is EventKind.REPAIRED and (timing := cut_off.relief(event.on)) is not Timing.AFTER:
        return _doubted(state, DOUBTFUL.get(timing, "repaired"))
    return state


def _ended(state: Standing, event: Event, cut_off: CutOff) -> Standing:
    timing = cut_off.relief(event.on)
    if timing is Timing.IN:
        return replace(state, gone=True)
    return _doubted(state, DOUBTFUL[timing]) if timing in DOUBTFUL else state


def _doubted(state: Standing, doubt: str) -> Standing:
    return state if doubt in state.doubts else replace(state, doubts=(*state.doubts, doubt))


def _noted(state: Standing, event: Event, cut_off: CutOff) -> Standing:
    note, opens = _PAIRS[event.kind]
    if cut_off.burden(event.on) is Timing.AFTER:
        return state
    rest = tuple(n for n in state.notes if n != note)
    return replace(state, notes=(*rest, note) if opens else rest)


def _earlier(one: When | None, other: When) -> When:
    return other if one is None or other.start < one.start else one


def _contents(record: Record, events: Sequence[Event], cut_off: CutOff) -> list[Penalty | Listing]:
    """What the record may say at the cut-off: one content, or several where amendments can't be placed."""
    contents = [record.content]
    for event in events:
        timing = cut_off.relief(event.on)
        if event.kind is EventKind.AMENDED and timing is not Timing.AFTER:
            amended = amend(contents[-1], event.changes)
            contents = [*contents, amended] if timing in DOUBTFUL else [amended]
    return contents


def as_amended(record: Record, until: date) -> Penalty | Listing:
    """Return a record's content as amended by the end of a day."""
    content = record.content
    for event in sorted((e for e in record.events if e.kind is EventKind.AMENDED), key=by_day):
        if event.on.day <= until:
            content = amend(content, event.changes)
    return content


def amend(content: Penalty | Listing, changes: str | None) -> Penalty | Listing:
    """Lay an amendment's fields over a record's content.

    Raises: ValueError where a field is unknown, or its value not what a new record's must be.
    """
    amended = from_plain(type(content), {**to_plain(content), **json.loads(changes or "{}")})
    must_be_sound(amended)
    return amended


def must_be_sound(content: Penalty | Listing) -> None:
    """Hold amended content to what a new record must be.

    Raises: ValueError.
    """
    if isinstance(content, Listing):
        if not _LIST.fullmatch(content.list):
            raise ValueError(f"list {content.list}")
        return
    if not content.violation.strip() or not content.authority.name.strip():
        raise ValueError("violation, authority: empty")
    if any(sum_ is not None and not 0 <= sum_ < _MOST for sum_ in (content.fine, content.confiscated)):
        raise ValueError("fine, confiscated: not a sum of money")
    months = content.ban.months if content.ban else None
    if months is not None and not 0 < months <= _LONGEST:
        raise ValueError(f"ban.months {months}")


def _suspended(state: Standing, events: Iterable[Event], cut_off: CutOff) -> Standing:
    """Follow suspension and resumption; a suspension over has stretched the term by its days, perhaps (Q10)."""
    since: date | None = None
    stretched = timedelta(0)
    doubt: str | None = None
    for event in events:
        if event.kind is EventKind.SUSPENDED:
            timing = cut_off.relief(event.on)
            if timing is Timing.IN:
                since = since or event.on.day
            doubt = doubt if timing is Timing.AFTER or timing is Timing.IN else DOUBTFUL[timing]
        elif since is not None and cut_off.burden(event.on) is not Timing.AFTER:
            stretched += event.on.day - since
            since = None
    if since is not None:
        doubt = "suspended"
        stretched += max(cut_off.day - since, timedelta(0))
    state = replace(state, stretched=stretched)
    return _doubted(state, doubt) if doubt else state
