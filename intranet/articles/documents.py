"""Articles as documents: found by whoever may read their question, and speaking for who wrote the answer."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.articles import events
from intranet.articles.finding import offered
from intranet.articles.models import Article
from intranet.kernel.text import plain
from intranet.posts.events import PostDeleted, PostEdited
from intranet.posts.models import PostTopic
from intranet.search.documents.events import ItemsTouched
from intranet.search.documents.ranges import next_ids, numbers
from intranet.search.documents.written import flags
from intranet.search.sources import Document, Kind, Shown, Source, add_change, add_source, document_id
from intranet.topics.models import Topic


def register() -> None:
    """Have articles found, and the index follow what happens to them and to their questions."""
    add_source(Source(Kind.ARTICLE, load, next_ids(Article.id), show))
    for event_type in (events.ArticleMade, events.ArticleChanged):
        add_change(event_type, _named)
    add_change(PostDeleted, _of_question)
    add_change(PostEdited, _of_question)
    add_change(ItemsTouched, _of_questions)


def load(session: Session, keys: Sequence[str]) -> list[Document]:
    """The articles of these keys that are offered. Two statements."""
    rows = session.scalars(offered().where(Article.id.in_(numbers(keys)))).all()
    topics = _topic_names(session, [row.question_id for row in rows])
    return [
        Document(
            id=document_id(Kind.ARTICLE, row.id),
            kind=Kind.ARTICLE,
            text="\n\n".join(part for part in (row.lead, row.text) if part),
            audience_id=row.audience_id,
            created_at=row.edited_at or row.made_at,
            author_id=row.author_id,
            title=row.title,
            topics=tuple(topics.get(row.question_id, ())),
            has=flags(row.text, (), has_mention=False),
        )
        for row in rows
    ]


def _topic_names(session: Session, questions: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    named = select(PostTopic.item_id, Topic.name).join(Topic, Topic.id == PostTopic.topic_id)
    for item_id, name in session.execute(named.where(PostTopic.item_id.in_(questions)).order_by(Topic.name)):
        found.setdefault(item_id, []).append(name)
    return found


def show(session: Session, keys: Sequence[str]) -> dict[str, Shown]:
    """What this session's viewer may read of them."""
    return {
        str(row.id): Shown(
            f"/articles/{row.id}",
            row.title,
            " · ".join(part for part in (row.lead, plain(row.html)) if part),
            row.author_id,
            row.edited_at or row.made_at,
        )
        for row in session.scalars(offered().where(Article.id.in_(numbers(keys))))
    }


def _named(_session: Session, happened: Any) -> Iterable[str]:
    return [document_id(Kind.ARTICLE, happened.article_id)]


def _of_question(session: Session, happened: Any) -> Iterable[str]:
    """An article comes and goes with its question, and has its topics."""
    return _made_of(session, [happened.post_id])


def _of_questions(session: Session, happened: ItemsTouched) -> Iterable[str]:
    return _made_of(session, happened.item_ids)


def _made_of(session: Session, questions: Sequence[int]) -> list[str]:
    found = session.scalars(select(Article.id).where(Article.question_id.in_(questions)))
    return [document_id(Kind.ARTICLE, number) for number in found]
