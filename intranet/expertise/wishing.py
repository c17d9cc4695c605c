"""The tab "shown by work" on a profile, and everybody's own page about what they are found for."""

from dataclasses import dataclass

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.expertise import actions, wishes
from intranet.expertise.known import Found, describe_known, look_at
from intranet.expertise.views import feature
from intranet.kernel.errors import Invalid
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.profiles import person_or_404, profile_view


@dataclass(frozen=True, slots=True)
class _Looked:
    """One person and what the finder says of them."""

    person_id: int
    found: list[Found]


def _look_at_named(viewer: Viewer) -> _Looked:
    username = str((request.view_args or {}).get("username", ""))
    with runtime().database.reading(viewer) as session:
        person_id = person_or_404(session, username).id
    return _Looked(person_id, look_at(viewer, person_id))


@feature.get("/people/<username>/knows", allow=MEMBER, prepare=_look_at_named)
def profile_tab(session: Session, viewer: Viewer, username: str, prepared: _Looked) -> ResponseReturnValue:
    """What somebody's posts and colleagues show that they know."""
    return render(
        "expertise/profile.html",
        profile=profile_view(session, viewer, username),
        current="shown",
        known=describe_known(session, viewer, prepared.person_id, prepared.found),
        is_out=wishes.has_opted_out(session, prepared.person_id),
    )


def _look_at_me(viewer: Viewer) -> _Looked:
    return _Looked(viewer.member_id, look_at(viewer, viewer.member_id))


@feature.get("/settings/known", allow=MEMBER, prepare=_look_at_me)
def settings(session: Session, viewer: Viewer, prepared: _Looked) -> ResponseReturnValue:
    """What the finder would say about the viewer, and what they do not want said."""
    return render(
        "expertise/known.html",
        known=describe_known(session, viewer, prepared.person_id, prepared.found),
        is_out=wishes.has_opted_out(session, prepared.person_id),
    )


@feature.post("/settings/known/topics/<id:topic_id>", allow=MEMBER)
def wish(session: Session, viewer: Viewer, topic_id: int) -> ResponseReturnValue:
    """Hide a topic (``shown=0``) or show it again (``shown=1``)."""
    if _switch("shown"):
        actions.show_topic(session, viewer, topic_id)
    else:
        actions.hide_topic(session, viewer, topic_id)
    return redirect("/settings/known")


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
