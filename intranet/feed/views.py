"""Timelines as pages and as parts of other features' pages, and the mark of how far somebody has read."""

from typing import Any
from urllib.parse import urlencode

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from intranet.feed import actions, queries
from intranet.feed.queries import Following, View
from intranet.feed.ranked.reading import for_you
from intranet.feed.streams import Stretch
from intranet.groups.finding import group_by_slug
from intranet.groups.queries import GroupCard
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import parse_id
from intranet.kernel.page import Page, current_viewer, render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.people.cards import PersonCard
from intranet.people.profiles import profile_view
from intranet.posts.cards import PostCard
from intranet.posts.composing import composer
from intranet.posts.queries import pinned

feature = Feature("feed")

_ON_A_TOPIC = 8  # what a topic page shows of its posts; the rest is a link away


def asked_stretch() -> Stretch:
    """Which part of a timeline the address asks for."""
    return Stretch.of(request.args.get("before"), request.args.get("after"))


def addresses(path: str, page: Page[PostCard], **arguments: str) -> dict[str, str | None]:
    """Where the stretches before and after this one are found, for the templates of lists."""
    older = f"{path}?{urlencode({**arguments, 'before': page.older})}" if page.older else None
    newer = f"{path}?{urlencode({**arguments, 'after': page.newer})}" if page.newer else None
    return {"older_address": older, "newer_address": newer}


def asked_view(*, otherwise: View = View.FOLLOWING) -> View:
    """The view that the address asks for; ``newest`` is another name for what one follows.

    Raises:
        Invalid: there is no such view.
    """
    asked = request.values.get("view") or otherwise.value
    return view_named(asked)


def view_named(asked: str) -> View:
    """A view by its name.

    Raises:
        Invalid: there is no such view.
    """
    names = {"newest": View.FOLLOWING, **{view.value: view for view in View}}
    if asked not in names:
        raise Invalid({"view": str(_("Choose one of the listed values."))})
    return names[asked]


def home_part(session: Session, viewer: Viewer, view: View, followed: Following) -> dict[str, Any]:
    """The asked stretch of the home feed for the templates of lists."""
    if view is View.FOR_YOU:
        found = for_you(session, viewer, rest=request.args.get("before"))
        g.feed_reasons = found.reasons
        return {"page": found.page, **addresses("/", found.page, view=view.value)}
    if view is View.CATCH_UP:
        after = request.args.get("after")
        mark = followed.marks.get(view.value, 0)
        page = queries.catch_up(session, viewer, after=parse_id(after) if after else None, mark=mark)
        on = f"/?view={view.value}&after={page.older}" if page.older else None
        return {"page": page, "older_address": on, "newer_address": None}
    page = queries.home_timeline(session, viewer, view, asked_stretch())
    return {"page": page, **addresses("/", page, view=view.value)}


