"""Keeps the embedded graph server alive for as long as somebody uses it.

``python -m credit.graph.keeper HOME MEMORY`` leaves a detached process, the parent of one ArcadeDB server whose
data lie below HOME. It starts the server anew when it dies, and ends it and itself once nobody has held the lock
on HOME/users for a while, or once HOME/stop exists. A server that ran out of room (`credit.graph.room`) is started anew
as soon as there is some. Who is alive is told by kernel locks (`credit.graph.home`), never by process numbers,
so that no ``kill -9`` leaves a lie behind.
"""

import collections
import contextlib
import fcntl
import logging
import logging.handlers
import os
import secrets
import select
import signal
import subprocess
import sys
import time
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Any, Final

from credit.graph.home import Home, Phase, State, open_lock, try_lock, write_whole
from credit.graph.java import LOGGING, choose_port, die_with_parent, java_command
from credit.graph.room import FLOOR, LEAST, Room

TICK: Final = 0.2
"""Seconds between two looks at users, stop file and server."""
GRACE: Final = 2.0
"""Seconds without users after which the server ends."""
PATIENCE: Final = 20.0
"""Seconds that the server has to end by itself before it is killed."""
DEATHS: Final = 5
DEATHS_WITHIN: Final = 60.0
"""So many deaths of the server within so many seconds, and the keeper gives up."""
LONGEST_PAUSE: Final = 5.0
LOG_BYTES: Final = 4 * 1024 * 1024
LOG_FILES: Final = 2
LOST_A_PAGE: Final = "will be recovered from the WAL on restart"
"""What ArcadeDB prints when it could not write a page that it then has no more in memory."""


class Ending(StrEnum):
    """Why a server ended."""

    UNWANTED = "unwanted"
    DIED = "died"
    RENEWED = "renewed"


def prepare(home: Home) -> None:
    """Make what a start needs: directories, password, logging; forget an earlier wish to stop."""
    home.make()
    home.stop.unlink(missing_ok=True)
    write_whole(home.logs / "logging.properties", LOGGING)
    if not home.password.exists():
        write_whole(home.password, secrets.token_urlsafe(24))
    before = home.read_state()
    home.write_state(State(Phase.STARTING, port=before.port if before else None, keeper=os.getpid()))


def open_journal(home: Home) -> logging.Logger:
    """Open the log of keeper and server, of bounded size."""
    logging.raiseExceptions = False  # a full disk must not end the keeper
    handler = logging.handlers.RotatingFileHandler(
        home.logs / "keeper.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(message)s"))
    journal = logging.getLogger("credit.graph.keeper")
    journal.setLevel(logging.INFO)
    journal.propagate = False
    journal.addHandler(handler)
    return journal


