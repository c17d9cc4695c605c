"""Articles, and every step that made them what they are."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.apart import Authored
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base, Identified, one_of
from intranet.posts.models import LONGEST_TITLE

LONGEST_LEAD, LONGEST_NOTE = 300, 200


class Article(Identified, Guarded, Authored, Base):
    """The accepted answer to a question, kept for those who would ask the same. It has the audience of its question,
    and nobody finds it while that is gone.

    ``author_id`` wrote the answer and ``keeper_id`` sees to it that it stays right. ``review_by`` is the last day on
    which it counts as checked; ``due_at`` says since when it waits for its keeper. A retired one opens for who has its
    address and is offered to nobody; a hidden one is for moderators to give back.
    """

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_keeper", "keeper_id", "id"),
        Index("ix_articles_author", "author_id", "id"),
        Index("ix_articles_review", "review_by"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), unique=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("comments.id"))
    keeper_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    lead: Mapped[str] = mapped_column(String(LONGEST_LEAD), default="")
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    checked_at: Mapped[datetime] = mapped_column(default=clock.now)
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    review_by: Mapped[date]
    due_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]

    @property
    def version(self) -> str:
        """The moment of the last change to its words, for noticing that somebody else's edit came first."""
        return (self.edited_at or self.made_at).isoformat()


class StepKind(StrEnum):
    """What was done to an article."""

    MADE = "made"
    EDITED = "edited"
    CHECKED = "checked"
    HANDED_OVER = "handed-over"
    RETIRED = "retired"


class ArticleStep(Identified, Guarded, Base):
    """One thing that ``person_id`` did to an article, with the words as they stood after it where they changed.
    ``note`` is why, ``to_id`` who keeps it since."""

    __tablename__ = "article_steps"
    __table_args__ = (Index("ix_article_steps_article", "article_id", "id"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[StepKind] = mapped_column(one_of(StepKind))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    lead: Mapped[str] = mapped_column(String(LONGEST_LEAD), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    review_by: Mapped[date | None]
    to_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
