"""Saved searches in the browser: keeping one, the list of them, and what is new, for pages that stay open."""

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.kernel.errors import Invalid
from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.search.narrowing import line_of, query_string, read_narrowing
from intranet.search.question import read_question
from intranet.search.routes import feature
from intranet.search.saved import actions
from intranet.search.saved.counting import Looking, News, news_of
from intranet.search.saved.forms import moment_of, read_draft


@feature.get("/search/saved", allow=MEMBER, prepare=news_of)
def saved(_session: Session, _viewer: Viewer, prepared: News) -> ResponseReturnValue:
    """All that the viewer keeps, with what is new in each."""
    return render("search/saved.html", fragment="search/_saved_rows.html", news=prepared)


@feature.post("/search/saved", allow=MEMBER)
def save(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """Keep a search, and go back to it."""
    draft, _odd = read_draft(request.form)
    address = f"/search?{query_string(draft.question.text, draft.narrowing)}"
    try:
        actions.save_search(session, viewer, draft)
    except Invalid as problem:
        flash(" ".join(problem.fields.values()), "error")
    else:
        flash(_("Saved. What is new in it is counted beside its name."))
    return redirect(address, 303)


@feature.post("/search/saved/<id:saved_id>/rename", allow=MEMBER)
def rename(session: Session, viewer: Viewer, saved_id: int) -> ResponseReturnValue:
    """Call it something else."""
    try:
        actions.rename_search(session, viewer, saved_id, request.form.get("name", ""))
    except Invalid as problem:
        flash(" ".join(problem.fields.values()), "error")
    return redirect("/search/saved", 303)


@feature.post("/search/saved/<id:saved_id>/delete", allow=MEMBER)
def delete(session: Session, viewer: Viewer, saved_id: int) -> ResponseReturnValue:
    """Keep it no longer."""
    actions.drop_search(session, viewer, saved_id)
    flash(_("Deleted."))
    return redirect("/search/saved", 303)


@feature.post("/search/saved/<id:saved_id>/seen", allow=MEMBER)
def seen(session: Session, viewer: Viewer, saved_id: int) -> ResponseReturnValue:
    """Its new hits were looked at."""
    actions.look_at(session, viewer, saved_id, moment_of(request.form.get("until", "")))
    return redirect("/search/saved", 303)


def _for_news(viewer: Viewer) -> News:
    narrowing, _odd = read_narrowing(request.args)
    question = read_question(line_of(request.args))
    since = moment_of(request.args.get("since", ""))
    return news_of(viewer, Looking(question, narrowing, since) if since else None)


@feature.get("/search/news", allow=MEMBER, prepare=_for_news)
def news(_session: Session, _viewer: Viewer, prepared: News) -> ResponseReturnValue:
    """Counts alone: for the search in the address after ``since`` (milliseconds), and for those that are kept."""
    return jsonify({"new": prepared.page, "saved": {str(key): count for key, count in prepared.saved.items()}})