@feature.post("/feed/seen", allow=MEMBER)
def seen(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What the viewer has had before their eyes; the browser says so now and then, and may lose it."""
    view = asked_view()
    actions.note_seen(session, viewer, [parse_id(one) for one in request.form.getlist("id")])
    if request.form.get("post_id") and view is not View.FOR_YOU:
        actions.mark_seen(session, viewer, view, parse_id(request.form["post_id"]))
    return ("", 204) if wants_fragment() else redirect(f"/?view={view.value}", 303)


@feature.get("/bookmarks", allow=MEMBER)
def bookmarks(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """What the viewer saved for later."""
    page = queries.bookmarks(session, viewer, asked_stretch())
    return render(
        "feed/timeline.html",
        fragment="feed/_items.html",
        page=page,
        title=_("Saved"),
        lead=_("Only you see what you save."),
        empty_title=_("Nothing saved yet"),
        empty_words=_("The bookmark below a post keeps it here."),
        **addresses("/bookmarks", page),
    )


@feature.get("/people/<username>/posts", allow=MEMBER)
def person(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """What one person posted, as a tab of their profile."""
    profile = profile_view(session, viewer, username)
    page = queries.person_timeline(session, viewer, profile.card.id, asked_stretch())
    return render(
        "feed/person.html",
        fragment="feed/_items.html",
        profile=profile,
        current="posts",
        page=page,
        stream_data=_keeps_up(page, "person", f"/people/{username}/posts", people=str(profile.card.id)),
        **addresses(f"/people/{profile.card.username}/posts", page),
    )


@feature.get("/topics/<slug>/posts", allow=MEMBER)
def topic(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Posts that name a topic, for paging through them."""
    card = queries.topic_by_slug(session, slug)
    if card.slug != slug:
        return redirect(f"/topics/{card.slug}/posts", 301)
    page = queries.topic_timeline(session, viewer, card.id, asked_stretch())
    return render(
        "feed/timeline.html",
        fragment="feed/_items.html",
        page=page,
        title=_("Posts about %(topic)s", topic=card.name),
        lead="",
        empty_title=_("No posts yet"),
        empty_words=_("Write #%(topic)s in a post, and it appears here.", topic=card.slug),
        stream_data=_keeps_up(page, "topic", f"/topics/{card.slug}/posts", topics=card.slug),
        **addresses(f"/topics/{card.slug}/posts", page),
    )


@feature.get("/groups/<slug>/posts", allow=MEMBER)
def group(session: Session, viewer: Viewer, slug: str) -> ResponseReturnValue:
    """Stretches of a group's posts, for its page to grow by."""
    found = group_by_slug(session, slug)
    if not wants_fragment() and not request.args:
        return redirect(f"/groups/{slug}")
    page = queries.group_timeline(session, viewer, found.id, asked_stretch())
    return render(
        "feed/timeline.html",
        fragment="feed/_items.html",
        page=page,
        title=_("Posts in %(group)s", group=found.name),
        lead="",
        empty_title=_("No posts yet"),
        empty_words="",
        **addresses(f"/groups/{slug}/posts", page),
    )


def group_body(*, group: GroupCard, is_member: bool, **_context: Any) -> str:
    """The composer for a group's members, and what was posted in it."""
    viewer = current_viewer()
    page = queries.group_timeline(g.session, viewer, group.id, Stretch())
    place = f"group:{group.id}"
    may_write = is_member and not group.is_archived
    address = f"{group.url}/posts"
    return render_template(
        "feed/_group.html",
        group=group,
        page=page,
        pinned=pinned(g.session, viewer, group.id),
        composer=composer(g.session, viewer, place=place, to=str(group.id)) if may_write else None,
        stream_data=_keeps_up(page, "group", address, groups=str(group.id)),
        **addresses(address, page),
    )


def profile_tab(*, person: PersonCard, current: str = "", **_context: Any) -> str:
    """The tab on a profile that leads to the person's posts."""
    here = Markup(' aria-current="page"') if current == "posts" else Markup("")
    return Markup('<a href="{}/posts"{}>{}</a>').format(person.url, here, escape(_("Posts")))


def topic_part(*, topic: Any, **_context: Any) -> str:
    """The newest posts about a topic, on its page."""
    page = queries.topic_timeline(g.session, current_viewer(), topic.id, Stretch(limit=_ON_A_TOPIC))
    return render_template(
        "feed/_part.html",
        page=page,
        title=_("Posts"),
        empty_words=_("Write #%(topic)s in a post, and it appears here.", topic=topic.slug),
        stream_data=_keeps_up(page, "topic", f"/topics/{topic.slug}/posts", topics=topic.slug),
        **addresses(f"/topics/{topic.slug}/posts", page),
    )


def _keeps_up(page: Page[PostCard], view: str, source: str, **about: str) -> dict[str, str]:
    """What the script must know to say which new posts belong here; further down a list it says nothing."""
    is_newest = bool(page.items) and page.newer is None
    return {"view": view, "source": source, "newest": str(page.items[0].id) if is_newest else "", **about}
