"""Who asked whom whether a message may become a post."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base, Identified, one_of


class Wish(StrEnum):
    """What the message shall become."""

    POST = "post"
    QUESTION = "question"


LASTS = timedelta(days=14)
"""An author who has not answered by then is not asked any more; whoever asked may ask again."""


class Answer(StrEnum):
    """What its author said."""

    WAITING = "waiting"
    AGREED = "agreed"
    DECLINED = "declined"


class SharingRequest(Identified, Guarded, Base):
    """Somebody would like to take a message outside; asked once, with the audience of the conversation.

    ``with_files`` says that its author lets its files go along.
    """

    __tablename__ = "chat_requests"
    __table_args__ = (
        UniqueConstraint("message_id", "requester_id"),
        Index("ix_chat_requests_author", "author_id", "answer"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("chat_messages.id", ondelete="CASCADE"))
    requester_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    wish: Mapped[Wish] = mapped_column(one_of(Wish))
    answer: Mapped[Answer] = mapped_column(one_of(Answer), default=Answer.WAITING)
    with_files: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_at: Mapped[datetime | None]

    @property
    def has_lapsed(self) -> bool:
        """It was not answered in time."""
        return self.answer is Answer.WAITING and clock.now() >= self.created_at + LASTS
