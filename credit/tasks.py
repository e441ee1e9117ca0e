"""Ending background tasks."""

import asyncio
from typing import Any, Final

AGAIN_AFTER: Final = 0.5
"""Seconds after which a task that goes on is cancelled once more."""


async def end(task: "asyncio.Task[Any] | asyncio.Future[Any]") -> None:
    """Cancel a task until it has ended, whatever its end was.

    Once is not enough: ``asyncio.wait_for`` of Python 3.11, which the drivers use, loses a cancellation that comes
    together with what it waited for, and a task that loops would then never end.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=AGAIN_AFTER)
