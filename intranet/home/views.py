"""The first page after signing in."""

from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.accounts.sessions import is_kept
from intranet.feed import queries
from intranet.feed.queries import IN_TIME, Following, View
from intranet.feed.ranked.tuning import dials_of
from intranet.feed.views import asked_view, home_part
from intranet.kernel.page import Page, render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from intranet.people.queries import person_cards
from intranet.posts.cards import PostCard
from intranet.posts.composing import composer, prefilled
from intranet.topics.queries import topic_cards

feature = Feature("home")


@feature.get("/", allow=MEMBER)
def index(session: Session, viewer: Viewer) -> ResponseReturnValue:
    """The home feed; as a fragment the asked stretch of it alone."""
    if wants_fragment() and request.args.get("view") == View.FOR_YOU:  # asks for nothing that following would tell
        return render("feed/_items.html", **home_part(session, viewer, View.FOR_YOU, queries.NOBODY))
    followed = queries.following(session, viewer)
    view = asked_view(otherwise=View.EVERYONE if followed.is_empty else View.FOLLOWING)
    mark = followed.marks.get(view.value) if view in IN_TIME else None
    shown: dict[str, Any] = {"view": view, "read_mark": mark or 0, **home_part(session, viewer, view, followed)}
    if wants_fragment():
        return render("feed/_items.html", **shown)
    response = make_response(_whole(session, viewer, followed, shown, mark))
    if is_kept():
        response.headers["Couth-Keep"] = str(viewer.member_id)  # the service worker may keep this page
    return response


def _whole(session: Session, viewer: Viewer, followed: Following, shown: dict[str, Any], mark: int | None) -> str:
    view: View = shown["view"]
    return render(
        "home/index.html",
        following=followed,
        composer=composer(session, viewer, text=prefilled(request.args)),
        stream_data=_for_script(view, followed, shown["page"], mark),
        dials=dials_of(session, viewer) if view is View.FOR_YOU else None,
        **_beginnings(session, viewer, view, followed),
        **shown,
    )


def _for_script(view: View, followed: Following, page: Page[PostCard], mark: int | None) -> dict[str, str]:
    """What the page's script needs to tell which arrivals belong into this feed."""
    is_newest = not request.args.get("before") and not request.args.get("after")
    chosen = view is not View.EVERYONE
    return {
        "view": view.value,
        "newest": str(page.items[0].id) if page.items and is_newest else "",
        "mark": str(mark or ""),
        "people": " ".join(map(str, sorted(followed.people))) if chosen else "",
        "topics": " ".join(sorted(followed.slugs)) if chosen else "",
        "groups": " ".join(map(str, sorted(followed.groups))) if chosen else "",
    }


def _beginnings(session: Session, viewer: Viewer, view: View, followed: Following) -> dict[str, Any]:
    """Somebody and something to follow, for who follows nobody."""
    if view is not View.FOLLOWING or not followed.is_empty:
        return {}
    ids = [person_id for person_id in queries.liveliest(session) if person_id != viewer.id]
    people, names = person_cards(session, ids), queries.liveliest_topics(session)
    topics = topic_cards(session, names)
    return {
        "some_people": [people[one] for one in ids if one in people and not people[one].has_left],
        "some_topics": [topics[one] for one in names if one in topics],
    }
