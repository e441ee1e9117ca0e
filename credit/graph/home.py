"""The home of one embedded graph server: the names in it, what its keeper last wrote, and the locks that say who lives.

``keeper``  held by the keeper for its life
``server``  held by the Java process for its life (it inherits the descriptor): two never open the same data
``users``   shared by every process that uses the server; held alone by a keeper that ends for want of users
"""

import fcntl
import json
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from credit.errors import StoreUnavailable


class Phase(StrEnum):
    """What the keeper is doing."""

    STARTING = "starting"
    WAITING = "waiting"
    """For room on the disk, without which no server is started."""
    RUNNING = "running"
    STOPPING = "stopping"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class State:
    """What the keeper last wrote about itself; true of now only while its lock is held."""

    phase: Phase
    port: int | None = None
    keeper: int | None = None
    java: int | None = None
    restarts: int = 0
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """The directory of one embedded server and the names in it."""

    root: Path

    @classmethod
    def of(cls, root: Path) -> "Home":
        """Name it so that it is the same from every working directory."""
        return cls(root.absolute())

    @property
    def data(self) -> Path:
        """Root of the server: databases, config, backups, log."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """Directory of the keeper's log, which holds what the server prints."""
        return self.root / "log"

    @property
    def password(self) -> Path:
        """File with the password of ``root``, mode 0600."""
        return self.root / "password"

    @property
    def state(self) -> Path:
        """File with the `State`."""
        return self.root / "state.json"

    @property
    def stop(self) -> Path:
        """File whose existence tells the keeper to end."""
        return self.root / "stop"

    def lock(self, name: str) -> Path:
        """Name a lock file: ``keeper``, ``server``, ``starter`` or ``users``."""
        return self.root / f"{name}.lock"

    def make(self) -> None:
        """Create the directories that are missing, for this user alone."""
        for directory in (self.root, self.data, self.logs):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def read_state(self) -> State | None:
        """Read what the keeper last wrote; None before the first start."""
        try:
            state = State(**json.loads(self.state.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return replace(state, phase=Phase(state.phase))

    def write_state(self, state: State) -> None:
        """Replace what is written about the keeper in one step."""
        write_whole(self.state, json.dumps(asdict(state)))


def open_lock(path: Path) -> int:
    """Open a lock file; the kernel closes it, and so frees the lock, when the process ends or executes another."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(lock: int, how: int = fcntl.LOCK_EX) -> bool:
    """Take a lock if it is to be had at once."""
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Tell whether any process holds the lock on its own."""
    if not path.exists():
        return False
    lock = open_lock(path)
    try:
        return not try_lock(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def write_whole(path: Path, text: str) -> None:
    """Write a file of mode 0600 so that it is seen whole or not at all, after a power cut too."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def reported(place: Home) -> Generator[None]:
    """Turn what the file system refuses into the error that callers know."""
    try:
        yield
    except (OSError, subprocess.SubprocessError) as error:
        raise StoreUnavailable(
            f"内置图数据库的目录 {place.root} 无法使用，请授予本用户权限或另指定目录。",
            f"The home of the embedded graph server, {place.root}, cannot be used: {error}. "
            "Give this user the directory, or name another",
        ) from error
