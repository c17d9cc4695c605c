"""Voting."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.errors import NotFound
from intranet.kernel.ids import parse_id
from intranet.kernel.page import render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts import queries
from intranet.posts.polls import actions
from intranet.posts.polls.queries import open_votes
from intranet.posts.views import back_to, feature, post_fragment


@feature.post("/posts/<id:post_id>/vote", allow=MEMBER)
def vote(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Choose among the answers of a poll."""
    actions.vote(session, viewer, post_id, [parse_id(option) for option in request.form.getlist("option")])
    session.flush()
    card = queries.post_card(session, viewer, post_id)
    return post_fragment(card) if wants_fragment() else back_to(card.url)


@feature.get("/posts/<id:post_id>/votes", allow=MEMBER)
def votes(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Who chose what, in a poll that is not secret."""
    card = queries.post_card(session, viewer, post_id)
    if card.poll is None or card.poll.is_secret:
        raise NotFound
    return render("posts/votes.html", post=card, votes=open_votes(session, card.poll))
