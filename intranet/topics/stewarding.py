"""What topic stewards do: names, the sentence, other names, and two words for one thing made one topic."""

from dataclasses import dataclass

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.kernel.errors import Invalid
from intranet.kernel.page import render
from intranet.kernel.policy import STEWARD
from intranet.kernel.viewer import Viewer
from intranet.people.models import Follow, FollowKind
from intranet.topics import actions
from intranet.topics.directory import synonyms_of, topic_by_slug
from intranet.topics.merging import merge_target, merge_topic
from intranet.topics.models import Endorsement, Skill, Topic
from intranet.topics.pulse import mention_counts
from intranet.topics.views import feature


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on a topic, in numbers, as far as the steward may see it."""

    topic: Topic
    mentions: int
    followers: int
    claims: int
    endorsements: int


def _hanging(session: Session, topic: Topic) -> Hanging:
    def count(table: type[Skill] | type[Endorsement]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(table.topic_id == topic.id)) or 0

    mentions = mention_counts(session, [topic.id]).get(topic.id, 0)
    return Hanging(topic, mentions, topic.follower_count, count(Skill), count(Endorsement))


def _both_follow(session: Session, one: int, other: int) -> int:
    """How many follow both topics."""
    followers = select(Follow.follower_id).where(Follow.kind == FollowKind.TOPIC)
    counted = select(func.count()).select_from(Follow).where(Follow.kind == FollowKind.TOPIC, Follow.target_id == one)
    return session.scalar(counted.where(Follow.follower_id.in_(followers.where(Follow.target_id == other)))) or 0


@feature.route("/topics/<slug>/edit", methods=("GET", "POST"), allow=STEWARD)
def edit(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Stewards keep the name, the sentence and the other names."""
    topic = topic_by_slug(session, slug)
    if request.method == "GET":
        return _edit_page(session, topic, {})
    typed = {name: request.form.get(name, "") for name in ("name", "description", "synonyms")}
    names = typed["synonyms"].splitlines()
    try:
        actions.describe_topic(
            session, viewer, topic.id, name=typed["name"], description=typed["description"], synonyms=names
        )
    except Invalid as invalid:
        return _edit_page(session, topic, typed, invalid.fields), 422
    return redirect(f"/topics/{topic.slug}", 303)


def _edit_page(session: Session, topic: Topic, typed: dict[str, str], errors: dict[str, str] | None = None) -> str:
    stored = {
        "name": topic.name,
        "description": topic.description,
        "synonyms": "\n".join(synonyms_of(session, topic.id)),
    }
    return render("topics/edit.html", topic=topic, typed={**stored, **typed}, errors=errors or {})


@feature.get("/topics/<slug>/merge", allow=STEWARD)
def before_merging(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """What merging into the topic named in ``into`` would move, in numbers, before anything happens."""
    topic, into = topic_by_slug(session, slug), request.args.get("into", "")
    try:
        target = merge_target(session, viewer, topic.id, into)
    except Invalid as invalid:
        return _edit_page(session, topic, {"into": into[:80]}, invalid.fields), 422
    return render(
        "topics/merge.html",
        source=_hanging(session, topic),
        target=_hanging(session, target),
        both=_both_follow(session, topic.id, target.id),
    )


@feature.post("/topics/<slug>/merge", allow=STEWARD)
def merge(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Have a topic give way to the one named in ``into``."""
    topic, into = topic_by_slug(session, slug), request.form.get("into", "")
    try:
        target = merge_topic(session, viewer, topic.id, into)
    except Invalid as invalid:
        return _edit_page(session, topic, {"into": into[:80]}, invalid.fields), 422
    flash(_("%(source)s gives way to %(target)s: its posts follow in a moment.", source=topic.name, target=target.name))
    return redirect(f"/topics/{target.slug}", 303)
