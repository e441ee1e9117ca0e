"""Files that importing keeps in the data directory: whole or not at all, for their owner, one writer at once."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from credit.errors import Unavailable


def open_new(path: Path) -> BinaryIO:
    """Open a file for writing from its beginning, mode 0600: what is published may name persons all the same."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb")


def on_disk(file: BinaryIO) -> None:
    """Have what was written to a file on disk, so that a power cut takes none of it."""
    file.flush()
    os.fsync(file.fileno())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is seen whole or not at all, after a power cut too."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open_new(draft) as file:
        file.write(content)
        on_disk(file)
    draft.replace(path)


@contextmanager
def alone(lock: Path, zh: str, en: str) -> Generator[None]:
    """Hold a lock for a block; the kernel frees it for a process that dies.

    Raises: Unavailable with this text where another holds it.
    """
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Unavailable(zh, en) from error
    finally:
        os.close(file)
