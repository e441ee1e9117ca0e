"""What each process of `credit serve --workers` runs: the API, for as long as the one that started it lives."""

import multiprocessing
import os
import signal
from threading import Thread

from fastapi import FastAPI

from credit.api.app import create_app


def make_app() -> FastAPI:
    """Make the application, and see to it that this process does not outlive a parent that was killed."""
    if multiprocessing.parent_process() is not None:
        Thread(target=_end_with_parent, daemon=True).start()
    return create_app()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
