"""How long a rung of the ladder stands."""

from datetime import date

import pytest

from credit.model.matters import Attention, Rung
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.oversight.ladder import RungState, standing
from credit.rules.catalogue import Catalogue
from credit.rules.periods import Periods


@pytest.fixture(scope="module")
def periods() -> Periods:
    return Periods.load(Catalogue.load())


def attention(until: date | None = None) -> Attention:
    return Attention(
        party=PartyId("91512002MAF0000126"),
        rung=Rung.ATTENTION,
        authority=Authority("资阳市财政局", None, "512000"),
        on=date(2026, 2, 2),
        until=until,
        reason="投诉事项反复缺乏事实依据",
    )


def test_a_rung_without_a_day_expires_with_the_period_of_the_catalogue(periods: Periods) -> None:
    assert standing(periods, attention(), date(2027, 2, 2)).state is RungState.IN_FORCE
    stands = standing(periods, attention(), date(2027, 2, 3))
    assert (stands.state, stands.last_day) == (RungState.EXPIRED, date(2027, 2, 2))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 2, 1), RungState.TO_COME),
        (date(2026, 2, 2), RungState.IN_FORCE),
        (date(2026, 3, 31), RungState.IN_FORCE),
        (date(2026, 4, 1), RungState.EXPIRED),
    ],
)
def test_a_day_that_was_set_is_the_last(periods: Periods, day: date, state: RungState) -> None:
    assert standing(periods, attention(date(2026, 3, 31)), day).state is state
