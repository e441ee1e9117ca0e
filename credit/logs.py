"""Logs: one JSON object a line on standard error, fixed event names, values as keys, never personal data.

A request's id, once bound by ``bind_request``, stands in every line written while the request is served, tasks started
by it included. Paths are logged as route templates (``/v1/parties/{party}``) without query, for both may name a person.
"""

import logging
import sys
from collections.abc import Generator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

import structlog
from structlog.stdlib import BoundLogger

QUIET: Final = ("httpx", "httpcore", "neo4j", "uvicorn.access", "asyncio")
"""Libraries whose lines below WARNING say nothing that ours do not, or say too much."""


def configure(level: str = "info") -> None:
    """Set up logging of this process: ours, and what libraries write to the standard library's loggers."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.dict_tracebacks,
                _without_values,
                structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def logger(name: str) -> BoundLogger:
    """Return the logger of a module; events are snake_case words, fixed where they are written."""
    return structlog.stdlib.get_logger(name)


@contextmanager
def bind_request(request_id: str) -> Generator[None]:
    """Put the request's id into every line of a block."""
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        yield


def _without_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Strip a traceback to types and places: messages and local values may hold what a caller sent."""
    for error in event.get("exception") or ():
        error.pop("exc_value", None)
        error.pop("exc_notes", None)
        for frame in error.get("frames", ()):
            frame.pop("locals", None)
    return event
