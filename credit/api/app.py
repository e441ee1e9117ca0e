"""The application: routes, what lies around them, and the life of the services."""

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final, TypedDict

from fastapi import FastAPI

from credit import logs
from credit.api import (
    accesses,
    applications,
    attentions,
    callers,
    cases,
    checks,
    complainants,
    complaints,
    corrections,
    dossier,
    eligibility,
    evaluations,
    merges,
    operations,
    parties,
    problems,
    projects,
    proposals,
    publications,
    records,
    relations,
    rules,
    search,
    sightings,
    sources,
    twins,
)
from credit.api.door import Door, Ending, Refusal, overloaded
from credit.api.lanes import Lanes
from credit.api.metrics import Metrics
from credit.api.middleware import Bodies, Edge, Entry
from credit.api.openapi import describe
from credit.api.repeats import Repeats
from credit.limits import Limits, open_limits
from credit.settings import Settings
from credit.wiring import Services, open_services

Opening = Callable[[], AbstractAsyncContextManager[Services]]
"""Opens the services for the life of the application."""


RESOURCES: Final = (
    eligibility, checks, parties, records, relations, sources, projects, rules, callers, accesses, operations,
    complaints, complainants, proposals, attentions, cases, corrections, sightings, evaluations, applications, dossier,
    publications, search, merges, twins,
)  # fmt: skip
"""In the order in which a path is looked for: what is asked most comes first."""


class State(TypedDict):
    """What the lifespan hands to every request."""

    services: Services
    limits: Limits
    lanes: Lanes
    metrics: Metrics
    overloaded: Refusal


def create_app(opening: Opening | None = None) -> FastAPI:
    """Make the application over services that it opens when it starts and closes when it ends.

    Without ``opening`` the environment says which: so it is the factory that a server's workers call.
    """
    metrics = Metrics()
    app = FastAPI(
        title="credit",
        summary="招标采购信用核查 · a credit registry for public procurement",
        version=_version(),
        lifespan=_life(opening or _from_environment(), metrics),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        strict_content_type=False,
    )
    app.state.metrics = metrics
    app.state.ending = Ending()
    app.state.repeats = Repeats()
    for module in RESOURCES:
        app.include_router(module.router)
    problems.install(app)
    app.add_middleware(Bodies, metrics=metrics)  # the last added lies outside
    app.add_middleware(Entry)
    app.add_middleware(Edge, metrics=metrics)
    app.add_middleware(Door, metrics=metrics, ending=app.state.ending)
    app.openapi = cache(lambda: describe(app))
    return app


def _life(opening: Opening, metrics: Metrics) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    """Make the application's life: services open, accesses written, jobs run."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[State]:
        async with (
            opening() as services,
            open_limits(services.settings, metrics.limits_errors.inc) as limits,
            services.accesses.running(),
            services.jobs.running(checks.answer_jobs(services)),
            services.tending(),
        ):
            lanes = Lanes.of(services.settings)
            metrics.watch(lanes, limits, services.cache)
            yield State(
                services=services, limits=limits, lanes=lanes, metrics=metrics, overloaded=Refusal(overloaded())
            )

    return lifespan


def _from_environment() -> Opening:
    """Open services by this process's environment, as the server's workers do."""
    settings = Settings.from_env(os.environ)
    logs.configure(settings.log_level)
    return lambda: open_services(settings)


def _version() -> str:
    try:
        return version("credit-registry")
    except PackageNotFoundError:
        return "0"
