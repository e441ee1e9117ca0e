"""Joins use-cases to backends; the one place that knows both."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from credit.callers import AccessLog, Gate
from credit.eligibility import Eligibility, Evidence
from credit.graph import embedded
from credit.graph.embedded import Endpoint
from credit.graph.store import Store, open_store
from credit.jobs import Jobs
from credit.keys import FileHasher, FileSigner, make_api_key
from credit.ports import Browser, Clock, Hasher, KeptReplies, Signer
from credit.regions import Regions
from credit.registry import Registry
from credit.rules.catalogue import Catalogue
from credit.rules.evaluate import Rules
from credit.settings import Settings

__all__ = ["Registry", "Services", "SystemClock", "open_services", "services_over", "stop_graph"]


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Return the aware UTC instant."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """All that an entry point may use; ``ready`` tells by name what is reachable and current."""

    settings: Settings
    clock: Clock
    hasher: Hasher
    signer: Signer
    registry: Registry
    eligibility: Eligibility
    browser: Browser
    gate: Gate
    accesses: AccessLog
    replies: KeptReplies
    jobs: Jobs
    ready: Callable[[], Awaitable[Mapping[str, bool]]]


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncGenerator[Services]:
    """Open everything for a block: the graph with its schema current, the keys, the rules, the use-cases.

    Raises:
        StoreUnavailable: the graph does not answer.
        CatalogueInvalid: the rule file is wrong.
        KeyFileUnusable: a key file is damaged, or others may read it.
    """
    rules = rules_of(settings)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_graph(settings))
        yield services_over(store, settings, rules=rules)


@asynccontextmanager
async def open_graph(settings: Settings) -> AsyncGenerator[Store]:
    """Open the graph that the settings name: a server elsewhere, else the embedded one.

    Raises:
        StoreUnavailable: it does not answer.
    """
    if settings.graph_uri:
        there = Endpoint(settings.graph_uri, settings.graph_user, settings.password(), settings.graph_database)
        async with open_store(there) as store:
            yield store
        return
    home = graph_home(settings)

    async def revive() -> Endpoint:
        return await embedded.ensure(home, memory=settings.graph_memory)

    async with (
        embedded.running(home, memory=settings.graph_memory) as endpoint,
        open_store(endpoint, lock=home / "writers.lock", on_unavailable=revive) as store,
    ):
        yield store


async def stop_graph(settings: Settings) -> bool:
    """End the embedded graph, whoever uses it; tell whether it ran.

    Raises:
        StoreUnavailable: this user cannot end it.
    """
    return await embedded.stop(graph_home(settings))


def graph_home(settings: Settings) -> Path:
    """Name the directory of the embedded graph."""
    return settings.data / "graph"


def rules_of(settings: Settings) -> Rules:
    """Load the catalogue, with the file laid over it where one is set.

    Raises:
        CatalogueInvalid: a file is wrong.
    """
    return Rules(Catalogue.load(settings.rules), Regions.load(), timedelta(hours=settings.max_age_hours))


def services_over(store: Store, settings: Settings, *, rules: Rules, clock: Clock | None = None) -> Services:
    """Make the use-cases over an open graph.

    Raises:
        KeyFileUnusable: a key file is damaged, or others may read it.
    """
    clock = clock or SystemClock()
    hasher, signer = FileHasher.open(settings.data), FileSigner.open(settings.data)

    async def ready() -> Mapping[str, bool]:
        return {"graph": await store.is_current()}

    return Services(
        settings=settings,
        clock=clock,
        hasher=hasher,
        signer=signer,
        registry=Registry(store.writes, hasher),
        eligibility=Eligibility(
            store.facts, store.browser, Evidence(store.writes, store.evidence, signer), rules, clock
        ),
        browser=store.browser,
        gate=Gate(store.callers, clock, make_api_key),
        accesses=AccessLog(store.callers),
        replies=store.replies,
        jobs=Jobs(store.replies, clock),
        ready=ready,
    )
