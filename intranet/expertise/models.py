"""What a person does not want to be found for. What they are found for is worked out when somebody asks."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base


class HiddenTopic(Base):
    """Not to be named as somebody who knows this topic."""

    __tablename__ = "hidden_topics"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class OptOut(Base):
    """Not to be named by the expert finder at all."""

    __tablename__ = "expertise_opt_outs"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
