"""Acknowledging, the banner at home, and the page of whoever answers for an announcement."""

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.errors import NotFound
from intranet.kernel.page import current_viewer, render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts import queries
from intranet.posts.announcements.actions import acknowledge as take_note
from intranet.posts.announcements.actions import remind as remind_of
from intranet.posts.announcements.queries import missing_page, waiting_for
from intranet.posts.views import back_to, feature, post_fragment


@feature.post("/posts/<id:post_id>/acknowledge", allow=MEMBER)
def acknowledge(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Say that one has taken note of an announcement."""
    take_note(session, viewer, post_id)
    session.flush()
    card = queries.post_card(session, viewer, post_id)
    return post_fragment(card) if wants_fragment() else back_to(card.url)


@feature.get("/posts/<id:post_id>/acknowledgements", allow=MEMBER)
def acknowledgements(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Who has not acknowledged yet, for whoever answers for it."""
    post = queries.post_card(session, viewer, post_id)
    announcement = post.announcement
    if announcement is None or not announcement.asks or not announcement.may_oversee:
        raise NotFound
    page = missing_page(session, post_id, cursor=request.args.get("before"))
    return render("posts/acknowledgements.html", post=post, announcement=announcement, page=page)


@feature.post("/posts/<id:post_id>/remind", allow=MEMBER)
def remind(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Send the one reminder."""
    remind_of(session, viewer, post_id)
    return back_to(f"/posts/{post_id}/acknowledgements")


def banner(**_context: Any) -> str:
    """What waits to be acknowledged, above the feed."""
    waiting = waiting_for(g.session, current_viewer())
    return render_template("posts/_waiting.html", waiting=waiting) if waiting else ""
