"""As what complainants are planted, how many of each, and which signal is to say something of whom."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a complainant was planted as."""

    HONEST = "honest"
    SELLER = "honest: sells nationwide"
    UNLUCKY = "honest: unlucky"
    SERIAL = "serial"
    WITHDRAWER = "withdraws"
    OUTSIDER = "takes no part"
    LOSER = "enters, never wins"
    DRUMMER = "one text everywhere"
    REPEATER = "same matter again"
    SWARM = "many on one project"
    AVENGER = "against one winner"
    FORGER = "fabricates"
    LEAKER = "unlawful proof"
    SHELL = "networked"
    HELPER = "for one winner's gain"


HONEST: Final = frozenset({Kind.HONEST, Kind.SELLER, Kind.UNLUCKY})
NUMBERS: Final = {Kind.HONEST: 240, Kind.SELLER: 15, Kind.UNLUCKY: 40, Kind.SERIAL: 15, Kind.SHELL: 24}
"""How many are planted at scale one; of the others `FEW`."""
FEW: Final = 10
SHOWS: Final[dict[str, frozenset[Kind]]] = {
    "n_unfounded": frozenset({Kind.SERIAL}),
    "withdraw_rate": frozenset({Kind.WITHDRAWER}),
    "late_withdraw": frozenset({Kind.WITHDRAWER}),
    "no_bid": frozenset({Kind.SERIAL, Kind.OUTSIDER}),
    "enter_vs_win": frozenset({Kind.LOSER}),
    "scatter": frozenset({Kind.SERIAL, Kind.SELLER}),
    "template": frozenset({Kind.SERIAL, Kind.DRUMMER}),
    "shell": frozenset({Kind.SHELL}),
    "co_complaint": frozenset({Kind.SHELL}),
    "repeat_matter": frozenset({Kind.REPEATER}),
    "dense": frozenset({Kind.SWARM}),
    "retaliation": frozenset({Kind.AVENGER}),
    "forged": frozenset({Kind.FORGER}),
    "confidential": frozenset({Kind.LEAKER}),
}
"""The kinds of which a signal is to say something."""
TIES: Final = ("unit_leader", "owner", "agent", "phone", "device", "account", "text", "holding")
"""What links the shells of a group, by turns."""
