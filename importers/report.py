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
    state of now. ``seen_at``: as of when its own files are, of several the oldest.
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
    seen_at: datetime | None = None

    @property
    def why_not_now(self) -> tuple[str, str] | None:
        """In Chinese and English, that the files are older than what was seen of their list before; else None."""
        if self.newer is None:
            return None
        seen = f"{self.newer.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        zh = f"已导入过较新的名单（{seen}），本次文件较旧：未作移出，名单不作为已更新，请重新导入最新的名单"
        en = (
            f"a newer list ({seen}, Shanghai) was imported before: this older one takes nothing off and does not count"
            " as an update; import the newest again"
        )
        return zh, en

    @property
    def exit_code(self) -> int:
        """0 all rows went in, 1 some want a person or the list is not whole, 2 the file's shape is not the source's."""
        if self.drift is not None:
            return 2
        return 1 if self.rejected or self.review or self.sync is SyncOutcome.FAILED else 0


Progress = Callable[[Report, int], None]
"""Called after each batch with the report so far and about how many rows there are."""
