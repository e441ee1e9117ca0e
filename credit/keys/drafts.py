"""Files that are there whole or not at all, for their owner alone, and never in the place of another."""

import errno
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from credit.errors import Conflict, Unavailable

_NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})
"""What a file system says that gives a file one name only, such as that of a memory stick or of some network shares."""


@contextmanager
def drafted(path: Path) -> Generator[IO[bytes]]:
    """Write a file of mode 0600 that has its name from the end of the block on, and none where that raises.

    Its name is seen whole or not at all, after a power cut too.

    Raises:
        Conflict: there is such a file, or was one by the end of the block.
        Unavailable: the directory takes no file, or has no room.
    """
    if os.path.lexists(path):
        raise _taken(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _give_name(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        _keep_names(path.parent)
    except OSError as error:
        raise Unavailable(f"无法写入 {path}。", f"{path} cannot be written: {error.strerror}") from error


def write_new(path: Path, content: bytes) -> None:
    """Write such a file at once. Raises: Conflict, Unavailable."""
    with drafted(path) as file:
        file.write(content)


def _give_name(draft: Path, path: Path) -> None:
    """Let the draft have its name, unless something has it by now."""
    try:
        try:
            os.link(draft, path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            path.touch(0o600, exist_ok=False)
            draft.replace(path)
    except FileExistsError as error:
        raise _taken(path) from error


def _keep_names(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError as error:  # some shares keep the names by themselves, and refuse to be asked
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)


def _taken(path: Path) -> Conflict:
    return Conflict(f"{path} 已存在，请另取文件名。", f"{path} exists already: choose another name")
