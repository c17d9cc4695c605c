"""What makes an article fall due: its day has passed, or its answer no longer counts as what solved the question."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.articles.actions import fall_due
from intranet.articles.finding import offered
from intranet.articles.forms import today
from intranet.articles.models import Article
from intranet.kernel import jobs
from intranet.kernel.outbox import subscribe
from intranet.posts.events import CommentDeleted
from intranet.questions.events import AcceptanceWithdrawn

_EVERY = timedelta(minutes=5)
_STEP = 200
REVIEW = "articles.review"


def register() -> None:
    """Listen."""
    subscribe("articles", AcceptanceWithdrawn, withdrawn)
    subscribe("articles", CommentDeleted, withdrawn)


@jobs.job(REVIEW, every=_EVERY)
def review(session: Session, _payload: dict[str, Any]) -> None:
    """Mark what was not checked in time, a stretch at a time; what is marked already is not marked again."""
    late = offered().where(Article.due_at.is_(None), Article.review_by < today())
    found = session.scalars(late.order_by(Article.review_by, Article.id).limit(_STEP)).all()
    for article in found:
        fall_due(session, article)
    if len(found) == _STEP:
        jobs.later(session, REVIEW, {})


def withdrawn(session: Session, happened: AcceptanceWithdrawn | CommentDeleted) -> None:
    """Whoever keeps it decides whether it still holds without its answer."""
    article = session.scalar(select(Article).where(Article.answer_id == happened.comment_id))
    if article is not None:
        fall_due(session, article)
