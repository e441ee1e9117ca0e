"""Joins use-cases to backends; the one place that knows both."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, closing, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from credit.cache.facts import CachedFacts, Table
from credit.cache.redis_table import Address
from credit.cache.shared import NoRevisions, SharedRevisions
from credit.cache.table import FileRevisions
from credit.callers import AccessLog, Gate
from credit.eligibility import Eligibility, Evidence, Reading
from credit.errors import StorageFull
from credit.graph import embedded
from credit.graph.archive_keys import bind, bound_to, holds_parties
from credit.graph.bolt import Bolt
from credit.graph.embedded import Endpoint
from credit.graph.store import Store, open_store
from credit.jobs import Jobs
from credit.keys import FileHasher, FileSigner, make_api_key
from credit.keys.belonging import fitting
from credit.lists import Lists
from credit.ports import (
    Browser,
    Clock,
    Hasher,
    KeptReplies,
    MatterBrowser,
    MergeBrowser,
    PenaltyReader,
    PublicationBrowser,
    Signer,
)
from credit.regions import Regions
from credit.registry import Registry
from credit.registry.absences import Absences
from credit.registry.complaints import Ledger
from credit.registry.matters import Handling
from credit.rules.catalogue import Catalogue
from credit.rules.evaluate import Rules
from credit.rules.periods import Periods
from credit.rules.thresholds import Thresholds
from credit.search import NameSearch, Twins
from credit.settings import Settings
from credit.supervision import Practice, Supervision

__all__ = ["Registry", "Services", "SystemClock", "open_services", "services_over", "stop_graph"]


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Return the aware UTC instant."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """All that an entry point may use; ``ready`` tells by name what is reachable and current (``cache`` may be missed).

    ``tending`` keeps up with what other processes write, for as long as this one serves look-ups.
    """

    settings: Settings
    clock: Clock
    hasher: Hasher
    signer: Signer
    registry: Registry
    absences: Absences
    eligibility: Eligibility
    lists: Lists
    browser: Browser
    search: NameSearch
    handling: Handling
    matters: MatterBrowser
    merges: MergeBrowser
    twins: Twins
    publications: PublicationBrowser
    penalties: PenaltyReader
    supervision: Supervision
    gate: Gate
    accesses: AccessLog
    replies: KeptReplies
    jobs: Jobs
    cache: CachedFacts
    tending: Callable[[], AbstractAsyncContextManager[None]]
    ready: Callable[[], Awaitable[Mapping[str, bool]]]


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncGenerator[Services]:
    """Open everything for a block: the graph with its schema current, the keys, the rules, the use-cases.

    Raises:
        StoreUnavailable: the graph does not answer.
        CatalogueInvalid: the rule file is wrong.
        KeyFileUnusable: a key file is damaged, others may read it, or the graph belongs to another hash key.
    """
    rules = rules_of(settings)
    async with open_graph(settings) as (store, table):
        await _hold_keys_to(store.bolt, settings.data)
        yield services_over(store, settings, rules=rules, table=table)


@asynccontextmanager
async def open_graph(settings: Settings) -> AsyncGenerator[tuple[Store, Table]]:
    """Open the graph that the settings name, a server elsewhere or else the embedded one, and its table of revisions.

    Raises:
        StoreUnavailable: it does not answer.
    """
    if settings.graph_uri:
        there = Endpoint(settings.graph_uri, settings.graph_user, settings.password(), settings.graph_database)
        async with shared_table(settings) as table, open_store(there, revisions=table) as store:
            yield store, table
        return
    home = graph_home(settings)

    async def revive() -> Endpoint:
        return await embedded.ensure(home, memory=settings.graph_memory)

    async with embedded.running(home, memory=settings.graph_memory) as endpoint:
        with closing(FileRevisions(home / "revisions")) as table:
            async with open_store(
                endpoint, revisions=table, lock=home / "writers.lock", on_unavailable=revive
            ) as store:
                yield store, table


@asynccontextmanager
async def shared_table(settings: Settings) -> AsyncGenerator[SharedRevisions | NoRevisions]:
    """Have the table of revisions in Redis for a block, where the settings name one."""
    if not settings.redis_url:
        yield NoRevisions()
        return
    async with aclosing(SharedRevisions(Address(settings.redis_url, settings.redis_ca))) as table:
        yield table


async def _hold_keys_to(bolt: Bolt, data: Path) -> None:
    """Let a graph be opened with its own hash key alone; one that holds nobody is bound to the key that opens it.

    Raises: KeyFileUnusable, StoreUnavailable.
    """
    bound, held = await bound_to(bolt), FileHasher.held(data)
    if held is not None and held.mark == bound:
        return
    if await holds_parties(bolt):
        fitting(data, bound)
    mark = FileHasher.open(data).mark
    with suppress(StorageFull):  # reads go on over a full disk
        fitting(data, await bind(bolt, mark, instead=bound))


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


def services_over(
    store: Store, settings: Settings, *, rules: Rules, table: Table | None = None, clock: Clock | None = None
) -> Services:
    """Make the use-cases over an open graph; without a ``table`` no facts are kept.

    Raises:
        KeyFileUnusable: a key file is damaged, or others may read it.
    """
    clock = clock or SystemClock()
    hasher, signer = FileHasher.open(settings.data), FileSigner.open(settings.data)
    practice = Practice(Periods.load(rules.catalogue), Thresholds.load(), rules.regions)
    ledger = Ledger(practice.thresholds, clock)

    table = table if table is not None and settings.cache else NoRevisions()
    cache = CachedFacts(store.facts, table, most=settings.cache_parties)

    def tending() -> AbstractAsyncContextManager[None]:
        return table.tended(store.writes) if isinstance(table, SharedRevisions) else nullcontext()

    async def ready() -> Mapping[str, bool]:
        return {"graph": await store.is_current(), "cache": table.up or not settings.redis_url}

    return Services(
        settings=settings,
        clock=clock,
        hasher=hasher,
        signer=signer,
        registry=Registry(store.writes, hasher, ledger),
        absences=Absences(store.writes, store.feeds),
        eligibility=Eligibility(
            Reading(store.facts, cache), Evidence(store.writes, store.evidence, signer), rules, clock
        ),
        lists=Lists(rules, store.facts, clock),
        browser=store.browser,
        search=NameSearch(store.names, rules.regions, clock),
        handling=Handling(store.writes, hasher, ledger),
        matters=store.matters,
        merges=store.merges,
        twins=Twins(store.twins),
        publications=store.publications,
        penalties=store.penalties,
        supervision=Supervision(store.matters, store.browser, practice),
        gate=Gate(store.callers, clock, make_api_key),
        accesses=AccessLog(store.callers),
        replies=store.replies,
        jobs=Jobs(store.replies, clock),
        cache=cache,
        tending=tending,
        ready=ready,
    )
