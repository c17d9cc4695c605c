"""What this process counts of its own doing, in Prometheus' kinds; ``operations`` gives it out."""

from prometheus_client import CollectorRegistry, Counter, Histogram

_BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

registry = CollectorRegistry()
# By endpoint and route, not by path: paths hold names and ids, and have no end.
requests = Counter("couth_requests", "Requests answered", ["endpoint", "method", "status"], registry=registry)
request_seconds = Histogram(
    "couth_request_seconds", "Time to answer", ["endpoint", "route"], buckets=_BUCKETS, registry=registry
)
calls = Counter("couth_socket_calls", "Socket calls answered", ["call", "outcome"], registry=registry)
call_seconds = Histogram("couth_socket_call_seconds", "Time to answer", ["call"], buckets=_BUCKETS, registry=registry)
search_seconds = Histogram(
    "couth_search_seconds",
    "Time that the search engine took, with what it had to read first",
    buckets=_BUCKETS,
    registry=registry,
)
