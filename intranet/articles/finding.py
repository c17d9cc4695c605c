"""One article by its id, for those who go on to change it. Hidden, without words, without its question and missing are
the same."""

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from intranet.articles.models import Article
from intranet.kernel.errors import NotFound
from intranet.posts.models import Post


def there() -> tuple[ColumnElement[bool], ...]:
    """The conditions under which an article is there at all. Its question is looked up through the same session: who
    may not read that finds no article."""
    question = select(Post.id).where(Post.id == Article.question_id, Post.deleted_at.is_(None)).correlate(Article)
    return (Article.hidden_at.is_(None), Article.text != "", question.exists())


def offered() -> "Select[Article]":
    """Articles that lists, searches and suggestions may name."""
    return select(Article).where(*there(), Article.retired_at.is_(None))


def kept_by(session: Session, person_id: int) -> list[int]:
    """What somebody keeps and is still offered, as far as this session reads, the latest first."""
    kept = offered().where(Article.keeper_id == person_id).with_only_columns(Article.id)
    return list(session.scalars(kept.order_by(Article.id.desc())))


def find_article(session: Session, article_id: int, *, for_update: bool = False) -> Article:
    """The article, retired or not. ``for_update`` waits for whoever else changes it, and reads what they left.

    Raises:
        NotFound: there is none that this session's viewer may read.
    """
    found = select(Article).where(Article.id == article_id, *there())
    if for_update:
        found = found.with_for_update(of=Article).execution_options(populate_existing=True)
    article = session.scalar(found)
    if article is None:
        raise NotFound
    return article


def article_of(session: Session, question_id: int) -> Article | None:
    """What a question's answer became, as far as this session's viewer may read it."""
    return session.scalar(select(Article).where(Article.question_id == question_id, *there()))
