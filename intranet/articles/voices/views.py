"""What readers say of an article: plain forms on its page, and all of it on a page of its own."""

from datetime import timedelta

from flask import redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.articles import queries
from intranet.articles.finding import find_article
from intranet.articles.views import feature, page
from intranet.articles.voices import actions
from intranet.articles.voices.forms import VoiceForm
from intranet.articles.voices.queries import all_voices
from intranet.kernel.errors import Invalid
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.routes import at_most

say_limit = at_most(120, timedelta(hours=1), "article-voice")


@feature.post("/articles/<id:article_id>/voice", allow=MEMBER, prepare=say_limit)
def say(session: Session, viewer: Viewer, article_id: int, **_prepared: object) -> ResponseReturnValue:
    """It is still right, or this is different; with ``says=nothing`` what one said is taken back."""
    try:
        if request.form.get("says") == "nothing":
            actions.unsay(session, viewer, article_id)
        else:
            form = VoiceForm.parse(request.form)
            actions.say(session, viewer, article_id, form.says, note=form.note)
    except Invalid as invalid:
        if wants_fragment():
            raise
        return page(session, viewer, article_id, typed=request.form, errors=invalid.fields), 422
    return _back(session, viewer, article_id)


def _back(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    if wants_fragment():
        session.flush()
        return page(session, viewer, article_id)
    return redirect(f"/articles/{article_id}#voices", 303)


@feature.post("/articles/voices/<id:voice_id>/settle", allow=MEMBER)
def settle(session: Session, viewer: Viewer, voice_id: int) -> ResponseReturnValue:
    """It is dealt with; with ``on=0`` it is not after all."""
    article = actions.settle(session, viewer, voice_id, is_on=request.form.get("on") != "0")
    return _back(session, viewer, article.id)


@feature.get("/articles/<id:article_id>/voices", allow=MEMBER)
def said(session: Session, viewer: Viewer, article_id: int) -> ResponseReturnValue:
    """Everything that was said of it, also what was dealt with."""
    find_article(session, article_id)
    return render(
        "articles/voices.html",
        fragment="articles/_voice_rows_more.html",
        article=queries.article_card(session, viewer, article_id),
        voices=all_voices(session, viewer, article_id, before=request.args.get("before")),
    )
