"""What schemathesis makes of the description: no reply that it does not allow, and never an internal error.

A few examples of each operation, against the API behind a real socket; ``st run http://…/openapi.json`` looks deeper.
"""
# schemathesis leaves parts of its types unknown:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUntypedFunctionDecorator=false
# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager

import pytest
import schemathesis
import uvicorn
from hypothesis import settings as bounded
from schemathesis.specs.openapi.checks import positive_data_acceptance

from credit.api.app import create_app
from credit.keys import first_key
from credit.settings import Settings
from credit.wiring import Services, open_services, stop_graph

EXAMPLES = 6
START_WITHIN = 60


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Generator[Settings]:
    """A graph of its own: what is made up here would be in the way of other tests."""
    settings = Settings(data=tmp_path_factory.mktemp("schema"), graph_memory="512m", log_level="error")
    yield settings
    asyncio.run(stop_graph(settings))


@pytest.fixture(scope="module")
def served(own: Settings) -> Generator[str]:
    """Serve the API from another thread; return its address."""

    @asynccontextmanager
    async def opening() -> AsyncGenerator[Services]:
        async with open_services(own) as services:
            await services.gate.admit_first(first_key(own.data))
            yield services

    server = uvicorn.Server(uvicorn.Config(create_app(opening), port=0, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + START_WITHIN
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


schema = schemathesis.openapi.from_dict(create_app(lambda: open_services(Settings())).openapi())


@schema.parametrize()
@bounded(max_examples=EXAMPLES, deadline=None, derandomize=True)
def test_it_answers_as_it_says(case: schemathesis.Case, served: str, own: Settings) -> None:
    """That an id's check digit is right or a day not over, no schema can say: such refusals are left out."""
    key = {"Authorization": f"Bearer {first_key(own.data)}"}
    case.call_and_validate(base_url=served, headers=key, excluded_checks=[positive_data_acceptance])
