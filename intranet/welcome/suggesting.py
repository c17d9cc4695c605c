"""What to begin with: topics from one's department, people and a group, each with the reason in one sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.feed.queries import liveliest, liveliest_topics
from intranet.groups.models import Group, GroupKind, GroupMember
from intranet.groups.queries import GroupCard, group_cards, group_ids_of
from intranet.kernel import apart
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.models import Follow, FollowKind, PresenceMark, Profile
from intranet.people.queries import following_ids
from intranet.topics.models import HiddenTopic, OptOut, Skill
from intranet.topics.queries import TopicCard, topic_cards
from intranet.topics.skills import knowers_page

_MOST_TOPICS, _MOST_PEOPLE, _FROM_ONE_REASON = 8, 6, 2
_TOPICS_ASKED = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A topic, and how many colleagues it comes from."""

    topic: TopicCard
    count: int


@dataclass(frozen=True, slots=True)
class Introduction:
    """Somebody to follow, and why."""

    person: PersonCard
    because: str


@dataclass(frozen=True, slots=True)
class Place:
    """A group to join, and why."""

    group: GroupCard
    because: str


def _colleagues(session: Session, viewer: Viewer) -> ColumnElement[bool] | None:
    """Those of the viewer's department; None where they have none."""
    department = session.scalar(select(Profile.department).where(Profile.person_id == viewer.id))
    if not department:
        return None
    return (Profile.department == department) & (Profile.person_id != viewer.id)


def topics_to_help_with(session: Session, viewer: Viewer) -> list[Offer]:
    """What the department's people say that they know, else what everybody's do; most named first."""
    hidden = select(HiddenTopic.person_id).where(
        HiddenTopic.person_id == Skill.person_id, HiddenTopic.topic_id == Skill.topic_id
    )
    counted = (
        select(Skill.topic_id, func.count().label("number"))
        .where(~hidden.exists(), Skill.person_id.not_in(select(OptOut.person_id)))
        .group_by(Skill.topic_id)
    )
    mine = select(Skill.topic_id).where(Skill.person_id == viewer.id)
    counted = counted.where(Skill.topic_id.not_in(mine))
    near = _colleagues(session, viewer)
    of_department = (
        counted.join(Profile, Profile.person_id == Skill.person_id).where(near) if near is not None else None
    )
    return (
        _offers(session, of_department)
        if of_department is not None and _offers(session, of_department)
        else _offers(session, counted)
    )


def topics_to_follow(session: Session, viewer: Viewer) -> list[Offer]:
    """What the department follows, filled up with what is talked about now."""
    counted = select(Follow.target_id, func.count().label("number")).where(Follow.kind == FollowKind.TOPIC)
    counted = counted.group_by(Follow.target_id)
    near = _colleagues(session, viewer)
    found = (
        _offers(session, counted.join(Profile, Profile.person_id == Follow.follower_id).where(near))
        if near is not None
        else []
    )
    known = {offer.topic.id for offer in found}
    lively = topic_cards(session, liveliest_topics(session, limit=_MOST_TOPICS))
    found += [Offer(card, card.follower_count) for card in lively.values() if card.id not in known]
    mine = following_ids(session, viewer.member_id, FollowKind.TOPIC)
    return [offer for offer in found if offer.topic.id not in mine][:_MOST_TOPICS]


def _offers(session: Session, counted: Any) -> list[Offer]:
    rows = session.execute(counted.order_by(func.count().desc()).limit(_MOST_TOPICS)).all()
    cards = topic_cards(session, [row[0] for row in rows])
    return [Offer(cards[row[0]], row[1]) for row in rows if row[0] in cards]


def people_to_follow(session: Session, viewer: Viewer) -> list[Introduction]:
    """A few colleagues whom the viewer does not follow yet, the best reasons first and none of them too often."""
    left_out = {viewer.member_id, *following_ids(session, viewer.member_id, FollowKind.PERSON)}
    left_out |= apart.unheard_ids(session, viewer.id)
    chosen: dict[int, str] = {}
    for because, people in _reasons(session, viewer):
        fresh = [one for one in people if one not in left_out and one not in chosen][:_FROM_ONE_REASON]
        chosen.update(dict.fromkeys(fresh, because))
        if len(chosen) >= _MOST_PEOPLE:
            break
    cards = person_cards(session, chosen)
    found = [Introduction(cards[one], because) for one, because in chosen.items() if one in cards]
    return [one for one in found if not one.person.has_left][:_MOST_PEOPLE]


def _reasons(session: Session, viewer: Viewer) -> Iterator[tuple[str, Sequence[int]]]:
    followed = sorted(following_ids(session, viewer.member_id, FollowKind.TOPIC), reverse=True)[:_TOPICS_ASKED]
    for topic in topic_cards(session, followed).values():
        knowers = knowers_page(session, topic.id, limit=_FROM_ONE_REASON + 1).items
        yield str(_("Knows %(topic)s, which you follow", topic=topic.name)), [one.card.id for one in knowers]
    own = session.get(Profile, viewer.member_id)
    if own is not None and own.manager_id is not None:
        yield str(_("Your manager")), [own.manager_id]
    if own is not None and own.department:
        because = str(_("In %(department)s like you", department=own.department))
        yield because, _seen_last(session, Profile.department == own.department)
    if own is not None and own.location:
        because = str(_("Works in %(place)s like you", place=own.location))
        yield because, _seen_last(session, Profile.location == own.location)
    yield str(_("Shares a lot here lately")), liveliest(session, limit=_MOST_PEOPLE + 2)


def _seen_last(session: Session, which: ColumnElement[bool]) -> list[int]:
    """The few of these people who were here last."""
    found = (
        select(Profile.person_id)
        .join(Person, Person.id == Profile.person_id)
        .outerjoin(PresenceMark, PresenceMark.person_id == Profile.person_id)
        .where(which, Person.deactivated_at.is_(None))
        .order_by(PresenceMark.seen_at.is_(None), PresenceMark.seen_at.desc(), Person.folded_name)
    )
    return list(session.scalars(found.limit(_MOST_PEOPLE + 2)))


def group_to_join(session: Session, viewer: Viewer) -> Place | None:
    """The open group that most of the department are in; without a department the largest."""
    counted = (
        select(GroupMember.group_id, func.count().label("number"))
        .join(Group, Group.id == GroupMember.group_id)
        .where(Group.kind == GroupKind.OPEN, Group.archived_at.is_(None))
        .where(GroupMember.group_id.not_in(group_ids_of(session, viewer.member_id)))
        .group_by(GroupMember.group_id)
        .order_by(func.count().desc(), GroupMember.group_id)
        .limit(1)
    )
    near = _colleagues(session, viewer)
    row = None
    if near is not None:
        row = session.execute(counted.join(Profile, Profile.person_id == GroupMember.person_id).where(near)).first()
    is_near = row is not None
    row = row or session.execute(counted).first()
    card = group_cards(session, [row.group_id]).get(row.group_id) if row else None
    if row is None or card is None:
        return None
    words = (
        ngettext("%(num)s from your department is in it", "%(num)s from your department are in it", row.number)
        if is_near
        else ngettext("%(num)s colleague is in it", "%(num)s colleagues are in it", row.number)
    )
    return Place(card, str(words))
