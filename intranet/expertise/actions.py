"""Deciding what one is found for and asked about, and whom one meets. The next question anybody asks obeys."""

from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.expertise.events import WishesChanged
from intranet.expertise.models import PutOff
from intranet.kernel import clock
from intranet.kernel.errors import NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import MEMBER, require
from intranet.kernel.viewer import Viewer
from intranet.topics.models import HiddenTopic, NotMyField, OptOut, Topic, UnaskedTopic


def hide_topic(session: Session, viewer: Viewer, topic_id: int) -> None:
    """Never be named for a topic.

    Raises:
        NotFound: there is no such topic.
    """
    _wish(session, viewer, HiddenTopic, topic_id)


def show_topic(session: Session, viewer: Viewer, topic_id: int) -> None:
    """Be named for it again."""
    _unwish(session, viewer, HiddenTopic, topic_id)


def stop_questions(session: Session, viewer: Viewer, topic_id: int) -> None:
    """Be named for a topic, and not be asked about it.

    Raises:
        NotFound: there is no such topic.
    """
    _wish(session, viewer, UnaskedTopic, topic_id)


def welcome_questions(session: Session, viewer: Viewer, topic_id: int) -> None:
    """Be asked about it again."""
    _unwish(session, viewer, UnaskedTopic, topic_id)


def not_my_field(session: Session, viewer: Viewer, topic_id: int) -> None:
    """Be named for a topic after others who are as sure of it.

    Raises:
        NotFound: there is no such topic.
    """
    _wish(session, viewer, NotMyField, topic_id)


def my_field_after_all(session: Session, viewer: Viewer, topic_id: int) -> None:
    """Be named for it as before."""
    _unwish(session, viewer, NotMyField, topic_id)


_Wish = type[HiddenTopic] | type[UnaskedTopic] | type[NotMyField]


def _wish(session: Session, viewer: Viewer, table: _Wish, topic_id: int) -> None:
    require(MEMBER, viewer)
    if session.get(Topic, topic_id) is None:
        raise NotFound
    if session.get(table, (viewer.member_id, topic_id)) is None:
        session.add(table(person_id=viewer.member_id, topic_id=topic_id))
        record(session, WishesChanged(viewer.member_id))


def _unwish(session: Session, viewer: Viewer, table: _Wish, topic_id: int) -> None:
    require(MEMBER, viewer)
    wish = session.get(table, (viewer.member_id, topic_id))
    if wish is not None:
        session.delete(wish)
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


def put_off(session: Session, viewer: Viewer, other_id: int) -> None:
    """Not be introduced to somebody for a good while; saying it again begins that anew. Only the viewer ever knows.

    Raises:
        NotFound: there is no such person.
    """
    require(MEMBER, viewer)
    if session.get(Person, other_id) is None:
        raise NotFound
    row = session.get(PutOff, (viewer.member_id, other_id))
    if row is None:
        session.add(PutOff(person_id=viewer.member_id, other_id=other_id))
    else:
        row.created_at = clock.now()
