"""Figures for whoever watches the product: what it was asked, how long that took, what waits."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which several processes of one server add up what they count."""

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many things stand in the database at this moment.

    Attributes:
        unsealed: entries of the journal that wait for their seal.
        jobs: background work by its state.
    """

    unsealed: int
    drafts: int
    submissions: int
    jobs: Mapping[str, int]


def share_counts(folder: str) -> None:
    """Let the processes of this server count together in a folder; before anything counts."""
    os.environ[SHARED_FOLDER] = folder
    # The library chooses when it is imported, which was before anybody knew how many processes there will be.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


class Metrics:
    """What one application counts."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "inspect_requests",
            "Requests answered, by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "inspect_request_seconds",
            "How long answers took, by route and method.",
            ("route", "method"),
            buckets=SECONDS,
            registry=self.registry,
        )

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)

    def text(self, standing: Standing | None) -> bytes:
        """Return everything as monitors read it; of the database only that it is away, where it is."""
        counted = self.registry
        if SHARED_FOLDER in os.environ:
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        answer = CollectorRegistry(auto_describe=False)
        answer.register(_Gathered([*counted.collect(), *figures_of(standing)]))
        return generate_latest(answer)


class _Gathered(Collector):
    """Figures that were gathered for one answer."""

    def __init__(self, figures: Iterable[Metric]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        """Return them."""
        return self._figures


def figures_of(standing: Standing | None) -> list[Metric]:
    """Return what stands in the database as figures."""
    up = GaugeMetricFamily("inspect_database_up", "1 where the database answers.")
    up.add_metric((), 0 if standing is None else 1)
    if standing is None:
        return [up]
    jobs = GaugeMetricFamily("inspect_jobs", "Background work, by state.", labels=("state",))
    for state, number in sorted(standing.jobs.items()):
        jobs.add_metric((state,), number)
    return [
        up,
        GaugeMetricFamily("inspect_unsealed_entries", "Journal entries without a seal.", standing.unsealed),
        GaugeMetricFamily("inspect_drafts", "Drafts that were not sent.", standing.drafts),
        GaugeMetricFamily("inspect_submissions", "Submissions ever received.", standing.submissions),
        jobs,
    ]
