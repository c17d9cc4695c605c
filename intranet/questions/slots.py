"""What this feature shows on other features' pages."""

from datetime import timedelta

from flask import g, render_template, request
from flask_babel import format_timedelta

from intranet.kernel.page import Slot, current_viewer, fill
from intranet.kernel.parts import part
from intranet.kernel.policy import allows
from intranet.people.naming import split_names
from intranet.posts.anonymous.queries import asker_of
from intranet.posts.asking.models import MOST_NAMED
from intranet.posts.cards import CommentCard, PostCard
from intranet.posts.finding import find_post
from intranet.questions.policy import QuestionPermission


def _answer_actions(*, comment: CommentCard, **_context: object) -> str:
    post = find_post(g.session, comment.post_id)
    may = post.frozen_at is None and allows(QuestionPermission.ACCEPT, current_viewer(), asker_of(g.session, post))
    return render_template("questions/_accept.html", comment=comment) if may else ""


def _post_action(*, post: PostCard, **_context: object) -> str:
    may = post.is_question and allows(QuestionPermission.LINK, current_viewer(), post.author.id)
    return part("questions/_same_action.html", address=post.url) if may else ""


def took(time: timedelta) -> str:
    """A stretch of time in words: ``21 minutes``, ``3 hours``."""
    return str(format_timedelta(max(time, timedelta(minutes=1)), granularity="minute"))


def _composer_part(**_context: object) -> str:
    """What was typed before, or whom an address names with ``ask``."""
    typed = request.form or request.args
    named = ", ".join([*typed.getlist("ask"), *split_names(typed.get("also_ask", ""))][: MOST_NAMED + 1])
    return part(
        "questions/_asking.html",
        urgency=typed.get("urgency", "soon"),
        is_unnamed=typed.get("anonymous") == "1",
        named=named,
    )


def fill_slots() -> None:
    """Take the places."""
    fill(Slot.COMPOSER_PARTS, _composer_part)
    fill(Slot.ANSWER_ACTIONS, _answer_actions)
    fill(Slot.POST_ACTIONS, _post_action)
