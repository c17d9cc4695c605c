"""Reporting, and the moderators' review queue."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.governance.reports import actions, queries
from intranet.governance.reports.models import Decision, ReportReason
from intranet.governance.views import feature
from intranet.kernel.errors import Invalid
from intranet.kernel.forms import Form
from intranet.kernel.page import current_viewer, render
from intranet.kernel.policy import MEMBER, MODERATOR, allows
from intranet.kernel.viewer import Viewer
from intranet.people.routes import at_most
from intranet.posts.cards import PostCard
from intranet.posts.finding import find_item, post_id_of
from intranet.posts.queries import item_card

REASONS = {
    ReportReason.PERSONAL: lazy_gettext("It tells something personal about somebody"),
    ReportReason.UNKIND: lazy_gettext("It is unkind"),
    ReportReason.WRONG_AUDIENCE: lazy_gettext("It is for other readers"),
    ReportReason.UNTRUE: lazy_gettext("It is not true, and does harm"),
    ReportReason.OTHER: lazy_gettext("Something else"),
}
DECISIONS = {
    Decision.NOTHING: lazy_gettext("Nothing wrong here"),
    Decision.HIDE: lazy_gettext("Hidden"),
    Decision.FREEZE: lazy_gettext("Closed to replies"),
}
_report_limit = at_most(30, timedelta(hours=1), "report")


class ReportForm(Form):
    """Why something is out of place."""

    reason: ReportReason
    words: str = ""


class DecisionForm(Form):
    """What a moderator decides, and why."""

    decision: Decision
    note: str = ""


@feature.get("/posts/<id:item_id>/report", allow=MEMBER)
def ask_report(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """The form for reporting a post or comment."""
    return _form(session, viewer, item_id)


def _form(session: Session, viewer: Viewer, item_id: int, errors: dict[str, str] | None = None) -> str:
    typed = {"reason": request.form.get("reason", ""), "words": request.form.get("words", "")}
    card = item_card(session, viewer, item_id)
    return render("governance/report.html", item=card, reasons=REASONS, typed=typed, errors=errors or {})


@feature.post("/posts/<id:item_id>/report", allow=MEMBER, prepare=_report_limit)
def report(session: Session, viewer: Viewer, item_id: int, **_prepared: object) -> ResponseReturnValue:
    """Show it to the moderators."""
    try:
        form = ReportForm.parse(request.form)
        actions.file_report(session, viewer, item_id, form.reason, words=form.words)
    except Invalid as invalid:
        return _form(session, viewer, item_id, invalid.fields), 422
    flash(_("Reported. Moderators look at it; its author does not learn who you are."))
    return redirect(f"/posts/{post_id_of(find_item(session, item_id))}", 303)


@feature.get("/moderation", allow=MODERATOR)
def queue(session: Session, _viewer: Viewer) -> ResponseReturnValue:
    """What was reported: what waits, or with ``show=decided`` what was decided."""
    is_open = request.args.get("show") != "decided"
    found = queries.cases(session, is_open=is_open)
    return render("governance/queue.html", cases=found, is_open=is_open, reasons=REASONS, decisions=DECISIONS)


@feature.post("/moderation/<id:item_id>/decide", allow=MODERATOR)
def decide(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """Nothing wrong, hide it, or close it to replies."""
    form = DecisionForm.parse(request.form)
    actions.decide(session, viewer, item_id, form.decision, note=form.note)
    return redirect("/moderation", 303)


@feature.post("/moderation/<id:item_id>/reopen", allow=MODERATOR)
def reopen(session: Session, viewer: Viewer, item_id: int) -> ResponseReturnValue:
    """Take a decision back."""
    actions.reopen(session, viewer, item_id)
    return redirect("/moderation", 303)


def post_action(*, post: PostCard, **_context: Any) -> str:
    """The entry in a post's menu."""
    return render_template("governance/_report_action.html", post=post)


def nav_entry(**_context: object) -> str:
    """The way to the queue, for moderators."""
    return render_template("governance/_moderation_link.html") if allows(MODERATOR, current_viewer()) else ""
