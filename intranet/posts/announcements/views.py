"""Acknowledging, the banner at home, and the page of whoever answers for an announcement."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.errors import NotFound
from intranet.kernel.page import current_viewer, render, wants_fragment
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.text import safe_cell
from intranet.kernel.threads import run_blocking
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


def urgent_banner(**_context: Any) -> str:
    """What is urgent and waits to be acknowledged, above every page; and the place where it comes in live."""
    viewer = current_viewer()
    if not viewer.is_member:
        return ""
    waiting = waiting_for(g.session, viewer, is_urgent=True)
    return part("posts/_urgent.html", waiting=tuple(waiting), here=request.path)


@feature.get("/posts/<id:post_id>/acknowledgements.csv", allow=MEMBER)
def missing_file(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Who has not acknowledged yet, as a table for other programs."""
    announcement = queries.post_card(session, viewer, post_id).announcement
    if announcement is None or not announcement.asks or not announcement.may_oversee:
        raise NotFound
    response = Response(_lines(viewer, post_id), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="not-acknowledged-{post_id}.csv"'
    return response


def _lines(viewer: Viewer, post_id: int) -> Iterator[str]:
    """In stretches, each read in a session of its own."""
    database = runtime().database

    def stretch(cursor: str | None) -> tuple[str, str | None]:
        written = StringIO()
        table = csv.writer(written)
        with database.reading(viewer) as session:
            page = missing_page(session, post_id, cursor=cursor)
        for person in page.items:
            table.writerow((person.username, *map(safe_cell, (person.name, person.title, person.department))))
        return written.getvalue(), page.older

    def lines() -> Iterator[str]:
        yield "username,name,title,department\r\n"
        text, cursor = run_blocking(stretch, None)
        yield text
        while cursor:
            text, cursor = run_blocking(stretch, cursor)
            yield text

    return lines()
