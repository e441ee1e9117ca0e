"""Room on the disk of the embedded server: whoever writes stops before it ends.

ArcadeDB (26.10) must not meet a full disk. A commit whose log record finds no room is refused, but leaves a torn record
behind; what is committed after it can no more be replayed. A page that finds no room when it is written later is gone
from memory, and only the replay at the next start brings it back. One after the other loses what was acknowledged. So:

* A write is refused while less than `FLOOR` is free, a small one of our own (horizon, access log) below half of that.
* Where room ran out all the same, for another program took it, a file says that the server is hurt. While it is there
  nobody writes, and nothing that was just written is acknowledged. The keeper starts it anew once there is room.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from credit.errors import StorageFull, StoreUnavailable

MIB: Final = 1024 * 1024
FLOOR: Final = 128 * MIB
"""Bytes that a write leaves free; the largest body in one transaction takes some tens of MiB of log and pages."""
LEAST: Final = 32 * MIB
"""Bytes without which no server is started: it may have to replay its log."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is left for the server whose home this is."""

    home: Path

    @property
    def hurt(self) -> Path:
        """File whose existence says that the server ran out of room and has to be started anew."""
        return self.home / "hurt"

    def is_left(self, least: int) -> bool:
        """Tell whether so many bytes are free; the answer of a directory that is gone is no."""
        try:
            disk = os.statvfs(self.home)
        except OSError:
            return False
        return disk.f_bavail * disk.f_frsize >= least

    def check(self, least: int) -> None:
        """Let a write begin.

        Raises:
            StorageFull: there is no room, or the server has not been started anew since there was none.
        """
        if not self.is_left(least):
            raise full()
        if self.hurt.exists():
            raise full()

    def check_sound(self) -> None:
        """Let a write that was committed be acknowledged.

        Raises:
            StoreUnavailable: room ran out meanwhile, so that nobody knows whether it will last.
        """
        if self.hurt.exists():
            raise StoreUnavailable(
                "磁盘空间在写入时耗尽，无法确认是否已保存，请腾出空间后重发。",
                "The disk ran full during the write, which may or may not last. Make room and send it again",
            )

    def report(self) -> None:
        """Say that the server ran out of room."""
        self.hurt.touch(mode=0o600)


def full() -> StorageFull:
    """Say that nothing can be written for want of room."""
    return StorageFull(
        "图数据库所在磁盘空间不足，暂停写入，查询不受影响；请腾出空间，写入会自行恢复。",
        "The disk of the graph is full: writes are refused, reads go on. Make room, and writing goes on by itself",
    )
