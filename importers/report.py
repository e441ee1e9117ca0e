"""How an import went, in figures and words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from credit.errors import LayoutDrift
from credit.model.project import SyncOutcome
from credit.model.when import SHANGHAI
from importers.gone import Missed


@dataclass(frozen=True, slots=True)
class Report:
    """How an import went: ``read`` is always ``taken + unchanged + rejected``.

    ``repaired``: rows, of those that went in, whose code or number had to be repaired (width, case, blanks, hyphens).
    ``review``: rows, of those that went in, with a part that was not certain and was left out for a person to read.
    ``drift``: a file's shape is not the source's, and nothing was written. ``sync``: what was recorded of the list.
    ``missed``: how many entries of the list the run did not tell; ``gone``: that it took off the list for that.
    ``newer``: as of when a newer file of the list was seen before, so that this one takes nothing off and is not its
    state of now. ``bounds``: the fewest and the most rows that the list may have, where these are not within them.
    ``seen_at``: as of when its own files are, of several the oldest.
    """

    read: int = 0
    taken: int = 0
    unchanged: int = 0
    rejected: int = 0
    repaired: int = 0
    review: int = 0
    rejects: tuple[Path, ...] = ()
    reviews: tuple[Path, ...] = ()
    drift: LayoutDrift | None = None
    sync: SyncOutcome | None = None
    missed: Missed | None = None
    gone: int = 0
    newer: datetime | None = None
    bounds: tuple[int, int] | None = None
    seen_at: datetime | None = None

    @property
    def why_not_now(self) -> tuple[str, str] | None:
        """In Chinese and English, why the list is not whole and of now, where no row is to blame; else None."""
        if self.sync is not SyncOutcome.FAILED:
            return None
        if self.newer is not None:
            return _older(self.newer)
        if self.bounds is not None:
            return _out_of_bounds(self.taken + self.unchanged, *self.bounds)
        return _too_much_gone(self.missed) if self.missed is not None else None

    @property
    def exit_code(self) -> int:
        """0 all rows went in, 1 some want a person or the list is not whole, 2 the file's shape is not the source's."""
        if self.drift is not None:
            return 2
        return 1 if self.rejected or self.review or self.sync is SyncOutcome.FAILED else 0


def _older(newer: datetime) -> tuple[str, str]:
    seen = f"{newer.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    zh = f"已导入过较新的名单（{seen}），本次文件较旧：未作移出，名单不作为已更新，请重新导入最新的名单"
    en = (
        f"a newer list ({seen}, Shanghai) was imported before: this older one takes nothing off and does not count"
        " as an update; import the newest again"
    )
    return zh, en


def _out_of_bounds(rows: int, fewest: int, most: int) -> tuple[str, str]:
    zh = f"登记在库的共 {rows} 行，不在该名单应有的 {fewest} 至 {most} 行之内，疑为名单不全：未作移出，名单不作为已更新"
    en = (
        f"{rows} rows went in, and the list has from {fewest} to {most}: taken for a part of it, nothing is taken off"
        " and it does not count as an update"
    )
    return zh, en


def _too_much_gone(missed: Missed) -> tuple[str, str]:
    zh = (
        f"已登记的 {missed.held} 条中有 {missed.missed} 条本次没有，疑为名单不全：未作移出，名单不作为已更新"
        "（确属缩减的，用 --shrunk）"
    )
    en = (
        f"{missed.missed} of {missed.held} entries are not in it: taken for a part of the list, none is taken off and"
        " it does not count as an update (--shrunk believes it)"
    )
    return zh, en


Progress = Callable[[Report, int], None]
"""Called after each batch with the report so far and about how many rows there are."""