class Keeper:
    """One keeper at work: the server it has, the users it sees, and what it was told."""

    def __init__(self, home: Home, *, memory: str) -> None:
        """Open locks and log; start nothing yet."""
        self._home = home
        self._room = Room(home.root)
        self._memory = memory
        self._users = open_lock(home.lock("users"))
        self._journal = open_journal(home)
        self._last_lines: collections.deque[str] = collections.deque(maxlen=12)
        self._unfinished = b""
        """What came of a line whose end has not come yet."""
        self._told_to_stop = False
        self._last_used = time.monotonic()
        self._state = replace(home.read_state() or State(Phase.STARTING), keeper=os.getpid())
        self._is_written = True

    def run(self) -> None:
        """Keep a server until it is not wanted any more, or cannot be had."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        deaths: collections.deque[float] = collections.deque(maxlen=DEATHS)
        while self._has_room():
            ending = self._watch(self._start())
            if ending is Ending.UNWANTED:
                break
            if ending is Ending.DIED:
                deaths.append(time.monotonic())
            if len(deaths) == DEATHS and deaths[-1] - deaths[0] < DEATHS_WITHIN:
                return self.end(Phase.FAILED, why="\n".join(self._last_lines))
            if ending is Ending.DIED and self._rest(min(LONGEST_PAUSE, 0.1 * 2 ** len(deaths))):
                break
            self._note(restarts=self._state.restarts + 1)
        return self.end(Phase.ENDED)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  # as `signal` calls it
        self._told_to_stop = True

    def _has_room(self) -> bool:
        """Wait until the disk has room for a server; False if none is wanted any more."""
        while not self._room.is_left(LEAST):
            self._note(phase=Phase.WAITING, java=None)
            if self._rest(1.0):
                return False
        return True

    def _start(self) -> subprocess.Popen[bytes]:
        """Start Java once no earlier one is left on these data."""
        lock = self._await_server_lock()
        self._room.settle()
        self._unfinished = b""
        port = choose_port(self._state.port)
        try:
            java = subprocess.Popen(  # our own command line, no shell
                java_command(self._home, port=port, memory=self._memory),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=self._home.logs,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                pass_fds=(lock,),
                preexec_fn=die_with_parent(),  # noqa: PLW1509  # the keeper has one thread
            )
        finally:
            os.close(lock)
        self._note(phase=Phase.RUNNING, port=port, java=java.pid)
        return java

    def _await_server_lock(self) -> int:
        lock = open_lock(self._home.lock("server"))
        until = time.monotonic() + PATIENCE
        while not try_lock(lock):
            if time.monotonic() > until:
                os.close(lock)
                message = f"an earlier server still has {self._home.data} open; end that Java process"
                raise OSError(message)
            time.sleep(TICK / 4)
        return lock

    def _watch(self, java: subprocess.Popen[bytes]) -> Ending:
        """Copy what the server prints until it died or was ended."""
        with java:
            while java.poll() is None:
                self._copy(java)
                if not self._is_written:
                    self._note()
                if self._is_unwanted():
                    self._terminate(java)
                    return Ending.UNWANTED
                if self._room.is_hurt() and self._room.is_left(FLOOR):
                    self._journal.warning("keeper: the disk had run full and has room again: the server starts anew")
                    self._terminate(java)
                    return Ending.RENEWED
            self._copy(java)
        self._journal.warning("keeper: the server died, exit status %s", java.returncode)
        return Ending.DIED

    def _copy(self, java: subprocess.Popen[bytes]) -> None:
        """Write what the server prints into the log, waiting one tick for it."""
        if java.stdout is None:
            return
        until = time.monotonic() + TICK
        while select.select([java.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
            block = os.read(java.stdout.fileno(), 65_536)
            if not block:
                self._take_rest(java)
                time.sleep(TICK / 4)
                return
            *lines, self._unfinished = (self._unfinished + block).split(b"\n")
            for line in lines:
                self._take(line.decode("utf-8", "replace"), java)

    def _take(self, line: str, java: subprocess.Popen[bytes]) -> None:
        """Write a whole line into the log, and heed what it says."""
        self._journal.info(line)
        self._last_lines.append(line)
        if LOST_A_PAGE in line and java.poll() is None:
            self._kill(java)

    def _take_rest(self, java: subprocess.Popen[bytes]) -> None:
        """Take what the server left unfinished at its end."""
        rest, self._unfinished = self._unfinished, b""
        if rest:
            self._take(rest.decode("utf-8", "replace"), java)

    def _kill(self, java: subprocess.Popen[bytes]) -> None:
        """End a server that has lost a page and would answer without it; the next one replays its log."""
        self._room.report()
        self._journal.warning("keeper: the disk is full and the server lost a page: it is killed")
        java.kill()

    def _terminate(self, java: subprocess.Popen[bytes]) -> None:
        self._note(phase=Phase.STOPPING)
        java.terminate()
        until = time.monotonic() + PATIENCE
        while java.poll() is None and time.monotonic() < until:
            self._copy(java)
        if java.poll() is None:
            self._journal.warning("keeper: the server did not end in %s s and is killed", PATIENCE)
            java.kill()

    def _is_unwanted(self) -> bool:
        """Tell whether to end; for want of users, the users lock stays taken so that none comes in between."""
        if self._told_to_stop or self._home.stop.exists():
            return True
        now = time.monotonic()
        if not try_lock(self._users):
            self._last_used = now
            return False
        if now - self._last_used > GRACE:
            return True
        fcntl.flock(self._users, fcntl.LOCK_UN)
        return False

    def _rest(self, seconds: float) -> bool:
        """Pause before the next start; True if meanwhile none is wanted."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._is_unwanted():
                return True
            time.sleep(TICK / 4)
        return False

    def _note(self, **changes: Any) -> None:  # noqa: ANN401  # fields of State
        self._state = replace(self._state, **changes)
        self._is_written = False
        with contextlib.suppress(OSError):  # a full disk; written later
            self._home.write_state(self._state)
            self._is_written = True

    def end(self, phase: Phase, *, why: str | None = None) -> None:
        """Write how it ended."""
        self._note(phase=phase, java=None, why=why)
        self._home.stop.unlink(missing_ok=True)
        self._journal.info("keeper: %s", phase)


def detach() -> None:
    """Go on in a child whose standard streams lead nowhere; the caller's wait ends with the parent."""
    if os.fork():
        os._exit(0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)


def main() -> int:
    """Take the place of the keeper and keep; exit status 3 if it is taken."""
    os.umask(0o077)
    home, memory = Home.of(Path(sys.argv[1])), sys.argv[2]
    home.make()
    place = open_lock(home.lock("keeper"))
    until = time.monotonic() + 1  # somebody may be testing the lock just now
    while not try_lock(place):
        if time.monotonic() > until:
            return 3
        time.sleep(0.01)
    prepare(home)
    detach()
    keeper = Keeper(home, memory=memory)
    try:
        keeper.run()
    except Exception as error:  # noqa: BLE001  # the edge of a process that nobody watches
        keeper.end(Phase.FAILED, why=f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
