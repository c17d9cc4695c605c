"""Profiles, follows and presence marks: everything about a person that is not needed to sign in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base


class Profile(Base):
    """What colleagues read about somebody. A person without a row has an empty profile.

    ``links`` holds ``{"label", "url"}`` objects. Status, working place and focus each end by themselves: whoever reads
    them compares the end with the clock, and no history is kept.
    """

    __tablename__ = "profiles"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    title: Mapped[str] = mapped_column(String(200), default="")
    folded_title: Mapped[str] = mapped_column(String(200), default="")
    department: Mapped[str] = mapped_column(String(120), default="", index=True)
    location: Mapped[str] = mapped_column(String(120), default="", index=True)
    timezone: Mapped[str] = mapped_column(String(64), default="")
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    about: Mapped[str] = mapped_column(Text, default="")
    ask_me_about: Mapped[list[str]] = mapped_column(JSON, default=list)
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    photo_key: Mapped[str | None] = mapped_column(String(64))
    status_emoji: Mapped[str] = mapped_column(String(16), default="")
    status_text: Mapped[str] = mapped_column(String(120), default="")
    status_ends_at: Mapped[datetime | None]
    working_place: Mapped[str] = mapped_column(String(120), default="")
    working_place_ends_at: Mapped[datetime | None]
    focusing_until: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


class SpokenLanguage(Base):
    """A language somebody speaks, in its own name; ``position`` keeps the order they chose."""

    __tablename__ = "spoken_languages"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class FollowKind(StrEnum):
    """What can be followed; ``Follow.target_id`` is the id of such a thing."""

    PERSON = "person"
    TOPIC = "topic"
    QUESTION = "question"
    ARTICLE = "article"


class Follow(Base):
    """The one verb for everything that one can follow."""

    __tablename__ = "follows"
    __table_args__ = (Index("ix_follows_target", "kind", "target_id", "created_at"),)

    follower_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[FollowKind] = mapped_column(String(16), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class PresenceMark(Base):
    """When somebody was last seen; one row that is written over, never a history."""

    __tablename__ = "presence_marks"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seen_at: Mapped[datetime] = mapped_column(index=True)
