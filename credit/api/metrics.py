"""What the API counts, in a registry of its own: two apps in one process never add up."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from credit.api.lanes import Lanes
from credit.limits import Limits
from credit.lists import OtherStanding, Standing
from credit.model.verdict import Freshness

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds."""
SHED: Final = ("quick", "heavy", "bodies", "connections")
SLOW: Final = ("head", "body", "answer")
CACHE_RESULTS: Final = ("hit", "shared", "miss", "off")
LISTS: Final = ("list", "required")
"""Labels of what is told of a list; ``required`` is ``true`` or ``false``."""


class CacheTable(Protocol):
    """What the cache rests on."""

    @property
    def up(self) -> bool:
        """Whether it could be had when it was last asked."""
        ...

    @property
    def failures(self) -> int:
        """How often it could not be had."""
        ...


class Cache(Protocol):
    """What the cache of facts tells of itself."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many look-ups were served in each way."""
        ...

    @property
    def table(self) -> CacheTable:
        """What it rests on."""
        ...


class CacheCollector(Collector):
    """Shows what the cache counts itself, whenever somebody asks."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def collect(self) -> Iterable[Metric]:
        """Return the families."""
        lookups = CounterMetricFamily(
            "credit_cache_lookups", "Quick look-ups by where their facts came from", labels=("result",)
        )
        for result in sorted({*CACHE_RESULTS, *self._cache.counts}):
            lookups.add_metric((result,), self._cache.counts.get(result, 0))
        table = self._cache.table
        yield lookups
        yield GaugeMetricFamily("credit_cache_up", "Whether the cache can be had (1) or not (0)", value=table.up)
        yield CounterMetricFamily("credit_cache_errors", "Times that it could not be had", value=table.failures)


class Metrics:
    """Requests by route template, never by path: a path may name a party."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._watched: CacheCollector | None = None
        self._requests = Counter(
            "credit_requests_total", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "credit_request_seconds", "Time to answer", ("method", "route"), registry=self.registry, buckets=BUCKETS
        )
        self.under_way = Gauge("credit_requests_under_way", "Requests being answered", registry=self.registry)
        self._shed = Counter(
            "credit_requests_shed_total", "Requests refused for lack of a place", ("reason",), registry=self.registry
        )
        self.shed = {reason: self._shed.labels(reason) for reason in SHED}
        """A counter for each reason: the lane that was full, bodies being read, connections open."""
        self._slow = Counter(
            "credit_slow_clients_total", "Callers given up as too slow", ("with",), registry=self.registry
        )
        self.slow = {what: self._slow.labels(what) for what in SLOW}
        """A counter for each thing that a caller was too slow with: sending head or body, reading an answer."""
        self._places = Gauge(
            "credit_lane_requests", "Requests in a lane, served and waiting", ("lane", "state"), registry=self.registry
        )
        self._sharing = Gauge(
            "credit_limits_shared", "Whether limits are counted in Redis (1) or here (0)", registry=self.registry
        )
        self.limits_errors = Counter(
            "credit_limits_errors_total", "Times that Redis failed to count a call", registry=self.registry
        )
        self.ending = Gauge("credit_ending", "Whether the process was asked to end (1)", registry=self.registry)
        self.parties = Counter("credit_parties_checked_total", "Parties asked about", ("how",), registry=self.registry)
        self._ages = Gauge(
            "credit_source_age_seconds", "Time since a list was seen by its last run", LISTS, registry=self.registry
        )
        self._fresh = Gauge(
            "credit_source_fresh", "Whether a list is fresh (1) or not (0)", LISTS, registry=self.registry
        )

    def served(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def watch(self, lanes: Lanes, limits: Limits, cache: Cache) -> None:
        """Show how full the lanes are, where calls are counted, and how the cache does, whenever somebody asks."""
        if self._watched is not None:
            self.registry.unregister(self._watched)
        self._watched = CacheCollector(cache)
        self.registry.register(self._watched)
        for lane in (lanes.quick, lanes.heavy):
            self._places.labels(lane.name, "served").set_function(lambda lane=lane: lane.taken)
            self._places.labels(lane.name, "waiting").set_function(lambda lane=lane: lane.waiting)
        self._sharing.set_function(lambda: limits.sharing)

    def tell_sources(self, lists: Sequence[Standing], others: Sequence[OtherStanding]) -> None:
        """Show how the lists stand; nothing of any where nothing is known, and no age of one never synchronised.

        ``others``: those that the catalogue does not know, which are required for nobody.
        """
        self._ages.clear()
        self._fresh.clear()
        for one in lists:
            labels = one.row.id, str(one.required).lower()
            self._fresh.labels(*labels).set(one.state.status is Freshness.FRESH)
            if one.age is not None:
                self._ages.labels(*labels).set(one.age.total_seconds())
        for other in others:
            labels = other.state.list, "false"
            self._fresh.labels(*labels).set(other.state.status is Freshness.FRESH)
            self._ages.labels(*labels).set(other.age.total_seconds())

    def text(self) -> bytes:
        """Write all in Prometheus' text format."""
        return generate_latest(self.registry)
