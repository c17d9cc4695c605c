"""Which threads somebody has muted, and who has muted one."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from intranet.kernel.page import Page
from intranet.kernel.viewer import Viewer
from intranet.posts.cards import PostCard
from intranet.posts.models import MutedThread
from intranet.posts.queries import post_cards

_PAGE = 30


def muted_by(person_id: int | None) -> Select[Any]:
    """The ids of the posts that somebody has muted, to leave them out of a timeline."""
    return select(MutedThread.post_id).where(MutedThread.person_id == person_id)


def who_muted(session: Session, post_id: int) -> frozenset[int]:
    """Who wants to hear no more of a post."""
    return frozenset(session.scalars(select(MutedThread.person_id).where(MutedThread.post_id == post_id)))


def muted_threads(session: Session, viewer: Viewer, *, before: int | None = None) -> Page[PostCard]:
    """What the viewer has muted and may still read, the newest post first."""
    found = muted_by(viewer.member_id)
    if before is not None:
        found = found.where(MutedThread.post_id < before)
    ids = list(session.scalars(found.order_by(MutedThread.post_id.desc()).limit(_PAGE + 1)))
    older = str(ids[_PAGE - 1]) if len(ids) > _PAGE else None
    return Page(post_cards(session, viewer, ids[:_PAGE]), older=older)
