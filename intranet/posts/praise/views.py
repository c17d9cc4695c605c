"""The wall of praise on a profile, and taking one's own name out."""

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from intranet.kernel.ids import parse_id
from intranet.kernel.page import Page, current_viewer, render, wants_fragment
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard
from intranet.people.profiles import ProfileView, profile_view
from intranet.posts import queries
from intranet.posts.praise.actions import decline
from intranet.posts.praise.queries import PAGE, praise_ids, praised_count
from intranet.posts.views import back_to, feature, post_fragment

_ON_A_PROFILE = 2  # the newest; all of it is a link away


@feature.get("/people/<username>/praise", allow=MEMBER)
def praise_wall(session: Session, viewer: Viewer, username: str) -> ResponseReturnValue:
    """What colleagues praised somebody for, as a tab of their profile."""
    profile = profile_view(session, viewer, username)
    before = request.args.get("before")
    ids = praise_ids(session, profile.card.id, before=parse_id(before) if before else None, limit=PAGE + 1)
    shown = ids[:PAGE]
    older = f"/people/{profile.card.username}/praise?before={shown[-1]}" if len(ids) > PAGE else None
    return render(
        "posts/praise.html",
        fragment="feed/_items.html",
        profile=profile,
        current="praise",
        page=Page(queries.post_cards(session, viewer, shown)),
        older_address=older,
        stream_data={"view": "praise", "praised": str(profile.card.id), "newest": str(shown[0]) if shown else ""},
    )


@feature.post("/posts/<id:post_id>/praise/decline", allow=MEMBER)
def decline_praise(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """Take one's own name out of praise."""
    decline(session, viewer, post_id)
    session.flush()
    card = queries.post_card(session, viewer, post_id)
    return post_fragment(card) if wants_fragment() else back_to(card.url)


def tab(*, person: PersonCard, current: str = "", **_context: Any) -> str:
    """The tab on a profile that leads to the wall."""
    here = Markup(' aria-current="page"') if current == "praise" else Markup("")
    return Markup('<a href="{}/praise"{}>{}</a>').format(person.url, here, escape(_("Praise")))


def newest_on_profile(*, profile: ProfileView, **_context: Any) -> str:
    """The newest praise, on the first tab of a profile; nothing where there is none that the viewer may read."""
    ids = praise_ids(g.session, profile.card.id, limit=_ON_A_PROFILE)
    posts = [post for post in queries.post_cards(g.session, current_viewer(), ids) if post.praise] if ids else []
    if not posts:
        return ""
    count = praised_count(g.session, profile.card.id)
    return render_template("posts/_praise_wall.html", person=profile.card, posts=posts, count=count)
