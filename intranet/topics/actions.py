"""Following topics, claiming skills, vouching for colleagues, keeping the vocabulary."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import clean_line, clean_text, fold, slugify
from intranet.kernel.viewer import Viewer
from intranet.people import actions as people
from intranet.people.apart.actions import require_together
from intranet.people.models import FollowKind
from intranet.topics.events import (
    Endorsed,
    EndorsementWithdrawn,
    SkillClaimed,
    SkillDropped,
    TopicChanged,
    TopicDescribed,
    TopicFollowed,
    TopicUnfollowed,
)
from intranet.topics.models import Endorsement, Skill, Synonym, Topic
from intranet.topics.policy import TopicPermission
from intranet.topics.vocabulary import ensure_topics, topic_ids

MOST_SKILLS = 100
_MOST_SYNONYMS = 20


def follow_topic(session: Session, viewer: Viewer, topic_id: int) -> None:
    """See a topic's posts at home."""
    if people.follow(session, viewer, FollowKind.TOPIC, topic_id):
        _count_follower(session, topic_id, 1)
        record(session, TopicFollowed(topic_id=topic_id, recipient_id=viewer.member_id))


def unfollow_topic(session: Session, viewer: Viewer, topic_id: int) -> None:
    """Stop following a topic."""
    if people.follow(session, viewer, FollowKind.TOPIC, topic_id, is_on=False):
        _count_follower(session, topic_id, -1)
        record(session, TopicUnfollowed(topic_id=topic_id, recipient_id=viewer.member_id))


def _count_follower(session: Session, topic_id: int, change: int) -> None:
    counted = update(Topic).where(Topic.id == topic_id).values(follower_count=Topic.follower_count + change)
    session.execute(counted)


def claim_skill(session: Session, viewer: Viewer, name: str) -> int:
    """Say that one knows a topic, which joins the vocabulary if it is new; returns its id.

    Raises:
        Invalid: the name has no letter or digit, or the list is full.
    """
    name = clean_line(name)
    if len(name) > 80:
        raise Invalid({"topic": _("At most %(count)s characters.", count=80)})
    slug = slugify(name)
    if not slug:
        raise Invalid({"topic": _("Name a topic, such as “kafka”.")})
    claimed = _skills_of(session, viewer.member_id)
    known = topic_ids(session, [slug]).get(slug)
    if known not in claimed and len(claimed) >= MOST_SKILLS:
        raise Invalid({"topic": _("At most %(count)s topics. Drop one first.", count=MOST_SKILLS)})
    claim_skills(session, viewer, viewer.member_id, [name])
    return topic_ids(session, [slug])[slug]


def claim_skills(session: Session, viewer: Viewer, person_id: int, names: Iterable[str]) -> int:
    """Add the claims that are missing; returns how many were. Also what the import uses."""
    require(TopicPermission.CLAIM, viewer, person_id)
    wanted = set(ensure_topics(session, names).values()) - _skills_of(session, person_id)
    for topic_id in sorted(wanted):
        session.add(Skill(person_id=person_id, topic_id=topic_id))
        record(session, SkillClaimed(person_id=person_id, topic_id=topic_id))
    return len(wanted)


def _skills_of(session: Session, person_id: int) -> set[int]:
    return set(session.scalars(select(Skill.topic_id).where(Skill.person_id == person_id)))


def drop_skill(session: Session, viewer: Viewer, topic_id: int) -> None:
    """No longer say that one knows a topic. What colleagues wrote about it stays, and counts."""
    skill = session.get(Skill, (viewer.member_id, topic_id))
    if skill is not None:
        session.delete(skill)
        record(session, SkillDropped(person_id=viewer.member_id, topic_id=topic_id))


