"""One flood as a process of its own, which yields to whoever is measured beside it; figures are JSON.

Run as ``python -m tests.replicas.flooder PORT KEY_FILE METHOD PATH BODY``. It opens its connections, says ``ready``,
and waits for a line on its standard input before it begins. A flood is bounded in time.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

from bench.client import Connection, open_client
from tests.replicas.came import Came, ask

NICE: Final = 10
"""A flood comes from elsewhere: it takes no processor from those whom it is measured on."""
ENDS_WITHIN: Final = 60.0


class Flooder:
    """One that is ready to flood."""

    def __init__(self, process: subprocess.Popen[str], seconds: float) -> None:
        self._process = process
        self._seconds = seconds

    @classmethod
    def ready(cls, words: Sequence[str], connections: int, seconds: float, rate: float = 0.0) -> Self:
        """Start one for so many connections; without a rate each asks again as soon as it is answered."""
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.replicas.flooder", *words),
                *("--connections", str(connections), "--rate", str(rate), "--seconds", str(seconds)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return cls(process, seconds)

    def begin(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("begin\n")
        self._process.stdin.flush()

    def end(self) -> dict[str, Any]:
        """Wait for its end; return its figures."""
        try:
            return dict[str, Any](json.loads(self._process.communicate(timeout=self._seconds + ENDS_WITHIN)[0]))
        finally:
            self._process.kill()
            self._process.wait()


async def eagerly(connections: list[Connection], request: bytes, seconds: float) -> Came:
    """Ask on every connection, again as soon as it is answered."""
    came, began = Came(), time.perf_counter()

    async def one(connection: Connection) -> None:
        while time.perf_counter() - began < seconds:
            await ask(connection, request, came)

    await asyncio.gather(*(one(connection) for connection in connections))
    came.seconds = time.perf_counter() - began
    return came


async def at_rate(connections: list[Connection], request: bytes, rate: float, seconds: float) -> Came:
    """Ask so often, on whichever connection is free; where none is, the request counts as unsent."""
    came, began, sent = Came(), time.perf_counter(), 0
    free, asked = list(connections), set[asyncio.Task[None]]()

    async def one(connection: Connection) -> None:
        await ask(connection, request, came)
        free.append(connection)

    while (passed := time.perf_counter() - began) < seconds:
        due = int(passed * rate) - sent
        sent += due
        came.unsent += max(0, due - len(free))
        for _ in range(min(due, len(free))):
            task = asyncio.create_task(one(free.pop()))
            asked.add(task)
            task.add_done_callback(asked.discard)
        await asyncio.sleep(0.001)
    await asyncio.gather(*asked)
    came.seconds = time.perf_counter() - began
    return came


async def main(given: argparse.Namespace) -> None:
    key, body = given.key_file.read_text().strip(), given.body.read_bytes() if given.body is not None else b""
    async with open_client(given.port, key, given.connections) as client:
        request, connections = client.request(given.method, given.path, body), list(client.connections)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        async with asyncio.timeout(given.seconds + ENDS_WITHIN):
            if given.rate:
                came = await at_rate(connections, request, given.rate, given.seconds)
            else:
                came = await eagerly(connections, request, given.seconds)
    sys.stdout.write(json.dumps(came.told()))


if __name__ == "__main__":
    os.nice(NICE)
    parser = argparse.ArgumentParser(prog="python -m tests.replicas.flooder")
    parser.add_argument("port", type=int)
    parser.add_argument("key_file", type=Path, help="file of the API key, so that it is on no command line")
    parser.add_argument("method")
    parser.add_argument("path", help="path and query")
    parser.add_argument("body", type=Path, nargs="?", help="file of the body")
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=5.0)
    asyncio.run(main(parser.parse_args()))
