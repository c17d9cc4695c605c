"""Everything that one follows, on one page: people, topics, groups, questions, articles, and one's lists."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.articles.queries import Filter, Show, articles
from intranet.groups.queries import groups_of
from intranet.home.views import feature
from intranet.kernel.page import render, section
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.lists.queries import lists_of
from intranet.people.models import Follow, FollowKind
from intranet.people.profiles import following_page
from intranet.posts.queries import post_cards
from intranet.topics.directory import followed_topics

_MOST_TOPICS, _MOST_QUESTIONS = 200, 30


@feature.get("/following", allow=MEMBER)
def following(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """With a button for each that ends it."""
    questions = select(Follow.target_id).where(Follow.follower_id == viewer.id, Follow.kind == FollowKind.QUESTION)
    asked = session.scalars(questions.order_by(Follow.created_at.desc()).limit(_MOST_QUESTIONS)).all()
    return render(
        "home/following.html",
        people=following_page(session, viewer.member_id, cursor=request.args.get("before")),
        topics=followed_topics(session, viewer.member_id, most=_MOST_TOPICS),
        groups=groups_of(session, viewer.member_id),
        questions=post_cards(session, viewer, asked),
        articles=articles(session, viewer, Filter(Show.FOLLOWED)),
        lists=lists_of(session, viewer),
    )


def nav_entry(**_context: object) -> str:
    """The way there, in the navigation."""
    return part("home/_following_link.html", is_here=section() in {"/following", "/lists"})
