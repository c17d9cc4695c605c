"""Posts from elsewhere, thousands at a time: the demo company and ``import jsonl``.

Work is split so that the write lock is held briefly: ``prepare_posts`` renders and only reads, ``store_prepared``
writes rows and nothing else. ``store_posts`` does both for callers who need no such care.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from intranet.kernel.audience import EVERYONE, open_ids
from intranet.kernel.batches import in_batches
from intranet.kernel.ids import new_id
from intranet.kernel.outbox import record
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.tables import Base
from intranet.kernel.text import clean_text, mentioned_usernames, slugify
from intranet.people.naming import people_named
from intranet.posts.actions.linking import Written, render
from intranet.posts.events import PostsImported
from intranet.posts.models import Comment, Post, PostKind, PostMention, PostTopic, Reaction
from intranet.topics.vocabulary import ensure_topics, topic_ids

_CHUNK = 500
_ASIDE = 1 << 12  # far enough to find a gap, and a sixteenth of a millisecond's room


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPost:
    """One post or comment of another system. ``reply_to`` is the external id of what it answers, in the same source.

    ``title`` is what a question asks in one line; an answer with ``accepted_by``, a person id, solved it.
    ``topics`` are names beside those in the text's hashtags, ``mentions`` and ``reactions`` hold our person ids.
    """

    source: str
    external_id: str
    author_id: int
    created_at: datetime
    text: str
    kind: PostKind = PostKind.UPDATE
    title: str = ""
    accepted_by: int | None = None
    audience_id: int = EVERYONE
    topics: tuple[str, ...] = ()
    mentions: tuple[int, ...] = ()
    reply_to: str | None = None
    reactions: tuple[tuple[int, ReactionKind], ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row, its text as it is stored, and as it is shown."""

    row: ImportedPost
    text: str
    written: Written


@dataclass(frozen=True, slots=True)
class StoredPosts:
    """What became of a batch. ``orphans`` are rows whose ``reply_to`` is not there (yet); they were not stored."""

    added: int
    known: int
    orphans: tuple[ImportedPost, ...] = ()


@dataclass(slots=True)
class _Rows:
    """The rows of one batch by table, collected before they are written."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[dict[str, Any]] = field(default_factory=list)
    topics: list[dict[str, Any]] = field(default_factory=list)
    reactions: list[dict[str, Any]] = field(default_factory=list)
    solved: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a reply belongs: its post, the comment it answers, and the post's audience."""

    item_id: int
    post_id: int
    parent_id: int | None
    audience_id: int


def store_posts(session: Session, rows: Iterable[ImportedPost]) -> StoredPosts:
    """Take in a batch; rows whose (source, external id) is known already stay as they are."""
    return store_prepared(session, prepare_posts(session, list(rows)))


def prepare_posts(session: Session, rows: Sequence[ImportedPost]) -> list[Prepared]:
    """Render the texts, which is the slow part, with a session that may be for reading only."""
    usernames = set().union(*(mentioned_usernames(row.text) for row in rows)) if rows else set()
    people = people_named(session, usernames)
    return [Prepared(row, _storable(row.text), render(clean_text(row.text), people)) for row in rows]


