"""The audit log: read, searched, checked, exported."""

import csv
import io
import json
from collections.abc import Iterator

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.governance import chain, queries, wording
from intranet.governance.events import LogExported
from intranet.governance.views import feature
from intranet.kernel.batches import in_batches
from intranet.kernel.db import Database
from intranet.kernel.outbox import record
from intranet.kernel.page import render
from intranet.kernel.policy import ADMIN
from intranet.kernel.runtime import runtime
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Viewer

_HEADER = ("id", "when", "actor", "action", "subject", "facts", "previous", "digest")


def _verify(viewer: Viewer) -> chain.Verdict | None:
    """The chain is recomputed where the log is opened or checked, not again for every search and page of it."""
    if any(request.args.get(name) for name in ("q", "action", "before")):
        return None
    database = runtime().database

    def check() -> chain.Verdict:
        with database.reading(viewer) as session:
            return chain.verify(session)

    return run_blocking(check)


@feature.route("/admin/audit", allow=ADMIN, prepare=_verify)
def audit(session: Session, _viewer: Viewer, *, prepared: chain.Verdict | None) -> ResponseReturnValue:
    """The log, with a verdict on its chain."""
    words, action = request.args.get("q", "")[:100], request.args.get("action", "")[:80]
    page = queries.audit_page(session, words=words, action=action, cursor=request.args.get("before"))
    return render(
        "governance/audit.html", page=page, words=words, action=action, verdict=prepared, actions=wording.ACTIONS
    )


@feature.post("/admin/audit.csv", allow=ADMIN)
def export(session: Session, viewer: Viewer) -> Response:
    """The whole log with its digests, for somebody who checks it elsewhere; that it was taken is on record too."""
    record(session, LogExported(viewer.id))
    response = Response(_lines(runtime().database, viewer), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _lines(database: Database, viewer: Viewer) -> Iterator[str]:
    """The table in stretches, each read in a session of its own, so that a long log holds neither memory nor locks."""
    yield ",".join(_HEADER) + "\r\n"
    position = -1
    while True:
        text, position = run_blocking(_stretch, database, viewer, position)
        if not text:
            return
        yield text


def _stretch(database: Database, viewer: Viewer, position: int) -> tuple[str, int]:
    text = io.StringIO()
    table = csv.writer(text)
    with database.reading(viewer) as session:
        entries = chain.stretch(session, position)
        named = {number for entry in entries for number in (entry.actor_id, entry.subject_id) if number}
        names: dict[int, str] = {}
        for some in in_batches(sorted(named)):
            found = session.execute(select(Person.id, Person.username).where(Person.id.in_(some)))
            names.update((row.id, row.username) for row in found)
    for entry in entries:
        facts = json.dumps(entry.facts, sort_keys=True)
        who, whom = names.get(entry.actor_id, ""), names.get(entry.subject_id, "")
        when = entry.happened_at.isoformat()
        table.writerow((entry.id, when, who, entry.action, whom, facts, entry.previous, entry.digest))
    return text.getvalue(), entries[-1].id if entries else position
