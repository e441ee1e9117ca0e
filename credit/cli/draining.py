"""The first part of an orderly end: a process that was told to end serves on for a while and says that it will not.

A proxy in front asks ``/readyz``, hears no, and sends its requests elsewhere before the port is closed.
"""

import os
import signal
import threading
from types import FrameType

from credit.api.door import Ending
from credit.api.metrics import Metrics
from credit.logs import logger

_log = logger(__name__)


def drain_first(seconds: float, ending: Ending, metrics: Metrics) -> None:
    """Let SIGTERM do what it does only ``seconds`` later, and say meanwhile that the process ends.

    A second one takes effect at once. For the main thread of a process, once the server has set its own handlers.
    """
    do_end = signal.getsignal(signal.SIGTERM)
    if not seconds or not callable(do_end) or threading.current_thread() is not threading.main_thread():
        return

    def begin(number: int, frame: FrameType | None) -> None:
        del frame
        later = threading.Timer(seconds, os.kill, (os.getpid(), number))
        later.daemon = True

        def end(number: int, frame: FrameType | None) -> None:
            later.cancel()
            do_end(number, frame)

        signal.signal(signal.SIGTERM, end)
        ending.begun = True
        metrics.ending.set(1)
        _log.info("draining", seconds=seconds)
        later.start()

    signal.signal(signal.SIGTERM, begin)
