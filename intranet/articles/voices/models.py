"""What readers say of articles."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, and_
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.apart import Authored
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base, Identified, one_of

LONGEST_VOICE = 300


class Says(StrEnum):
    """What somebody found who followed an article."""

    RIGHT = "right"
    DIFFERENT = "different"


class ArticleVoice(Identified, Guarded, Authored, Base):
    """What ``author_id`` says of an article, who may read it with them. Of each person one at most is open: it counts
    until they take it back, or until a keeper has dealt with it (``settled_at``), which stays on record. A hidden one
    is for moderators to give back."""

    __tablename__ = "article_voices"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    says: Mapped[Says] = mapped_column(one_of(Says))
    note: Mapped[str] = mapped_column(String(LONGEST_VOICE))
    said_at: Mapped[datetime] = mapped_column(default=clock.now)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    hidden_at: Mapped[datetime | None]


IS_OPEN = and_(ArticleVoice.settled_at.is_(None), ArticleVoice.hidden_at.is_(None))

Index(
    "ix_article_voices_open",
    ArticleVoice.article_id,
    ArticleVoice.author_id,
    unique=True,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)
Index("ix_article_voices_article", ArticleVoice.article_id, ArticleVoice.id)
Index("ix_article_voices_author", ArticleVoice.author_id, ArticleVoice.id)