def endorse(session: Session, viewer: Viewer, person_id: int, topic_id: int, *, reason: str) -> Endorsement:
    """Vouch for a colleague on a topic; a second time edits the reason.

    Raises:
        NotFound: there is no such person or topic.
        Refused: it is oneself, somebody who left, or one of the two blocks the other.
        Invalid: no reason, or one that is too long.
    """
    person = session.get(Person, person_id)
    if person is None or session.get(Topic, topic_id) is None:
        raise NotFound
    require(TopicPermission.ENDORSE, viewer, person)
    require_together(session, viewer, person_id)
    reason = clean_text(reason)
    if not reason:
        raise Invalid({"reason": _("Say in a few words how you know: that is what helps the next person.")})
    if len(reason) > 500:
        raise Invalid({"reason": _("At most %(count)s characters.", count=500)})
    row = endorsement_by(session, viewer.member_id, person_id, topic_id)
    if row is None:
        row = Endorsement(endorser_id=viewer.member_id, person_id=person_id, topic_id=topic_id, reason=reason)
        session.add(row)
        session.flush()
    elif row.reason != reason:
        row.reason, row.changed_at = reason, clock.now()
    record(session, Endorsed(row.id, row.endorser_id, person_id, topic_id))
    return row


def endorsement_by(session: Session, endorser_id: int, person_id: int, topic_id: int) -> Endorsement | None:
    """What somebody wrote about a colleague on a topic."""
    of_them = (Endorsement.endorser_id == endorser_id, Endorsement.person_id == person_id)
    return session.scalar(select(Endorsement).where(*of_them, Endorsement.topic_id == topic_id))


def withdraw_endorsement(session: Session, viewer: Viewer, endorsement_id: int) -> Endorsement:
    """Take an endorsement away: its author may, and the person whom it is about.

    Raises:
        NotFound: it is not there.
        Refused: it is between two others.
    """
    row = session.get(Endorsement, endorsement_id)
    if row is None:
        raise NotFound
    require(TopicPermission.WITHDRAW, viewer, row)
    session.delete(row)
    record(session, EndorsementWithdrawn(row.id, row.endorser_id, row.person_id, row.topic_id))
    return row


def describe_topic(
    session: Session, viewer: Viewer, topic_id: int, *, name: str, description: str, synonyms: Iterable[str]
) -> None:
    """Change how a topic is written, the sentence about it, and its other names.

    Raises:
        NotFound: there is no such topic.
        Refused: the viewer is no steward.
        Invalid: a name is taken or unreadable.
    """
    require(TopicPermission.DESCRIBE, viewer)
    topic = session.get(Topic, topic_id)
    if topic is None:
        raise NotFound
    name, description = clean_line(name), clean_text(description)
    if not name or len(name) > 80:
        raise Invalid({"name": _("A name has 1 to %(count)s characters.", count=80)})
    if len(description) > 2000:
        raise Invalid({"description": _("At most %(count)s characters.", count=2000)})
    record(session, TopicDescribed(topic.id, viewer.id, name, topic.name))
    was_renamed = topic.name != name
    names = list(synonyms)
    if was_renamed and slugify(name) != topic.slug:
        names.append(_readdress(session, topic, name))
    topic.name, topic.folded_name, topic.description = name, fold(name)[:80], description
    _write_synonyms(session, topic, names)
    record(session, TopicChanged(topic.id, was_renamed=was_renamed))


def _readdress(session: Session, topic: Topic, name: str) -> str:
    """Move a topic to the address of its new name, so that this name as a hashtag is the same topic; returns the old
    address, which becomes one of its other names."""
    old, new = topic.slug, slugify(name)
    if not new:
        raise Invalid({"name": _("Name a topic, such as “kafka”.")})
    if topic_ids(session, [new]).get(new, topic.id) != topic.id:
        raise Invalid({"name": _("There is a topic called that already: merge the two.")})
    session.execute(delete(Synonym).where(Synonym.topic_id == topic.id))  # the new address may have been one of them
    topic.slug = new
    session.flush()
    return old


def _write_synonyms(session: Session, topic: Topic, synonyms: Iterable[str]) -> None:
    wanted = {slugify(name): clean_line(name)[:80] for name in synonyms if slugify(name)}
    wanted.pop(topic.slug, None)
    if len(wanted) > _MOST_SYNONYMS:
        raise Invalid({"synonyms": _("At most %(count)s other names.", count=_MOST_SYNONYMS)})
    taken = {slug: owner for slug, owner in topic_ids(session, wanted).items() if owner != topic.id}
    if taken:
        names = ", ".join(wanted[slug] for slug in taken)
        raise Invalid({"synonyms": _("Already a topic or another name of one: %(names)s", names=names)})
    session.execute(delete(Synonym).where(Synonym.topic_id == topic.id))
    for slug, name in wanted.items():
        session.add(Synonym(slug=slug, name=name, folded_name=fold(name)[:80], topic_id=topic.id))
