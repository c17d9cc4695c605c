"""Questions that are open in the made-up company: its worker asks those who know, as it would any day."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.db import Database
from intranet.kernel.viewer import system
from intranet.posts.asking.actions import AskingDraft, add_asking
from intranet.posts.asking.models import Asking
from intranet.posts.models import Post, PostKind
from intranet.questions.routing.waves import begin

_VIEWER = system(reason="demo: has those asked who may know")
_OPEN, _LATELY = 5, timedelta(days=14)


def ask_around(database: Database, now: datetime) -> None:
    """Have the newest open questions look for those who know. Call it once the index is there."""
    database.transact(_VIEWER, lambda session: _begin_newest(session, now))


def _begin_newest(session: Session, now: datetime) -> None:
    is_open = (Post.kind == PostKind.QUESTION, Post.accepted_id.is_(None), Post.created_at > now - _LATELY)
    for post in session.scalars(select(Post).where(*is_open).order_by(Post.created_at.desc()).limit(_OPEN)).all():
        add_asking(session, post, AskingDraft(), post.author_id)
        session.flush()
        begin(session, session.get_one(Asking, post.id))
