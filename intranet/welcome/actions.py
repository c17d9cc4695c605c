"""Going on, coming to the end, and what the steps change."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.groups.actions import join_group
from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.outbox import record
from intranet.kernel.policy import MEMBER, require
from intranet.kernel.text import slugify
from intranet.kernel.viewer import Viewer
from intranet.people.actions import follow_person
from intranet.topics.actions import claim_skills, follow_topic
from intranet.topics.vocabulary import ensure_topics
from intranet.welcome.events import WelcomeMoved
from intranet.welcome.models import Welcome

MOST_TOPICS, LONGEST_TOPIC = 20, 80


def go_to(session: Session, viewer: Viewer, step: str) -> None:
    """Note where to go on; after the end it stays the end."""
    require(MEMBER, viewer)
    row = _own(session, viewer)
    if row.ended_at is None and row.step != step:
        row.step = step
        record(session, WelcomeMoved(viewer.member_id, step))


def finish(session: Session, viewer: Viewer) -> None:
    """Never show it again, whether everything was done or nothing."""
    require(MEMBER, viewer)
    row = _own(session, viewer)
    if row.ended_at is None:
        row.ended_at = clock.now()
        record(session, WelcomeMoved(viewer.member_id, ""))


def _own(session: Session, viewer: Viewer) -> Welcome:
    row = session.get(Welcome, viewer.member_id)
    if row is None:
        row = Welcome(person_id=viewer.member_id)
        session.add(row)
    return row


@dataclass(frozen=True, slots=True)
class Topics:
    """Names of what somebody helps with, and of what they want to hear about."""

    help: tuple[str, ...]
    follow: tuple[str, ...]


def choose_topics(session: Session, viewer: Viewer, chosen: Topics) -> None:
    """Claim the one, follow the other; nothing that was there is taken away.

    Raises:
        Invalid: a name is none, or there are too many.
    """
    for name, names in (("help_more", chosen.help), ("follow_more", chosen.follow)):
        _check(name, names)
    if chosen.help:
        claim_skills(session, viewer, viewer.member_id, chosen.help)
    for topic_id in ensure_topics(session, chosen.follow).values() if chosen.follow else ():
        follow_topic(session, viewer, topic_id)


def _check(field: str, names: Collection[str]) -> None:
    if len(names) > MOST_TOPICS:
        raise Invalid({field: _("At most %(count)s. One each is plenty.", count=MOST_TOPICS)})
    for name in names:
        if not slugify(name) or len(name) > LONGEST_TOPIC:
            raise Invalid({field: _("“%(name)s” is no topic: a word or two, such as “kafka”.", name=name[:40])})


def meet(session: Session, viewer: Viewer, people: Iterable[int], groups: Iterable[int]) -> None:
    """Follow and join what was ticked. Somebody who has left meanwhile, or a group that has closed, is passed over: the
    step is no place to stumble."""
    for person_id in people:
        with suppress(NotFound, Refused):
            follow_person(session, viewer, person_id)
    for group_id in groups:
        with suppress(NotFound, Refused):
            join_group(session, viewer, group_id)
