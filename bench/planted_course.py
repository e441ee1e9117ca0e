"""Where planted letters lie, how they end, and what befalls them on the way."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from credit.model.complaint import ComplaintEvent, ComplaintEventKind, ComplaintOutcome, ItemOutcome
from credit.model.record import Authority, Level

OFFICES: Final = tuple(
    Authority(name, region=region, level=Level.CITY)
    for name, region in (
        ("资阳市财政局", "512000"), ("青岛市财政局", "370200"), ("石家庄市财政局", "130100"),
        ("杭州市财政局", "330100"), ("西安市财政局", "610100"), ("长沙市财政局", "430100"),
        ("福州市财政局", "350100"), ("武汉市财政局", "420100"),
    )
)  # fmt: skip
UNFOUNDED: Final = ComplaintOutcome.REJECTED_UNFOUNDED
INADMISSIBLE: Final = ComplaintOutcome.REJECTED_INADMISSIBLE
UPHELD: Final = ComplaintOutcome.UPHELD_EFFECT
WITHDRAWN: Final = ComplaintOutcome.TERMINATED_WITHDRAWN


def mixed(random: Random) -> ComplaintOutcome:
    """How an honest letter ends: most fail."""
    outcomes = [UNFOUNDED, INADMISSIBLE, UPHELD, ComplaintOutcome.PARTLY_UPHELD, WITHDRAWN]
    return random.choices(outcomes, [50, 12, 14, 12, 12])[0]


def life(filed: date, outcome: ComplaintOutcome | None, items: int, random: Random) -> Iterator[ComplaintEvent]:
    """What befell a letter."""
    day = filed + timedelta(days=random.randrange(18, 45))
    if outcome is None:
        yield ComplaintEvent(kind=ComplaintEventKind.NOT_ACCEPTED, on=filed + timedelta(days=4))
    elif outcome is WITHDRAWN:
        yield ComplaintEvent(kind=ComplaintEventKind.ACCEPTED, on=filed)
        yield ComplaintEvent(kind=ComplaintEventKind.WITHDRAWN, on=day)
    else:
        whole = tuple(ItemOutcome(item, outcome) for item in range(1, items + 1))
        each = () if outcome is ComplaintOutcome.PARTLY_UPHELD else whole
        yield ComplaintEvent(kind=ComplaintEventKind.ACCEPTED, on=filed)
        yield ComplaintEvent(kind=ComplaintEventKind.DECIDED, on=day, outcome=outcome, items=each)
