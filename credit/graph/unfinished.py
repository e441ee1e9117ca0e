"""Graphs that are not whole: half restored, or read from files and not adopted. No program writes their versions."""

from typing import Final

from credit.errors import StoreUnavailable

HALF_RESTORED: Final = 1_000_000
"""Version of the schema of a graph that is being restored, or was until its restore was killed."""
IMPORTED: Final = 1_000_001
"""Version of the schema of a graph that was read from files and is not whole yet."""


def refusal(version: int) -> StoreUnavailable | None:
    """Say why a graph of this version serves nobody; None: it is of a version that programs write."""
    if version == HALF_RESTORED:
        return StoreUnavailable(
            "登记库只恢复了一半，不能使用；请再次执行 credit restore FILE，即从中断处继续。",
            "The registry is half restored and serves nobody. Run credit restore FILE again: it goes on where it was",
        )
    if version == IMPORTED:
        return StoreUnavailable(
            "图数据库由文件装载，尚未接管，不能使用；请执行 credit adopt。",
            "The graph was read from files and is not whole yet. Run credit adopt",
        )
    return None
