"""The page of one's own data: take a copy, be deleted, think better of it."""

from datetime import timedelta

from flask import Response, flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts.actions import get_person
from intranet.accounts.queries import password_hash_of
from intranet.accounts.settings import check_own_password
from intranet.governance.mydata import actions, queries
from intranet.governance.mydata.copying import copy_path
from intranet.governance.views import feature
from intranet.kernel.errors import Invalid, NotFound, TooFast
from intranet.kernel.forms import Form
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.routes import at_most

_copy_limit = at_most(5, timedelta(days=1), "data-copy")


class EraseForm(Form):
    """What shall become of one's words, and the password."""

    current: str = ""
    takes_words: bool = False


@feature.get("/settings/data", allow=MEMBER, before_agreeing=True)
def my_data(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What is kept, how to take it, how to have it deleted. A fragment is the list of copies."""
    return _page(session, viewer)


def _page(session: Session, viewer: Viewer, errors: dict[str, str] | None = None) -> str:
    person = get_person(session, viewer.member_id)
    return render(
        "governance/mydata/page.html",
        fragment="governance/mydata/_copies.html",
        copies=queries.copies_of(session, person.id),
        written=queries.written_by(session, person.id),
        wish=queries.wish_of(session, person.id),
        groups=queries.groups_in_the_way(session, person.id),
        is_last_admin=queries.is_last_admin(session, person),
        has_password=password_hash_of(session, person.id) is not None,
        takes_words=request.form.get("takes_words") == "1",
        errors=errors or {},
    )


@feature.post("/settings/data/copies", allow=MEMBER, prepare=_copy_limit, before_agreeing=True)
def ask_copy(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Have a copy made."""
    actions.ask_copy(session, viewer)
    return redirect("/settings/data", 303)


@feature.post("/settings/data/copies/<id:copy_id>", allow=MEMBER, before_agreeing=True)
def fetch_copy(session: Session, viewer: Viewer, copy_id: int) -> Response:
    """Take it away; nobody else can."""
    found = actions.fetch_copy(session, viewer, copy_id)
    path = copy_path(runtime().settings.data, found.key)
    if not path.is_file():
        raise NotFound
    name = f"couth-{found.asked_at:%Y-%m-%d}.zip"
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=name)


def _check_erasure(viewer: Viewer) -> dict[str, str] | None:
    try:
        check_own_password(viewer, EraseForm.parse(request.form).current, field="current")
    except Invalid as invalid:
        return invalid.fields
    except TooFast as fast:
        return {"current": _("Too many tries. Wait %(n)s min, then try again.", n=max(1, fast.retry_after // 60))}
    return None


@feature.post("/settings/data/erase", allow=MEMBER, prepare=_check_erasure, before_agreeing=True)
def ask_erasure(session: Session, viewer: Viewer, *, prepared: dict[str, str] | None) -> ResponseReturnValue:
    """Be deleted after the days of grace."""
    if prepared:
        return _page(session, viewer, prepared), 422
    try:
        actions.ask_erasure(session, viewer, takes_words=EraseForm.parse(request.form).takes_words)
    except Invalid as invalid:
        return _page(session, viewer, invalid.fields), 422
    return redirect("/settings/data", 303)


@feature.post("/settings/data/stay", allow=MEMBER, before_agreeing=True)
def withdraw_erasure(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Think better of it."""
    actions.withdraw_erasure(session, viewer)
    flash(_("Nothing is deleted. Good that you stay."))
    return redirect("/settings/data", 303)


def settings_entry(**_context: object) -> str:
    """The way here, in everybody's settings."""
    return render_template("governance/mydata/_setting.html")
