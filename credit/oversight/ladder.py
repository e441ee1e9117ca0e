"""The ladder 关注 → 提醒 → 约谈: how long a rung stands. None of its rungs restricts; only the fourth, a penalty, does.

The order of the rungs is not enforced: no text in force fixes it, an office may call somebody in at once where the
matter is grave, and rungs given elsewhere may be told late or not at all. A rung shows what an office did, no more.

Law: 国办发〔2020〕49号 (nothing beyond a recorded decision restricts); DOMAIN §7.3.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from credit.model.matters import Attention
from credit.rules.periods import Periods

RULE: Final = "LADDER-EXPIRY"


class RungState(StrEnum):
    """How a rung stands; ``to_come``: its day is later."""

    TO_COME = "to_come"
    IN_FORCE = "in_force"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class RungStanding:
    """A rung on a day, and the last day on which it stands; None where the catalogue gives it no end."""

    state: RungState
    last_day: date | None


def standing(periods: Periods, attention: Attention, as_of: date) -> RungStanding:
    """Tell how a rung stands on a day: to the day that the office set, else for as long as the catalogue says."""
    last = attention.until or periods.period(RULE).last_day(attention.on)
    if as_of < attention.on:
        return RungStanding(RungState.TO_COME, last)
    over = last is not None and last < as_of
    return RungStanding(RungState.EXPIRED if over else RungState.IN_FORCE, last)
