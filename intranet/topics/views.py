"""Pages of topics and skills."""

from datetime import timedelta

from flask import g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.accounts.models import Person
from intranet.kernel.api import Api, Beginning, Id, Listed
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.page import Page, render, section
from intranet.kernel.parts import part
from intranet.kernel.policy import MEMBER, allows
from intranet.kernel.text import clean_line, slugify
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.people.following import followable
from intranet.people.models import FollowKind
from intranet.people.profiles import ProfileView, person_or_404, profile_view
from intranet.people.queries import followed_among, follows
from intranet.people.routes import at_most
from intranet.topics import actions
from intranet.topics.directory import (
    TopicOrder,
    followed_topics,
    related_topics,
    synonyms_of,
    topic_by_slug,
    topic_count,
    topic_followers_page,
    topics_page,
)
from intranet.topics.models import Endorsement, Topic
from intranet.topics.policy import TopicPermission
from intranet.topics.pulse import Pulses, pulses_now
from intranet.topics.queries import topics_starting
from intranet.topics.skills import EndorsementView, endorsements_page, knowers_count, knowers_page, skill_lines
from intranet.topics.vocabulary import ensure_topics, topic_ids

feature = Feature("topics")

_claim_limit = at_most(60, timedelta(hours=1), "claim")
_endorse_limit = at_most(30, timedelta(hours=1), "endorse")
_follow_limit = at_most(120, timedelta(minutes=10), "follow-topic")


def _pulses(_viewer: Viewer) -> Pulses:
    return pulses_now()


@feature.get("/topics", allow=MEMBER, prepare=_pulses)
def directory(session: Session, viewer: Viewer, prepared: Pulses) -> ResponseReturnValue:
    """All topics."""
    words = clean_line(request.args.get("q", "")[:80])
    wished = request.args.get("order", "")
    order = TopicOrder(wished) if wished in set(TopicOrder) else TopicOrder.FOLLOWED
    page = topics_page(session, prepared, words=words, order=order, cursor=request.args.get("before"))
    mine = followed_among(session, viewer.member_id, FollowKind.TOPIC, [line.id for line in page.items])
    shown = {"page": page, "words": words, "order": order, "followed": mine}
    return render("topics/directory.html", fragment="topics/_rows_more.html", count=topic_count(session), **shown)


@feature.get("/topics/<slug>", allow=MEMBER, prepare=_pulses)
def show(session: Session, viewer: Viewer, slug: str, prepared: Pulses) -> ResponseReturnValue:
    """One topic: who knows it, who follows it, and what other features show of it."""
    topic = topic_by_slug(session, slug)
    if topic.slug != slug:
        return redirect(f"/topics/{topic.slug}", 301)
    knower_count = knowers_count(session, topic.id)
    return render(
        "topics/show.html",
        fragment="topics/_knowers_more.html",
        topic=topic,
        synonyms=synonyms_of(session, topic.id),
        pulse=prepared.of(topic.id),
        knowers=knowers_page(session, topic.id, cursor=request.args.get("before"), limit=12),
        knower_count=knower_count,
        related=[(other, prepared.of(other.id)) for other in related_topics(session, topic.id)],
        is_followed=follows(session, viewer.member_id, FollowKind.TOPIC, topic.id),
        may_describe=allows(TopicPermission.DESCRIBE, viewer),
    )


