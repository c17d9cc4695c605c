"""/health for load balancers, /metrics for Prometheus."""

import ipaddress

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.errors import NotFound
from intranet.kernel.policy import ANYONE
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, Viewer
from intranet.kernel.web import Feature
from intranet.operations import arrival, health, measurements
from intranet.operations.version import version

feature = Feature("operations")


@feature.get("/health", allow=ANYONE)
def show_health(_session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """200 while people can read and post; 503 where they can't."""
    report = health.report(runtime().database)
    return jsonify({**report, "version": version()}), 503 if report["status"] == "down" else 200


@feature.get(arrival.PATH, allow=ANYONE)
def show_arrival(_session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """What arrives of the doctor's own request; missing for whoever has no signature."""
    return jsonify(arrival.report(runtime().settings, request))


@feature.get("/metrics", allow=ANYONE)
def show_metrics(_session: Session, viewer: Viewer) -> ResponseReturnValue:
    """For a collector on this machine, and for admins; hidden from everybody else."""
    if not (_is_from_this_machine() or viewer.has_role(Role.ADMIN)):
        raise NotFound
    body, content_type = measurements.exposition(runtime())
    return Response(body, content_type=content_type)


def _is_from_this_machine() -> bool:
    """A proxy's request comes from this machine too, but says on whose behalf."""
    try:
        is_loopback = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return is_loopback and not any(name in request.headers for name in ("X-Forwarded-For", "Forwarded"))
