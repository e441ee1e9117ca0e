"""A correction order at the end of a day, and what it repeats."""

from datetime import date

import pytest

from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import Correction, CorrectionEvent, CorrectionEventKind
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.oversight.corrections import Order, OrderState, is_open, relapse_of, standing

K = CorrectionEventKind
ISSUED, DUE = date(2020, 10, 27), date(2020, 11, 10)


def order(
    number: int, issued: date = ISSUED, *events: CorrectionEvent, items: tuple[str, ...] = ("期限不足",)
) -> Order:
    content = Correction(
        order_no=f"改{number}",
        party=PartyId("91512002MAF0000126"),
        authority=Authority("资阳市财政局", None, "512000"),
        issued_on=issued,
        due_on=DUE,
        items=items,
    )
    return Matter(MatterId(f"cor_{number}"), MatterKind.CORRECTION, content, number, "key", events)


def event(kind: CorrectionEventKind, on: date, due_on: date | None = None) -> CorrectionEvent:
    return CorrectionEvent(kind=kind, on=on, due_on=due_on)


@pytest.mark.parametrize(("day", "state"), [(DUE, OrderState.OPEN), (date(2020, 11, 11), OrderState.OVERDUE)])
def test_an_order_is_overdue_from_the_day_after_its_last(day: date, state: OrderState) -> None:
    assert standing(order(1), day).state is state
    assert is_open(order(1), day)


def test_an_extension_moves_the_last_day_from_when_it_was_given() -> None:
    extended = order(1, ISSUED, event(K.EXTENDED, date(2020, 11, 20), date(2020, 12, 31)))
    assert standing(extended, date(2020, 11, 19)).state is OrderState.OVERDUE
    assert standing(extended, date(2020, 11, 20)).state is OrderState.OPEN


def test_an_order_that_was_carried_out_is_done_from_its_day() -> None:
    done = order(1, ISSUED, event(K.DONE, date(2020, 11, 20)))
    assert standing(done, date(2020, 11, 19)).state is OrderState.OVERDUE
    assert standing(done, date(2020, 11, 20)).done_on == date(2020, 11, 20)


@pytest.mark.parametrize(
    ("issued", "found"), [(date(2022, 10, 27), True), (date(2022, 10, 28), False), (date(2020, 10, 26), False)]
)
def test_a_relapse_is_of_an_order_of_the_two_years_before(issued: date, found: bool) -> None:
    assert (relapse_of(order(2, issued), [order(1)], within_months=24) is not None) is found


def test_the_latest_of_several_is_repeated_and_none_repeats_itself() -> None:
    held = [order(1), order(2, date(2021, 1, 4)), order(3, date(2021, 6, 1))]
    found = relapse_of(held[2], held, within_months=24)
    assert found is not None
    assert found.id == "cor_2"


def test_another_matter_or_an_order_that_was_withdrawn_is_not_repeated() -> None:
    withdrawn = order(1, ISSUED, event(K.WITHDRAWN, date(2020, 11, 1)))
    later = order(3, date(2021, 6, 1))
    assert relapse_of(later, [withdrawn, order(2, items=("评审因素未量化",))], within_months=24) is None
