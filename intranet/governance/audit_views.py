"""The audit log: read, searched, checked, exported."""

import csv
import io
import json

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.governance import chain, queries
from intranet.governance.views import feature
from intranet.kernel.page import render
from intranet.kernel.policy import ADMIN, require
from intranet.kernel.runtime import runtime
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Viewer


def _verify(viewer: Viewer) -> chain.Verdict:
    database = runtime().database

    def check() -> chain.Verdict:
        with database.reading(viewer) as session:
            return chain.verify(session)

    return run_blocking(check)


@feature.route("/admin/audit", allow=ADMIN, prepare=_verify)
def audit(session: Session, _viewer: Viewer, *, prepared: chain.Verdict) -> ResponseReturnValue:
    """The log, with a verdict on its chain."""
    words, action = request.args.get("q", "")[:100], request.args.get("action", "")[:80]
    page = queries.audit_page(session, words=words, action=action, cursor=request.args.get("before"))
    return render("governance/audit.html", page=page, words=words, action=action, verdict=prepared)


def _export(viewer: Viewer) -> bytes:
    require(ADMIN, viewer)
    database = runtime().database

    def write() -> bytes:
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(["id", "when", "actor", "action", "subject", "facts", "previous", "digest"])
        with database.reading(viewer) as session:
            names = {row.id: row.username for row in session.execute(select(Person.id, Person.username))}
            for entry in chain.entries_in_order(session):
                table.writerow(
                    [
                        entry.id,
                        entry.happened_at.isoformat(),
                        names.get(entry.actor_id, ""),
                        entry.action,
                        names.get(entry.subject_id, ""),
                        json.dumps(entry.facts, sort_keys=True),
                        entry.previous,
                        entry.digest,
                    ]
                )
        return text.getvalue().encode()

    return run_blocking(write)


@feature.route("/admin/audit.csv", allow=ADMIN, prepare=_export)
def export(_session: Session, _viewer: Viewer, *, prepared: bytes) -> Response:
    """The whole log with its digests, for somebody who checks it elsewhere."""
    response = Response(prepared, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response
