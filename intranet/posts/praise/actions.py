"""Making praise with its post, and what its people may say about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel.apart import are_apart
from intranet.kernel.audience import Membership, open_ids
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import clean_line, slugify
from intranet.kernel.viewer import Viewer
from intranet.people.naming import colleagues
from intranet.posts.events import PersonPraised, PraiseDeclined
from intranet.posts.finding import find_post
from intranet.posts.models import Post, PostTopic
from intranet.posts.policy import PostPermission
from intranet.posts.praise.models import MOST_PEOPLE, Praise, PraisedPerson
from intranet.topics.vocabulary import ensure_topics, topic_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class PraiseDraft:
    """Whom to praise, by username or full name, and the topic that it shows they know."""

    people: tuple[str, ...]
    topic: str


def add_praise(session: Session, post: Post, draft: PraiseDraft) -> None:
    """Hang praise on a post that is being published, and tell its people.

    Raises:
        Invalid: nobody is named, too many, somebody unknown, gone, outside the audience or the author; or no topic.
    """
    if not post.text:
        raise Invalid({"text": str(_("Write something first."))})
    people = _people(session, post, draft.people)
    audience_id = post.audience_id
    session.add(Praise(post_id=post.id, topic_id=_topic(session, audience_id, draft.topic), audience_id=audience_id))
    session.flush()
    session.add_all(
        PraisedPerson(post_id=post.id, person_id=person.id, position=place, audience_id=audience_id)
        for place, person in enumerate(people)
    )
    session.flush()
    for person in people:
        record(session, PersonPraised(person.id, post.id, post.author_id))


def _people(session: Session, post: Post, names: tuple[str, ...]) -> list[Person]:
    if not names:
        raise Invalid({"people": str(_("Name a colleague whom you praise."))})
    if len(names) > MOST_PEOPLE:
        raise Invalid({"people": str(_("At most %(count)s people.", count=MOST_PEOPLE))})
    people = colleagues(session, names, field="people")
    if any(person.id == post.author_id for person in people):
        raise Invalid({"people": str(_("Praise is for others: take your own name out."))})
    if any(are_apart(session, post.author_id, person.id) for person in people):
        raise Invalid({"people": str(_("This is not possible between you and this person."))})
    outside = _outside(session, post.audience_id, people)
    if outside:
        names_of = ", ".join(person.name for person in outside)
        raise Invalid({"people": str(_("%(names)s could not read it in this group.", names=names_of))})
    return people


def _outside(session: Session, audience_id: int, people: list[Person]) -> list[Person]:
    """Those who could not read what is said of them."""
    if open_ids(session, [audience_id]):
        return []
    ids = [person.id for person in people]
    inside = select(Membership.person_id).where(Membership.audience_id == audience_id, Membership.person_id.in_(ids))
    members = set(session.scalars(inside))
    return [person for person in people if person.id not in members]


def _topic(session: Session, audience_id: int, typed: str) -> int:
    """The topic of this name. What only some may read adds no word to everybody's vocabulary."""
    name = clean_line(typed).lstrip("#")
    slug = slugify(name)
    if not slug:
        raise Invalid({"topic": str(_("Name the topic that it shows they know."))})
    is_open = bool(open_ids(session, [audience_id]))
    topic_id = (ensure_topics if is_open else topic_ids)(session, [name]).get(slug)
    if topic_id is None:
        raise Invalid({"topic": str(_("In a closed group, choose a topic that exists already."))})
    return topic_id


def decline(session: Session, viewer: Viewer, post_id: int) -> None:
    """Take one's own name out of praise, quietly; with the last name it becomes a plain post.

    Raises:
        NotFound: there is no such praise of the viewer that they may read.
    """
    require(PostPermission.REACT, viewer)
    post = find_post(session, post_id)
    mine = session.get(PraisedPerson, (post_id, viewer.member_id))
    if mine is None:
        raise NotFound
    session.delete(mine)
    record(session, PraiseDeclined(post_id, post.audience_id, viewer.member_id))


def forget_praise(session: Session, post_id: int) -> None:
    """Remove the praise of a post whose words are erased; its people go with it."""
    session.execute(delete(Praise).where(Praise.post_id == post_id))


def move_praise(session: Session, source_id: int, target_id: int, post_ids: Iterable[int] | None = None) -> None:
    """Have praise for a topic that gives way be for the other: that of some posts, or all that is left."""
    moved = update(Praise).where(Praise.topic_id == source_id).values(topic_id=target_id)
    session.execute(moved if post_ids is None else moved.where(Praise.post_id.in_(list(post_ids))))


def link_praised(session: Session, post: Post) -> None:
    """Have the post stand under the topic of its praise, also where its text does not name it."""
    praise = session.get(Praise, post.id)
    if praise is not None and session.get(PostTopic, (post.id, praise.topic_id)) is None:
        session.add(PostTopic(item_id=post.id, post_id=post.id, topic_id=praise.topic_id, audience_id=post.audience_id))
