"""Lists of questions: what waits for an answer, what was solved, mine, those I follow; of a topic or a group."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from intranet.kernel import apart
from intranet.kernel.ids import parse_id
from intranet.kernel.page import Page
from intranet.kernel.prepared import Prepared
from intranet.kernel.text import fold
from intranet.kernel.together import READER
from intranet.kernel.viewer import Viewer
from intranet.people.models import Follow, FollowKind
from intranet.posts.anonymous.models import HiddenAuthor
from intranet.posts.cards import PostCard
from intranet.posts.models import Comment, Post, PostKind, PostTopic
from intranet.posts.queries import post_cards
from intranet.topics.models import Skill

PAGE = 20
MOST_FOUND = 100
_LOOKED_AT, _MOST_COUNTED = 200, 99


class Show(StrEnum):
    """Which questions."""

    ALL = "all"
    UNANSWERED = "unanswered"
    SOLVED = "solved"
    MINE = "mine"
    FOLLOWED = "followed"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; ``found`` are the questions that hold some words, best first."""

    show: Show = Show.ALL
    topic_id: int | None = None
    group_id: int | None = None
    found: tuple[int, ...] | None = None


def questions(
    session: Session, viewer: Viewer, chosen: Filter, *, before: str | None = None, limit: int = PAGE
) -> Page[PostCard]:
    """Newest first; where words were looked for, those that hold them best first, without further pages.

    Raises:
        NotFound: ``before`` is no id.
    """
    ids = _narrowed(viewer, chosen)
    if chosen.found is not None:
        there = set(session.scalars(ids.where(Post.id.in_(chosen.found))))
        return Page(post_cards(session, viewer, [one for one in chosen.found if one in there]))
    if before:
        ids = ids.where(Post.id < parse_id(before))
    rows = list(session.scalars(ids.order_by(Post.id.desc()).limit(limit + 1)))
    older = str(rows[limit - 1]) if len(rows) > limit else None
    return Page(post_cards(session, viewer, rows[:limit]), older=older)


def _narrowed(viewer: Viewer, chosen: Filter) -> "Select[int]":
    found = select(Post.id).where(Post.kind == PostKind.QUESTION, Post.deleted_at.is_(None))
    if chosen.topic_id is not None:
        about = select(PostTopic.item_id).where(PostTopic.topic_id == chosen.topic_id)
        found = found.where(Post.id.in_(about))
    if chosen.group_id is not None:
        found = found.where(Post.audience_id == chosen.group_id)
    if chosen.show is Show.MINE:
        hidden = select(HiddenAuthor.item_id).where(HiddenAuthor.person_id == viewer.member_id)
        return found.where(or_(Post.author_id == viewer.member_id, Post.id.in_(hidden)))
    found = found.where(Post.not_by(apart.unheard(viewer.id)))
    if chosen.show is Show.UNANSWERED:
        return found.where(Post.accepted_id.is_(None), _has_no_answer())
    if chosen.show is Show.SOLVED:
        return found.where(Post.accepted_id.is_not(None))
    if chosen.show is Show.FOLLOWED:
        mine = select(Follow.target_id).where(
            Follow.follower_id == viewer.member_id, Follow.kind == FollowKind.QUESTION
        )
        return found.where(Post.id.in_(mine))
    return found


def _has_no_answer() -> ColumnElement[bool]:
    answer = select(Comment.id).where(
        Comment.post_id == Post.id, Comment.parent_id.is_(None), Comment.deleted_at.is_(None)
    )
    return ~answer.correlate(Post).exists()


def waiting_count(session: Session, viewer: Viewer) -> int:
    """How many of the newest questions nobody has answered yet, on topics that the viewer says they know: those they
    can do something about. One statement over a bounded stretch, since every page shows it."""
    return _waiting().scalar(session, {"reader": viewer.member_id}) or 0


@cache
def _waiting() -> Prepared:
    newest = select(Post.id).where(Post.kind == PostKind.QUESTION, Post.deleted_at.is_(None))
    stretch = newest.order_by(Post.id.desc()).limit(_LOOKED_AT).subquery()
    mine = select(Skill.topic_id).where(Skill.person_id == READER)
    about = select(PostTopic.item_id).where(PostTopic.item_id == Post.id, PostTopic.topic_id.in_(mine))
    waiting = (
        select(Post.id)
        .join(stretch, stretch.c.id == Post.id)
        .where(
            Post.author_id != READER,
            Post.accepted_id.is_(None),
            Post.frozen_at.is_(None),
            Post.not_by(apart.unheard(READER)),
            about.correlate(Post).exists(),
            _has_no_answer(),
        )
        .limit(_MOST_COUNTED)
        .subquery()
    )
    return Prepared(select(func.count()).select_from(waiting))


def question_count(session: Session, group_id: int) -> int:
    """How many questions a group has."""
    asked = select(func.count()).where(
        Post.audience_id == group_id, Post.kind == PostKind.QUESTION, Post.deleted_at.is_(None)
    )
    return session.scalar(asked) or 0


def cards_of(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[PostCard]:
    """The questions among these that this viewer wants to hear of, in this order."""
    heard = set(session.scalars(_narrowed(viewer, Filter()).where(Post.id.in_(ids)))) if ids else set()
    return post_cards(session, viewer, [one for one in ids if one in heard])


def each_once(cards: Sequence[PostCard]) -> list[PostCard]:
    """Of questions with the same words the one that helps most: a solved one, else the first."""
    once: dict[str, PostCard] = {}
    for card in cards:
        known = once.setdefault(fold(card.title), card)
        if card.accepted_id and not known.accepted_id:
            once[fold(card.title)] = card
    return list(once.values())
