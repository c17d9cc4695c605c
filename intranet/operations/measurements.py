"""Prometheus measurements: what this web process answered, and how the whole stands."""

import time
from collections.abc import Iterator, Mapping

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from intranet.kernel.db import Database
from intranet.kernel.viewer import system
from intranet.operations import health
from intranet.operations.version import version

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_registry = CollectorRegistry()
_requests = Counter("couth_requests", "Requests answered", ["endpoint", "method", "status"], registry=_registry)
_seconds = Histogram("couth_request_seconds", "Time to answer", ["endpoint"], buckets=_BUCKETS, registry=_registry)


def register(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_count)


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    # By endpoint, not by path: paths hold names and ids, and have no end.
    endpoint = request.endpoint or "none"
    _requests.labels(endpoint, request.method, response.status_code).inc()
    if "began" in g:
        _seconds.labels(endpoint).observe(time.perf_counter() - g.began)
    return response


def exposition(database: Database) -> tuple[bytes, str]:
    """The measurements in Prometheus' text format, and its content type."""
    whole = CollectorRegistry()
    whole.register(_Whole(database))
    return generate_latest(_registry) + generate_latest(whole), CONTENT_TYPE_LATEST


class _Whole:
    """Read from the database at the moment of asking."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def collect(self) -> Iterator[Metric]:
        yield _gauge("couth_info", "The running release", label="version", values={version(): 1})
        states = health.report(self.database)
        well = {part: float(state == "ok") for part, state in states.items()}
        yield _gauge("couth_healthy", "1 where the part is well", label="part", values=well)
        if states["status"] == "down":
            return
        with self.database.reading(system(reason="operations: measurements")) as session:
            behind = {lag.subscriber: lag.events for lag in health.backlogs(session)}
            given_up = {"events": health.dead_letters(session), "jobs": health.failed_jobs(session)}
            age = health.seconds_since_beat(session)
        yield _gauge("couth_outbox_behind", "Events not read yet", label="subscriber", values=behind)
        yield _gauge("couth_given_up", "What no retry could do", label="kind", values=given_up)
        if age is not None:
            yield _gauge("couth_worker_silent_seconds", "Since its sign of life", label="of", values={"worker": age})


def _gauge(name: str, meaning: str, *, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for text, value in values.items():
        family.add_metric([text], value)
    return family