@feature.get("/topics/<slug>/followers", allow=MEMBER)
def followers(session: Session, _viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Who follows a topic."""
    topic = topic_by_slug(session, slug)
    if topic.slug != slug:
        return redirect(f"/topics/{topic.slug}/followers", 301)
    page = topic_followers_page(session, topic.id, cursor=request.args.get("before"))
    return render("topics/followers.html", fragment="topics/_followers_more.html", topic=topic, page=page)


def _follow(session: Session, viewer: Viewer, slug: str, *, is_on: bool) -> str:
    topic = topic_by_slug(session, slug)
    act = actions.follow_topic if is_on else actions.unfollow_topic
    act(session, viewer, topic.id)
    session.expire_all()  # the database counts
    return str(ngettext("%(num)s follower", "%(num)s followers", topic_by_slug(session, slug).follower_count))


followable(feature, "/topics/<key>", _follow, prepare=_follow_limit)


class TopicJson(TypedDict):
    """A topic; ``found_as`` is the other name by which it was found."""

    id: Id
    slug: str
    name: str
    found_as: str
    followers: int
    url: str


@feature.get("/api/v1/suggestions/topics", allow=MEMBER, api=Api(Listed[TopicJson], asks=Beginning))
def suggestions(session: Session, _viewer: Viewer, asked: Beginning) -> ResponseReturnValue:
    """The shared vocabulary while a word is being typed."""
    found = topics_starting(session, clean_line(asked.q[:60]))
    items = [
        {"id": str(card.id), "slug": card.slug, "name": card.name, "found_as": card.found_as,
         "followers": card.follower_count, "url": card.url}
        for card in found
    ]  # fmt: skip
    return jsonify({"items": items, "next": None})


@feature.post("/skills", allow=MEMBER, prepare=_claim_limit)
def claim(session: Session, viewer: Viewer, **_prepared: object) -> ResponseReturnValue:
    """Say that one knows a topic."""
    typed = request.form.get("topic", "")
    try:
        actions.claim_skill(session, viewer, typed)
    except Invalid as invalid:
        profile = _own_profile(session, viewer)
        shown = render("people/show.html", profile=profile, current="knows", typed=typed[:200], errors=invalid.fields)
        return shown, 422
    return redirect(f"/people/{_own_profile(session, viewer).card.username}", 303)


@feature.post("/skills/<slug>/drop", allow=MEMBER)
def drop(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """No longer say so."""
    actions.drop_skill(session, viewer, topic_by_slug(session, slug).id)
    return redirect(f"/people/{_own_profile(session, viewer).card.username}", 303)


def _own_profile(session: Session, viewer: Viewer) -> ProfileView:
    person = session.get(Person, viewer.member_id)
    if person is None:
        raise NotFound
    return profile_view(session, viewer, person.username)


@feature.get("/people/<username>/skills", allow=MEMBER)
def skills(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """The list of what somebody knows, alone: open profiles fetch it again when it changed."""
    return profile_body(profile=profile_view(session, viewer, username))


@feature.get("/people/<username>/skills/<slug>", allow=MEMBER)
def skill(session: Session, viewer: Viewer, username: str, slug: str) -> ResponseReturnValue:
    """Who vouches for somebody on a topic and why, with the form to do so."""
    return _skill_page(session, viewer, username, slug)


def _skill_page(
    session: Session,
    viewer: Viewer,
    username: str,
    slug: str,
    *,
    typed: str | None = None,
    invalid: Invalid | None = None,
) -> str:
    topic = topic_by_slug(session, slug)
    profile = profile_view(session, viewer, username)
    mine = actions.endorsement_by(session, viewer.member_id, profile.card.id, topic.id)
    page = endorsements_page(session, profile.card.id, topic.id, viewer_id=viewer.id, cursor=request.args.get("before"))
    reason = typed if typed is not None else (mine.reason if mine else "")
    return _rendered_skill(profile, topic, page, mine=mine, typed=reason, invalid=invalid)


def _rendered_skill(
    profile: ProfileView,
    topic: Topic,
    page: Page[EndorsementView],
    *,
    mine: Endorsement | None = None,
    typed: str = "",
    invalid: Invalid | None = None,
) -> str:
    return render(
        "topics/skill.html",
        fragment="topics/_endorsements_more.html",
        profile=profile,
        topic=topic,
        page=page,
        mine=mine,
        typed=typed,
        errors=invalid.fields if invalid else {},
    )


@feature.get("/people/<username>/vouch", allow=MEMBER)
def vouch(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """The form to vouch for somebody on the topic in ``topic``, which need not exist yet."""
    name = clean_line(request.args.get("topic", ""))[:80]
    slug = slugify(name)
    if not slug:
        return redirect(f"/people/{username}", 303)
    known = topic_ids(session, [slug])
    if known:
        return redirect(f"/people/{username}/skills/{slug}", 303)
    return _rendered_skill(profile_view(session, viewer, username), Topic(slug=slug, name=name), Page([]))


@feature.post("/people/<username>/vouch", allow=MEMBER, prepare=_endorse_limit)
def endorse(session: Session, viewer: Viewer, username: str, **_prepared: object) -> ResponseReturnValue:
    """Vouch for somebody, or change the reason."""
    person, reason = person_or_404(session, username), request.form.get("reason", "")
    found = ensure_topics(session, [request.form.get("topic", "")[:80]])
    if not found:
        raise Invalid({"topic": _("Name a topic, such as “kafka”.")})
    slug, topic_id = next(iter(found.items()))
    try:
        actions.endorse(session, viewer, person.id, topic_id, reason=reason)
    except Invalid as invalid:
        return _skill_page(session, viewer, username, slug, typed=reason, invalid=invalid), 422
    return redirect(f"/people/{username}/skills/{slug}", 303)


@feature.post("/endorsements/<id:endorsement_id>/withdraw", allow=MEMBER)
def withdraw(session: Session, viewer: Viewer, endorsement_id: int) -> ResponseReturnValue:
    """Take it away, as its author or as the person it is about."""
    row = actions.withdraw_endorsement(session, viewer, endorsement_id)
    person = session.get(Person, row.person_id)
    return redirect(f"/people/{person.username}" if person else "/people", 303)


def profile_body(*, profile: ProfileView, typed: str = "", errors: dict[str, str] | None = None, **_: object) -> str:
    """What somebody knows, on their profile page."""
    viewer: Viewer = g.viewer
    lines = skill_lines(g.session, profile.card.id, viewer.id)
    return render_template("topics/_profile.html", profile=profile, lines=lines, typed=typed, errors=errors or {})


def nav_topics(**_context: object) -> str:
    """Topics that the viewer follows, for the navigation."""
    viewer: Viewer = g.viewer
    if viewer.id is None or "session" not in g:
        return ""
    mine = followed_topics(g.session, viewer.id, most=8)
    return part("topics/_nav.html", topics=tuple(mine), here=section(2))
