"""What a question has that no other post has, beside its title and the answer that solved it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base


class SameQuestion(Guarded, Base):
    """A question that was asked before. It is guarded like the later one; whether a reader sees the ``original`` is
    that one's own matter."""

    __tablename__ = "same_questions"
    __table_args__ = (Index("ix_same_questions_original", "original_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True, autoincrement=False)
    original_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    linked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    linked_at: Mapped[datetime] = mapped_column(default=clock.now)
