"""Questions that somebody follows, in the ledger: each answer, and that one of them solved it."""

from sqlalchemy.orm import Session

from intranet.kernel.outbox import subscribe
from intranet.notifications.models import Source
from intranet.notifications.telling import Matter, take_back, tell_followers
from intranet.people.models import FollowKind
from intranet.posts.events import CommentAdded
from intranet.posts.models import Comment, Post, PostKind
from intranet.posts.muted.queries import who_muted
from intranet.questions.events import AcceptanceWithdrawn, AnswerAccepted


def register() -> None:
    """Listen; after those who hear of the same text for a nearer reason."""
    subscribe("notifications", CommentAdded, answered)
    subscribe("notifications", AnswerAccepted, solved)
    subscribe("notifications", AcceptanceWithdrawn, reopened)


def answered(session: Session, happened: CommentAdded) -> None:
    """An answer, not what is said about one."""
    answer = session.get(Comment, happened.comment_id)
    if answer is not None and answer.deleted_at is None and answer.parent_id is None:
        _tell(session, answer, f"item:{answer.id}", "answered", answer.author_id)


def solved(session: Session, happened: AnswerAccepted) -> None:
    answer = session.get(Comment, happened.comment_id)
    if answer is not None and answer.deleted_at is None:
        _tell(session, answer, _solved_by(answer.id), "solved", happened.actor_id, but=happened.person_id)


def reopened(session: Session, happened: AcceptanceWithdrawn) -> None:
    take_back(session, _solved_by(happened.comment_id))


def _solved_by(answer_id: int) -> str:
    return f"solved:{answer_id}"


def _tell(session: Session, answer: Comment, about: str, what: str, actor_id: int, *, but: int = 0) -> None:
    """``but`` is who hears of it as their own."""
    question = session.get(Post, answer.post_id)
    if question is None or question.deleted_at is not None or question.kind is not PostKind.QUESTION:
        return
    matter = Matter(
        source=Source.QUESTION_NEWS,
        about=about,
        thread=f"question-news:{question.id}:{what}",
        actor_id=actor_id,
        audience_id=answer.audience_id,
        post_id=question.id,
        item_id=answer.id,
    )
    tell_followers(session, matter, FollowKind.QUESTION, question.id, but={but, *who_muted(session, question.id)})
