"""What happens to a question makes it look for experts, wait, or stop. Every handler may come twice."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.outbox import delivery_of, record, subscribe
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId
from intranet.posts.asking.models import Asking
from intranet.posts.events import CommentAdded, CommentDeleted, PostDeleted, PostPublished
from intranet.posts.models import Comment
from intranet.questions.events import AnswerAccepted
from intranet.questions.routing.choosing import patience
from intranet.questions.routing.events import AskingChanged
from intranet.questions.routing.models import AskedPerson, Doing
from intranet.questions.routing.waves import begin, end

_NOT_BEGUN = Prepared(
    select(Asking.post_id).where(Asking.post_id == bindparam("post_id", type_=BigId), Asking.turn == 0)
)


def register() -> None:
    """Listen."""
    subscribe("questions", PostPublished, asked)
    subscribe("questions", PostDeleted, over)
    subscribe("questions", AnswerAccepted, over)
    subscribe("questions", CommentAdded, answered)
    subscribe("questions", CommentDeleted, unanswered)


def asked(session: Session, happened: PostPublished) -> None:
    if _NOT_BEGUN.scalar(session, {"post_id": happened.post_id}) is not None:  # most posts ask nothing
        begin(session, session.get_one(Asking, happened.post_id))


def over(session: Session, happened: PostDeleted | AnswerAccepted) -> None:
    asking = session.get(Asking, happened.post_id)
    if asking is not None and asking.ended_at is None:
        end(session, asking)


def answered(session: Session, happened: CommentAdded) -> None:
    """Once somebody who was asked answers, nobody else is asked; anybody else's answer buys a little time."""
    asking, comment = session.get(Asking, happened.post_id), session.get(Comment, happened.comment_id)
    if asking is None or comment is None or comment.parent_id is not None or comment.deleted_at is not None:
        return
    row = session.get(AskedPerson, (happened.post_id, happened.author_id))
    if row is not None and row.answered_at is None:
        row.doing, row.answered_at = Doing.ANSWERED, delivery_of(session).happened_at
        record(session, AskingChanged(asking.post_id, asking.audience_id))
    if asking.ended_at is not None:
        return
    if row is not None:
        end(session, asking)
        return
    later = delivery_of(session).happened_at + patience(asking.urgency, ())
    if asking.next_at is not None and clock.now() < asking.next_at < later:
        begin(session, asking, at=later)


def unanswered(session: Session, happened: CommentDeleted) -> None:
    """Whoever took their only answer back has seen the question, and no more."""
    row = session.get(AskedPerson, (happened.post_id, happened.author_id))
    mine = select(Comment.id).where(
        Comment.post_id == happened.post_id,
        Comment.author_id == happened.author_id,
        Comment.parent_id.is_(None),
        Comment.deleted_at.is_(None),
    )
    if row is not None and row.doing is Doing.ANSWERED and session.scalar(mine.limit(1)) is None:
        row.doing, row.answered_at = Doing.SEEN, None
        record(session, AskingChanged(row.post_id, row.audience_id))
