"""What the API counts, in a registry of its own: two apps in one process never add up."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds."""


class Metrics:
    """Requests by route template, never by path: a path may name a party."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "credit_requests_total", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "credit_request_seconds", "Time to answer", ("method", "route"), registry=self.registry, buckets=BUCKETS
        )
        self.under_way = Gauge("credit_requests_under_way", "Requests being answered", registry=self.registry)
        self.parties = Counter("credit_parties_checked_total", "Parties asked about", ("how",), registry=self.registry)

    def served(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Write all in Prometheus' text format."""
        return generate_latest(self.registry)
