"""Free ports for what tests start."""

from credit.graph.java import choose_port


def free_port() -> int:
    """Find a port that is free now, outside the range that Linux gives out by itself.

    One of that range may be bound by anybody before the server that it is for, or while that starts again.
    """
    return choose_port(None)
