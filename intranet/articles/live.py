"""What sockets are told of articles: that one changed, so that open pages ask anew. What may be done there depends on
who looks."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from intranet.articles import events
from intranet.articles.models import Article
from intranet.kernel.live import presents
from intranet.kernel.tables import BigId

_WRITER = select(Article.author_id).where(Article.id == bindparam("article_id", type_=BigId))
_TYPES = (
    events.ArticleMade,
    events.ArticleChanged,
    events.ArticleHandedOver,
    events.ArticleFellDue,
    events.ArticleSaid,
)


def changed(session: Session, event: Any) -> dict[str, Any] | None:
    """Nothing for those who keep apart from its author."""
    if session.get(Article, event.article_id) is None:
        return None
    return {"id": str(event.article_id), "question": str(event.question_id)}


def listed(session: Session, event: events.ArticleListed) -> dict[str, Any] | None:
    """That a list has changed, not which article: its group may be closed again by now."""
    return {} if session.get(Article, event.article_id) else None


def set_up() -> None:
    """Have articles pushed; called once at start."""
    for event_type in _TYPES:
        presents(event_type, changed, written_by=_WRITER)
    presents(events.ArticleListed, listed, written_by=_WRITER)
