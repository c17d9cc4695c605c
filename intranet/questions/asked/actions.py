"""What somebody who is asked can say beside an answer: pass it on, not my field, later; and asking more people."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.chat.models import ChatChoices
from intranet.expertise import actions as finder
from intranet.expertise.wishes import names_in
from intranet.kernel import audience, clock, jobs
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import clean_line
from intranet.kernel.viewer import Viewer
from intranet.people.naming import colleagues
from intranet.posts.anonymous.queries import is_by
from intranet.posts.asking.models import Asking
from intranet.posts.models import Post, PostTopic
from intranet.questions.actions import find_question
from intranet.questions.policy import QuestionPermission
from intranet.questions.routing.candidates import words_of
from intranet.questions.routing.events import AskingChanged, PersonAsked
from intranet.questions.routing.models import LONGEST_NOTE, AskedPerson, Doing, Why
from intranet.questions.routing.waves import begin
from intranet.topics.models import Synonym, Topic

_AGAIN = "questions.again"
_FARTHEST = timedelta(days=31)
_OPEN = (Doing.ASKED, Doing.SEEN, Doing.LATER)
_MOST_TOPICS = 5


def mark_seen(session: Session, viewer: Viewer, post_id: int) -> None:
    """Whoever waits may know that it was read, unless the viewer shows nobody what they have read.

    Raises:
        NotFound: the viewer was not asked.
    """
    row = _mine(session, viewer, post_id)
    choices = session.get(ChatChoices, viewer.member_id)
    if row.seen_at is None and (choices is None or choices.shows_reading):
        row.seen_at = clock.now()
        if row.doing is Doing.ASKED:
            row.doing = Doing.SEEN
        record(session, AskingChanged(row.post_id, row.audience_id))


def answer_later(session: Session, viewer: Viewer, post_id: int, at: datetime) -> None:
    """Be asked again at a moment, once.

    Raises:
        NotFound: the viewer was not asked.
        Invalid: the moment is over or far away.
        Refused: they were asked again already.
    """
    row = _open_of_mine(session, viewer, post_id)
    if row.reminded_at is not None:
        raise Refused(str(_("You were asked again already.")))
    if at <= clock.now():
        raise Invalid({"at": str(_("That time is over."))})
    if at > clock.now() + _FARTHEST:
        raise Invalid({"at": str(_("That is more than a month away."))})
    row.doing, row.again_at = Doing.LATER, at
    row.seen_at = row.seen_at or clock.now()
    jobs.later(session, _AGAIN, {"post_id": str(post_id), "person_id": str(viewer.member_id)}, at=at)
    record(session, AskingChanged(row.post_id, row.audience_id))


@jobs.job(_AGAIN)
def ask_again(session: Session, payload: dict[str, Any]) -> None:
    """The one reminder, unless it came to nothing meanwhile."""
    row = session.get(AskedPerson, (int(payload["post_id"]), int(payload["person_id"])))
    if row is None or row.doing is not Doing.LATER or row.again_at is None or row.again_at > clock.now():
        return
    row.doing, row.reminded_at, row.again_at = Doing.SEEN, clock.now(), None
    record(session, PersonAsked(row.post_id, row.person_id, is_again=True))
    record(session, AskingChanged(row.post_id, row.audience_id))


def pass_on(session: Session, viewer: Viewer, post_id: int, *, to: str, note: str = "") -> None:
    """Have somebody else asked instead, by username or name; whether they are is up to them, their limits and hours.

    Raises:
        NotFound: the viewer was not asked.
        Invalid: nobody is called that, or they asked, were asked already, or cannot read it; or the note is too long.
        Refused: it is solved or closed.
    """
    row = _open_of_mine(session, viewer, post_id)
    post = find_question(session, post_id)
    asking = _going(session, post)
    if not clean_line(to):
        raise Invalid({"to": str(_("Say who knows it."))})
    word = clean_line(note)
    if len(word) > LONGEST_NOTE:
        raise Invalid({"note": str(_("At most %(count)s characters.", count=LONGEST_NOTE))})
    other = colleagues(session, [clean_line(to).lstrip("@")], field="to")[0]
    if other.id == viewer.id or is_by(session, post, other.id):
        raise Invalid({"to": str(_("Name somebody else."))})
    if session.get(AskedPerson, (post.id, other.id)) or _is_named(asking, other.id):
        raise Invalid({"to": str(_("%(name)s is being asked already.", name=other.name))})
    if not audience.readers_among(session, post.audience_id, [other.id]):
        raise Invalid({"to": str(_("%(name)s cannot read this question.", name=other.name))})
    row.doing, row.note = Doing.PASSED, word
    row.seen_at = row.seen_at or clock.now()
    asking.named = [*asking.named, {"person": str(other.id), "by": str(viewer.member_id)}]
    begin(session, asking, only_named=asking.ended_at is not None)
    record(session, AskingChanged(post.id, post.audience_id))


def _is_named(asking: Asking, person_id: int) -> bool:
    return any(one["person"] == str(person_id) for one in asking.named)


def decline(session: Session, viewer: Viewer, post_id: int) -> list[Topic]:
    """It is not their field. The finder learns that, topic by topic, where they can take it back; returns the topics.

    Raises:
        NotFound: the viewer was not asked.
    """
    row = _open_of_mine(session, viewer, post_id)
    post = find_question(session, post_id)
    row.doing, row.seen_at = Doing.DECLINED, row.seen_at or clock.now()
    topics = topics_of(session, post)
    for topic in topics:
        finder.not_my_field(session, viewer, topic.id)
    session.flush()
    asking = session.get(Asking, post_id)
    if asking is not None and asking.next_at is not None and not _waits_for_somebody(session, post_id):
        begin(session, asking)
    record(session, AskingChanged(post.id, post.audience_id))
    return topics


def topics_of(session: Session, post: Post) -> list[Topic]:
    """The topics that a question names, by hashtag or in its words."""
    tagged = select(PostTopic.topic_id).where(PostTopic.item_id == post.id)
    named = names_in(words_of(post))
    spoken = select(Topic.id).outerjoin(Synonym, Synonym.topic_id == Topic.id)
    spoken = spoken.where(Topic.slug.in_(named) | Synonym.slug.in_(named))
    found = select(Topic).where(Topic.id.in_(tagged.union_all(spoken)))
    return list(session.scalars(found.order_by(Topic.name).limit(_MOST_TOPICS)))


def _waits_for_somebody(session: Session, post_id: int) -> bool:
    circle = (Why.FOLLOWS, Why.STEWARD)
    held = (AskedPerson.post_id == post_id, AskedPerson.doing.in_(_OPEN), AskedPerson.why.not_in(circle))
    return bool(session.scalar(select(func.count()).where(*held)))


def ask_more(session: Session, viewer: Viewer, post_id: int) -> None:
    """Do not wait any longer for those who were asked.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer did not ask and is no steward; or it is solved or closed.
    """
    post = find_question(session, post_id)
    require(QuestionPermission.ASK_MORE, viewer, is_by(session, post, viewer.id))
    begin(session, _going(session, post))
    record(session, AskingChanged(post.id, post.audience_id))


def _going(session: Session, post: Post) -> Asking:
    """The asking of a question that can still be answered; one that came from elsewhere gets it now."""
    if post.accepted_id is not None or post.frozen_at is not None:
        raise Refused(str(_("Nobody else is asked: it is solved or closed.")))
    asking = session.get(Asking, post.id)
    if asking is None:
        raise NotFound
    return asking


def _mine(session: Session, viewer: Viewer, post_id: int) -> AskedPerson:
    require(QuestionPermission.BE_ASKED, viewer)
    row = session.get(AskedPerson, (post_id, viewer.member_id))
    if row is None:
        raise NotFound
    return row


def _open_of_mine(session: Session, viewer: Viewer, post_id: int) -> AskedPerson:
    find_question(session, post_id)
    return _mine(session, viewer, post_id)
