"""Posts and comments as documents: what a rebuild reads most of, so each stretch is a few range scans."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, case, literal, select, union_all
from sqlalchemy.orm import Session

from intranet.files.models import FileKind, StoredFile
from intranet.posts.models import Attachment, Comment, Post, PostKind, PostMention, PostTopic
from intranet.posts.polls.models import PollOption
from intranet.search.documents.ranges import Picked, among, between, holds, stretch
from intranet.search.sources import document_id
from intranet.topics.models import Topic
from search_index.documents import FOR_ALL, FOR_OTHERS, Document, Kind

LINK, CODE, IMAGE, FILE, POLL, MENTION = "link", "code", "image", "file", "poll", "mention"
FLAGS = (LINK, CODE, IMAGE, FILE, POLL, MENTION, FOR_OTHERS)
"""What ``has:`` asks for."""

_LINK = re.compile(r"https?://\w|\bwww\.\w")
_CODE = re.compile(r"```|~~~|`[^`\n]+`")
_NOTHING: frozenset[str] = frozenset()
_PEOPLE, _TOPICS, _FILES, _ANSWERS = range(4)
_Held = dict[int, list[Any]]


def load_posts(session: Session, keys: Sequence[str]) -> list[Document]:
    """The posts of these keys that are there."""
    picked = among(keys)
    rows = session.execute(_posts(is_stretch=False), picked.values).all()
    return _documents(session, Kind.POST, rows, picked)


def read_posts(session: Session, after: str, until: str, limit: int) -> tuple[list[Document], str]:
    """The posts of a stretch of keys."""
    return _read(session, Kind.POST, _posts(is_stretch=True).limit(limit), stretch(after, until), limit)


def load_comments(session: Session, keys: Sequence[str]) -> list[Document]:
    """The comments of these keys that are there, under a post that is."""
    picked = among(keys)
    rows = session.execute(_comments(is_stretch=False), picked.values).all()
    return _documents(session, Kind.COMMENT, rows, picked)


def read_comments(session: Session, after: str, until: str, limit: int) -> tuple[list[Document], str]:
    """The comments of a stretch of keys."""
    return _read(session, Kind.COMMENT, _comments(is_stretch=True).limit(limit), stretch(after, until), limit)


def _read(
    session: Session, kind: Kind, statement: "Select[Any]", picked: Picked, limit: int
) -> tuple[list[Document], str]:
    rows = session.execute(statement, picked.values).all()
    if not rows:
        return [], ""
    first, last = rows[0].id, rows[-1].id
    return _documents(session, kind, rows, between(first - 1, last)), str(last) if len(rows) == limit else ""


# Nobody proves to know something by being content with their own answer.
_SOLVES = and_(Post.accepted_id == Comment.id, Post.author_id != Comment.author_id)


# Statements are put together once: for a single post that costs as much as running them.
@cache
def _posts(*, is_stretch: bool) -> "Select[Any]":
    of_post: tuple[Any, ...] = (
        Post.id,
        Post.author_id,
        Post.audience_id,
        Post.text,
        Post.created_at,
        Post.title,
        literal(0),
        Post.kind,
    )
    there: Select[Any] = select(*of_post).where(Post.deleted_at.is_(None))
    return there.where(holds(Post.id, is_stretch=is_stretch)).order_by(Post.id)


@cache
def _comments(*, is_stretch: bool) -> "Select[Any]":
    of_comment: tuple[Any, ...] = (
        Comment.id,
        Comment.author_id,
        Comment.audience_id,
        Comment.text,
        Comment.created_at,
        case((_SOLVES, Post.title), else_=""),
        case((_SOLVES, Post.id), else_=0),
    )
    there: Select[Any] = select(*of_comment).join(Post, Post.id == Comment.post_id)
    there = there.where(Comment.deleted_at.is_(None), Post.deleted_at.is_(None))
    return there.where(holds(Comment.id, is_stretch=is_stretch)).order_by(Comment.id)


def _documents(session: Session, kind: Kind, rows: Sequence[Any], picked: Picked) -> list[Document]:
    if not rows:
        return []
    mentions, topics, files, answers = _hanging(session, picked)
    _lend_topics(session, topics, {row[6]: row[0] for row in rows if row[6]})
    nobody: list[Any] = []
    prefix = document_id(kind, "")
    # Rows are taken apart by place: by name is half of the cost of a rebuild's reading.
    return [
        Document(
            id=f"{prefix}{number}",
            kind=_kind_of(kind, of_question, *of_post),
            title=title,
            text="\n".join((text, *answers[number])) if number in answers else text,
            audience_id=audience_id,
            created_at=created_at,
            author_id=author_id,
            mentions=tuple(mentions.get(number, nobody)),
            topics=tuple(topics.get(number, nobody)),
            has=flags(text, files.get(number, nobody), number in mentions, *of_post),
        )
        for number, author_id, audience_id, text, created_at, title, of_question, *of_post in rows
    ]


def _kind_of(kind: Kind, of_question: int, kind_of_post: PostKind | None = None) -> Kind:
    """Whoever asks shows interest, whoever solves it knows: a question is no evidence, and its answer a loud one."""
    if kind_of_post is PostKind.QUESTION:
        return Kind.QUESTION
    return Kind.ANSWER if of_question else kind


def _lend_topics(session: Session, topics: _Held, answers: dict[int, int]) -> None:
    """An answer that solved a question is about what the question is about. ``answers`` are by question."""
    if not answers:
        return
    named = select(PostTopic.post_id, Topic.name).join(Topic, Topic.id == PostTopic.topic_id)
    for post_id, name in session.execute(named.where(PostTopic.item_id.in_(answers)).order_by(Topic.name)):
        own = topics.setdefault(answers[post_id], [])
        if name not in own:
            own.append(name)


def flags(text: str, files: Iterable[str], has_mention: bool, kind: PostKind | None = None) -> frozenset[str]:
    """What ``has:`` finds a text by."""
    found: list[str] = []
    if ("://" in text or "www." in text) and _LINK.search(text):
        found.append(LINK)
    if ("`" in text or "~~~" in text) and _CODE.search(text):
        found.append(CODE)
    for file in files:
        found += [IMAGE, FILE] if file == FileKind.PICTURE else [FILE]
    if has_mention:
        found.append(MENTION)
    if kind is PostKind.ANNOUNCEMENT:
        found.append(FOR_ALL)
    if kind is PostKind.PRAISE:
        found.append(FOR_OTHERS)
    if kind is PostKind.POLL:
        found.append(POLL)
    return frozenset(found) if found else _NOTHING


def _hanging(session: Session, picked: Picked) -> tuple[_Held, _Held, _Held, _Held]:
    """People, topic names, kinds of files and answers of polls by item. One statement: it is asked again after every
    post that is written, when the next search waits for it."""
    held: tuple[_Held, _Held, _Held, _Held] = ({}, {}, {}, {})
    rows = session.execute(_hanging_rows(is_stretch=picked.is_stretch), picked.values)
    for item_id, place, number, word in sorted(map(tuple, rows)):
        held[place].setdefault(item_id, []).append(number if place == _PEOPLE else word)
    return held


@cache
def _hanging_rows(*, is_stretch: bool) -> "CompoundSelect[Any]":
    mentions = select(PostMention.item_id, literal(_PEOPLE), PostMention.person_id, literal(""))
    topics = select(PostTopic.item_id, literal(_TOPICS), Topic.id, Topic.name)
    files = select(Attachment.item_id, literal(_FILES), Attachment.position, StoredFile.kind)
    answers = select(PollOption.post_id, literal(_ANSWERS), PollOption.position, PollOption.text)
    every: CompoundSelect[Any] = union_all(
        answers.where(holds(PollOption.post_id, is_stretch=is_stretch)),
        mentions.where(holds(PostMention.item_id, is_stretch=is_stretch)),
        topics.join(Topic, Topic.id == PostTopic.topic_id).where(holds(PostTopic.item_id, is_stretch=is_stretch)),
        files.join(StoredFile, StoredFile.id == Attachment.file_id).where(
            holds(Attachment.item_id, is_stretch=is_stretch)
        ),
    )
    return every
