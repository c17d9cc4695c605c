"""A post's link card: asked for with the post, brought by the worker, taken away and brought back by its author."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer, system
from intranet.links.looking import Look, look, settle
from intranet.posts.events import LinkChanged
from intranet.posts.finding import find_post
from intranet.posts.links.finding import FirstLink, addresses_in, first_link
from intranet.posts.models import Post
from intranet.posts.policy import PostPermission

_LOOK = "posts.link"


def link_up(session: Session, post: Post, *, before: str = "") -> None:
    """Have the worker see what the text of a post links to; ``before`` is its HTML before an edit."""
    found = addresses_in(post.html)
    if before:  # a new post has no card, and would be written twice for nothing
        if addresses_in(before) == found:
            return
        if post.linked_id is not None or post.link_card:
            record(session, LinkChanged(post.id, post.audience_id))
        post.linked_id = post.link_card = post.link_picture = None
    if found:
        jobs.later(session, _LOOK, {"post_id": post.id})


def show_link(session: Session, viewer: Viewer, post_id: int, *, is_on: bool) -> None:
    """Take the card below one's post away, or have it looked for again.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: it is somebody else's.
    """
    post = find_post(session, post_id)
    require(PostPermission.EDIT, viewer, post)
    if is_on == (post.link_card != {}):
        return
    post.linked_id = post.link_picture = None
    post.link_card = None if is_on else {}
    record(session, LinkChanged(post.id, post.audience_id))
    if is_on:
        jobs.later(session, _LOOK, {"post_id": post.id})


@dataclass(frozen=True, slots=True)
class Sight:
    """What a post links to, and what was seen there; a post of ours is not looked at, since its readers differ."""

    link: FirstLink
    page: Look | None = None


def look_for(database: Database, payload: dict[str, Any]) -> Sight:
    """The slow part: look at what the post links to now."""
    settings = runtime().settings
    with database.reading(system(reason="links: what a post links to")) as session:
        post = session.get(Post, int(payload["post_id"]))
        link = first_link(post.html, ours=settings.address) if post is not None and _waits(post) else FirstLink()
    return Sight(link, look(database, link.url) if link.url and settings.link_cards else None)


@jobs.slow_job(_LOOK, look_for)
def bring_card(session: Session, payload: dict[str, Any], seen: Sight) -> None:
    """Keep what was seen, and show it below the post if the post still links there."""
    pause = settle(session, seen.page) if seen.page else None
    if pause is not None:
        jobs.later(session, _LOOK, payload, at=clock.now() + pause)
    post = session.get(Post, int(payload["post_id"]))
    if post is None or not _waits(post) or first_link(post.html, ours=runtime().settings.address) != seen.link:
        return
    card = seen.page.card if seen.page else None
    if card is None and seen.link.post_id is None:
        return
    post.linked_id = seen.link.post_id
    if card is not None:
        post.link_card, post.link_picture = card.kept(), card.picture or None
    record(session, LinkChanged(post.id, post.audience_id))


def _waits(post: Post) -> bool:
    return post.deleted_at is None and post.link_card is None and post.linked_id is None


def names_picture(session: Session, sha256: str) -> bool:
    """Whether these bytes are the picture of a post's link."""
    return session.scalar(select(Post.id).where(Post.link_picture == sha256).limit(1)) is not None
