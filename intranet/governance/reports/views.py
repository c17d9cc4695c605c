"""The moderators' review queue, and what others see of reports: the way to report, and what was decided."""

from datetime import timedelta
from typing import Any

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from intranet.governance.reports import actions, queries
from intranet.governance.reports.models import Decision
from intranet.governance.reports.reporting import REASONS
from intranet.governance.views import feature
from intranet.groups.finding import owner_ids
from intranet.kernel import clock
from intranet.kernel.forms import Form
from intranet.kernel.page import current_viewer, render, section
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER, MODERATOR, allows
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import freeze_post
from intranet.posts.anonymous.slots import wrote
from intranet.posts.cards import PostCard
from intranet.posts.forms import SwitchForm
from intranet.posts.views import shown

DECISIONS = {
    Decision.NOTHING: lazy_gettext("Nothing wrong here"),
    Decision.HIDE: lazy_gettext("Hidden"),
    Decision.FREEZE: lazy_gettext("Closed to replies"),
}
_TOLD_FOR = timedelta(days=14)


class DecisionForm(Form):
    """What a moderator decides, and why."""

    decision: Decision
    note: str = ""


@feature.get("/settings/decisions", allow=MEMBER, before_agreeing=True)
def decisions(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What moderators took away from the viewer, and why."""
    found = queries.verdicts_on(session, viewer.member_id)
    return render("governance/decisions.html", verdicts=found, reasons=REASONS, decisions=DECISIONS)


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


@feature.post("/moderation/posts/<id:post_id>/freeze", allow=MODERATOR)
def freeze(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Close a post to replies without a report, or open it again."""
    freeze_post(session, viewer, post_id, is_on=SwitchForm.parse(request.form).on == "1")
    return shown(session, viewer, post_id)


def post_action(*, post: PostCard, **_context: Any) -> str:
    """The entries in a post's menu."""
    return part(
        "governance/_report_action.html",
        post_id=post.id,
        is_frozen=post.is_frozen,
        may_report=not wrote(post),
        may_freeze=allows(MODERATOR, current_viewer()),
    )


def nav_entry(**_context: object) -> str:
    """The way to the queue, for moderators."""
    if not allows(MODERATOR, current_viewer()):
        return ""
    return part("governance/_moderation_link.html", is_here=section() == "/moderation")


def told(**_context: object) -> str:
    """On the home page of whoever wrote it: what moderators decided lately, and where the reason stands."""
    found = queries.verdicts_on(g.session, current_viewer().member_id, since=clock.now() - _TOLD_FOR)
    return render_template("governance/_told.html", verdicts=found, decisions=DECISIONS) if found else ""


def profile_action(*, profile: Any, **_context: Any) -> str:
    """The way to report a profile, below it."""
    return (
        render_template("governance/_report_link.html", address=f"/people/{profile.card.username}/report")
        if (not profile.is_me and not profile.card.has_left)
        else ""
    )


def group_action(*, group: Any, **_context: Any) -> str:
    """The way to report a group, beside it, where somebody owns it."""
    if not owner_ids(g.session, group.id):
        return ""
    return render_template("governance/_report_link.html", address=f"{group.url}/report")
