"""Saying what happened to an article, where everybody who may have it on a page hears of it."""

from sqlalchemy.orm import Session

from intranet.articles.events import (
    ArticleChanged,
    ArticleFellDue,
    ArticleHandedOver,
    ArticleListed,
    ArticleMade,
    ArticleSaid,
)
from intranet.kernel.audience import EVERYONE, open_ids
from intranet.kernel.outbox import record

Happened = ArticleMade | ArticleChanged | ArticleHandedOver | ArticleFellDue | ArticleSaid


def record_article(session: Session, happened: Happened) -> None:
    """Record it for its audience, and where that is a group that everybody may read, for everybody's lists too."""
    record(session, happened)
    if happened.audience_id != EVERYONE and open_ids(session, [happened.audience_id]):
        record(session, ArticleListed(happened.article_id, EVERYONE))
