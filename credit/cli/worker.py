"""What each process of `credit serve --workers` runs: the API, for as long as the one that started it lives."""

import multiprocessing
import os
import signal
from threading import Thread

from fastapi import FastAPI

from credit.api.app import create_app
from credit.cli.draining import drain_first
from credit.settings import Settings


def make_app() -> FastAPI:
    """Make the application, and see to it that this process ends in order, and with a parent that was killed."""
    if multiprocessing.parent_process() is not None:
        Thread(target=_end_with_parent, daemon=True).start()
    app = create_app()
    drain_first(Settings.from_env(os.environ).drain_seconds, app.state.ending, app.state.metrics)
    return app


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
