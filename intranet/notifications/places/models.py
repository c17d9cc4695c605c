"""How soon somebody wants to hear of new posts from one place."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel.tables import Base, one_of
from intranet.notifications.models import Level


class PlaceKind(StrEnum):
    """Where a post comes from; ``PlaceWish.target_id`` is the id of such a thing."""

    GROUP = "group"
    TOPIC = "topic"
    PERSON = "person"


class PlaceWish(Base):
    """One choice. Without a row nothing tells of new posts: they stand in the feed. ``never`` stands against other
    choices: a group that is silenced says nothing, whoever posts there."""

    __tablename__ = "notice_places"
    __table_args__ = (Index("ix_notice_places_target", "target_id", "kind", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[PlaceKind] = mapped_column(one_of(PlaceKind), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[Level] = mapped_column(one_of(Level))
