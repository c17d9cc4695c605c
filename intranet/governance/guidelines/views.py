"""Reading the guidelines, agreeing to them; and for moderators writing them and seeing who agreed."""

import csv
import io
from collections.abc import Iterator
from typing import NotRequired

from flask import Response, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.accounts.queries import member_count
from intranet.governance.guidelines import actions, queries, wording
from intranet.governance.guidelines.events import AcceptancesExported
from intranet.governance.views import feature
from intranet.kernel.api import Api, Moment
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.forms import Form
from intranet.kernel.outbox import record
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER, MODERATOR
from intranet.kernel.runtime import runtime
from intranet.kernel.text import safe_cell
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import own_path


class AgreeForm(Form):
    """Which version somebody agrees to."""

    version: int
    agree: bool = False


@feature.get("/guidelines", allow=MEMBER, before_agreeing=True)
def guidelines(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What holds here, and what changed when."""
    held = queries.versions(session)
    mine = queries.accepted_by(session, viewer.member_id)
    return render("governance/guidelines/index.html", versions=held, mine=mine)


@feature.get("/guidelines/<id:number>", allow=MEMBER, before_agreeing=True)
def guidelines_version(session: Session, _viewer: Viewer, number: int) -> ResponseReturnValue:
    """A version as it was."""
    return render("governance/guidelines/version.html", version=queries.version(session, number))


@feature.get("/guidelines/agree", allow=MEMBER, before_agreeing=True)
def ask_agreement(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The page between the door and the place."""
    onward = own_path(request.args.get("next", ""))
    return _ask(session, viewer, onward) if viewer.must_agree else redirect(onward)


def _ask(session: Session, viewer: Viewer, onward: str, problem: str = "") -> str:
    version = queries.version(session, queries.in_force(session))
    mine = queries.accepted_by(session, viewer.member_id)
    return render("governance/guidelines/agree.html", version=version, mine=mine, onward=onward, problem=problem)


@feature.post("/guidelines/agree", allow=MEMBER, before_agreeing=True)
def agree(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Agree, and go on to where one was going."""
    form, onward = AgreeForm.parse(request.form), own_path(request.form.get("next", ""))
    if not form.agree:
        return _ask(session, viewer, onward, _("Tick the box if you will keep to these.")), 422
    try:
        actions.agree(session, viewer, form.version)
    except Conflict:
        return _ask(session, viewer, onward, _("The guidelines have changed meanwhile. These hold now.")), 409
    return redirect(onward, 303)


class GuidelinesJson(TypedDict):
    """What holds, and whether the caller has agreed; of version 0 there is nothing to read."""

    version: int
    agreed: bool
    summary: NotRequired[str]
    html: NotRequired[str]
    published_at: NotRequired[Moment]


class AgreedJson(TypedDict):
    """That it is so."""

    agreed: bool


@feature.get("/api/v1/guidelines", allow=MEMBER, before_agreeing=True, api=Api(GuidelinesJson))
def guidelines_json(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What holds, and whether the caller has agreed; ``version`` 0 before the first."""
    number = queries.in_force(session)
    held = queries.version(session, number).as_json() if number else {"version": 0}
    return jsonify({**held, "agreed": queries.accepted_by(session, viewer.member_id) == number})


_AGREED = Api(AgreedJson, takes=AgreeForm)


@feature.post("/api/v1/guidelines/agree", allow=MEMBER, before_agreeing=True, api=_AGREED)
def agree_json(session: Session, viewer: Viewer, body: AgreeForm) -> ResponseReturnValue:
    """Agree as a program of somebody."""
    actions.agree(session, viewer, body.version)
    return jsonify({"agreed": True})


@feature.get("/moderation/guidelines", allow=MODERATOR)
def write_guidelines(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """The editor, with every version so far."""
    return _editor(session)


def _editor(session: Session, errors: dict[str, str] | None = None) -> str:
    draft, held = queries.draft(session), queries.versions(session)
    begun = draft.text if draft else (held and queries.source(session, held[0].number)) or str(wording.FIRST)
    given = request.form if errors else {"text": begun, "summary": draft.summary if draft else ""}
    return render(
        "governance/guidelines/editor.html",
        draft=draft,
        versions=held,
        given=given,
        members=member_count(session),
        errors=errors or {},
    )


@feature.post("/moderation/guidelines", allow=MODERATOR)
def save_guidelines(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Keep the draft, or put it in force."""
    text, summary = request.form.get("text", ""), request.form.get("summary", "")
    try:
        if request.form.get("publish"):
            number = actions.publish(session, viewer, text, summary)
            flash(_("Version %(number)s is in force. Everybody is asked at their next visit.", number=number))
        else:
            actions.save_draft(session, viewer, text, summary)
            flash(_("Draft saved. Nobody else sees it."))
    except Invalid as invalid:
        return _editor(session, invalid.fields), 422
    return redirect("/moderation/guidelines", 303)


@feature.get("/moderation/guidelines/<id:number>", allow=MODERATOR)
def acceptances(session: Session, _viewer: Viewer, number: int) -> ResponseReturnValue:
    """Who agreed to a version and when, or with ``show=missing`` who has not yet."""
    version, is_missing = queries.version(session, number), request.args.get("show") == "missing"
    read = queries.missing if is_missing else queries.signatures
    page = read(session, number, cursor=request.args.get("before"))
    members = member_count(session)
    return render(
        "governance/guidelines/accepted.html", version=version, page=page, is_missing=is_missing, members=members
    )


@feature.post("/moderation/guidelines/<id:number>.csv", allow=MODERATOR)
def export_acceptances(session: Session, viewer: Viewer, number: int) -> Response:
    """Who agreed and who has not, as a table to take away; that it was taken is on record."""
    queries.version(session, number)
    record(session, AcceptancesExported(number, viewer.id))
    response = Response(_lines(viewer, number), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="guidelines-{number}.csv"'
    return response


def _lines(viewer: Viewer, number: int) -> Iterator[str]:
    database = runtime().database

    def stretch(after: int) -> tuple[str, int]:
        written = io.StringIO()
        table = csv.writer(written)
        with database.reading(viewer) as session:
            rows = queries.everybody(session, number, after)
        for row in rows:
            when = row.accepted_at.isoformat() if row.accepted_at else ""
            table.writerow((row.username, safe_cell(row.name), number if when else "", when))
        return written.getvalue(), rows[-1].id if rows else after

    def lines() -> Iterator[str]:
        yield "username,name,version,accepted_at\r\n"
        after = 0
        while True:
            text, after = run_blocking(stretch, after)
            if not text:
                return
            yield text

    return lines()


def settings_entry(**_context: object) -> str:
    """The way to the guidelines, in everybody's settings."""
    return render_template("governance/guidelines/_setting.html")
