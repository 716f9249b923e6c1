"""Figures of a running server in the format of Prometheus.

Each application has a registry of its own. What the pool and the cache count themselves is read
when somebody asks, so that a query pays for two counters and a histogram only.
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from ...graph.snapshot import Snapshot
from ..workers.backend import QueryPool
from ..workers.lanes import Lane
from .outcomes import Outcome

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_ENDINGS: Final = ("died", "killed", "replaced")
# A client may send any word as a method; only these become labels.
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"))


class CacheFigures(Protocol):
    """What a cache of answers counts of itself."""

    @property
    def hits(self) -> int:
        """Answers that it had."""
        ...

    @property
    def misses(self) -> int:
        """Answers that it did not have."""
        ...

    @property
    def held_bytes(self) -> int:
        """Bytes that it holds now."""
        ...


class Metrics:
    """The metrics of one application; ``api/deploy/README.md`` lists them."""

    def __init__(self) -> None:
        # Their time of creation, a second series for each, is of no use for what starts with us.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._queries = Counter(
            "fairpapers_queries",
            "Queries by where they came from and how they ended.",
            ("lane", "outcome"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "fairpapers_query_seconds",
            "Time from the arrival of a query at the queue to the end of its answer.",
            ("lane",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._waits = Histogram(
            "fairpapers_queue_wait_seconds",
            "Time that queries waited for a process.",
            ("lane",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._requests = Counter(
            "fairpapers_http_requests",
            "HTTP requests by method and status; the status of a broken answer is its first.",
            ("method", "status"),
            registry=self._registry,
        )
        self._sent = Counter(
            "fairpapers_sent_bytes", "Bytes of bodies that were sent.", registry=self._registry
        )
        self._broken = Counter(
            "fairpapers_broken_answers",
            "Answers that failed after their first bytes, so that the connection was cut.",
            registry=self._registry,
        )
        # Looking a series up takes longer than counting in it.
        self._query_series = lru_cache(maxsize=64)(self._queries.labels)
        self._second_series = lru_cache(maxsize=16)(self._seconds.labels)
        self._wait_series = lru_cache(maxsize=16)(self._waits.labels)
        self._request_series = lru_cache(maxsize=256)(self._requests.labels)
        # Series that begin at zero, so that a first timeout shows as a rate.
        for lane in Lane:
            self._seconds.labels(lane.value)
            self._waits.labels(lane.value)
            for outcome in Outcome:
                self._queries.labels(lane.value, outcome.value)
        ProcessCollector(registry=self._registry)

    def watch(self, pool: QueryPool, snapshot: Callable[[], Snapshot]) -> None:
        """Count the queries of a pool, and read its figures and the snapshot whenever asked."""
        self._registry.register(_PoolFigures(pool, snapshot))
        pool.waited = lambda lane, seconds: self.query_waited(lane.value, seconds)
        pool.running.ended = lambda query, outcome: self.query_ended(
            query.lane, outcome, query.seconds
        )

    def watch_cache(self, cache: CacheFigures) -> None:
        """Read the figures of a cache of answers whenever asked."""
        self._registry.register(_CacheCollector(cache))

    def query_ended(self, lane: str, outcome: Outcome, seconds: float | None = None) -> None:
        """Count a query; ``seconds`` is None where it needed no process."""
        self._query_series(lane, outcome.value).inc()
        if seconds is not None:
            self._second_series(lane).observe(seconds)

    def query_waited(self, lane: str, seconds: float) -> None:
        """Note how long a query waited for its process."""
        self._wait_series(lane).observe(seconds)

    def request_ended(self, method: str, status: int, sent_bytes: int, *, broken: bool) -> None:
        """Count a request; a status of 0 means that nothing was sent."""
        self._request_series(method if method in _METHODS else "other", str(status)).inc()
        self._sent.inc(sent_bytes)
        if broken:
            self._broken.inc()

    def text(self, accept: str | None) -> tuple[bytes, str]:
        """All metrics as text, and its content type, in the version that the client reads."""
        encode, content_type = choose_encoder(accept or "")
        return encode(self._registry), content_type


class _PoolFigures(Collector):
    def __init__(self, pool: QueryPool, snapshot: Callable[[], Snapshot]) -> None:
        self._pool = pool
        self._snapshot = snapshot

    def describe(self) -> Iterable[Metric]:
        """Nothing, so that registering does not ask a pool that has not started."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Read what the pool says of itself."""
        pool = self._pool
        yield GaugeMetricFamily(
            "fairpapers_queue_length", "Queries that wait for a process.", value=pool.waiting
        )
        workers = GaugeMetricFamily(
            "fairpapers_workers", "Query processes by what they do.", labels=("state",)
        )
        busy = pool.running.at_work
        workers.add_metric(("busy",), busy)
        workers.add_metric(("idle",), max(len(pool.pids) - busy, 0))
        yield workers
        yield GaugeMetricFamily(
            "fairpapers_workers_resident_bytes",
            "Resident memory of all query processes; pages that they share count in each.",
            value=sum(map(_resident_bytes, pool.pids)),
        )
        yield CounterMetricFamily(
            "fairpapers_workers_started", "Query processes that were started.", value=pool.started
        )
        ended = CounterMetricFamily(
            "fairpapers_workers_ended",
            "Query processes that ended: killed at work, replaced by those of another snapshot, "
            "or died by themselves.",
            labels=("how",),
        )
        for how in _ENDINGS:
            ended.add_metric((how,), pool.endings[how])
        yield ended
        snapshot = self._snapshot()
        yield InfoMetricFamily(
            "fairpapers_snapshot",
            "The graph that is served.",
            value={"id": snapshot.id, "created": snapshot.created, "version": snapshot.version},
        )
        yield GaugeMetricFamily(
            "fairpapers_triples", "Triples that are served.", value=sum(snapshot.triples.values())
        )


class _CacheCollector(Collector):
    def __init__(self, cache: CacheFigures) -> None:
        self._cache = cache

    def collect(self) -> Iterable[Metric]:
        """Read what the cache says of itself."""
        found = CounterMetricFamily(
            "fairpapers_cache_lookups", "Answers looked for in the cache.", labels=("found",)
        )
        found.add_metric(("yes",), self._cache.hits)
        found.add_metric(("no",), self._cache.misses)
        yield found
        yield GaugeMetricFamily(
            "fairpapers_cache_bytes", "Bytes that the cache holds.", value=self._cache.held_bytes
        )


def _resident_bytes(pid: int) -> int:
    """Resident memory of a process; 0 where it is gone, or this is not Linux."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()
