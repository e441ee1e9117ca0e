"""The graph behind every port of `credit.ports`, over one connection."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from credit.errors import StorageFull, StoreUnavailable
from credit.graph import schema
from credit.graph.bolt import Bolt, Revive
from credit.graph.browsing import GraphBrowser
from credit.graph.callers import GraphCallers
from credit.graph.embedded import Endpoint
from credit.graph.evidence import GraphEvidence
from credit.graph.exports import GraphPenalties
from credit.graph.facts import GraphFacts
from credit.graph.feeds import GraphFeeds
from credit.graph.gate import Gate
from credit.graph.matters import GraphMatterBrowser
from credit.graph.merges import GraphMergeBrowser
from credit.graph.names import GraphNames
from credit.graph.publications import GraphPublications
from credit.graph.replies import GraphReplies
from credit.graph.twins import GraphTwins
from credit.graph.writing import GraphWrites
from credit.ports import Revisions, WriteUnit


@dataclass(frozen=True, slots=True)
class Store:
    """One adapter a port."""

    writes: GraphWrites
    facts: GraphFacts
    browser: GraphBrowser
    names: GraphNames
    matters: GraphMatterBrowser
    merges: GraphMergeBrowser
    twins: GraphTwins
    publications: GraphPublications
    feeds: GraphFeeds
    penalties: GraphPenalties
    evidence: GraphEvidence
    callers: GraphCallers
    replies: GraphReplies
    bolt: Bolt

    @classmethod
    def over(cls, bolt: Bolt, lock: Path | None, revisions: Revisions) -> Self:
        """Make the adapters; ``lock`` is the file at which writers of several processes take turns."""
        facts = GraphFacts(bolt)
        return cls(
            writes=GraphWrites(bolt, Gate(lock), revisions),
            facts=facts,
            browser=GraphBrowser(bolt),
            names=GraphNames(bolt),
            matters=GraphMatterBrowser.over(bolt),
            merges=GraphMergeBrowser(bolt),
            twins=GraphTwins(bolt),
            publications=GraphPublications(bolt),
            feeds=GraphFeeds(bolt),
            penalties=GraphPenalties(bolt),
            evidence=GraphEvidence(bolt),
            callers=GraphCallers(bolt),
            replies=GraphReplies(bolt),
            bolt=bolt,
        )

    async def is_current(self) -> bool:
        """Tell whether the graph answers and has the schema that this code writes."""
        try:
            return await schema.version(self.bolt) == schema.VERSION
        except StoreUnavailable:
            return False


@asynccontextmanager
async def open_store(
    endpoint: Endpoint, *, revisions: Revisions, lock: Path | None = None, on_unavailable: Revive | None = None
) -> AsyncGenerator[Store]:
    """Open the graph at an address for a block, its schema current.

    ``revisions`` learns what every write touches. ``lock`` is needed for the embedded engine alone, ``on_unavailable``
    brings its server back.

    Raises: StoreUnavailable.
    """
    async with Bolt(endpoint, on_unavailable=on_unavailable) as bolt:
        await schema.migrate(bolt)
        store = Store.over(bolt, lock, revisions)
        with suppress(StorageFull):  # reads go on over a full disk
            await store.writes.write(_nothing)  # shows a write whose process died just after its commit
        yield store


async def _nothing(unit: WriteUnit) -> None:
    """Write nothing."""
