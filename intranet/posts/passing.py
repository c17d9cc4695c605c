"""Passing a post on: a sheet that says of each place who can read it there, before one chooses."""

import secrets
from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.kernel.page import render
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.posts.actions.sharing import fits
from intranet.posts.cards import PostCard
from intranet.posts.composing import Choice, places
from intranet.posts.queries import audience_size, post_card
from intranet.posts.views import feature


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to pass a post on to; not ``is_open`` where not everybody could read it."""

    choice: Choice
    is_open: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the sheet shows. ``readers`` can read the post where it stands; ``key`` makes one sending of many tries."""

    post: PostCard
    readers: int
    places: tuple[Place, ...]
    chosen: Choice | None
    key: str


def sheet(session: Session, viewer: Viewer, post_id: int) -> Sheet:
    """The sheet for one post; of a post that only passes on, for the one it is about.

    Raises:
        NotFound: it is not there for this viewer.
    """
    post = post_card(session, viewer, post_id)
    if post.quoted is not None and not post.text:
        post = post.quoted
    found = tuple(
        Place(choice, fits(session, post.audience_id, choice.audience_id)) for choice in places(session, viewer)
    )
    may_go = [place.choice for place in found if place.is_open]
    groups_first = sorted(may_go, key=lambda choice: choice.group is None)
    readers = audience_size(session, post.audience_id)
    return Sheet(post, readers, found, groups_first[0] if groups_first else None, secrets.token_urlsafe(16))


@feature.get("/posts/<id:post_id>/share", allow=MEMBER)
def share(session: Session, viewer: Viewer, post_id: int) -> ResponseReturnValue:
    """The sheet, as a page of its own or for the page's script to open."""
    return render("posts/share.html", fragment="posts/_share.html", sheet=sheet(session, viewer, post_id))
