"""Prometheus measurements: what this web process answered, and how the whole stands.

Each web process counts for itself and is asked at its own port; what is read from the database is the same from each.
"""

from collections.abc import Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from intranet.kernel import measures, outbox
from intranet.kernel.hub import PART, Hub
from intranet.kernel.rooms import Sockets
from intranet.kernel.runtime import Runtime
from intranet.kernel.viewer import system
from intranet.operations import health
from intranet.operations.version import version


def exposition(parts: Runtime) -> tuple[bytes, str]:
    """The measurements in Prometheus' text format, and its content type."""
    whole = CollectorRegistry()
    whole.register(_Whole(parts))
    return generate_latest(measures.registry) + generate_latest(whole), CONTENT_TYPE_LATEST


class _Whole:
    """Read at the moment of asking."""

    def __init__(self, parts: Runtime) -> None:
        self.parts = parts

    def collect(self) -> Iterator[Metric]:
        process = GaugeMetricFamily("couth_info", "The running release", labels=["version", "port"])
        process.add_metric([version(), str(self.parts.settings.port)], 1)
        yield process
        sockets = GaugeMetricFamily("couth_sockets", "Open sockets of this process")
        sockets.add_metric([], len(Sockets(self.parts.socketio).of_room(None)))
        yield sockets
        states = health.report(self.parts.database)
        well = {part: float(state == "ok") for part, state in states.items()}
        yield _gauge("couth_healthy", "1 where the part is well", well, "part")
        if states["status"] != "down":
            yield from self._stored()

    def _stored(self) -> Iterator[Metric]:
        with self.parts.database.reading(system(reason="operations: measurements")) as session:
            lags = [*health.backlogs(session), *self._own_lag(outbox.newest_id(session))]
            waits = health.waits(session, lags)
            queues = health.queues(session)
            given_up = {"events": health.dead_letters(session), "jobs": health.failed_jobs(session)}
            age = health.seconds_since_beat(session)
        behind = {lag.subscriber: lag.events for lag in lags}
        yield _gauge("couth_outbox_behind", "Events not read yet", behind, "subscriber")
        yield _gauge("couth_outbox_behind_seconds", "Age of the first event not read yet", waits, "subscriber")
        yield _gauge("couth_jobs_due", "Jobs whose time has come", {it.kind: it.count for it in queues}, "kind")
        ages = {it.kind: it.seconds for it in queues}
        yield _gauge("couth_jobs_due_seconds", "How long the first of them is due", ages, "kind")
        yield _gauge("couth_given_up", "What no retry could do", given_up, "kind")
        if age is not None:
            yield _gauge("couth_worker_silent_seconds", "Since its sign of life", {"worker": age}, "of")

    def _own_lag(self, newest: int) -> Iterator[health.Backlog]:
        """The sockets of this process are a subscriber too, with its place kept in memory."""
        hub = self.parts.parts.get(PART)
        if isinstance(hub, Hub):
            yield health.Backlog(PART, max(0, newest - hub.position), hub.position)


def _gauge(name: str, meaning: str, values: Mapping[str, float], label: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for text, value in values.items():
        family.add_metric([text], value)
    return family
