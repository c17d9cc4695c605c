"""The tab "shown by work" on a profile, and everybody's own page about what they are found for."""

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.expertise import actions
from intranet.expertise.knowing.looking import PAGE, Looked, describe_known, look_at, said_foreign
from intranet.expertise.views import feature, number
from intranet.kernel.errors import Invalid
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.profiles import person_or_404, profile_view

_LAST_PAGE = 50


def _asked_page() -> int:
    return number("page", most=_LAST_PAGE, otherwise=1)


def _look_at_named(viewer: Viewer) -> Looked:
    username = str((request.view_args or {}).get("username", ""))
    with runtime().database.reading(viewer) as session:
        person_id = person_or_404(session, username).id
    return look_at(viewer, person_id, page=_asked_page())


@feature.get("/people/<username>/knows", allow=MEMBER, prepare=_look_at_named)
def profile_tab(session: Session, viewer: Viewer, username: str, prepared: Looked) -> ResponseReturnValue:
    """What somebody's posts and colleagues show that they know."""
    return render(
        "expertise/profile.html",
        profile=profile_view(session, viewer, username),
        current="shown",
        looked=prepared,
        known=describe_known(session, viewer, prepared),
    )


def _look_at_me(viewer: Viewer) -> Looked:
    return look_at(viewer, viewer.member_id, page=_asked_page())


@feature.get("/settings/known", allow=MEMBER, prepare=_look_at_me)
def settings(session: Session, viewer: Viewer, prepared: Looked) -> ResponseReturnValue:
    """What the finder would say about the viewer, and what they do not want said."""
    return render(
        "expertise/known.html",
        looked=prepared,
        first=(prepared.page - 1) * PAGE + 1,
        known=describe_known(session, viewer, prepared),
        foreign=said_foreign(session, viewer.member_id),
    )


@feature.post("/settings/known/topics/<id:topic_id>/field", allow=MEMBER)
def wish_about_field(session: Session, viewer: Viewer, topic_id: int) -> ResponseReturnValue:
    """It is not the viewer's field (``mine=0``), or is after all (``mine=1``)."""
    if _switch("mine"):
        actions.my_field_after_all(session, viewer, topic_id)
    else:
        actions.not_my_field(session, viewer, topic_id)
    return _back(topic_id)


@feature.post("/settings/known/topics/<id:topic_id>", allow=MEMBER)
def wish(session: Session, viewer: Viewer, topic_id: int) -> ResponseReturnValue:
    """Hide a topic (``shown=0``) or show it again (``shown=1``)."""
    if _switch("shown"):
        actions.show_topic(session, viewer, topic_id)
    else:
        actions.hide_topic(session, viewer, topic_id)
    return _back(topic_id)


@feature.post("/settings/known/topics/<id:topic_id>/questions", allow=MEMBER)
def wish_about_questions(session: Session, viewer: Viewer, topic_id: int) -> ResponseReturnValue:
    """Not be asked about a topic (``welcome=0``) or be asked again (``welcome=1``)."""
    if _switch("welcome"):
        actions.welcome_questions(session, viewer, topic_id)
    else:
        actions.stop_questions(session, viewer, topic_id)
    return _back(topic_id)


@feature.post("/settings/known/all", allow=MEMBER)
def wish_all(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Be found (``found=1``) or not at all (``found=0``)."""
    if _switch("found"):
        actions.opt_in(session, viewer)
    else:
        actions.opt_out(session, viewer)
    return redirect("/settings/known")


def _switch(name: str) -> bool:
    value = request.form.get(name, "")
    if value not in {"0", "1"}:
        raise Invalid({name: _("Choose one of the listed values.")})
    return value == "1"


def _back(topic_id: int) -> ResponseReturnValue:
    """To the line that was changed, wherever in the list it was."""
    page = request.form.get("page", "")
    query = f"?page={int(page)}" if page.isascii() and page.isdigit() and len(page) < 4 and page != "1" else ""
    return redirect(f"/settings/known{query}#topic-{topic_id}")
