"""In which order events of one day stand."""

from itertools import permutations

import pytest

from credit.model.record import RETOLD, Event, EventKind, Source, by_day
from credit.model.when import When


def amended(ident: str, *, tick: int, number: str | None, reason: str | None) -> Event:
    return Event(ident, EventKind.AMENDED, When.parse("2026-05-01"), number, None, reason, "{}", tick)


def test_what_a_list_tells_within_a_day_stands_as_it_was_told() -> None:
    told = [amended(ident, tick=tick, number="sha256:0", reason=RETOLD) for tick, ident in enumerate("zay")]
    assert all(sorted(shuffled, key=by_day) == told for shuffled in permutations(told))


def test_when_an_authoritys_acts_of_a_day_were_recorded_never_matters() -> None:
    orders = [
        sorted(
            (
                amended("a", tick=first, number="1号", reason=None),
                amended("b", tick=3 - first, number="2号", reason=None),
            ),
            key=by_day,
        )
        for first in (1, 2)
    ]
    assert [[event.doc_no for event in order] for order in orders] == [["1号", "2号"]] * 2


@pytest.mark.parametrize("text", [None, "", "2026-01-01", "2026-01-01T08:00:00", "昨天"])
def test_a_source_that_does_not_say_as_an_import_does_when_it_was_fetched_says_nothing(text: str | None) -> None:
    assert Source("名单", fetched_at=text).fetched is None


def test_a_source_says_when_it_was_fetched() -> None:
    found = Source("名单", fetched_at="2026-01-01T08:00:00+08:00").fetched
    assert found is not None
    assert found.isoformat() == "2026-01-01T08:00:00+08:00"


def test_the_9th_act_of_a_day_stands_before_the_10th_and_what_a_list_tells_before_both() -> None:
    acts = [
        amended("c", tick=3, number="sha256:0@2026-05-01T00:00:00+00:00#1", reason=RETOLD),
        amended("b", tick=2, number="财采〔2026〕9号", reason=None),
        amended("a", tick=1, number="财采〔2026〕10号", reason=None),
        amended("d", tick=4, number=None, reason=None),
    ]
    wanted = [acts[0], acts[3], acts[1], acts[2]]
    assert all(sorted(shuffled, key=by_day) == wanted for shuffled in permutations(acts))
