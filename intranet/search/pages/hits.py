"""Hits with the facts that their cards show beside the words: read for all of a page together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.groups.queries import GroupCard, group_cards
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.viewer import Viewer
from intranet.people.models import FollowKind
from intranet.people.queries import followed_among
from intranet.posts.models import Bookmark, Comment, Post, PostKind
from intranet.search.asking import Result, results
from intranet.search.documents.named import GROUP
from intranet.search.places import Place, places_of
from intranet.search.showing import title_of
from intranet.search.sources import document_id, key_of
from intranet.topics.queries import TopicCard, topic_cards
from intranet.topics.skills import claim_counts
from intranet.topics.vocabulary import topic_ids
from search_index.documents import Kind
from search_index.hits import Hit

_MOST_WORDS, _MOST_NAMED = 8, 1


@dataclass(frozen=True, slots=True)
class HitCard:
    """A result as its card shows it; what does not apply to its kind is empty."""

    result: Result
    place: Place | None = None
    is_announcement: bool = False
    reply_count: int = 0
    is_bookmarked: bool = False
    answers_title: str = ""
    topic: TopicCard | None = None
    is_followed: bool = False
    knower_count: int = 0
    group: GroupCard | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    posts: dict[int, tuple[int, PostKind]] = field(default_factory=dict)
    parents: dict[int, tuple[int, str]] = field(default_factory=dict)
    replies: dict[int, int] = field(default_factory=dict)
    bookmarked: frozenset[int] = frozenset()
    topics: dict[int, TopicCard] = field(default_factory=dict)
    followed: frozenset[int] = frozenset()
    knowers: dict[int, int] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    groups: dict[int, GroupCard] = field(default_factory=dict)


def hit_cards(session: Session, viewer: Viewer, hits: Sequence[Hit]) -> list[HitCard]:
    """Cards of the hits that this session's viewer may read now, in the engine's order."""
    shown = results(session, hits)
    facts = _facts(session, viewer, shown, {hit.audience_id for hit in hits})
    audiences = {hit.id: hit.audience_id for hit in hits}
    return [_card(result, audiences[result.id], facts) for result in shown]


def named_topics(session: Session, viewer: Viewer, words: str, hits: Sequence[Hit]) -> list[HitCard]:
    """The topics that single words of a question name, for the head of the list; those among the hits stand there."""
    listed = {hit.id for hit in hits}
    ids = topic_ids(session, words.split()[:_MOST_WORDS])
    found = [document_id(Kind.TOPIC, number) for number in dict.fromkeys(ids.values())]
    named = [Hit(one, Kind.TOPIC, 0, 0, EVERYONE, clock.now()) for one in found if one not in listed]
    return hit_cards(session, viewer, named[:_MOST_NAMED]) if named else []


def _facts(session: Session, viewer: Viewer, shown: Sequence[Result], audiences: Iterable[int]) -> _Facts:
    posts, comments, topics = (_keys(shown, kind) for kind in (Kind.POST, Kind.COMMENT, Kind.TOPIC))
    return _Facts(
        posts=_posts(session, posts),
        parents=_parents(session, comments),
        replies=_replies(session, posts),
        bookmarked=_bookmarked(session, viewer, posts),
        topics=topic_cards(session, topics),
        followed=followed_among(session, viewer.member_id, FollowKind.TOPIC, topics) if topics else frozenset(),
        knowers=claim_counts(session, topics),
        places=places_of(session, audiences) if posts or comments else {},
        groups=group_cards(session, _keys(shown, GROUP)),
    )


def _keys(shown: Sequence[Result], kind: str) -> list[int]:
    return [int(key_of(result.id)) for result in shown if _is(result, kind)]


def _is(result: Result, kind: str) -> bool:
    """Whether it is a row of that source: a question is a post, what solved it a comment."""
    return result.id.startswith(f"{kind}:")


def _posts(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, PostKind]]:
    if not ids:
        return {}
    found = select(Post.id, Post.audience_id, Post.kind).where(Post.id.in_(ids))
    return {number: (audience_id, kind) for number, audience_id, kind in session.execute(found)}


def _parents(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """The audience and the first line of the posts that comments stand under."""
    if not ids:
        return {}
    above = select(Comment.id, Post.audience_id, Post.html, Post.title).join(Post, Post.id == Comment.post_id)
    rows = session.execute(above.where(Comment.id.in_(ids)))
    return {number: (audience_id, title or title_of(html)) for number, audience_id, html, title in rows}


def _replies(session: Session, ids: Sequence[int]) -> dict[int, int]:
    if not ids:
        return {}
    counted = select(Comment.post_id, func.count()).where(Comment.post_id.in_(ids), Comment.deleted_at.is_(None))
    return {row[0]: row[1] for row in session.execute(counted.group_by(Comment.post_id))}


def _bookmarked(session: Session, viewer: Viewer, ids: Sequence[int]) -> frozenset[int]:
    if not ids:
        return frozenset()
    mine = select(Bookmark.post_id).where(Bookmark.person_id == viewer.member_id, Bookmark.post_id.in_(ids))
    return frozenset(session.scalars(mine))


def _card(result: Result, audience_id: int, facts: _Facts) -> HitCard:
    if _is(result, Kind.POST):
        number = int(key_of(result.id))
        audience_id, kind = facts.posts.get(number, (audience_id, PostKind.UPDATE))
        return HitCard(
            result,
            place=facts.places.get(audience_id),
            is_announcement=kind is PostKind.ANNOUNCEMENT,
            reply_count=facts.replies.get(number, 0),
            is_bookmarked=number in facts.bookmarked,
        )
    if _is(result, Kind.COMMENT):
        audience_id, title = facts.parents.get(int(key_of(result.id)), (audience_id, ""))
        return HitCard(result, place=facts.places.get(audience_id), answers_title=title)
    if result.kind == Kind.TOPIC:
        number = int(key_of(result.id))
        return HitCard(
            result,
            topic=facts.topics.get(number),
            is_followed=number in facts.followed,
            knower_count=facts.knowers.get(number, 0),
        )
    if result.kind == GROUP:
        return HitCard(result, group=facts.groups.get(int(key_of(result.id))))
    return HitCard(result)
