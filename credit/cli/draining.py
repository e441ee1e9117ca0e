"""The first part of an orderly end: a process that was told to end serves on for a while and says that it will not.

A proxy in front asks ``/readyz``, hears no, and sends its requests elsewhere before the port is closed.
"""

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from credit.api.door import Ending
from credit.api.metrics import Metrics
from credit.logs import logger

Handler = Callable[[int, FrameType | None], Any]

_log = logger(__name__)


def drain_first(seconds: float, ending: Ending, metrics: Metrics) -> None:
    """Let SIGTERM do what it does only ``seconds`` later, and say meanwhile that the process ends.

    A second one, or SIGINT, takes effect at once. For the main thread of a process, once the server has set its own
    handlers.
    """
    if not seconds or threading.current_thread() is not threading.main_thread():
        return
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    before = {number: handler for number, handler in handlers.items() if callable(handler)}

    def begin(number: int, frame: FrameType | None) -> None:
        del frame
        later = threading.Timer(seconds, os.kill, (os.getpid(), number))
        later.daemon = True
        for each, do_end in before.items():
            signal.signal(each, _first_cancelling(later, do_end))
        ending.begun = True
        metrics.ending.set(1)
        _log.info("draining", seconds=seconds)
        later.start()

    if signal.SIGTERM in before:
        signal.signal(signal.SIGTERM, begin)


def _first_cancelling(later: threading.Timer, do_end: Handler) -> Handler:
    """Make a handler that calls the delayed signal off before it does what another does: it would come amid the end."""

    def end(number: int, frame: FrameType | None) -> None:
        later.cancel()
        do_end(number, frame)

    return end
