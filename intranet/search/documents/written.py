"""Posts and comments as documents: what a rebuild reads most of, so each stretch is a few range scans."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from intranet.files.models import FileKind, StoredFile
from intranet.posts.models import Attachment, Comment, Post, PostKind, PostMention, PostTopic
from intranet.search.documents.ranges import Condition, among, numbers, read_on, stretch
from intranet.search.sources import document_id
from intranet.topics.models import Topic
from search_index.engine import Document, Kind

LINK, CODE, IMAGE, FILE, POLL, MENTION, ANNOUNCEMENT = (
    "link", "code", "image", "file", "poll", "mention", "announcement",
)  # fmt: skip
FLAGS = (LINK, CODE, IMAGE, FILE, POLL, MENTION)
"""What ``has:`` asks for. Polls are not written yet; asking for them is no mistake."""

_LINK = re.compile(r"https?://\w|\bwww\.\w")
_CODE = re.compile(r"```|~~~|`[^`\n]+`")
_NOTHING: frozenset[str] = frozenset()


def load_posts(session: Session, keys: Sequence[str]) -> list[Document]:
    """The posts of these keys that are there."""
    of = among(numbers(keys))
    return _documents(session, Kind.POST, session.execute(_posts().where(of(Post.id))).all(), of)


def read_posts(session: Session, after: str, until: str, limit: int) -> tuple[list[Document], str]:
    """The posts of a stretch of keys."""
    asked = stretch(after, until, limit)
    rows = session.execute(_posts().where(asked.of(Post.id)).order_by(Post.id).limit(limit)).all()
    ids = [row.id for row in rows]
    return read_on(_documents(session, Kind.POST, rows, _within(ids)), ids, limit)


def load_comments(session: Session, keys: Sequence[str]) -> list[Document]:
    """The comments of these keys that are there, under a post that is."""
    of = among(numbers(keys))
    return _documents(session, Kind.COMMENT, session.execute(_comments().where(of(Comment.id))).all(), of)


def read_comments(session: Session, after: str, until: str, limit: int) -> tuple[list[Document], str]:
    """The comments of a stretch of keys."""
    asked = stretch(after, until, limit)
    rows = session.execute(_comments().where(asked.of(Comment.id)).order_by(Comment.id).limit(limit)).all()
    ids = [row.id for row in rows]
    return read_on(_documents(session, Kind.COMMENT, rows, _within(ids)), ids, limit)


def _posts() -> "Select[Any]":
    of_post: tuple[Any, ...] = (Post.id, Post.author_id, Post.audience_id, Post.text, Post.created_at, Post.kind)
    there: Select[Any] = select(*of_post)
    return there.where(Post.deleted_at.is_(None))


def _comments() -> "Select[Any]":
    of_comment: tuple[Any, ...] = (
        Comment.id,
        Comment.author_id,
        Comment.audience_id,
        Comment.text,
        Comment.created_at,
    )
    there: Select[Any] = select(*of_comment).join(Post, Post.id == Comment.post_id)
    return there.where(Comment.deleted_at.is_(None), Post.deleted_at.is_(None))


def _within(ids: Sequence[int]) -> Condition:
    """Between the first and the last: one scan of what hangs on them, instead of a list of thousands."""
    first, last = (ids[0], ids[-1]) if ids else (0, 0)
    return lambda column: column.between(first, last)


def _documents(session: Session, kind: Kind, rows: Sequence[Any], of: Condition) -> list[Document]:
    if not rows:
        return []
    mentions = _grouped(
        session.execute(select(PostMention.item_id, PostMention.person_id).where(of(PostMention.item_id)))
    )
    named = select(PostTopic.item_id, Topic.name).join(Topic, Topic.id == PostTopic.topic_id)
    topics = _grouped(session.execute(named.where(of(PostTopic.item_id)).order_by(PostTopic.item_id, Topic.id)))
    attached = select(Attachment.item_id, StoredFile.kind).join(StoredFile, StoredFile.id == Attachment.file_id)
    files = _grouped(session.execute(attached.where(of(Attachment.item_id))))
    nobody: list[Any] = []
    prefix = document_id(kind, "")
    # Rows are taken apart by place: by name is half of the cost of a rebuild's reading.
    return [
        Document(
            id=f"{prefix}{number}",
            kind=kind,
            text=text,
            audience_id=audience_id,
            created_at=created_at,
            author_id=author_id,
            mentions=tuple(mentions.get(number, nobody)),
            topics=tuple(topics.get(number, nobody)),
            has=_flags(text, files.get(number, nobody), number in mentions, *of_post),
        )
        for number, author_id, audience_id, text, created_at, *of_post in rows
    ]


def _flags(text: str, files: Iterable[FileKind], has_mention: bool, kind: PostKind | None = None) -> frozenset[str]:
    found: list[str] = []
    if ("://" in text or "www." in text) and _LINK.search(text):
        found.append(LINK)
    if ("`" in text or "~~~" in text) and _CODE.search(text):
        found.append(CODE)
    for file in files:
        found += [IMAGE, FILE] if file is FileKind.PICTURE else [FILE]
    if has_mention:
        found.append(MENTION)
    if kind is PostKind.ANNOUNCEMENT:
        found.append(ANNOUNCEMENT)
    return frozenset(found) if found else _NOTHING


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for owner, held in rows:
        if owner in found:
            found[owner].append(held)
        else:
            found[owner] = [held]
    return found
