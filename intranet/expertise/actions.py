"""Deciding what one is found for. The next question anybody asks obeys."""

from sqlalchemy.orm import Session

from intranet.expertise.events import WishesChanged
from intranet.kernel.errors import NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import MEMBER, require
from intranet.kernel.viewer import Viewer
from intranet.topics.models import HiddenTopic, OptOut, Topic


def hide_topic(session: Session, viewer: Viewer, topic_id: int) -> None:
    """Never be named for a topic.

    Raises:
        NotFound: there is no such topic.
    """
    require(MEMBER, viewer)
    if session.get(Topic, topic_id) is None:
        raise NotFound
    if session.get(HiddenTopic, (viewer.member_id, topic_id)) is None:
        session.add(HiddenTopic(person_id=viewer.member_id, topic_id=topic_id))
        record(session, WishesChanged(viewer.member_id))


def show_topic(session: Session, viewer: Viewer, topic_id: int) -> None:
    """Be named for it again."""
    require(MEMBER, viewer)
    hidden = session.get(HiddenTopic, (viewer.member_id, topic_id))
    if hidden is not None:
        session.delete(hidden)
        record(session, WishesChanged(viewer.member_id))


def opt_out(session: Session, viewer: Viewer) -> None:
    """Never be named by the finder."""
    require(MEMBER, viewer)
    if session.get(OptOut, viewer.member_id) is None:
        session.add(OptOut(person_id=viewer.member_id))
        record(session, WishesChanged(viewer.member_id))


def opt_in(session: Session, viewer: Viewer) -> None:
    """Be named again."""
    require(MEMBER, viewer)
    out = session.get(OptOut, viewer.member_id)
    if out is not None:
        session.delete(out)
        record(session, WishesChanged(viewer.member_id))
