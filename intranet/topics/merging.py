"""Two words for one thing become one topic: followers, claims, endorsements, wishes and old addresses go along.

Who asks for it is answered at once; the posts follow in steps of the worker, and the word that gives way disappears
with the last of them, so that at every moment each post stands under one of the two.
"""

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from intranet.kernel import jobs
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.people.models import Follow, FollowKind
from intranet.topics.events import EndorsementWithdrawn, SkillDropped, TopicChanged, TopicMerged
from intranet.topics.models import Endorsement, HiddenTopic, NotMyField, Skill, Synonym, Topic, UnaskedTopic
from intranet.topics.policy import TopicPermission
from intranet.topics.vocabulary import topic_ids

MERGE_JOB = "topics.merge"
"""Its payload is ``{"source_id", "target_id"}``; the feature that owns posts runs it."""


def merge_target(session: Session, viewer: Viewer, source_id: int, into: str) -> Topic:
    """The topic that would stay, which is named by any of its names.

    Raises:
        NotFound: there is no such topic to give way.
        Refused: the viewer is no steward.
        Invalid: the other one does not exist, or is the same.
    """
    require(TopicPermission.MERGE, viewer)
    if session.get(Topic, source_id) is None:
        raise NotFound
    target_id = next(iter(topic_ids(session, [into]).values()), None)
    if target_id is None:
        raise Invalid({"into": str(_("No topic is called that."))})
    if target_id == source_id:
        raise Invalid({"into": str(_("That is the same topic."))})
    return session.get_one(Topic, target_id)


def merge_topic(session: Session, viewer: Viewer, source_id: int, into: str) -> Topic:
    """Have a topic give way to another; returns that one. It cannot be undone: who followed which is not kept.

    Raises:
        NotFound: there is no such topic.
        Refused: the viewer is no steward.
        Invalid: the other one does not exist, or is the same.
    """
    target = merge_target(session, viewer, source_id, into)
    gone = session.get_one(Topic, source_id)
    record(session, TopicMerged(target.id, source_id, viewer.id, target.name, gone.name))
    jobs.later(session, MERGE_JOB, {"source_id": source_id, "target_id": target.id})
    return target


def absorb(session: Session, source: Topic, target: Topic) -> None:
    """Move everything but posts, and make the old names lead to the target. No post may carry the source any more."""
    # Whoever keeps copies by these ids (the search index does) learns that they are gone.
    for person_id in session.scalars(select(Skill.person_id).where(Skill.topic_id == source.id)):
        record(session, SkillDropped(person_id=person_id, topic_id=source.id))
    record(session, TopicChanged(source.id))
    _move_follows(session, source.id, target.id)
    for table in (Skill, HiddenTopic, UnaskedTopic, NotMyField):
        _move_of_people(session, table, source.id, target.id)
    _move_endorsements(session, source.id, target.id)
    session.execute(update(Synonym).where(Synonym.topic_id == source.id).values(topic_id=target.id))
    name, folded, slug = source.name, source.folded_name, source.slug
    session.delete(source)
    session.flush()
    session.add(Synonym(slug=slug, name=name, folded_name=folded, topic_id=target.id))
    followers = select(func.count()).where(Follow.kind == FollowKind.TOPIC, Follow.target_id == target.id)
    target.follower_count = session.scalar(followers) or 0
    record(session, TopicChanged(target.id, was_renamed=True))


def _move_follows(session: Session, source_id: int, target_id: int) -> None:
    of_source = (Follow.kind == FollowKind.TOPIC, Follow.target_id == source_id)
    both = select(Follow.follower_id).where(Follow.kind == FollowKind.TOPIC, Follow.target_id == target_id)
    session.execute(delete(Follow).where(*of_source, Follow.follower_id.in_(both)))
    session.execute(update(Follow).where(*of_source).values(target_id=target_id))


def _move_of_people(
    session: Session,
    table: type[Skill] | type[HiddenTopic] | type[UnaskedTopic] | type[NotMyField],
    source_id: int,
    target_id: int,
) -> None:
    both = select(table.person_id).where(table.topic_id == target_id)
    session.execute(delete(table).where(table.topic_id == source_id, table.person_id.in_(both)))
    session.execute(update(table).where(table.topic_id == source_id).values(topic_id=target_id))


def _move_endorsements(session: Session, source_id: int, target_id: int) -> None:
    """Where somebody vouched for a colleague on both, what they said last stays."""
    theirs = {
        (row.person_id, row.endorser_id): row
        for row in session.scalars(select(Endorsement).where(Endorsement.topic_id == target_id))
    }
    for row in session.scalars(select(Endorsement).where(Endorsement.topic_id == source_id)).all():
        other = theirs.get((row.person_id, row.endorser_id))
        if other is not None:
            if other.created_at < row.created_at:
                other.reason, other.created_at = row.reason, row.created_at
            session.delete(row)
            record(session, EndorsementWithdrawn(row.id, row.endorser_id, row.person_id, source_id))
        else:
            row.topic_id = target_id
    session.flush()
