"""One question with its answers: those that solved it and helped most come first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from intranet.kernel.errors import NotFound
from intranet.kernel.ids import parse_id
from intranet.kernel.page import Page, decode_cursor, encode_cursor
from intranet.kernel.policy import allows
from intranet.kernel.viewer import Viewer
from intranet.people.models import FollowKind
from intranet.people.queries import follows
from intranet.posts.anonymous.queries import Anonymity, anonymity, asker_of
from intranet.posts.cards import VOTE, CommentCard, PostCard
from intranet.posts.models import Comment, Reaction
from intranet.posts.queries import comment_cards, post_card, post_cards
from intranet.questions.actions import find_question
from intranet.questions.models import SameQuestion
from intranet.questions.policy import QuestionPermission

ANSWERS = 20
REPLIES, ALL_REPLIES = 20, 500
_DOUBLES = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with the last comments on it; ``earlier`` counts those before them."""

    card: CommentCard
    earlier: int


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as its page shows it. ``original`` is what it is the same as, ``doubles`` are the same as it, both as
    far as the viewer may read; ``first_answered_at`` is when somebody answered first."""

    post: PostCard
    is_followed: bool
    may_link: bool
    original: PostCard | None
    doubles: tuple[PostCard, ...]
    first_answered_at: datetime | None
    solved_by: CommentCard | None
    anonymous: Anonymity | None = None

    @property
    def solved_in(self) -> timedelta | None:
        """How long it took until the answer that solved it was there."""
        return self.solved_by.created_at - self.post.created_at if self.solved_by else None

    @property
    def first_answered_in(self) -> timedelta | None:
        return self.first_answered_at - self.post.created_at if self.first_answered_at else None


def question_view(session: Session, viewer: Viewer, post_id: int) -> QuestionView:
    """Everything about a question but its answers.

    Raises:
        NotFound: there is none that this viewer may read.
    """
    post = find_question(session, post_id)
    link = session.get(SameQuestion, post.id)
    doubles = select(SameQuestion.post_id).where(SameQuestion.original_id == post.id)
    ids = list(session.scalars(doubles.order_by(SameQuestion.post_id.desc()).limit(_DOUBLES)))
    around = {card.id: card for card in post_cards(session, viewer, [*ids, *([link.original_id] if link else [])])}
    direct = (Comment.post_id == post.id, Comment.parent_id.is_(None), Comment.deleted_at.is_(None))
    asker = asker_of(session, post)
    solved = session.get(Comment, post.accepted_id) if post.accepted_id else None
    return QuestionView(
        post=post_card(session, viewer, post.id),
        is_followed=viewer.id is not None and follows(session, viewer.id, FollowKind.QUESTION, post.id),
        may_link=allows(QuestionPermission.LINK, viewer, asker),
        anonymous=anonymity(session, viewer, post.id),
        original=around.get(link.original_id) if link else None,
        doubles=tuple(around[one] for one in ids if one in around),
        first_answered_at=session.scalar(select(func.min(Comment.created_at)).where(*direct)),
        solved_by=comment_cards(session, viewer, [solved])[0] if solved else None,
    )


def answers(
    session: Session, viewer: Viewer, post_id: int, *, before: str | None = None, open_id: int = 0
) -> Page[Answer]:
    """What was answered: first what solved it, then by votes, then by time. ``open_id`` is an answer of which all
    comments are shown, as far as that can be.

    Raises:
        NotFound: there is no such question for this viewer.
        Invalid: ``before`` is no cursor.
    """
    post = find_question(session, post_id)
    votes = (
        select(func.count())
        .where(Reaction.item_id == Comment.id, Reaction.kind == VOTE)
        .correlate(Comment)
        .scalar_subquery()
    )
    is_first = case((Comment.id == (post.accepted_id or 0), 1), else_=0)
    found = select(Comment, votes).where(Comment.post_id == post.id, Comment.parent_id.is_(None), _is_shown())
    keys = decode_cursor(before, size=2)
    if keys is not None:
        votes_of_last, last = keys[0], parse_id(str(keys[1]))
        if not isinstance(votes_of_last, int):
            raise NotFound
        found = found.where(is_first == 0, or_(votes < votes_of_last, and_(votes == votes_of_last, Comment.id > last)))
    rows = session.execute(found.order_by(is_first.desc(), votes.desc(), Comment.id).limit(ANSWERS + 1)).all()
    shown = [row[0] for row in rows[:ANSWERS]]
    older = encode_cursor(rows[ANSWERS - 1][1], str(shown[-1].id)) if len(rows) > ANSWERS else None
    return Page(_with_replies(session, viewer, shown, open_id), older=older)


def _is_shown() -> ColumnElement[bool]:
    """Not deleted, or commented on: then only that it was there shows."""
    reply = aliased(Comment)
    commented = select(reply.id).where(reply.parent_id == Comment.id, reply.deleted_at.is_(None)).correlate(Comment)
    return or_(Comment.deleted_at.is_(None), commented.exists())


def _with_replies(session: Session, viewer: Viewer, shown: Sequence[Comment], open_id: int) -> list[Answer]:
    replies, counts = _replies(session, [one.id for one in shown], open_id)
    cards = comment_cards(session, viewer, [*shown, *replies])
    below: dict[int, list[CommentCard]] = {}
    for card in cards[len(shown) :]:
        below.setdefault(card.parent_id or 0, []).append(card)
    return [
        Answer(replace(card, replies=below.get(card.id, [])), counts.get(card.id, 0) - len(below.get(card.id, [])))
        for card in cards[: len(shown)]
    ]


def _replies(session: Session, ids: Sequence[int], open_id: int) -> tuple[list[Comment], dict[int, int]]:
    """The last comments on each of these answers, oldest first, and how many there are on each."""
    if not ids:
        return [], {}
    there = (Comment.parent_id.in_(ids), Comment.deleted_at.is_(None))
    place = func.row_number().over(partition_by=Comment.parent_id, order_by=Comment.id.desc())
    total = func.count().over(partition_by=Comment.parent_id)
    ranked = select(Comment.id, Comment.parent_id, place.label("place"), total.label("total")).where(*there).subquery()
    most = case((ranked.c.parent_id == open_id, ALL_REPLIES), else_=REPLIES)
    rows = select(Comment, ranked.c.total).join(ranked, ranked.c.id == Comment.id).where(ranked.c.place <= most)
    found = [(row[0], int(row[1])) for row in session.execute(rows.order_by(Comment.id))]
    return [comment for comment, _all in found], {comment.parent_id or 0: count for comment, count in found}
