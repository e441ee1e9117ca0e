"""A small file system of its own for a test, to be filled up and made bigger again.

Root mounts a tmpfs. A plain user has a process do so in a user namespace of its own, and reaches it through that
process's root directory below ``/proc``. Neither needs a file, a loop device or a quota.
"""

import os
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.conftest import require

MIB: Final = 1024 * 1024
HOLDER: Final = """
mount -t tmpfs -o mode=700,size="$1" tmpfs "$2" || exit 1
echo mounted
while read size; do mount -o remount,size="$size" "$2" && echo done; done
"""


@dataclass(frozen=True, slots=True)
class Disk:
    """A mounted file system."""

    root: Path
    resize: Callable[[int], None]
    """Give it so many bytes in all, not fewer than are used."""

    def used(self) -> int:
        disk = os.statvfs(self.root)
        return (disk.f_blocks - disk.f_bfree) * disk.f_frsize

    def leave(self, free: int) -> None:
        """Let so many bytes be free; a writer at the same moment is outrun by trying again."""
        while True:
            try:
                return self.resize(self.used() + free)
            except OSError:
                continue


@contextmanager
def small_disk(place: Path, size: int) -> Generator[Disk]:
    """Have a file system of so many bytes for a block; the servers on it end before the block does."""
    place.mkdir()
    holder = subprocess.Popen(
        [*_prefix(), "sh", "-c", HOLDER, "sh", str(size), str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    said, told = holder.stdout, holder.stdin

    def resize(size: int) -> None:
        told.write(f"{size}\n")
        told.flush()
        if said.readline() != "done\n":
            message = f"the disk could not be given {size} bytes"
            raise OSError(message)

    try:
        require("mount", said.readline() == "mounted\n", "a tmpfs cannot be mounted, as root nor in a user namespace")
        yield Disk(place if os.geteuid() == 0 else Path(f"/proc/{holder.pid}/root{place}"), resize)
    finally:
        told.close()
        said.close()
        holder.wait(30)
        if os.geteuid() == 0:
            subprocess.run(["umount", "--lazy", str(place)], check=False, capture_output=True)  # noqa: S607


def _prefix() -> list[str]:
    """Return what comes before a command that may mount; a chroot allows no namespace of users, and root needs none."""
    return [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
