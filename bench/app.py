"""The product's application with two routes beside it, to be measured against: run as ``python -m bench.app --port N``.

``/v1/bench/bare``    answers fixed bytes behind the same key check, limit, log and metrics as every route below /v1
``/bench/plain``      answers them from an application that has nothing around its route
``/bench/profile/*``  ``start`` and ``stop`` a profile of the thread that serves, in processor time; ``stop`` answers it

The bytes are those of a file, so that they are the ones of a true look-up. The product itself has none of these routes.
"""

import argparse
import cProfile
import io
import os
import pstats
import time
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import APIRouter, FastAPI, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from credit.api.app import create_app
from credit.api.deps import Ask
from credit.api.routes import READERS, Route, allows
from credit.cli.connections import BoundedProtocol

ANSWER: Final = "BENCH_ANSWER"
"""The variable that names the file with the bytes."""
BARE: Final = "/v1/bench/bare"
PLAIN: Final = "/bench/plain"
PROFILE: Final = "/bench/profile"
BESIDE: Final = "/bench/"
IDLE: Final = 3600
"""Seconds that a connection may rest: each kind of request waits for its turn."""
SHOWN: Final = 45
"""Functions that a profile names, in each of its two orders."""


class Beside:
    """Sends what is below ``/bench/`` to one application and all else to the other."""

    def __init__(self, product: ASGIApp, beside: ASGIApp) -> None:
        self.product = product
        self.beside = beside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the life of the product."""
        here = scope["type"] == "http" and scope["path"].startswith(BESIDE)
        if here and "place" in scope["state"]:
            scope["state"]["place"].leave()  # which the product's server gave it, and its door would have taken back
        await (self.beside if here else self.product)(scope, receive, send)


def make_app(answer: bytes) -> Beside:
    """Make the product's application with the routes beside it."""
    product = create_app()
    product.include_router(_bare(answer))
    return Beside(product, _plain(answer))


def _bare(answer: bytes) -> APIRouter:
    router = APIRouter(route_class=Route)

    @router.get(BARE, openapi_extra=allows(*READERS), response_model=None)
    async def get_bare(ask: Ask) -> Response:
        del ask
        return Response(answer, media_type="application/json")

    return router


def _plain(answer: bytes) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    profile = cProfile.Profile(time.thread_time)

    @app.get(PLAIN, response_model=None)
    async def get_plain() -> Response:
        return Response(answer, media_type="application/json")

    @app.post(f"{PROFILE}/start", response_model=None)
    async def start() -> Response:
        profile.clear()
        profile.enable()
        return Response(b"")

    @app.post(f"{PROFILE}/stop", response_model=None)
    async def stop() -> Response:
        profile.disable()
        return Response(_text_of(profile))

    return app


def _text_of(profile: cProfile.Profile) -> str:
    """Write a profile: the functions that took longest by themselves, then those with all that they called."""
    text = io.StringIO()
    stats = pstats.Stats(profile, stream=text)
    stats.sort_stats("tottime").print_stats(SHOWN)
    stats.sort_stats("cumulative").print_stats(SHOWN)
    return text.getvalue()


def main() -> None:
    """Serve until a signal ends it, as ``credit serve`` does with one process."""
    parser = argparse.ArgumentParser(prog="python -m bench.app")
    parser.add_argument("--port", type=int, required=True)
    app = make_app(Path(os.environ[ANSWER]).read_bytes())
    uvicorn.run(
        app,
        port=parser.parse_args().port,
        loop="uvloop",
        http=BoundedProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=IDLE,
    )


if __name__ == "__main__":
    main()
