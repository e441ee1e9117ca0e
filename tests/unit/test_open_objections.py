"""Which objections the events of a record leave open."""

from itertools import permutations

from credit.model.objections import open_objections
from credit.model.record import Event, EventKind
from credit.model.when import When

OPENED, CLOSED = EventKind.OBJECTION_OPENED, EventKind.OBJECTION_CLOSED


def left(*told: tuple[EventKind, str, str | None]) -> list[str | None]:
    """What is left open of events told in this order."""
    events = [Event(f"evt_{n}", kind, When.parse(on), reason=why, tick=n) for n, (kind, on, why) in enumerate(told)]
    return [event.reason for event in open_objections(events, lambda on: on.day <= When.parse("2026-06-30").day)]


def test_what_closed_one_leaves_one_open_that_was_recorded_later() -> None:
    first = (OPENED, "2026-06-01", "obj_1"), (CLOSED, "2026-06-15", "obj_1")
    for day in ("2026-06-10", "2026-06-15", "2026-06-20"):
        assert left(*first, (OPENED, day, "obj_2")) == ["obj_2"]


def test_the_last_decision_closes_those_that_were_open_together() -> None:
    both = (OPENED, "2026-06-01", "obj_1"), (OPENED, "2026-06-02", "obj_2")
    assert left(*both, (CLOSED, "2026-06-15", "obj_2")) == []


def test_one_with_a_word_of_its_own_is_open_until_that() -> None:
    told = (OPENED, "2026-06-01", "obj_1"), (CLOSED, "2026-07-15", "obj_1")
    later = (OPENED, "2026-06-10", "obj_2"), (CLOSED, "2026-06-12", "obj_2")
    assert left(*told, *later) == ["obj_1"]


def test_what_an_authority_tells_closes_all_before_whenever_it_was_recorded() -> None:
    told = (OPENED, "2026-06-01", None), (OPENED, "2026-06-02", "obj_1"), (CLOSED, "2026-06-15", "异议不成立")
    later = (OPENED, "2026-06-20", None)
    assert all(left(*shuffled) == [] for shuffled in permutations(told))
    assert all(left(*shuffled) == [None] for shuffled in permutations((*told, later)))
