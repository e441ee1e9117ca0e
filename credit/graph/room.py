"""Room on the disk of the embedded server: whoever writes stops before it ends.

ArcadeDB (26.10) must not meet a full disk. A commit whose log record finds no room is refused, but leaves a torn record
behind; what is committed after it can no more be replayed. A page that finds no room when it is written later is gone
from memory, and only the replay at the next start brings it back. One after the other loses what was acknowledged. So:

* A write is refused while less than `FLOOR` is free, a small one of our own (horizon, access log) below half of that.
* Where room ran out all the same, for another program took it, the mode of a file says that the server is hurt: it is
  made before the server starts, so that marking it needs no room. While it says so nobody writes, and nothing that was
  just written is acknowledged. The keeper starts the server anew once there is room. A process that cannot even mark
  the file writes no more until it could.
"""

import os
import stat
from pathlib import Path
from typing import Final

from credit.errors import StorageFull, StoreUnavailable

MIB: Final = 1024 * 1024
FLOOR: Final = 128 * MIB
"""Bytes that a write leaves free; the largest body in one transaction takes some tens of MiB of log and pages."""
LEAST: Final = 32 * MIB
"""Bytes without which no server is started: it may have to replay its log."""
SOUND: Final = 0o600
HURT: Final = 0o400
"""Modes of the file that tells of the server."""


class Room:
    """What is left for the server whose home this is."""

    def __init__(self, home: Path) -> None:
        """Name the home; nothing is looked at before it is asked for."""
        self._home = home
        self._mark = home / "soundness"
        self._owes_mark = False

    def is_left(self, least: int) -> bool:
        """Tell whether so many bytes are free; the answer of a directory that is gone is no."""
        try:
            disk = os.statvfs(self._home)
        except OSError:
            return False
        return disk.f_bavail * disk.f_frsize >= least

    def check(self, least: int) -> None:
        """Let a write begin.

        Raises:
            StorageFull: there is no room, or the server has not been started anew since there was none.
        """
        if not self.is_left(least) or self.is_hurt():
            raise full()

    def check_sound(self) -> None:
        """Let a write that was committed be acknowledged.

        Raises:
            StoreUnavailable: room ran out meanwhile, so that nobody knows whether it will last.
        """
        if self.is_hurt():
            raise StoreUnavailable(
                "磁盘空间在写入时耗尽，无法确认是否已保存，请腾出空间后重发。",
                "The disk ran full during the write, which may or may not last. Make room and send it again",
            )

    def is_hurt(self) -> bool:
        """Tell whether the server ran out of room and has to be started anew."""
        if self._owes_mark:
            self.report()
        try:
            return self._owes_mark or stat.S_IMODE(self._mark.stat().st_mode) == HURT
        except FileNotFoundError:
            return False

    def report(self) -> None:
        """Say that the server ran out of room."""
        try:
            self._mark.chmod(HURT)
        except OSError:
            self._owes_mark = True
        else:
            self._owes_mark = False

    def settle(self) -> None:
        """Say that what is on the disk is sound, or made so by the start that follows.

        Raises: OSError: there is no room for that.
        """
        self._mark.touch()
        self._mark.chmod(SOUND)
        self._owes_mark = False


def full() -> StorageFull:
    """Say that nothing can be written for want of room."""
    return StorageFull(
        "图数据库所在磁盘空间不足，暂停写入，查询不受影响；请腾出空间，写入会自行恢复。",
        "The disk of the graph is full: writes are refused, reads go on. Make room, and writing goes on by itself",
    )