def _storable(text: str) -> str:
    """To the letter, but for what no database can hold: NUL, and halves of letters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def store_prepared(session: Session, batch: Sequence[Prepared]) -> StoredPosts:
    """Write a prepared batch in one go, and record one event for all of it."""
    places = _known_places(session, batch)
    fresh = list({(p.row.source, p.row.external_id): p for p in batch}.values())
    fresh = [p for p in fresh if (p.row.source, p.row.external_id) not in places]
    # Oldest first, so that a reply in the same batch finds what it answers.
    fresh.sort(key=lambda prepared: (prepared.row.created_at, prepared.row.reply_to is not None))
    ids = _fresh_ids(session, [prepared.row.created_at for prepared in fresh])
    topics = _topics_of(session, fresh, places)
    rows, orphans = _Rows(), []
    for item_id, prepared in zip(ids, fresh, strict=True):
        if not _take(rows, item_id, prepared, places, topics):
            orphans.append(prepared.row)
    _insert(session, rows)
    post_ids, comment_ids = ([row["id"] for row in found] for found in (rows.posts, rows.comments))
    if post_ids or comment_ids:
        record(session, PostsImported(post_ids, comment_ids))
    added = len(post_ids) + len(comment_ids)
    return StoredPosts(added=added, known=len(batch) - added - len(orphans), orphans=tuple(orphans))


def _topics_of(session: Session, fresh: Sequence[Prepared], places: dict[tuple[str, str], _Place]) -> dict[str, int]:
    """Words that everybody may read join the vocabulary; others lead to the topics that are there."""
    audiences = {key: place.audience_id for key, place in places.items()}
    heard: list[tuple[int, list[str]]] = []
    for prepared in fresh:
        row = prepared.row
        answered = audiences.get((row.source, row.reply_to)) if row.reply_to is not None else row.audience_id
        if answered is not None:
            audience_id = audiences[row.source, row.external_id] = _narrower(row, answered)
            heard.append((audience_id, [*row.topics, *prepared.written.topics]))
    open_to_all = open_ids(session, {audience_id for audience_id, _names in heard})
    closed = [name for audience_id, names in heard if audience_id not in open_to_all for name in names]
    public = [name for audience_id, names in heard if audience_id in open_to_all for name in names]
    added = ensure_topics(session, public)
    return {**topic_ids(session, closed), **added}


def _narrower(row: ImportedPost, answered: int) -> int:
    """A reply is read by those who read what it answers, unless its source names a group of its own for it."""
    return answered if row.audience_id == EVERYONE else row.audience_id


def _known_places(session: Session, batch: Sequence[Prepared]) -> dict[tuple[str, str], _Place]:
    wanted: dict[str, set[str]] = {}
    for prepared in batch:
        row = prepared.row
        wanted.setdefault(row.source, set()).update({row.external_id, row.reply_to or row.external_id})
    found: dict[tuple[str, str], _Place] = {}
    for source, names in wanted.items():
        posts = select(Post.id, Post.external_id, Post.audience_id)
        for post in session.execute(posts.where(Post.source == source, Post.external_id.in_(names))):
            found[source, post.external_id or ""] = _Place(post.id, post.id, None, post.audience_id)
        replies = select(Comment).where(Comment.source == source, Comment.external_id.in_(names))
        for reply in session.scalars(replies):
            # Replies to replies stand beside each other.
            place = _Place(reply.id, reply.post_id, reply.parent_id or reply.id, reply.audience_id)
            found[source, reply.external_id or ""] = place
    return found


def _fresh_ids(session: Session, moments: Sequence[datetime]) -> list[int]:
    """Ids in the order of the moments. Sources with whole seconds crowd into one millisecond: clashes step aside."""
    wanted: list[int] = []
    for moment in moments:
        wanted.append(max(new_id(moment), wanted[-1] + 1 if wanted else 0))
    while taken := _taken(session, wanted):
        free: list[int] = []
        for candidate in wanted:
            aside = secrets.randbelow(_ASIDE) + 1 if candidate in taken else 0
            free.append(max(candidate + aside, free[-1] + 1 if free else 0))
        wanted = free
    return wanted


def _taken(session: Session, wanted: Sequence[int]) -> set[int]:
    taken: set[int] = set()
    for some in in_batches(wanted, _CHUNK):
        for table in (Post, Comment):
            taken.update(session.scalars(select(table.id).where(table.id.in_(some))))
    return taken


def _take(
    rows: _Rows,
    item_id: int,
    prepared: Prepared,
    places: dict[tuple[str, str], _Place],
    topics: dict[str, int],
) -> bool:
    row = prepared.row
    place = _Place(item_id, item_id, None, row.audience_id)
    common = {
        "id": item_id,
        "author_id": row.author_id,
        "text": prepared.text,
        "html": prepared.written.html,
        "created_at": row.created_at,
        "source": row.source,
        "external_id": row.external_id,
    }
    if row.reply_to is None:
        rows.posts.append({**common, "audience_id": row.audience_id, "kind": row.kind, "title": row.title})
        places[row.source, row.external_id] = place
    else:
        answered = places.get((row.source, row.reply_to))
        if answered is None:
            return False
        place = _Place(item_id, answered.post_id, answered.parent_id or item_id, _narrower(row, answered.audience_id))
        reply = {"audience_id": place.audience_id, "post_id": place.post_id, "parent_id": answered.parent_id}
        accepted = {"accepted_at": row.created_at if row.accepted_by else None, "accepted_by_id": row.accepted_by}
        rows.comments.append({**common, **reply, **accepted})
        if row.accepted_by:
            rows.solved.append({"id": place.post_id, "accepted_id": item_id})
        places[row.source, row.external_id] = place
    _take_links(rows, place, prepared, topics)
    return True


def _take_links(rows: _Rows, place: _Place, prepared: Prepared, topics: dict[str, int]) -> None:
    row, written = prepared.row, prepared.written
    link = {"item_id": place.item_id, "post_id": place.post_id, "audience_id": place.audience_id}
    people = dict.fromkeys((*row.mentions, *written.people))
    rows.mentions.extend({**link, "person_id": person_id} for person_id in people)
    slugs = (slugify(name) for name in (*row.topics, *written.topics))
    named = dict.fromkeys(topics[slug] for slug in slugs if slug in topics)
    rows.topics.extend({**link, "topic_id": topic_id} for topic_id in named)
    marks = dict.fromkeys(row.reactions)
    rows.reactions.extend(
        {**link, "person_id": person_id, "kind": kind, "created_at": row.created_at} for person_id, kind in marks
    )


def _insert(session: Session, rows: _Rows) -> None:
    session.flush()
    tables: tuple[tuple[type[Base], list[dict[str, Any]]], ...] = (
        (Post, rows.posts),
        (Comment, rows.comments),
        (PostMention, rows.mentions),
        (PostTopic, rows.topics),
        (Reaction, rows.reactions),
    )
    for table, values in tables:
        if values:
            session.execute(insert(table), values)
    if rows.solved:
        session.execute(update(Post), rows.solved)
