"""Whose words stand under nobody's name. Nothing but ``anonymous`` reads this table."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base


class HiddenAuthor(Base):
    """Who really wrote an item, and the two stewards who may learn it. Of comments, only the one below their own
    question."""

    __tablename__ = "hidden_authors"
    __table_args__ = (Index("ix_hidden_authors_post", "post_id"),)

    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    steward_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    other_steward_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
